"""Threads whose beginning and end are facts: ``start`` and ``running``.

The usual recipe starts a thread and waits for an event that the thread sets. If the thread
dies first, the waiter hangs. `start` waits for whichever comes first, the signal or the end
of the thread, and hands the caller what went wrong, as trio's ``Nursery.start`` does.
`running` does the same for the other end: after the block, the thread has finished.

An exception of a thread has one owner: the caller while the caller waits,
``threading.excepthook`` afterwards.
"""

import threading
from collections.abc import Callable
from typing import Any, Protocol

from threadprims import _arguments


class Task(Protocol):
    """What `running` asks of a task."""

    def run(self, *args: Any, **kwargs: Any) -> object: ...
    def terminate(self) -> object: ...


def start(
    target: Callable[..., object],
    *args: object,
    name: str | None = None,
    daemon: bool = False,
    timeout: float | None = None,
    **kwargs: object,
) -> threading.Thread:
    """Run ``target(*args, started=event, **kwargs)`` in a new thread, and wait for its signal.

    Returns the thread once the target has called ``started.set()`` (S1), as often as it
    likes (S6). An exception after that is the thread's own (S5).

    Raises what the target raised before signalling (S2), or `RuntimeError` if it returned
    without (S3); the thread has finished then, and the event is set, so that nobody who waits
    for it hangs. Raises `TimeoutError` after ``timeout`` seconds without a signal; its
    ``thread`` is the thread, which goes on (S4).
    Raises `TypeError` or `ValueError` for a wrong argument (G3).

    >>> from threadprims import countdown
    >>> start(countdown, 2, interval=0.001).join()
    2
    1
    """
    _arguments.kind("target", target, callable(target), "callable")
    if timeout is not None:
        timeout = min(_arguments.seconds("timeout", timeout), threading.TIMEOUT_MAX)
    if "started" in kwargs:
        raise TypeError(f"started is for start() to give, not {kwargs['started']!r}")

    started = threading.Event()
    verdict = threading.Lock()  # taken by the first: start() going its way, or the thread failing
    failure: list[BaseException] = []

    def fail(error: BaseException) -> bool:
        if started.is_set() or not verdict.acquire(blocking=False):
            return False
        failure.append(error)
        started.set()
        return True

    def body() -> None:
        try:
            target(*args, started=started, **kwargs)
        except BaseException as error:
            if not fail(error):
                raise
        else:
            fail(RuntimeError(f"{target!r} returned without calling started.set()"))

    thread = _thread(body, target, name, daemon)
    try:
        thread.start()
        in_time = started.wait(timeout)
    finally:
        on_its_way = verdict.acquire(blocking=False)
    if not on_its_way:
        thread.join()
        raise failure.pop()  # not kept, or it and its traceback would keep each other alive
    if not in_time:
        late = TimeoutError(f"{target!r} did not call started.set() within {timeout} s")
        late.thread = thread  # type: ignore[attr-defined]  # the contract's, on a builtin class
        raise late
    return thread


class running:  # a context manager, which reads as a function
    """Run ``task.run(*args)`` in a thread for the length of a ``with`` block.

    Yields the thread. When the block ends, in whatever way, the task has been terminated and
    its thread has finished (R1); at once, if it had by itself (R3). An exception that the task
    raised is raised then; if the block raised too, its exception propagates, with the task's
    as its ``__context__`` (R2).
    Raises `TypeError` for a wrong argument, when called and not when entered (G3).

    >>> from threadprims import CountdownTask
    >>> with running(CountdownTask(interval=3600, emit=id), 10) as thread:
    ...     thread.is_alive()
    True
    >>> thread.is_alive()
    False
    """

    def __init__(
        self, task: Task, *args: object, name: str | None = None, daemon: bool = False
    ) -> None:
        _arguments.methods("task", task, "run", "terminate")
        self._task = task
        self._failure: list[BaseException] = []

        def body() -> None:
            try:
                task.run(*args)
            except BaseException as error:
                self._failure.append(error)

        self._thread = _thread(body, task.run, name, daemon)

    def __enter__(self) -> threading.Thread:
        try:
            self._thread.start()
        except BaseException:  # Ctrl-C while it begins: there will be no end of the block
            self._task.terminate()
            raise
        return self._thread

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        self._task.terminate()
        self._thread.join()
        if self._failure:
            if raised is None:
                raise self._failure.pop()
            if raised is not self._failure[0]:
                raised.__context__ = self._failure.pop()


def _thread(
    body: Callable[[], None], like: Callable[..., object], name: str | None, daemon: bool
) -> threading.Thread:
    """A thread for ``body``, called ``name``, or as a thread for ``like`` would be."""
    _arguments.kind("name", name, name is None or isinstance(name, str), "a string")
    _arguments.kind("daemon", daemon, isinstance(daemon, bool), "a bool")
    if isinstance(like_name := getattr(like, "__name__", None), str):
        body.__name__ = like_name
    return threading.Thread(target=body, name=name, daemon=daemon)
