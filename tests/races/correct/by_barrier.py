"""A thread that meets its starter at a barrier, and one that leaves its result for the block.

Whoever comes to a barrier that has been given up goes on alone.
"""

import queue
import threading
from contextlib import suppress

from _arguments import having, of_start, of_thread


class Meeting:
    def __init__(self):
        self._barrier = threading.Barrier(2)
        self._turn = threading.Lock()
        self.error = None

    def set(self, error=None):
        """Says whether it is the first."""
        first = self._turn.acquire(blocking=False)
        if first:
            self.error = error
            with suppress(threading.BrokenBarrierError):
                self._barrier.wait()
        return first

    def wait(self, timeout=None):
        self._barrier.wait(timeout)


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    timeout = of_start(target, name, daemon, timeout)
    meeting = Meeting()

    def body():
        try:
            target(*args, started=meeting, **kwargs)
        except BaseException as error:
            if not meeting.set(error):
                raise
        else:
            meeting.set(RuntimeError("it has returned, and signalled nothing"))

    thread = threading.Thread(target=body, name=name, daemon=daemon)
    thread.start()
    try:
        meeting.wait(timeout)
    except threading.BrokenBarrierError:
        late = TimeoutError(f"no signal after {timeout} s")
        late.thread = thread
        raise late from None
    if meeting.error is not None:
        thread.join()
        raise meeting.error
    return thread


class running:
    """Its thread leaves the result where the block's end finds it, and waits for nobody."""

    def __init__(self, task, *args, name=None, daemon=False):
        having("task", task, "run", "terminate")
        of_thread(name, daemon)
        self._task, self._args = task, args
        self._outcome = queue.LifoQueue()
        self._thread = threading.Thread(target=self._body, name=name, daemon=daemon)

    def _body(self):
        try:
            self._task.run(*self._args)
        except BaseException as error:
            self._outcome.put(error)
        else:
            self._outcome.put(None)

    def __enter__(self):
        self._thread.start()
        return self._thread

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        error = self._outcome.get()
        self._thread.join()
        if error is not None and raised is None:
            raise error
        if error is not None and error is not raised:
            raised.__context__ = error
