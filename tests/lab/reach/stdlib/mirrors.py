"""concurrent.futures.wait for the first of two mirrors.

Racy: it is taken to be the near one.
"""

import concurrent.futures as cf


def ask(mirror):
    return f"from {mirror}"


def scenario():
    with cf.ThreadPoolExecutor() as pool:
        asked = [pool.submit(ask, mirror) for mirror in ("near", "far")]
        done, pending = cf.wait(asked, return_when=cf.FIRST_COMPLETED)
        assert done | pending == set(asked)
        assert all(future.done() for future in done)
        answers = {future.result() for future in asked}
    assert answers == {"from near", "from far"}


def racy():
    with cf.ThreadPoolExecutor() as pool:
        near, far = (pool.submit(ask, mirror) for mirror in ("near", "far"))
        cf.wait([near, far], return_when=cf.FIRST_COMPLETED)
        assert near.done()
        assert far.result() == "from far"


if __name__ == "__main__":
    scenario()
