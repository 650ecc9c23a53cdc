"""A check that is wrong, and is reached only if it comes last, though it is started first."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Account:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.x, self.y, self.z = 1, 2, 4
        self.balance = self.x
        self.deposit_done = False
        self.withdraw_done = False


def deposit(state: Account) -> None:
    with state.m:
        state.balance = state.balance + state.y
        state.deposit_done = True


def withdraw(state: Account) -> None:
    with state.m:
        state.balance = state.balance - state.z
        state.withdraw_done = True


def check_result(state: Account) -> None:
    with state.m:
        if state.deposit_done and state.withdraw_done:
            assert state.balance == state.x - state.y - state.z


def check_rightly(state: Account) -> None:
    with state.m:
        if state.deposit_done and state.withdraw_done:
            assert state.balance == state.x + state.y - state.z


BAD = Parts(Account, [check_result, deposit, withdraw])
SOUND = Parts(Account, [check_rightly, deposit, withdraw])


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
