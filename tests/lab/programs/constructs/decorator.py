"""A decorator is to call a function once, and two threads call it twice."""

import functools
import threading

from _parts import NO_LOCK, run, together


def once(guard):
    def decorate(function):
        results = []

        @functools.wraps(function)
        def wrapped():
            with guard:
                if not results:
                    results.append(function())
                return results[0]

        return wrapped

    return decorate


def scenario(guard):
    made = []

    @once(guard)
    def make():
        made.append(1)
        return len(made)

    together(make, make)
    assert made == [1]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
