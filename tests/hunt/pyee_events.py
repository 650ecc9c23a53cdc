import threading

from pyee.executor import ExecutorEventEmitter


def scenario():
    with ExecutorEventEmitter() as emitter:
        got = []
        emitter.on("visit", got.append)
        emitter.once("visit", lambda n: got.append("once"))
        threads = [threading.Thread(target=emitter.emit, args=("visit", n)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(map(str, got)) == ["1", "2", "once"]
