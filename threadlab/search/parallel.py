"""The executions of a search made by several processes, and handed out in their order.

Each process makes every nth lane, in turn, and says what came of them through a pipe. Whoever
reads, reads them in the order of the whole search: so a process that is ahead of the others waits
when its pipe is full, and what it has made too much is of no consequence.

Where nothing else runs in this process, it is forked, so that the program need not be loaded anew,
nor the opening be made again; elsewhere fresh ones do that. Ctrl-C, which all of them get, ends
each without a word; and one whose pipe has no other end any more ends as well.
"""

import math
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Self

from threadlab.errors import Interrupted, ProgramError
from threadlab.program import quiet
from threadlab.search.executions import LANES, End, Executions, Made, Setup, in_turn
from threadlab.search.watch import Watch
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Kernel

INTERVAL = 0.05
"""Seconds after which what has been made is handed over."""

GRACE = 1.0
"""Seconds for which an execution may go on when the time is up."""


class OutOfTime(Exception):
    """The seconds of a search are over. ``cut_off`` executions had not ended."""

    def __init__(self, cut_off: int) -> None:
        super().__init__(cut_off)
        self.cut_off = cut_off


class Broken(NamedTuple):
    """In place of an execution: what a `ProgramError` said; or a defect of ours, with its stack."""

    why: str
    defect: bool


class Compared(NamedTuple):
    """The last word, when the search is over; ``why`` is what the program is no longer, if so."""

    why: str


Said = Made | End | Broken | Compared


@dataclass
class _Process:
    process: BaseProcess
    pipe: Any
    said: deque[Said]


class Processes:
    """Makes the lanes of ``executions``, whose opening has been made, in ``jobs`` processes.

    They live within the block, and not beyond. ``until`` is when the time is up.
    """

    def __init__(self, executions: Executions, jobs: int, until: float) -> None:
        self._executions = executions
        self._program = executions.setup.program
        self._jobs = jobs
        self._until = until
        self._processes: list[_Process] = []

    def __enter__(self) -> Self:
        forking = forks()
        context: Any = multiprocessing.get_context("fork" if forking else "spawn")
        given = self._executions if forking else self._executions.setup
        try:
            with _without_interrupts():
                for number in range(self._jobs):
                    mine, theirs = context.Pipe()
                    lanes = range(number, LANES, self._jobs)
                    ours = [mine, *(one.pipe for one in self._processes)] if forking else []
                    arguments = (given, lanes, theirs, ours)
                    process = context.Process(target=_work, args=arguments)
                    process.start()
                    theirs.close()
                    self._processes.append(_Process(process, mine, deque()))
        except OSError as error:
            self._kill()
            raise ProgramError(f"{self._program}: no process starts: {error.strerror}") from None
        except BaseException:
            self._kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._kill()

    def _kill(self) -> None:
        with _without_interrupts():
            for one in self._processes:
                one.process.kill()
            for one in self._processes:
                one.process.join()
                one.pipe.close()

    def take(self, lane: int) -> Made | End:
        """The next execution of ``lane``.

        Raises `ProgramError` if it is none, and `OutOfTime`; then they have all ended.
        """
        one = self._processes[lane % self._jobs]
        while not one.said:
            if not self._receive(one, self._until):
                self.compare()
                raise OutOfTime(0)
        said = one.said.popleft()
        if isinstance(said, Broken):
            raise RuntimeError(said.why) if said.defect else ProgramError(said.why)
        assert isinstance(said, Made | End)
        return said

    def compare(self) -> None:
        """See that in each of them the execution without delays is what it was, and end them.

        Raises `ProgramError` if not, and `OutOfTime` if some had to be cut off.
        """
        until = max(self._until, time.perf_counter()) + GRACE  # infinite without a bound
        for one in self._processes:
            with suppress(OSError):  # it has ended, and has said why
                one.pipe.send(None)
        late = sum(not self._compared(one, until) for one in self._processes)
        if late:
            raise OutOfTime(late)

    def _compared(self, one: _Process, until: float) -> bool:
        """False if the time is up before. What it made too much does not count."""
        while True:
            for said in one.said:
                if isinstance(said, Compared):
                    if said.why:
                        raise ProgramError(said.why)
                    return True
                if isinstance(said, Broken):
                    return True
            one.said.clear()
            if not self._receive(one, until):
                return False

    def _receive(self, one: _Process, until: float) -> bool:
        """Wait for what it says; false if the time is up before."""
        left = until - time.perf_counter()
        try:
            if not one.pipe.poll(None if math.isinf(left) else max(left, 0)):
                return False
            one.said.extend(one.pipe.recv())
        except (EOFError, OSError):
            one.process.join()
            raise ProgramError(f"{self._program}: {_death(one.process.exitcode)}") from None
        return True


def forks() -> bool:
    """Whether this process can be forked: no other thread may hold what its copy waits for."""
    return sys.platform == "linux" and threading.active_count() == 1


def _death(status: int | None) -> str:
    how = f"with status {status}"
    if status is not None and status < 0:
        with suppress(ValueError):
            how = f"by {signal.Signals(-status).name}"
    return f"a process of the search has ended before it, {how}"


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Within the block, Ctrl-C waits; and so it does in what is started there."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    given: Executions | Setup, lanes: Sequence[int], pipe: Connection, others: Sequence[Connection]
) -> NoReturn:
    """All that such a process does; ``given`` are executions, if it is a fork of who has them.

    Then it has the ``others`` as well, ends of pipes that would stay open as long as it lives.
    """
    for other in others:
        other.close()
    with suppress(KeyboardInterrupt, EOFError, OSError):  # Ctrl-C, or there is nobody any more
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        with interruptible():
            _Worker(given, pipe).work(lanes)
    os._exit(0)


class _Worker:
    def __init__(self, given: Executions | Setup, pipe: Connection) -> None:
        self._given = given
        self._pipe = pipe
        self._kernel = given.kernel if isinstance(given, Executions) else Kernel()
        self._program = (given.setup if isinstance(given, Executions) else given).program
        self._watch = Watch(self._kernel, None, self._give_up)
        self._made: list[Said] = []

    def work(self, lanes: Sequence[int]) -> None:
        try:
            with self._watch, quiet(self._kernel):
                executions = self._begun()
                self._make(executions, lanes)
                with self._watch.resting():
                    self._pipe.recv()
                self._made.append(self._compared(executions))
        except ProgramError as error:
            self._made.append(Broken(str(error), defect=False))
        except Interrupted:
            if not self._watch.why:
                raise
            self._made.append(self._hung(self._watch.why))
        except Exception:
            self._made.append(Broken(traceback.format_exc(), defect=True))
        self._say()

    def _begun(self) -> Executions:
        if isinstance(self._given, Executions):
            return self._given
        executions = Executions(self._given, self._kernel)
        executions.begin()
        for _ in executions.opening():
            pass
        return executions

    def _make(self, executions: Executions, lanes: Sequence[int]) -> None:
        """As many as there are, or until the search is over."""
        last = time.monotonic()
        for execution in in_turn(executions.take, lanes):
            self._made.append(execution)
            fails = isinstance(execution, Made) and execution.token is not None
            if fails or time.monotonic() >= last + INTERVAL:
                self._say()
                last = time.monotonic()
                if self._pipe.poll():
                    return
        self._say()

    def _compared(self, executions: Executions) -> Compared:
        try:
            executions.compare()
        except ProgramError as error:
            return Compared(str(error))
        return Compared("")

    def _say(self) -> None:
        made, self._made = self._made, []
        with self._watch.resting():
            self._pipe.send(made)

    def _give_up(self, why: str) -> None:
        self._pipe.send([*self._made, self._hung(why)])
        os._exit(0)

    def _hung(self, why: str) -> Broken:
        return Broken(f"{self._program}: {why}", defect=False)
