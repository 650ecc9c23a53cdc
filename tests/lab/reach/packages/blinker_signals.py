"""blinker: signals and those who listen.

Racy: a listener counts in an attribute, bare.
"""

import threading
from contextlib import nullcontext

from blinker import Signal


class Scoreboard:
    def __init__(self, lock):
        self.lock = lock
        self.goals = {}

    def on_goal(self, team, points=1):
        with self.lock:
            self.goals[team] = self.goals.get(team, 0) + points


def play(lock):
    board, goal = Scoreboard(lock), Signal("a goal")
    goal.connect(board.on_goal)
    threads = [
        threading.Thread(target=goal.send, args=("red",), kwargs={"points": points})
        for points in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    goal.disconnect(board.on_goal)  # of several, blinker calls any first
    heard = []
    with goal.connected_to(heard.append):
        goal.send("blue")
    assert heard == ["blue"]
    assert board.goals == {"red": 3}


def scenario():
    play(threading.Lock())


def racy():
    play(nullcontext())


if __name__ == "__main__":
    scenario()
