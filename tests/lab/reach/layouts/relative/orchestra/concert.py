"""A file within a package, with relative imports.

Racy: two players at one place of the stage.
"""

import threading

from . import NOTES
from .stage import Stage
from .strings import violin


def concert(stage):
    players = ("ada", "bob")
    threads = [threading.Thread(target=violin.play, args=(stage, name)) for name in players]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stage.heard) == [f"{name} {note}" for name in players for note in NOTES]


def scenario():
    concert(Stage(quiet=True))


def racy():
    concert(Stage(quiet=False))
