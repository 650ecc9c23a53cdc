"""threading.RLock, taken twice by one thread.

Racy: two accounts are locked in either order.
"""

from threading import RLock, Thread


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = RLock()

    def add(self, amount):
        with self.lock:
            self.balance += amount

    def transfer(self, other, amount, ordered):
        first, second = (self, other)
        if ordered and other.number < self.number:
            first, second = (other, self)
        with first.lock, second.lock:
            self.add(-amount)
            other.add(amount)


def trade(ordered):
    mine, yours = Account(1, 100), Account(2, 100)
    threads = [
        Thread(target=mine.transfer, args=(yours, 30, ordered)),
        Thread(target=yours.transfer, args=(mine, 10, ordered)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (mine.balance, yours.balance) == (80, 120)


def scenario():
    trade(ordered=True)


def racy():
    trade(ordered=False)


if __name__ == "__main__":
    scenario()
