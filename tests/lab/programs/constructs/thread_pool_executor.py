"""The workers of a pool add to one item."""

import threading
from concurrent.futures import ThreadPoolExecutor

from _parts import NO_LOCK, run


def scenario(guard):
    totals = {"all": 0}

    def add(number):
        with guard:
            totals["all"] += number
        return number

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(add, number) for number in (1, 2)]
        assert list(pool.map(add, [3, 4])) == [3, 4]
    assert [future.result() for future in futures] == [1, 2]
    assert totals["all"] == 10


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
