"""One namespace package in two folders.

Racy: the rocket is launched by two.
"""

import sys
import threading
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent / part) for part in ("one", "two")]

import acme.fuses
from acme import rockets


def launch(light):
    threads = [threading.Thread(target=light, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(acme.__path__)) == 2
    assert len(rockets.launched) == 1


def scenario():
    launch(acme.fuses.light)


def racy():
    launch(acme.fuses.light_alone)


if __name__ == "__main__":
    scenario()
