"""Tasks, a virtual clock, and steps: who runs next, and when.

Tasks are greenlets, all in one OS thread: a switch costs a fraction of a microsecond, and there
is no moment at which two of them run. Handing a baton between OS threads, which is how
most deterministic schedulers do it, costs a hundred times as much.

The *default run*: the running task goes on until it blocks, then the next in round-robin
order runs, and the clock moves only when all are blocked. What departs from that is a sparse
list of *delays* ``(step, turn, skip)``: at that step, counted over the code under test, candidate
``skip`` runs in place of candidate 0. Candidates are the runnable tasks from the running one
on, then, if anyone sleeps, the clock (delay bounding: Emmi, Qadeer, Rakamaric, POPL 2011).

There is a second kind of moment at which it is decided who runs: a *turn*, when the running task
cannot go on. Turns are counted from the last step on, since the standard library, where tasks
block, has no steps. A delay at the step itself has turn 0.

A `Chooser` decides at every step and turn; what it chose is kept, as delays, in `taken`.

How slow can a thread be? Without a bound it can be late for anything, and every timeout is a
failure. So to compute, from when a task can run until it blocks, takes `stall` seconds at most:
the clock is a candidate only if to move it to the next deadline leaves each task that can run
within that. However often time passes meanwhile, it adds up until the task blocks. The longest
that a task was held back for is kept in `stalled`.

The kernel knows nothing of Python's threading API.
"""

import gc
import heapq
import math
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import Context
from functools import partial
from sys import getrecursionlimit, setrecursionlimit  # not what a program has in their place
from typing import Literal, NoReturn, Protocol, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

from threadlab.errors import (
    CannotSimulate,
    CutOff,
    Deadlock,
    Failure,
    Interrupted,
    LeakedThread,
    Livelock,
    headline,
    note,
)
from threadlab.schedule import Delay
from threadlab.simulation.frames import line_of, raised_at, stack, where
from threadlab.simulation.repetition import AGAIN, SOON, Repetition, iterates

NEVER = 1 << 62

EXITS = 100
"""Times that a task may catch what ends it before it is let go of."""

T = TypeVar("T")

FIRST = 1
"""The ident of the task that an execution begins with."""

SPIN = 1000
"""Steps without blocking after which a task is made to yield."""

CALM = 5
"""Times `SPIN` steps without anything handed over after which the state is looked at; see
`repetition`."""

ON_AND_ON = "the scenario has ended, and these tasks go on and on"

PASSAGES = 10_000
"""Times that the clock moves for who is left after the end of the scenario, before it is cut."""

COLLECTED = 100_000
"""Steps, a multiple of `SPIN`, after which an execution's garbage is collected while it goes on."""

LIMIT = 20_000_000
"""Steps after which an execution is cut off."""

DAEMONS = 100_000
"""Steps after the end of the scenario after which it is, if none but daemons are left."""

AFTERWARDS = 20_000
"""Steps after which it is, once it has failed: what comes of that is told, but not for ever."""


Reason = Literal["step", "turn", "yield", "spin"]
"""Why it is decided who runs: a step of the running task; it cannot go on, or time has passed;
it lets others go first; it has made many steps, and neither it nor any other got anywhere."""


class Chooser(Protocol):
    """Decides who runs."""

    def choose(self, ready: "Sequence[Task]", clock: bool, reason: Reason) -> int:
        """Which candidate is next, as an index of ``ready``; ``len(ready)`` is time, if ``clock``.

        Candidate 0 is what the default schedule takes, at a step the running task; but if that
        spins and there is another, candidate 1. Often there is only one.
        """


class Recorder(Protocol):
    """Is told what tasks do to what they share. Called in the task that does it.

    ``sync`` is any object: to `acquire` it is to know all that was done before it was released,
    to `look` at it what was before it was last acquired or released. `idle`: from here to the next
    decision nobody does anything, but time passes.
    """

    def begin(self) -> None: ...
    def end(self) -> None: ...
    def suspend(self) -> None: ...
    def resume(self) -> None: ...
    def spawned(self, task: "Task") -> None: ...
    def ending(self) -> None: ...
    def ended(self, thread: object) -> None: ...
    def acquire(self, sync: object) -> None: ...
    def release(self, sync: object) -> None: ...
    def create(self, sync: object) -> None: ...
    def attempt(self, sync: object) -> None: ...
    def look(self, sync: object) -> None: ...
    def parks(self, deadline: float | None) -> None: ...
    def woken(self, task: "Task") -> None: ...
    def timed(self, passes: bool) -> None: ...
    def idle(self) -> None: ...
    def invoked(self) -> None: ...
    def responded(self) -> None: ...
    def raises(self, error: BaseException) -> None: ...
    def watched(self) -> None: ...
    def interrupts(self) -> None: ...


KEPT = 64
"""Greenlets that are kept for later executions; few executions need more."""


_let_go: list[greenlet] = []
"""Those that do not end. They are kept for good: greenlet tries to end what is garbage."""


class Carrier(greenlet):
    """Runs one job after another, between which it is idle. To be made, and begun, by the hub.

    A greenlet has a stack of its own, which the interpreter takes from the system at its first
    call and gives back at its end: ten times the cost of a switch. So these are used again.
    While it is idle it knows only its jobs and the hub: what a suspended greenlet refers to is not
    garbage-collected.

    A greenlet counts its recursion from where it was begun. So each begins its jobs at ``depth``,
    or a `RecursionError` would come sooner in one execution than in another.
    """

    def __init__(self, hub: greenlet, depth: int) -> None:
        self.jobs: list[Callable[[], bool]] = []
        super().__init__(partial(_carry, self.jobs, hub, depth), hub)
        self.switch()


def _carry(jobs: list[Callable[[], bool]], hub: greenlet, depth: int) -> None:
    if _depth() < depth:
        _carry(jobs, hub, depth)
        return
    hub.switch()
    while jobs.pop()():
        hub.switch()


def _depth() -> int:
    """How deep the caller is in its recursion, as the interpreter counts; it tells nowhere else."""
    try:
        setrecursionlimit(1)
    except RecursionError as error:
        return int(re.findall(r"\d+", str(error))[1])
    raise AssertionError("not reached")


ROOM = 10
"""Calls by which an execution may begin deeper than the one before, without new carriers."""


class Carriers:
    """Those of an OS thread, which `idle`, and the ``depth`` at which they begin.

    For all kernels, and for good: to end one, which greenlet does when it is garbage, crashes
    Python 3.11 if the garbage is what a recursion without an end has left.
    """

    def __init__(self) -> None:
        self.idle: list[Carrier] = []
        self.depth = 0
        self._hub = getcurrent()
        self._depths: dict[int, int] = {}  # by the number of frames, which is quicker to be had

    def enter(self, hub: greenlet) -> None:
        """From here on they are begun by ``hub``, which has called this."""
        if hub is not self._hub:
            self._depths.clear()
        frame, frames = sys._getframe(), 0
        while frame.f_back is not None:
            frame, frames = frame.f_back, frames + 1
        depth = self._depths.get(frames) or self._depths.setdefault(frames, _depth())
        if hub is not self._hub or depth > self.depth - ROOM:
            self._hub = hub
            self.depth = depth + 2 * ROOM
            _let_go.extend(self.idle)
            self.idle.clear()

    def add(self) -> None:
        self.idle.append(Carrier(self._hub, self.depth))

    def keep(self, carrier: Carrier) -> bool:
        """Whether it is kept, or else is to end."""
        keeps = len(self.idle) < KEPT
        if keeps:
            self.idle.append(carrier)
        return keeps


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.of_thread = Carriers()


CARRIERS = _OfThread()


class Task:
    """A thread of control: ``waiting`` says what it is blocked on, if it is.

    ``path`` names it in every execution: its parent's, and which child of that it is.
    """

    __slots__ = (
        "children",
        "clock",
        "daemon",
        "greenlet",
        "ident",
        "locals",
        "name",
        "number",
        "on_end",
        "path",
        "paused",
        "since",
        "site",
        "timer",
        "waiting",
        "woken",
    )

    def __init__(self, ident: int, name: str, path: tuple[int, ...] = ()) -> None:
        self.ident = ident
        self.path = path
        self.children = 0
        self.daemon = False
        self.paused = 0
        """The step at which it let others go first, the last time."""
        self.number = 0  # the recorder's, as is the clock
        self.clock: list[int] = []
        self.name: str | Callable[[], str] = name
        self.greenlet: greenlet
        self.site = 0  # of its last step, if there is a chooser
        self.waiting: object = None
        self.since = 0.0  # when it blocked, or could run again
        self.timer = 0
        self.woken = False
        self.on_end: list[Callable[[], object]] = []
        self.locals: dict[object, dict[str, object]] = {}

    def __str__(self) -> str:
        return self.name if isinstance(self.name, str) else self.name()


class Due:
    """What is called when time has come to where it is due, unless it is cancelled before.

    ``gives_up``: it is no part of the program, and waits for the time when nothing else happens.
    """

    __slots__ = ("function", "gives_up", "timer")

    def __init__(self, timer: int, function: Callable[[], object], gives_up: bool) -> None:
        self.timer = timer
        self.function = function
        self.gives_up = gives_up

    def cancel(self) -> None:
        self.timer = 0


class Kernel:
    """Runs one execution after another; `now`, `steps` and `current` are of the present one."""

    def __init__(self) -> None:
        self.running = False
        self.daemons = False  # whether these may be left when all others have ended
        self._hub = getcurrent()
        self._carriers = CARRIERS.of_thread
        self._wanted = False  # one more of these, from the hub
        self.outside = Task(FIRST, "outside")  # what runs at the import
        self._context = Context()  # of that
        self.log: list[tuple[int, int]] | None = None
        self._repetition = Repetition()
        self._exits = 0
        self.recorder: Recorder | None = None
        self.network: object = None  # what sockets and pipes stand on, if there are any
        self.on_switch: Callable[[Task, Task], object] | None = None
        self._on_step: Callable[[], object] | None = None
        self.limit = LIMIT
        self.stall = math.inf
        self.withheld = False  # whether that has ever kept time from passing
        self._reset((), None)

    def _reset(self, delays: Sequence[Delay], chooser: Chooser | None) -> None:
        self.now = 0.0
        self.steps = 0
        self.together = 0  # how many tasks there have been at once
        self.switches = 0
        self.stalled = 0.0
        self._since = 0.0  # no task that can run has been able to for longer
        self.settled = math.inf  # when all had caught up with the last delay
        self.tasks: dict[int, Task] = {}
        self.errors: list[BaseException] = []
        self._limit = self.limit
        self.current = self.outside
        self._free_idents: list[int] = []
        self._ready: deque[Task] = deque()  # the running one is the first
        self._sleepers: list[tuple[float, int, Task | Due]] = []
        self._interrupts: deque[Callable[[], object]] = deque()
        self._timers = 0
        self._chooser = chooser
        self.taken: list[Delay] = []
        self._delays = sorted(delays, reverse=True)
        self.turn = (0, 0)  # the step and the number of the last one
        self.failed: list[Task] = []  # the tasks that reported these
        self._checked = (
            -1,
            -1,
            -1,
        )  # what had been handed over at the last check, switches, timers
        self._repetition.clear()
        self._calm = 0
        self._ended = NEVER  # the step at which the scenario has
        self._passages = 0  # of time, since then
        self.begun = 0  # tasks
        self._handed = 0  # how often a task was begun, woken by another, or has ended
        self.looked = False  # whether anybody has looked at the clock
        self._timed = False  # or had, since something was last handed over
        self._next_check = SPIN
        self.failure: Failure | None = None  # beside which there may be errors
        self.refused: CannotSimulate | None = None
        self._unwinding = False
        self._stopped = False
        self._over = False  # whoever runs is to end: stopped, or unwound
        self._on_step = None
        self._looks = False
        self._is_aside = False
        self._suspended: int | None = None  # the steps until then
        self._set_alarm()

    def run(
        self,
        function: Callable[[], object],
        delays: Sequence[Delay] = (),
        chooser: Chooser | None = None,
    ) -> None:
        """Run ``function`` as the first task, and all that it spawns, to the end.

        Under the default schedule but for ``delays``; or under ``chooser``, which is to choose
        these delays, if there are any.

        Raises what was raised first, by ``function`` or by a task that it spawned, or else the
        `Failure`; with what came of it as a note. But `Interrupted` if it was stopped, or else
        what was refused, if anything was. What is left of the execution is unwound before.
        """
        __tracebackhide__ = True
        if self.running:
            raise RuntimeError("an execution cannot contain another")
        if self.recorder is not None:
            self.recorder.begin()  # which lets go of the last one, outside of any
        self._reset(delays, chooser)
        self.running = True
        self._enter()
        limit, depth = getrecursionlimit(), self._carriers.depth
        setrecursionlimit(limit + depth)
        try:
            first = self.spawn(function, "MainThread")
            if self._context:
                first.greenlet.gr_context = self._context.copy()
            while first.ident in self.tasks and self.failure is None:
                self._run_next()
            self._ended = self.steps
            if not self.errors:
                while self._ready and self.failure is None and not self._only_daemons():
                    self._run_next()
                if self.tasks and self.failure is None and not self._only_daemons():
                    self._fail(LeakedThread, "the scenario has ended, these tasks have not")
        finally:
            if self.recorder is not None:
                self.recorder.end()
            failure, errors = self.failure, self.errors
            try:
                self._unwind()
            finally:
                self.running = False
                if getrecursionlimit() == limit + depth:  # not set by the program
                    setrecursionlimit(limit)
        if self._stopped:
            raise Interrupted
        if self.refused is not None:
            raise self.refused
        if errors:
            for task, later in list(zip(self.failed, errors, strict=True))[1:]:
                place = raised_at(later)
                note(errors[0], f"then in {task}: {headline(later)}" + (place and f", at {place}"))
            if failure is not None:
                note(errors[0], f"then {failure}")
            raise errors[0]
        if failure is not None:
            raise failure

    def _only_daemons(self) -> bool:
        """Whether what is left may be: the interpreter would end here."""
        return self.daemons and all(task.daemon for task in self.tasks.values())

    def load(self, function: Callable[[], T]) -> T:
        """Call ``function`` outside of an execution, where it can be stopped as well."""
        results: list[T] = []
        self._enter()
        self._stopped = self._over = False
        self.refused = None
        apart = greenlet(lambda: results.append(function()))
        apart.gr_context = self._context
        apart.switch()
        if self._stopped:
            self._over = False
            _let_go.append(apart)
            raise Interrupted
        if self.refused is not None:
            raise self.refused
        return results.pop()

    def stop(self) -> None:
        """End what runs at its next step, whatever it catches. To be called by a signal handler."""
        self._stopped = self._over = True
        self._alarm = 0
        if self.failure is None:
            self.failure = Failure("stopped")

    def _enter(self) -> None:
        """From here the tasks are run: a greenlet stays in its thread, and returns to its hub."""
        self._hub = getcurrent()
        self._carriers = CARRIERS.of_thread
        self._carriers.enter(self._hub)

    # What the fakes use

    def spawn(self, function: Callable[[], object], name: str) -> Task:
        """A new task, last in the round-robin order."""
        task = self._new_task(name)

        def body() -> bool:
            try:
                function()
            except BaseException as error:
                self.report(error)
            if self.recorder is not None:
                self.recorder.ending()
            self._look()
            self._end(task)
            return self._carriers.keep(carrier)

        if not self._carriers.idle:
            self._add_carrier()
        task.greenlet = carrier = self._carriers.idle.pop()
        carrier.gr_context = None  # as in a new one
        carrier.jobs.append(body)
        self._ready.append(task)
        if self.recorder is not None:
            self.recorder.spawned(task)
        return task

    def _add_carrier(self) -> None:
        if getcurrent() is self._hub:
            self._carriers.add()
        else:
            self._wanted = True
            self._hub.switch()

    def park(self, waiting: object, deadline: float | None = None) -> bool:
        """Block the running task until `unpark`, or until ``deadline``; say whether unparked.

        ``waiting`` is for reports: what it waits for. Raises what an interrupt raises; after one
        that raised nothing it looks as if the task had been unparked, too early.
        """
        if self._suspended is not None and self.running:
            self.refuse("a finaliser that blocks while garbage is collected cannot be simulated")
        if self._over:
            self._leave()
        if self._interrupts and self.current.ident == FIRST:
            self._handle_interrupts()
            return True
        if not self.running:
            raise RuntimeError("would block for ever outside of an execution")
        if self._looks:
            self.refuse("an invariant at each step that waits cannot be checked")
        self._look()
        task = self.current
        task.waiting = waiting
        task.since = self.now
        if self.recorder is not None:
            self.recorder.parks(deadline)
        if deadline is not None:
            self._timers += 1
            task.timer = self._timers
            heapq.heappush(self._sleepers, (deadline, self._timers, task))
        self.switches += 1
        ready = self._ready
        ready.popleft()
        while not ready:
            if not self._let_idle_time_pass():
                self._fail_for_good()
                self._leave()
        if self._delays or self._chooser is not None:
            self._elect("turn")
        self._switch()
        if self._interrupts and task.ident == FIRST:
            self._handle_interrupts()
        return task.woken

    def unpark(self, task: Task) -> None:
        """Make a parked task runnable, last in the round-robin order.

        One whose time is up, but which has not run since, is runnable already; then it is as
        if this had been first.
        """
        task.woken = True
        self._handed += 1
        if task.waiting is not None:
            if self.recorder is not None:
                self.recorder.woken(task)
            task.waiting = None
            task.timer = 0
            task.since = self.now
            self._ready.append(task)

    def pause(self) -> None:
        """Let every other runnable task go first."""
        if self._suspended is not None:
            return
        if self._over:
            self._leave()
        if self.running:
            if self.current.paused == self.steps:  # it polls in code without steps
                self.step()
            self.current.paused = self.steps
            self._look()
            self.switches += 1
            self._ready.rotate(-1)
            if self._delays or self._chooser is not None:
                self._elect("yield")
            self._switch()
            if self._interrupts and self.current.ident == FIRST:
                self._handle_interrupts()

    def interrupt(self, function: Callable[[], object]) -> None:
        """Let the first task call ``function`` at its next step; or now, if it is blocked."""
        first = self.tasks.get(FIRST)
        if first is not None:
            self._interrupts.append(function)
            if self.recorder is not None:
                self.recorder.interrupts()
            self._alarm = 0
            self.unpark(first)

    def call_at(
        self, deadline: float, function: Callable[[], object], *, gives_up: bool = False
    ) -> Due:
        """Call ``function``, which must not block, when the clock is moved to ``deadline``."""
        self._timers += 1
        due = Due(self._timers, function, gives_up)
        heapq.heappush(self._sleepers, (deadline, due.timer, due))
        return due

    def step(self, site: int = 0) -> None:
        """A point in the code under test at which another task can be made to run."""
        self.steps = steps = self.steps + 1
        if steps >= self._alarm:
            self._on_alarm(steps, site)

    def look_at_each_step(self, function: Callable[[], object] | None) -> None:
        """From here on, call ``function`` whenever a task has done something, in that task.

        It is no part of the execution, and must not block.
        """
        self._on_step = function
        self._set_alarm()

    def _look(self) -> None:
        if self._on_step is not None and not self._unwinding:
            if self.recorder is not None:
                self.recorder.watched()
            function = self._on_step
            with self.aside():
                self._looks = True
                try:
                    function()
                finally:
                    self._looks = False

    @property
    def left(self) -> list[Delay]:
        """The delays of the schedule that never came, in their order."""
        return self._delays[::-1]

    def place(self, reason: Reason) -> tuple[int, int]:
        """The step and the turn, 0 at the step itself, of the decision that is being made."""
        return self.steps, 0 if reason in ("step", "spin") else self.turn[1]

    def report(self, error: BaseException) -> None:
        """Fail the execution, at its end, with what the running task raised."""
        if not self._unwinding:  # what it raises then is moot
            if not self.errors:
                self._limit = min(self.limit, self.steps + AFTERWARDS)
            self.errors.append(error)
            self.failed.append(self.current)

    @property
    def culprit(self) -> str:
        """The task whose error is raised at the end."""
        return str(self.failed[0]) if self.failed else "MainThread"

    def refuse(self, message: str) -> NoReturn:
        """The running task has called what cannot be simulated: nothing is known of what follows.

        So that ends the execution even if the task catches it.
        """
        error = CannotSimulate(message + where(sys._getframe(1)))
        self.refused = self.refused or error
        raise error

    def call_at_end(self, function: Callable[[], object]) -> None:
        """Call ``function`` when the running task has ended."""
        self.current.on_end.append(function)

    def _handle_interrupts(self) -> None:
        while self._interrupts:
            self._interrupts.popleft()()
        self._set_alarm()

    # Scheduling

    def _new_task(self, name: str) -> Task:
        # An ident is used again as soon as its task has ended, as on a real system.
        idents = self._free_idents
        parent = self.current
        path = (*parent.path, parent.children) if self.tasks else ()
        parent.children += 1
        self.begun += 1
        self._handed += 1
        task = Task(idents.pop() if idents else len(self.tasks) + 1, name, path)
        task.since = self.now
        self.tasks[task.ident] = task
        self.together = max(self.together, len(self.tasks))
        return task

    def _end(self, task: Task) -> None:
        self.switches += 1
        self._handed += 1
        del self.tasks[task.ident]
        self._free_idents.append(task.ident)
        if not self._unwinding:
            self._ready.popleft()
        for function in task.on_end:
            function()

    def _run_next(self) -> None:
        """From the hub: run the first that is runnable, until it ends or there is a failure."""
        while not self._ready:
            if not self._let_idle_time_pass():
                self._fail_for_good()
                return
        if self._delays or self._chooser is not None:
            self._elect("turn")
        task = self._ready[0]
        if self.on_switch is not None:
            self.on_switch(self.current, task)
        self.current = task
        task.greenlet.switch()
        while self._wanted:
            self._wanted = False
            self._add_carrier()
            self.current.greenlet.switch()

    def _switch(self) -> None:
        """From a task: run the first that is runnable."""
        task = self._ready[0]
        if task is not self.current:
            if self.on_switch is not None:
                self.on_switch(self.current, task)
            self.current = task
            if self.log is not None:
                self.log.append((self.steps, task.ident))
            task.greenlet.switch()

    def _elect(self, reason: Reason) -> None:
        """At a turn: rotate whoever is chosen to the front of the run queue."""
        chooser = self._chooser
        while True:
            step, turn = self.turn
            turn = turn + 1 if step == self.steps else 1
            self.turn = self.steps, turn
            skip = self._due(self.steps, turn)
            if chooser is not None:
                skip = chooser.choose(self._ready, self._can_pass(), reason)
            else:
                self._set_alarm()
            if not skip or not self._advance(skip, 0, turn):
                return
            reason = "turn"

    def _advance(self, skip: int, usual: int, turn: int) -> bool:
        """Rotate candidate ``skip`` to the front; say whether that was the clock.

        Time has passed then, and who slept is first. There may be fewer candidates; then the
        last is meant. ``usual`` is the one that no delay is needed for.
        """
        ready = self._ready
        clock = skip >= len(ready) and self._can_pass(spins=usual == len(ready))
        last = len(ready) if clock else len(ready) - 1
        skip = min(skip, last)
        if skip != min(usual, last):
            self.taken.append((self.steps, turn, skip))
        if clock and skip == usual:
            self._let_time_pass_for_all()
        elif clock:
            held = list(ready)
            self._let_time_pass()
            self.stalled = max(self.stalled, self.now - min(task.since for task in held))
        ready.rotate(-skip)
        return clock

    def _can_pass(self, *, spins: bool = False) -> bool:
        """Whether anyone sleeps, and nobody is held back for too long until the next deadline.

        Who ``spins``, the only one that can run, is as good as blocked.
        """
        sleepers = self._sleepers
        while sleepers and sleepers[0][2].timer != sleepers[0][1]:
            heapq.heappop(sleepers)
        if spins or not sleepers:
            return bool(sleepers)
        deadline, _, first = sleepers[0]
        if isinstance(first, Due) and first.gives_up:
            return False
        until = deadline - self.stall
        if self._since < until <= self.now:
            self._since = min(task.since for task in self._ready)
        if until <= self._since:
            return True
        self.withheld = True
        return False

    def _let_time_pass(self) -> bool:
        """Move the clock to the next deadline and wake who has it; false if there is none."""
        sleepers = self._sleepers
        woken = False
        while sleepers:
            deadline, timer, task = sleepers[0]
            if task.timer == timer:
                if woken and deadline > self.now:
                    break
                self.now = max(self.now, deadline)
                if self.recorder is not None:
                    self.recorder.timed(passes=True)
                woken = True
                if isinstance(task, Due):
                    heapq.heappop(sleepers)
                    task.function()
                    continue
                task.woken = False
                if self.recorder is not None:
                    self.recorder.woken(task)
                task.waiting = None
                task.timer = 0
                task.since = self.now
                self._ready.append(task)
            heapq.heappop(sleepers)
        return woken

    def _let_idle_time_pass(self) -> bool:
        if not self._delays and self.now < self.settled:
            self.settled = self.now
        if self.recorder is not None:
            self.recorder.idle()
        self._passages += FIRST not in self.tasks
        if self._passages > PASSAGES:
            self._fail(LeakedThread, ON_AND_ON)
            return False
        return self._let_time_pass()

    def _due(self, step: int, turn: int) -> int:
        """The skip of the delay that is due, if one is."""
        skip = 0
        while self._delays and self._delays[-1] < (step, turn + 1):
            skip = self._delays.pop()[2]
        return skip

    def _set_alarm(self) -> None:
        if self._chooser is not None or self._interrupts or self._on_step is not None:
            self._alarm = 0
        elif self._delays:
            step, turn, _skip = self._delays[-1]
            # A delay for a turn that never happened applies at the next step.
            self._alarm = min(step + bool(turn), self._next_check)
        else:
            self._alarm = self._next_check

    def _look_for_repetition(self) -> tuple[int, int]:
        """How often the present state has come before, and may come at most.

        Who goes round and looks at the clock waits for it: so it moves on, farther each time.
        """
        own = sys._getframe(2)
        frames = {t: own if t is self.current else t.greenlet.gr_frame for t in self.tasks.values()}
        again = self._repetition.look(frames.values())
        awake = [frame for t, frame in frames.items() if t.waiting is None or t.timer]
        self._timed |= self.looked
        most = AGAIN if self._timed or iterates(awake) else SOON
        if again and self.looked and len(self._ready) == 1 and not self._can_pass(spins=True):
            self.now += 1e-6 * 2**again
        self.looked = False
        if again > len(self._ready) and self._can_pass(spins=True):
            self._let_time_pass_for_all()
        return again, most

    def _let_time_pass_for_all(self) -> None:
        """All that can run spin, and are as good as blocked."""
        held = list(self._ready)
        self._let_time_pass()
        for task in held:
            task.since = self.now

    def suspend(self) -> None:
        """What runs until `resume` is no part of the execution; nothing is switched to."""
        self._suspended = self.steps
        self._alarm = NEVER
        if self.recorder is not None:
            self.recorder.suspend()

    def resume(self) -> None:
        assert self._suspended is not None
        self.steps, self._suspended = self._suspended, None
        self._alarm = 0 if self.running else NEVER  # to be found out at the next step
        if self.recorder is not None:
            self.recorder.resume()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """As `aside`, but nobody else goes on, and no time passes for them."""
        with self.aside():
            ready, self._ready = self._ready, deque([self.current])
            sleepers, self._sleepers = self._sleepers, []
            now = self.now
            try:
                yield
            finally:
                ready.extend(task for task in self._ready if task not in ready)
                for sleeper in self._sleepers:
                    heapq.heappush(sleepers, sleeper)
                self._ready, self._sleepers = ready, sleepers
                self.now = self.current.since = now

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Within the block, what the running task does is no part of the execution.

        It may wait for others, and for time to pass; they run as in the default run then. There is
        a limit of steps for each such block.
        """
        outermost, self._is_aside = not self._is_aside, True
        limit, self._limit = self._limit, self.steps + self.limit
        steps, turn, check, settled = self.steps, self.turn, self._next_check, self.settled
        chooser, delays, log, shown = self._chooser, self._delays, self.log, self.on_switch
        looks, self._on_step = self._on_step, None
        self._chooser, self._delays, self.log, self.on_switch = None, [], None, None
        if outermost and self.recorder is not None:
            self.recorder.suspend()
        self._set_alarm()
        try:
            yield
        finally:
            self._is_aside, self._limit = not outermost, limit
            self.steps, self.turn, self._next_check, self.settled = steps, turn, check, settled
            self._chooser, self._delays, self.log, self.on_switch = chooser, delays, log, shown
            self._on_step = looks
            if outermost and self.recorder is not None:
                self.recorder.resume()
            self._set_alarm()

    def _on_alarm(self, steps: int, site: int) -> None:
        if self._suspended is not None:
            return
        if self._over:
            self._leave()
        if not self.running:
            return
        self._look()
        reason: Reason = "step"
        if steps >= self._next_check:
            self._next_check = steps + SPIN
            if not steps % COLLECTED:
                gc.collect(1)
            handed, *_ = progress = self._handed, self.switches, self._timers
            spins = progress == self._checked
            if handed != self._checked[0]:
                self._calm = 0
                self._timed = False
                self._repetition.clear()
            self._checked = progress
            self._calm += 1
            again, most = self._look_for_repetition() if spins or self._calm > CALM else (0, 0)
            if spins and (again or len(self._ready) > 1):
                reason = "spin"
            if again > most:
                self._fail(Livelock, f"{steps} steps, and no thread makes progress")
                self._leave()
            if steps > self._ended + DAEMONS and all(t.daemon for t in self.tasks.values()):
                self._fail(LeakedThread, ON_AND_ON)
                self._leave()
            if steps > self._limit:
                self._fail(CutOff, f"cut off after {steps} steps, and it has not ended")
                self._leave()
        usual = int(reason == "spin")
        skip = self._due(steps, 0) if self._delays else 0
        if self._chooser is not None:
            self.current.site = site
            spins = reason == "spin" and len(self._ready) == 1
            clock = bool(self._sleepers) and self._can_pass(spins=spins)
            skip = self._chooser.choose(self._ready, clock, reason)
        else:
            self._set_alarm()
        skip = skip or usual
        if skip:
            if self._advance(skip, usual, 0):
                self._elect("turn")
            self._switch()
        if self._interrupts and self.current.ident == FIRST:
            self._handle_interrupts()

    # The end

    def _fail_for_good(self) -> None:
        """No time can pass, and nobody can run."""
        if self.failure is None:
            self._fail(Deadlock, "all threads wait, and none has a timeout")

    def _fail(self, kind: type[Failure], what: str) -> None:
        places = "\n".join(self._describe(task) for task in self.tasks.values())
        self.failure = kind(f"{what}; at {self.now:g} s\n{places}")
        self.failure.daemons = all(task.daemon for task in self.tasks.values())
        self.failure.tasks = tuple(
            (str(task), line_of(task.greenlet.gr_frame)) for task in self.tasks.values()
        )

    def _describe(self, task: Task) -> str:
        if task.waiting is None:
            state = "can run"
        else:
            state = f"waits for {task.waiting} since {task.since:g} s"
            if task.timer:
                state += ", with a deadline"
        return f"{task} {state}\n{stack(task.greenlet.gr_frame)}"

    def _leave(self) -> NoReturn:
        """From a task that is to end: let the hub go on, which unwinds it, or end it."""
        if not self._unwinding:
            self._hub.switch()  # whence `GreenletExit` is thrown
        self._exits += 1
        if self._exits > EXITS:  # it catches everything
            self._hub.switch()
        raise GreenletExit

    def _unwind(self) -> None:
        """End every task that is left, so that nothing of it lives on."""
        self._unwinding = self._over = True
        self._alarm = 0
        # What tasks raise while they are unwound is moot, in a finaliser, too.
        hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        for task in list(self.tasks.values()):
            if task.greenlet.dead or self.tasks.get(task.ident) is not task:
                continue
            self.current = task
            self._exits = 0
            with suppress(BaseException):
                task.greenlet.throw(GreenletExit)
                while self._wanted:
                    self._wanted = False
                    self._add_carrier()
                    task.greenlet.switch()
            if not task.greenlet.dead and self.tasks.get(task.ident) is task:
                _let_go.append(task.greenlet)
        sys.unraisablehook = hook
        self.tasks.clear()
        self._ready.clear()
        self._sleepers.clear()
        self.current = self.outside
        self._unwinding = self._over = False
        self._alarm = NEVER
