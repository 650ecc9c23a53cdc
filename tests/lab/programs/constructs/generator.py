"""Two threads run a generator each, and both count in one place."""

import threading

from _parts import NO_LOCK, run, together


class Shared:
    n = 0

    def each(self):
        while self.n < 4:
            n = self.n
            yield n
            self.n = n + 1


def scenario(guard):
    shared = Shared()
    seen = []

    def work():
        with guard:
            seen.extend(shared.each())

    together(work, work)
    assert seen == [0, 1, 2, 3]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
