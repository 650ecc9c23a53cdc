"""What is not at fault: each race of this gallery that is built on these has one part replaced.

Plain and small, and held to every law by ``tests/lab/test_races.py``: whatever law a race
breaks, it breaks by the part that it replaces. ``threadprims`` guards against more than the laws.
"""

import math
import numbers
import operator
import threading
import time
from contextlib import suppress


class TimerStopped(Exception):
    """The timer has stopped, and this thread has had every tick."""


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._changed = threading.Condition()
        self._ticks = 0
        self._stopped = False
        self._t0 = 0.0
        self._thread = None
        self._place = threading.local()

    @property
    def ticks(self):
        with self._changed:
            return self._ticks

    def start(self):
        with self._changed:
            self._start()

    def _start(self):
        if self._stopped or self._thread is not None:
            raise RuntimeError("a timer starts once")
        self._t0 = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        with self._changed:
            last = self._place.last = getattr(self._place, "last", self._ticks)
            self._wait(last, timeout)
            self._place.last = last + 1
            return last + 1

    def _wait(self, last, timeout=None):
        """Until the tick after ``last`` has fallen. Called with the lock held."""
        if not self._changed.wait_for(lambda: self._ticks > last or self._stopped, timeout):
            raise TimeoutError(f"no tick within {timeout} s")
        if self._ticks == last:
            raise TimerStopped

    def __iter__(self):
        return self._after(self.ticks)

    def _after(self, last):
        with suppress(TimerStopped):
            while True:
                with self._changed:
                    self._wait(last)
                last += 1
                yield last

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def _run(self):
        while True:
            with self._changed:
                if self._stopped:
                    return
                early = self._t0 + (self._ticks + 1) * self._interval - time.monotonic()
                if early > 0:
                    self._changed.wait(early)
                else:
                    self._tick()

    def _tick(self):
        """Let a tick fall. Called with the lock held."""
        self._ticks += 1
        self._changed.notify_all()


def countdown(n, *, interval=1.0, started=None, emit=print):
    callable_("emit", emit)
    CountdownTask(interval=interval, emit=emit).run(n, started=started)


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        callable_("emit", emit)
        self._interval = seconds("interval", interval)
        self._emit = emit
        self._over = threading.Event()

    @property
    def terminated(self):
        return self._over.is_set()

    def terminate(self):
        self._over.set()

    def run(self, n, *, started=None):
        n = count("n", n)
        signal(started)
        return self._count_down(n)

    def _count_down(self, n):
        first = time.monotonic()
        for k in range(n):
            if self.terminated:
                return n - k
            self._emit(n - k)
            self._wait_until(first + (k + 1) * self._interval)
        return 0

    def _wait_until(self, deadline):
        while not self.terminated and (left := deadline - time.monotonic()) > 0:
            self._over.wait(left)


class IOTask:
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        callable_("handle", handle)
        self._handle = handle
        self._timeout = seconds("timeout", timeout)
        self._bufsize = count("bufsize", bufsize, least=1)
        self._over = threading.Event()

    @property
    def terminated(self):
        return self._over.is_set()

    def terminate(self):
        self._over.set()

    def run(self, sock, *, started=None):
        methods("sock", sock, "recv", "settimeout", "gettimeout")
        signal(started)
        before = sock.gettimeout()
        sock.settimeout(self._timeout)
        try:
            self._receive(sock)
        finally:
            with suppress(OSError):  # closed meanwhile
                sock.settimeout(before)

    def _receive(self, sock):
        while not self.terminated:
            chunk = self._poll(sock)
            if chunk == b"":
                return
            if chunk is not None:
                self._handle(chunk)

    def _poll(self, sock):
        """A chunk, or nothing within the timeout."""
        try:
            return sock.recv(self._bufsize)
        except TimeoutError as error:
            if error.errno is not None:  # not the poll that ran out: the connection is lost
                raise
            return None


def seconds(name, value, *, zero=False):
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, not {value!r}")
    if not (0 < value < math.inf or (zero and value == 0)) or value > threading.TIMEOUT_MAX:
        raise ValueError(f"{name} is out of range: {value!r}")
    return float(value)


def count(name, value, *, least=0):
    if isinstance(value, bool | type) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value!r}")
    return operator.index(value)


def callable_(name, value):
    if not callable(value):
        raise TypeError(f"{name} must be callable, not {value!r}")


def methods(name, value, *needed):
    for method in needed:
        if isinstance(value, type) or not callable(getattr(value, method, None)):
            raise TypeError(f"{name} must have {method}(), unlike {value!r}")


def signal(started):
    if started is not None:
        methods("started", started, "set")
        started.set()


def text(name, value):
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {value!r}")


def flag(name, value):
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, not {value!r}")


class Start:
    """`start`, in parts. The function is at the end."""

    def __init__(self, target, args, kwargs, name, daemon):
        self._call = lambda: target(*args, started=self.signal(), **kwargs)
        self._signalled = threading.Event()
        self._failure = None
        self.thread = threading.Thread(target=self._body, name=name, daemon=daemon)

    @classmethod
    def start(cls, target, *args, name=None, daemon=False, timeout=None, **kwargs):
        callable_("target", target)
        text("name", name)
        flag("daemon", daemon)
        if timeout is not None:
            timeout = seconds("timeout", timeout)
        return cls(target, args, kwargs, name, daemon).result(timeout)

    def signal(self):
        """What the target gets as ``started``."""
        return self._signalled

    def _body(self):
        try:
            self._call()
        except BaseException as error:
            if self._signalled.is_set():
                raise
            self._fail(error)
        else:
            if not self._signalled.is_set():
                self._fail(RuntimeError("the target returned without its signal"))

    def _fail(self, error):
        self._failure = error
        self._signalled.set()

    def result(self, timeout):
        self.thread.start()
        if not self._signalled.wait(timeout):
            late = TimeoutError(f"no signal within {timeout} s")
            late.thread = self.thread
            raise late
        if self._failure is not None:
            self.thread.join()
            raise self._failure
        return self.thread


start = Start.start


class running:
    def __init__(self, task, *args, name=None, daemon=False):
        methods("task", task, "run", "terminate")
        text("name", name)
        flag("daemon", daemon)
        self._task = task
        self._args = args
        self._failure = None
        self._thread = threading.Thread(target=self._body, name=name, daemon=daemon)

    def _body(self):
        try:
            self._task.run(*self._args)
        except BaseException as error:
            self._failure = error

    def __enter__(self):
        self._thread.start()
        return self._thread

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        self._thread.join()
        if self._failure is not None:
            if raised is None:
                raise self._failure
            if raised is not self._failure:
                raised.__context__ = self._failure
