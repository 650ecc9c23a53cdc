"""pickle and copy save a game while it is played.

Racy: it is saved between two moves.
"""

import copy
import pickle
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field


@dataclass
class Game:
    white: list = field(default_factory=lambda: ["king", "pawn"])
    taken: list = field(default_factory=list)

    def take(self, piece):
        self.white.remove(piece)
        self.taken.append(piece)

    def __reduce__(self):
        return Game, (list(self.white), list(self.taken))


def play(lock):
    game, saved = Game(), []

    def player():
        with lock:
            game.take("pawn")

    def save():
        with lock:
            saved.append(pickle.dumps(game))
            saved.append(copy.deepcopy(game))

    threads = [threading.Thread(target=player), threading.Thread(target=save)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for found in (pickle.loads(saved[0]), saved[1]):
        assert type(found) is Game
        assert len(found.white) + len(found.taken) == 2


def scenario():
    play(threading.Lock())


def racy():
    play(nullcontext())


if __name__ == "__main__":
    scenario()
