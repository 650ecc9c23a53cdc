"""pyee: an emitter with a lock of its own.

Racy: a handler removes itself, having looked first.
"""

import threading

from pyee.base import EventEmitter


def emit(setup):
    bell, rung = EventEmitter(), []
    setup(bell, rung)
    threads = [threading.Thread(target=bell.emit, args=("ring", n)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rung


def once_alone(bell, rung):
    lock = threading.Lock()

    def handler(number):
        with lock:
            if handler in bell.listeners("ring"):
                bell.remove_listener("ring", handler)
                rung.append(number)

    bell.on("ring", handler)


def once(bell, rung):
    def handler(number):
        if not rung:
            rung.append(number)

    bell.on("ring", handler)


def scenario():
    assert len(emit(once_alone)) == 1
    assert sorted(emit(lambda bell, rung: bell.on("ring", rung.append))) == [0, 1]


def racy():
    assert len(emit(once)) == 1


if __name__ == "__main__":
    scenario()
