"""Threads of a class of their own, which know how far they are: under one condition, in a word."""

import threading
import time

from _arguments import having, of_start, of_thread


class Starter(threading.Thread):
    def __init__(self, call, name, daemon):
        super().__init__(name=name, daemon=daemon)
        self.call = call
        self.changed = threading.Condition()
        self.state = "new"
        self.error = None

    def become(self, state, error=None):
        with self.changed:
            first = self.state == "new"
            if first:
                self.state, self.error = state, error
                self.changed.notify_all()
            return first

    def set(self):
        self.become("started")

    def run(self):
        try:
            self.call(self)
        except BaseException as error:
            if not self.become("failed", error):
                raise
        else:
            self.become("failed", RuntimeError("it has returned, and signalled nothing"))

    def wait(self, timeout):
        end = None if timeout is None else time.monotonic() + timeout
        with self.changed:
            while self.state == "new":
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    late = TimeoutError(f"no signal after {timeout} s")
                    late.thread = self
                    raise late
                self.changed.wait(left)
        if self.error is not None:
            self.join()
            raise self.error


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    timeout = of_start(target, name, daemon, timeout)
    thread = Starter(lambda started: target(*args, started=started, **kwargs), name, daemon)
    thread.start()
    thread.wait(timeout)
    return thread


class running(threading.Thread):
    def __init__(self, task, *args, name=None, daemon=False):
        having("task", task, "run", "terminate")
        of_thread(name, daemon)
        super().__init__(name=name, daemon=daemon)
        self.task, self.args = task, args
        self.error = None

    def run(self):
        try:
            self.task.run(*self.args)
        except BaseException as error:
            self.error = error

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, raised, traceback):
        self.task.terminate()
        self.join()
        if self.error is not None and self.error is not raised:
            if raised is None:
                raise self.error
            raised.__context__ = self.error
