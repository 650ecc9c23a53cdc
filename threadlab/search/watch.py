"""Looks on from a thread of its own, and ends a search that would not end by itself.

A program may leave the simulated world by a way that nobody thought of: a real lock that is held
for ever, a call into C that waits. Then no step is made and nothing is computed, which the time
that the processor has spent on the thread tells from a long computation. Or it may go on for
longer than the search may take. In either case the execution is told to end at its next step, and
a signal as that of Ctrl-C wakes who waits, since there may be no next step. Time in which the
machine had no processor for the thread does not count.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from threadlab.simulation.frames import where
from threadlab.simulation.interruption import forget
from threadlab.simulation.kernel import Kernel

INTERVAL = 0.25
"""Seconds between two looks."""

BLOCKED = 2.0
"""Seconds of an execution without a step, and in which next to nothing is computed."""

COMPUTES = 0.01
"""What of `BLOCKED` is more than next to none."""

SILENT = 10.0
"""Seconds without a step in any case."""

DEAF = 2.0
"""Seconds after which what has been told to end is given up."""

_frames = sys._current_frames


class Watch:
    """Within the block, watches the calling thread, in which ``kernel`` runs.

    ``seconds`` is how long the block may take. ``give_up`` is called, in another thread, when the
    block ought to end for the reason given, and does not.
    """

    def __init__(
        self, kernel: Kernel, seconds: float | None, give_up: Callable[[str], object]
    ) -> None:
        self._kernel = kernel
        self._left = seconds
        self._give_up = give_up
        self._thread = threading.get_ident()
        self._scheduled = f"/proc/self/task/{threading.get_native_id()}/schedstat"
        self._over = threading.Event()
        self._ending = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="threadlab", daemon=True)
        self.why = ""
        """Why it has been told to end, unless it has run out of time."""
        self.expired = False
        self._rests = False

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._ending:
            self._over.set()
        self._watcher.join()
        if self.why or self.expired:
            forget()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Within the block nothing is executed, and it may take as long as it likes."""
        self._rests = True
        try:
            yield
        finally:
            self._rests = False

    def _watch(self) -> None:
        begin = since = last = time.monotonic()
        before, spent, starved = self._beat, self._spent(), self._starved()
        while not self._over.wait(INTERVAL):
            now = time.monotonic()
            since += max(now - last - 2 * INTERVAL, 0)  # the whole process was stopped
            last = now
            if self._rests or self._beat != before:
                before, spent, starved, since = self._beat, self._spent(), self._starved(), now
            silent = now - since - (self._starved() - starved)
            if self._left is not None and now - begin >= self._left:
                self.expired = True
            elif silent >= SILENT:
                self.why = f"never ends: {SILENT:g} s without a step"
            elif self._kernel.running and silent >= BLOCKED and self._spent() - spent < COMPUTES:
                self.why = "waits outside of the simulated world, where nobody can wake it"
            else:
                continue
            self._end()
            return

    def _end(self) -> None:
        place = where(_frames().get(self._thread))
        with self._ending:
            if self._over.is_set():
                return
            if self.why:
                self.why += place
            self._kernel.stop()
        if not self._over.wait(INTERVAL):  # it makes no steps
            self._wake()
        if not self._over.wait(DEAF):
            self._give_up(self.why or f"does not end when its time is up{place}")

    def _wake(self) -> None:
        with self._ending:
            if self._over.is_set():
                return
            in_main = self._thread == threading.main_thread().ident
            handled = callable(signal.getsignal(signal.SIGINT))  # see `interruptible`
            if in_main and handled and hasattr(signal, "pthread_kill"):
                signal.pthread_kill(self._thread, signal.SIGINT)

    @property
    def _beat(self) -> tuple[int, int, int]:
        """Something that changes as long as there is progress: steps, or modules that load."""
        return self._kernel.steps, self._kernel.switches, len(sys.modules)

    def _spent(self) -> float:
        """Seconds of the processor on the thread; or on all of the process."""
        clock = getattr(time, "pthread_getcpuclockid", None)
        return time.clock_gettime(clock(self._thread)) if clock else time.process_time()

    def _starved(self) -> float:
        """Seconds that the thread was ready to run and had no processor; 0 where none tells."""
        try:
            with open(self._scheduled) as file:
                return int(file.read().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0
