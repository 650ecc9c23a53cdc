"""A number that is exchanged in one instruction in the originals, and under its own lock here."""

import threading


class Atomic:
    """A value that is only read is read without the lock: nothing can come in between."""

    def __init__(self, value: int) -> None:
        self.lock = threading.Lock()
        self.value = value

    def load(self) -> int:
        return self.value

    def exchange(self, new: int) -> int:
        with self.lock:
            old = self.value
            self.value = new
        return old

    def compare_exchange(self, expected: int, new: int) -> int:
        """What it was; only if that is what was expected, it is replaced."""
        with self.lock:
            old = self.value
            if old == expected:
                self.value = new
        return old

    def add(self, number: int) -> None:
        with self.lock:
            self.value += number
