"""heapq and bisect: who is next, and who is how good.

Racy: the place is found, then used.
"""

import bisect
import heapq
import threading
from contextlib import nullcontext


class Board:
    def __init__(self, lock):
        self.lock = lock
        self.scores = [10, 30]
        self.due = []

    def enter(self, score):
        with self.lock:
            place = bisect.bisect(self.scores, score)
            self.scores.insert(place, score)
        heapq.heappush(self.due, (-score, f"prize for {score}"))


def compete(lock):
    board = Board(lock)
    threads = [threading.Thread(target=board.enter, args=(score,)) for score in (20, 15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heapq.heappop(board.due) == (-20, "prize for 20")
    assert board.scores == [10, 15, 20, 30]


def scenario():
    compete(threading.Lock())


def racy():
    compete(nullcontext())


if __name__ == "__main__":
    scenario()
