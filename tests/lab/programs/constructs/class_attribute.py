"""Two threads sell tickets, which the class counts."""

import threading

from _parts import NO_LOCK, run, together


class Ticket:
    sold = 0

    @classmethod
    def sell(cls):
        cls.sold += 1


def scenario(guard):
    Ticket.sold = 0

    def sell():
        with guard:
            Ticket.sell()

    together(sell, sell)
    assert Ticket.sold == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
