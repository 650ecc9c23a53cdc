"""Threads that hold bare locks: one until they have begun, and one for as long as they run.

What happened is an entry in a list, and the first entry counts.
"""

import _thread
import threading
from contextlib import ExitStack

from _arguments import having, of_start, of_thread


class Begun:
    def __init__(self):
        self.first = []
        self._guard = _thread.allocate_lock()
        self.closed = _thread.allocate_lock()
        self.closed.acquire()

    def add(self, outcome):
        with self._guard:
            if self.first:
                return False
            self.first.append(outcome)
            self.closed.release()
            return True

    def set(self):
        self.add(None)


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    timeout = of_start(target, name, daemon, timeout)
    begun = Begun()

    def body():
        try:
            target(*args, started=begun, **kwargs)
        except BaseException as error:
            if not begun.add(error):
                raise
        else:
            begun.add(RuntimeError("it has returned, and signalled nothing"))

    thread = threading.Thread(target=body, name=name, daemon=daemon)
    thread.start()
    if not begun.closed.acquire(timeout=-1 if timeout is None else timeout):
        late = TimeoutError(f"no signal after {timeout} s")
        late.thread = thread
        raise late
    (error,) = begun.first
    if error is not None:
        thread.join()
        raise error
    return thread


class running(ExitStack):
    """Its callbacks end the task, wait, and raise: in that order."""

    def __init__(self, task, *args, name=None, daemon=False):
        super().__init__()
        having("task", task, "run", "terminate")
        of_thread(name, daemon)
        self._failures = []
        self._task, self._args = task, args
        self._thread = threading.Thread(target=self._body, name=name, daemon=daemon)

    def _body(self):
        try:
            self._task.run(*self._args)
        except BaseException as error:
            self._failures.append(error)

    def __enter__(self):
        self._thread.start()
        self.push(self._tell)
        self.callback(self._thread.join)
        self.callback(self._task.terminate)
        return self._thread

    def _tell(self, kind, raised, traceback):
        for error in self._failures:
            if raised is None:
                raise error
            if raised is not error:
                raised.__context__ = error
