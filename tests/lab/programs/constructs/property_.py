"""Two threads add to a property, whose getter and setter are two calls."""

import threading

from _parts import NO_LOCK, run, together


class Account:
    def __init__(self):
        self._balance = 0

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        self._balance = value


def scenario(guard):
    account = Account()

    def work():
        with guard:
            account.balance += 1

    together(work, work)
    assert account.balance == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
