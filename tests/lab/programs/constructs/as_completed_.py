"""Results come in the order in which they are done, and are taken for those of their jobs."""

from concurrent.futures import ThreadPoolExecutor, as_completed

from _parts import run


def number_of(number):
    return number


def broken():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(number_of, number) for number in range(2)]
        results = [future.result() for future in as_completed(futures)]
    assert results == [0, 1]


def sound():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(number_of, number) for number in range(2)]
        results = [future.result() for future in futures]
    assert results == [0, 1]


if __name__ == "__main__":
    run(broken, sound)
