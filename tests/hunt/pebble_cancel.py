import contextlib
from concurrent.futures import CancelledError

from pebble import ThreadPool


def scenario():
    with ThreadPool(max_workers=1) as pool:
        future = pool.schedule(abs, args=(-1,))
        future.cancel()
        with contextlib.suppress(CancelledError):
            assert future.result() == 1
        assert pool.schedule(abs, args=(-2,)).result() == 2
        pool.close()
        pool.join()
