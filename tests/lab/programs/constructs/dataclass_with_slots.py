"""Two threads pay in to an account that is a dataclass with slots."""

import threading
from dataclasses import dataclass

from _parts import NO_LOCK, run, together


@dataclass(slots=True)
class Account:
    balance: int = 0

    def deposit(self, amount):
        self.balance += amount


def scenario(guard):
    account = Account()

    def deposit(amount):
        with guard:
            account.deposit(amount)

    together(lambda: deposit(2), lambda: deposit(3))
    assert account.balance == 5


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
