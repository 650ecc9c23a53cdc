"""A thread reads a parameter twice, which is set anew in between."""

import threading

from _parts import NO_LOCK, run


def scenario(guard, stopped=False):
    def work():
        with guard:
            first = stopped
            assert stopped == first

    thread = threading.Thread(target=work)
    thread.start()
    with guard:
        stopped = True
    thread.join()


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
