"""Threads of an executor, which has one: the call is a future, its name is given by the first job.

An executor's thread is a daemon if the thread that submits is, so that one is made to submit.
"""

import threading
from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, ThreadPoolExecutor, wait

from _arguments import having, of_start, of_thread


def submit(call, name, daemon):
    """The thread that calls it, and the future of its result."""
    made = Future()
    own = Future()

    def job():
        if name is not None:
            threading.current_thread().name = name
        own.set_result(threading.current_thread())
        return call()

    def submitter():
        executor = ThreadPoolExecutor(1)
        made.set_result(executor.submit(job))
        executor.shutdown(wait=False)

    first = threading.Thread(target=submitter, daemon=daemon)
    first.start()
    first.join()
    return own.result(), made.result()


class Signal(Future):
    def set(self):
        try:
            self.set_result(None)
        except InvalidStateError:
            pass


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    timeout = of_start(target, name, daemon, timeout)
    signal = Signal()

    def call():
        try:
            target(*args, started=signal, **kwargs)
        except BaseException as error:
            if not signal.done():
                raise
            threading.excepthook(
                threading.ExceptHookArgs(
                    (type(error), error, error.__traceback__, threading.current_thread())
                )
            )

    thread, end = submit(call, name, daemon)
    if not wait([signal, end], timeout, return_when=FIRST_COMPLETED).done:
        late = TimeoutError(f"no signal after {timeout} s")
        late.thread = thread
        raise late
    if not signal.done():
        thread.join()
        end.result()
        raise RuntimeError("it has returned, and signalled nothing")
    return thread


class running:
    def __init__(self, task, *args, name=None, daemon=False):
        having("task", task, "run", "terminate")
        of_thread(name, daemon)
        self._task, self._args, self._kind = task, args, (name, daemon)

    def __enter__(self):
        self._thread, self._end = submit(lambda: self._task.run(*self._args), *self._kind)
        return self._thread

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        error = self._end.exception()
        self._thread.join()
        if error is not None and raised is None:
            raise error
        if error is not None and error is not raised:
            raised.__context__ = error
