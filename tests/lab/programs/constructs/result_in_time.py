"""A result is waited for only so long, and the worker may be late."""

from concurrent.futures import ThreadPoolExecutor

from _parts import run


def scenario(timeout):
    def work():
        return 7

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result(timeout=timeout) == 7


def broken():
    scenario(timeout=0.2)


def sound():
    scenario(timeout=None)


if __name__ == "__main__":
    run(broken, sound)
