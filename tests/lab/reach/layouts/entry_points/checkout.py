"""A plugin that is found by its entry point.

Racy: it counts visits bare.
"""

import importlib.metadata
import sys
import threading
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "site"))


def check_out(careful):
    (entry,) = importlib.metadata.entry_points(group="reach.discounts")
    assert importlib.metadata.version("discounts") == "1.0"
    discount = entry.load()()
    threads = [threading.Thread(target=discount, args=(careful,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert discount.visits == 2


def scenario():
    check_out(careful=True)


def racy():
    check_out(careful=False)


if __name__ == "__main__":
    scenario()
