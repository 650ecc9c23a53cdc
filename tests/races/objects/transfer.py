"""The lock of the one account, then that of the other: two transfers, each the other way.

In production: on the last day of the month the batch hangs, and ``py-spy`` shows two in ``with``.
Mend: take the locks in one order, whichever way the money goes.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Bank:
    def __init__(self):
        self._balances = {"a": 10, "b": 10}
        self._locks = {"a": threading.Lock(), "b": threading.Lock()}

    def transfer(self, source, target, amount):
        if source == target:
            raise ValueError("to the same account")
        with self._locks[source], self._locks[target]:
            self._balances[source] -= amount
            self._balances[target] += amount

    def total(self):
        with self._locks["a"], self._locks["b"]:
            return sum(self._balances.values())


class SoundBank(Bank):
    def transfer(self, source, target, amount):
        if source == target:
            raise ValueError("to the same account")
        first, second = sorted([source, target])
        with self._locks[first], self._locks[second]:
            self._balances[source] -= amount
            self._balances[target] += amount


ACCOUNTS = st.sampled_from("ab")
OPERATIONS = {"transfer": [ACCOUNTS, ACCOUNTS, st.integers(1, 3)], "total": []}
Faulty = Operations.of(Bank, OPERATIONS)
Sound = Operations.of(SoundBank, OPERATIONS)
