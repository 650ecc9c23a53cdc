"""multiprocessing.pool.ThreadPool: apply_async with a callback.

Racy: the tasks report themselves.
"""

from multiprocessing.pool import ThreadPool


class Bar:
    def __init__(self):
        self.done = 0

    def advance(self, result):
        self.done += 1


def download(name):
    return name.upper()


def scenario():
    bar = Bar()
    with ThreadPool(2) as pool:
        results = [pool.apply_async(download, (name,), callback=bar.advance) for name in "ab"]
        assert [result.get(timeout=60) for result in results] == ["A", "B"]
        assert sorted(pool.imap_unordered(download, "cd")) == ["C", "D"]
        pool.close()
        pool.join()
    assert bar.done == 2  # one thread makes the callbacks, and has been joined


def racy():
    bar = Bar()

    def download_and_tell(name):
        bar.advance(name)
        return name.upper()

    with ThreadPool(2) as pool:
        assert pool.map(download_and_tell, "ab") == ["A", "B"]
        pool.close()
        pool.join()
    assert bar.done == 2


if __name__ == "__main__":
    scenario()
