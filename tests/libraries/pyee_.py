"""Two threads emit an event to which something listens once."""

import threading

from pyee import BaseEventEmitter


def scenario():
    emitter = BaseEventEmitter()
    calls = []
    emitter.once("ready", calls.append)
    threads = [threading.Thread(target=emitter.emit, args=("ready", n)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
