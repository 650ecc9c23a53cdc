"""Threads whose beginning, or end, is the result of a future: it is decided once and by one."""

import threading
from concurrent.futures import Future, InvalidStateError, wait

from _arguments import having, of_start, of_thread


class Signal:
    def __init__(self, future):
        self._future = future

    def set(self):
        try:
            self._future.set_result(None)
        except InvalidStateError:
            pass


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    timeout = of_start(target, name, daemon, timeout)
    begun = Future()

    def body():
        error = RuntimeError("it has returned, and signalled nothing")
        try:
            target(*args, started=Signal(begun), **kwargs)
        except BaseException as raised:
            error = raised
        try:
            begun.set_exception(error)
        except InvalidStateError:  # it has been signalled: what was raised is the thread's own
            if error.__traceback__ is not None:
                raise error from error.__cause__

    thread = threading.Thread(target=body, name=name, daemon=daemon)
    thread.start()
    if not wait([begun], timeout).done:
        late = TimeoutError(f"no signal after {timeout} s")
        late.thread = thread
        raise late
    if (error := begun.exception()) is not None:
        thread.join()
        raise error
    return thread


class running:
    def __init__(self, task, *args, name=None, daemon=False):
        having("task", task, "run", "terminate")
        of_thread(name, daemon)
        self._end = Future()
        self._task, self._args = task, args
        self._thread = threading.Thread(target=self._body, name=name, daemon=daemon)

    def _body(self):
        try:
            self._task.run(*self._args)
        except BaseException as error:
            self._end.set_exception(error)
        else:
            self._end.set_result(None)

    def __enter__(self):
        self._thread.start()
        return self._thread

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        error = self._end.exception()
        self._thread.join()
        if error is not None and raised is None:
            raise error
        if error is not None and error is not raised:
            raised.__context__ = error
