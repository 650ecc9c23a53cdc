"""random, secrets and uuid draw lots.

Racy: a number is looked up, and then taken.
"""

import random
import secrets
import threading
import uuid
from contextlib import nullcontext


class Raffle:
    def __init__(self, lock, dice):
        self.lock = lock
        self.dice = dice
        self.left = [1, 2, 3]
        self.tickets = {}

    def draw(self):
        ticket = f"{uuid.uuid4()}/{secrets.token_hex(4)}"
        with self.lock:
            number = self.dice.choice(self.left)
            self.tickets[ticket] = number
            if number in self.left:
                self.left.remove(number)


def hold(lock):
    raffle = Raffle(lock, random.Random(2))
    threads = [threading.Thread(target=raffle.draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 <= random.random() < 1
    assert len(raffle.tickets) == 2
    assert len(set(raffle.tickets.values())) == 2


def scenario():
    hold(threading.Lock())


def racy():
    hold(nullcontext())


if __name__ == "__main__":
    scenario()
