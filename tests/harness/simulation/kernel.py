"""Tasks, a virtual clock, and steps: who runs next, and when.

Tasks are greenlets, all in one OS thread: a switch costs a fraction of a microsecond, and there
is no moment at which two of them run. Handing a baton between OS threads, which is how
most deterministic schedulers do it, costs a hundred times as much.

The run is *prompt*: the running task goes on until it blocks, then the next in round-robin
order runs, and the clock moves only when all are blocked. What departs from that is a sparse
list of *delays* ``(step, skip)``: at that step, counted over the code under test, candidate
``skip`` runs in place of candidate 0. Candidates are the runnable tasks from the running one
on, then, if anyone sleeps, the clock (delay bounding: Emmi, Qadeer, Rakamaric, POPL 2011).

The kernel knows nothing of Python's threading API.
"""

import heapq
import math
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType

from greenlet import GreenletExit, getcurrent, greenlet

Delays = Sequence[tuple[int, int]]
NEVER = 1 << 62

SPIN = 1000
"""Steps without blocking after which a task is made to yield."""

PATIENCE = 100
"""Times ``SPIN`` steps without anybody blocking, ending or sleeping that are a livelock."""

LIMIT = 20_000_000
"""Steps after which an execution is a livelock in any case."""


class Failure(Exception):
    """An execution that went wrong as a whole. The message says how, and where each task is."""


class Deadlock(Failure):
    """All tasks are blocked and none has a deadline."""


class Livelock(Failure):
    """Tasks run, and none gets anywhere."""


class LeftOver(Failure):
    """Tasks that have not finished when the scenario has."""


KEPT = 64
"""Greenlets that are kept for later executions; more than that are needed in few."""


class Carrier(greenlet):
    """Runs one job after another, between which it is idle. To be made, and begun, by the hub.

    A greenlet has a stack of its own, which the interpreter takes from the system at its first
    call and gives back at its end: ten times the cost of a switch. So these are used again.
    A greenlet counts its recursion from where it was begun; if tasks began them, each from a
    deeper one, the limit would be reached in the end. While it is idle it knows only its jobs and
    the hub: what a suspended greenlet refers to is not garbage-collected.
    """

    def __init__(self, hub: greenlet) -> None:
        self.jobs: list[Callable[[], None]] = []
        super().__init__(partial(_carry, self.jobs, hub), hub)
        self.switch()


def _carry(jobs: list[Callable[[], None]], hub: greenlet) -> None:
    while True:
        hub.switch()
        jobs.pop()()


class Task:
    """A thread of control: ``waiting`` says what it is blocked on, if it is."""

    __slots__ = (
        "greenlet",
        "ident",
        "locals",
        "name",
        "on_end",
        "since",
        "timer",
        "waiting",
        "woken",
    )

    def __init__(self, ident: int, name: str) -> None:
        self.ident = ident
        self.name: str | Callable[[], str] = name
        self.greenlet: greenlet
        self.waiting: object = None
        self.since = 0.0
        self.timer = 0
        self.woken = False
        self.on_end: list[Callable[[], object]] = []
        self.locals: dict[object, dict[str, object]] = {}

    def __str__(self) -> str:
        return self.name if isinstance(self.name, str) else self.name()


class Kernel:
    """Runs one execution after another; `now`, `steps` and `current` are of the present one."""

    def __init__(self) -> None:
        self.running = False
        self._hub = getcurrent()
        self.idle: list[Carrier] = []
        self._missed = 0
        self._outside = Task(1, "outside")  # what runs at the import, say
        self.log: list[tuple[int, int]] | None = None
        self._reset(())

    def _reset(self, delays: Delays) -> None:
        self.now = 0.0
        self.steps = 0
        self.switches = 0
        self.settled = math.inf  # when all had caught up with the last delay
        self.tasks: dict[int, Task] = {}
        self.errors: list[BaseException] = []
        self.current = self._outside
        self._free_idents: list[int] = []
        self._ready: deque[Task] = deque()  # the running one is the first
        self._sleepers: list[tuple[float, int, Task]] = []
        self._timers = 0
        self._delays = sorted(delays, reverse=True)
        self._checked = (-1, -1)  # the switches and timers at the last check for a spin
        self._spins = 0
        self._next_check = SPIN
        self._failure: Failure | None = None
        self._unwinding = False
        self._set_alarm()

    def run(self, function: Callable[[], object], delays: Delays = ()) -> None:
        """Run ``function`` as the first task, and all that it spawns, to the end.

        Raises what ``function`` raised, or else the first of ``errors``, or the `Failure`. What
        is left of the execution is unwound before.
        """
        if self.running:
            raise RuntimeError("an execution cannot contain another")
        self._reset(delays)
        self.running = True
        hub = getcurrent()
        if hub is not self._hub:  # a greenlet stays in its thread, and returns to its hub
            self._hub = hub
            self.idle.clear()
        while self._missed and len(self.idle) < KEPT:
            self.idle.append(Carrier(hub))
            self._missed -= 1
        self._missed = 0
        raised: list[BaseException] = []

        def main() -> None:
            try:
                function()
            except BaseException as error:
                raised.append(error)

        try:
            first = self.spawn(main, "MainThread")
            while first.ident in self.tasks and self._failure is None:
                self._run_next()
            if not raised and not self.errors:
                while self._ready and self._failure is None:
                    self._run_next()
                if self.tasks and self._failure is None:
                    self._fail(LeftOver, "the scenario has ended, these tasks have not")
        finally:
            failure, errors = self._failure, [*raised, *self.errors]
            self._unwind()
            self.running = False
        if errors:
            if failure is not None:
                errors[0].add_note(str(failure))
            raise errors[0]
        if failure is not None:
            raise failure

    # What the fakes use

    def spawn(self, function: Callable[[], object], name: str) -> Task:
        """A new task, last in the round-robin order."""
        task = self._new_task(name)

        def body() -> None:
            try:
                function()
            except GreenletExit:
                pass
            except BaseException as error:
                self.errors.append(error)
            self._end(task)
            if isinstance(task.greenlet, Carrier):
                self.idle.append(task.greenlet)

        if self.idle:
            task.greenlet = carrier = self.idle.pop()
            carrier.gr_context = None  # as in a new one
            carrier.jobs.append(body)
        else:
            self._missed += 1
            task.greenlet = greenlet(body, self._hub)
        self._ready.append(task)
        return task

    def park(self, waiting: object, deadline: float | None = None) -> bool:
        """Block the running task until `unpark`, or until ``deadline``; say whether unparked.

        ``waiting`` is for reports: what it waits for.
        """
        if self._unwinding:
            raise GreenletExit
        if not self.running:
            raise RuntimeError("would block for ever outside of an execution")
        task = self.current
        task.waiting = waiting
        task.since = self.now
        if deadline is not None:
            self._timers += 1
            task.timer = self._timers
            heapq.heappush(self._sleepers, (deadline, self._timers, task))
        self.switches += 1
        ready = self._ready
        ready.popleft()
        while not ready:
            if not self._let_idle_time_pass():
                self._fail(Deadlock, "all are blocked, and none has a deadline")
                self._hub.switch()
                raise GreenletExit  # unwinding throws here; this line is for type checkers
        self._switch()
        return task.woken

    def unpark(self, task: Task) -> None:
        """Make a parked task runnable, last in the round-robin order.

        One whose time is up, but which has not run since, is runnable already; then it is as
        if this had been first.
        """
        task.woken = True
        if task.waiting is not None:
            task.waiting = None
            task.timer = 0
            self._ready.append(task)

    def pause(self) -> None:
        """Let every other runnable task go first."""
        if self.running and not self._unwinding:
            self.switches += 1
            self._ready.rotate(-1)
            self._switch()

    def step(self, site: object = None) -> None:
        """A point in the code under test at which another task can be made to run."""
        self.steps = steps = self.steps + 1
        if steps >= self._alarm:
            self._on_alarm(steps)

    def call_at_end(self, function: Callable[[], object]) -> None:
        """Call ``function`` when the running task has ended."""
        self.current.on_end.append(function)

    # Scheduling

    def _new_task(self, name: str) -> Task:
        # An ident is used again as soon as its task has ended, as on a real system.
        idents = self._free_idents
        task = Task(idents.pop() if idents else len(self.tasks) + 1, name)
        self.tasks[task.ident] = task
        return task

    def _end(self, task: Task) -> None:
        self.switches += 1
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
                self._fail(Deadlock, "all are blocked, and none has a deadline")
                return
        self.current = self._ready[0]
        self.current.greenlet.switch()

    def _switch(self) -> None:
        """From a task: run the first that is runnable."""
        task = self._ready[0]
        if task is not self.current:
            self.current = task
            if self.log is not None:
                self.log.append((self.steps, task.ident))
            task.greenlet.switch()

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
                task.waiting = None
                task.timer = 0
                task.woken = False
                self._ready.append(task)
                woken = True
            heapq.heappop(sleepers)
        return woken

    def _let_idle_time_pass(self) -> bool:
        if not self._delays and self.now < self.settled:
            self.settled = self.now
        return self._let_time_pass()

    def _set_alarm(self) -> None:
        self._alarm = min(self._delays[-1][0] if self._delays else NEVER, self._next_check)

    def _on_alarm(self, steps: int) -> None:
        if self._unwinding:
            raise GreenletExit
        if not self.running:
            return
        skip = 0
        while self._delays and self._delays[-1][0] <= steps:
            skip = self._delays.pop()[1]
        if steps >= self._next_check:
            self._next_check = steps + SPIN
            progress = self.switches, self._timers
            if progress != self._checked:
                self._checked, self._spins = progress, 0
            else:
                skip = skip or 1
                self._spins += 1
            if self._spins > PATIENCE or steps > LIMIT:
                self._fail(Livelock, f"{steps} steps, and none gets anywhere")
                self._hub.switch()
        self._set_alarm()
        if skip:
            self._delay(skip)

    def _delay(self, skip: int) -> None:
        ready = self._ready
        if skip >= len(ready):
            waiting = len(ready)
            now = self.now
            if self._let_time_pass():
                self._spins = 0 if self.now > now else self._spins
                skip = waiting
            else:
                skip = len(ready) - 1
        ready.rotate(-skip)
        self._switch()

    # The end

    def _fail(self, kind: type[Failure], what: str) -> None:
        places = "\n".join(self._describe(task) for task in self.tasks.values())
        self._failure = kind(f"{what}; at {self.now:g} s\n{places}")

    def _describe(self, task: Task) -> str:
        if task.waiting is None:
            state = "can run"
        else:
            state = f"waits for {task.waiting} since {task.since:g} s"
            if task.timer:
                state += ", with a deadline"
        return f"{task} {state}\n{stack(task.greenlet.gr_frame)}"

    def _unwind(self) -> None:
        """End every task that is left, so that nothing of it lives on."""
        self._unwinding = True
        self._alarm = 0
        for task in list(self.tasks.values()):
            for _ in range(100):  # one that catches everything is let go of in the end
                self.current = task
                if task.greenlet.dead or self.tasks.get(task.ident) is not task:
                    break
                try:
                    task.greenlet.throw(GreenletExit)
                except BaseException:  # what it raises while it is unwound is moot
                    continue
        self.tasks.clear()
        self._ready.clear()
        self._sleepers.clear()
        self.current = self._outside
        self._unwinding = False
        self._alarm = NEVER


def stack(frame: FrameType | None) -> str:
    """Where a task is, in the code under test and what that called, innermost last.

    The frame of the running task is none, and stands for the present one.
    """
    lines = traceback.format_list(
        [f for f in traceback.extract_stack(frame) if "/tests/harness/" not in f.filename][-4:]
    )
    return "".join(lines).rstrip()
