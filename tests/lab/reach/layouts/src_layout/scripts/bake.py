"""A package in src, used by a script that stands in another folder.

Racy: loaves are lost.
"""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bakery import Oven


def bake(oven, work):
    bakers = [threading.Thread(target=work) for _ in range(2)]
    for baker in bakers:
        baker.start()
    for baker in bakers:
        baker.join()
    assert oven.loaves == 2


def scenario():
    oven = Oven()
    bake(oven, oven.bake)


def racy():
    oven = Oven()
    bake(oven, oven.bake_alone)


if __name__ == "__main__":
    scenario()
