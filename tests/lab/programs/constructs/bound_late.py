"""Threads read a variable that is bound only after they have started."""

import threading

from _parts import run


def broken():
    def work():
        assert value == 1

    first, second = (threading.Thread(target=work) for _ in range(2))
    first.start()
    second.start()
    value = 1
    first.join()
    second.join()


def sound():
    def work():
        ready.wait()
        assert value == 1

    ready = threading.Event()
    first, second = (threading.Thread(target=work) for _ in range(2))
    first.start()
    second.start()
    value = 1
    ready.set()
    first.join()
    second.join()


if __name__ == "__main__":
    run(broken, sound)
