"""Two threads pay in to an account that is a dataclass."""

import threading
from dataclasses import dataclass, field, replace

from _parts import NO_LOCK, run, together


@dataclass
class Account:
    balance: int = 0
    log: list = field(default_factory=list)

    def deposit(self, amount):
        self.balance += amount
        self.log.append(amount)


def scenario(guard):
    account = replace(Account(), balance=1)

    def deposit(amount):
        with guard:
            account.deposit(amount)

    together(lambda: deposit(2), lambda: deposit(3))
    assert account.balance == 6


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
