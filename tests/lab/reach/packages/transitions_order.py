"""transitions: a machine that locks itself.

Racy: one that does not, and may_ is asked first.
"""

import threading

from transitions import Machine
from transitions.core import MachineError
from transitions.extensions import LockedMachine

STATES = ["new", "paid", "cancelled"]
MOVES = [["pay", "new", "paid"], ["cancel", "new", "cancelled"]]


class Order:
    def __init__(self, machine):
        self.log = []
        machine(self, states=STATES, transitions=MOVES, initial="new", after_state_change=self.note)

    def note(self):
        self.log.append(self.state)


def attempt(order, move):
    try:
        order.trigger(move)
    except MachineError:
        pass


def ask_first(order, move):
    if order.may_trigger(move):
        order.state = {"pay": "paid", "cancel": "cancelled"}[move]
        order.note()


def handle(order, act):
    threads = [threading.Thread(target=act, args=(order, move)) for move in ("pay", "cancel")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order.log == [order.state]


def scenario():
    handle(Order(LockedMachine), attempt)


def racy():
    handle(Order(Machine), ask_first)


if __name__ == "__main__":
    scenario()
