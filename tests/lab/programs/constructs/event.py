"""A thread looks at an event without waiting for it."""

import threading

from _parts import run, together


def scenario(timeout):
    ready = threading.Event()
    box = {}

    def give():
        box["value"] = 1
        ready.set()

    def take():
        ready.wait(timeout)
        assert box["value"] == 1

    together(give, take)


def broken():
    scenario(timeout=0)


def sound():
    scenario(timeout=None)


if __name__ == "__main__":
    run(broken, sound)
