"""``python -m chimes``: a package with a __main__.

Racy: two bells, a lock each, one count.
"""

import threading
from contextlib import nullcontext

from chimes import HOURS
from chimes.bell import Bell


def strike(bell):
    threads = [threading.Thread(target=bell.ring) for _ in range(HOURS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bell.rung == HOURS


def scenario():
    strike(Bell("big"))


def racy():
    strike(Bell("big", lock=nullcontext()))


if __name__ == "__main__":
    scenario()
