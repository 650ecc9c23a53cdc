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

    def compare_exchange(self, expected: int, new: int) -> bool:
        """Whether it was as expected, and has been replaced."""
        with self.lock:
            if self.value == expected:
                self.value = new
                return True
        return False

    def add(self, number: int) -> None:
        with self.lock:
            self.value += number
