"""Two threads take two items each, which belong together."""

import queue
import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    numbers = queue.Queue()
    for number in (0, 0, 1, 1):
        numbers.put(number)

    def two():
        with guard:
            one, other = [numbers.get() for _ in range(2)]
            assert one == other

    together(two, two)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
