"""What a job does is looked at before its future has a result."""

from concurrent.futures import ThreadPoolExecutor

from _parts import run


def broken():
    done = []

    def work():
        done.append(1)
        return 7

    pool = ThreadPoolExecutor(1)
    pool.submit(work)
    assert done == [1]
    pool.shutdown()


def sound():
    done = []

    def work():
        done.append(1)
        return 7

    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    assert future.result() == 7
    assert done == [1]
    pool.shutdown()


if __name__ == "__main__":
    run(broken, sound)
