"""contextlib: ExitStack, closing, suppress, own managers.

Racy: a count of who is in is kept bare.
"""

import contextlib
import threading


class Hall:
    def __init__(self, lock):
        self.lock = lock
        self.inside = 0
        self.left = []

    @contextlib.contextmanager
    def visit(self, name):
        with self.lock:
            self.inside += 1
        try:
            yield name
        finally:
            with self.lock:
                self.inside -= 1

    def stroll(self, name):
        with contextlib.ExitStack() as stack:
            stack.callback(self.left.append, name)
            stack.enter_context(contextlib.suppress(LookupError))
            assert stack.enter_context(self.visit(name)) == name
            raise LookupError("the way out")


def open_hall(lock):
    hall = Hall(lock)
    threads = [threading.Thread(target=hall.stroll, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(hall.left) == ["a", "b"]
    assert hall.inside == 0


def scenario():
    open_hall(threading.Lock())


def racy():
    open_hall(contextlib.nullcontext())


if __name__ == "__main__":
    scenario()
