"""The modules of one simulated world, and executions in it: the fakes, loaded code, a kernel.

Whatever is executed here starts from the same state: what the standard library's modules know
of threads is put back after each execution.
"""

import dis
import sys
import sysconfig
from collections.abc import Callable
from contextvars import Context
from functools import lru_cache, partial, wraps
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, TypeVar

from threadlab.errors import CannotSimulate, settle
from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.escapes import watched
from threadlab.simulation.garbage import Garbage
from threadlab.simulation.importer import Importer
from threadlab.simulation.instrument import sites, steps
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Chooser, Kernel
from threadlab.simulation.modules import STATE
from threadlab.simulation.modules import Function as Fake
from threadlab.simulation.mutation import LeavesOut, Mutation
from threadlab.simulation.project import Project
from threadlab.simulation.recording import threading_internals as internals
from threadlab.simulation.recording.accesses import Accesses
from threadlab.simulation.snapshot import Snapshot

T = TypeVar("T")
Plan = Schedule | Chooser
"""What decides an execution: a schedule, or one that chooses at each decision."""


class Simulation:
    """What is of ``project`` gets steps.

    With ``recording``, `accesses` is told what tasks do to what they share; this costs about as
    much as all the rest. ``executions`` counts, and ``virtual_seconds`` is the time that has passed
    in all of them. ``mutation`` says what of it is left out.

    Raises `CannotSimulate` on a build of Python that no simulated world survives.
    """

    def __init__(
        self,
        project: Project,
        *,
        recording: bool = False,
        kernel: Kernel | None = None,
        mutation: Mutation | None = None,
    ) -> None:
        if sys.version_info < (3, 14) and sysconfig.get_config_var("Py_GIL_DISABLED"):
            # A segmentation fault now and then, with greenlet 3.2.2, the last with a wheel for it.
            raise CannotSimulate("greenlet crashes on Python 3.13t, and nothing can be simulated")
        self.kernel = kernel = kernel or Kernel()
        self.accesses: Accesses | None = None
        self.sites = [sites.NOWHERE]

        def pass_on(value: object, site: int) -> object:
            kernel.step(site)
            return value

        def compile_with_steps(source: str, file: str) -> CodeType:
            marked = None if mutation is None else mutation.loaded
            return steps.compile_with_steps(
                source, file, self.sites, recording=recording, marked=marked
            )

        names: dict[str, object] = {sites.STEP: kernel.step, sites.PASS_ON: pass_on}
        if mutation is not None:
            names.update(LeavesOut(kernel, mutation).functions())
        self._numbers: dict[type, int] = {}
        told: dict[str, Callable[[Any], object]] = {
            "random": lambda random: random.seed(0),
            "threading": self._has_threading,
            "queue": self._has_queue,
            "concurrent.futures._base": self._has_futures,
            "concurrent.futures.thread": self._has_pools,
            "asyncio.futures": lambda futures: internals.number(futures.Future, self._numbers),
        }
        self.importer = Importer(kernel, project, compile_with_steps, names, told)
        if recording:
            local = self.importer.load("_thread")._local
            self.accesses = kernel.recorder = Accesses(kernel, self.sites, local)
            names.update(self.accesses.functions())
        self._garbage = Garbage(kernel)
        self._snapshot: Snapshot | None = None
        self.threading: Any = self.importer.load("threading")
        self.executions = 0
        self.virtual_seconds = 0.0

    def _has_threading(self, threading: Any) -> None:
        internals.number(threading.Thread, self._numbers)
        self._step_before_methods(threading.Thread)
        if self.accesses is not None:
            internals.tell(self.accesses, threading)

    def _has_futures(self, base: Any) -> None:
        internals.number(base.Future, self._numbers)
        base.id = hash  # by which it sorts them, to lock them in that order

    def _has_queue(self, queue: ModuleType) -> None:
        if self.accesses is not None:
            internals.tell_of_queues(self.accesses, queue)

    def _step_before_methods(self, thread: Any) -> None:
        """A thread that does nothing but call ``queue.put``, say, has a step before that."""
        run = thread.run

        @wraps(run)
        def run_with_step(self_: Any) -> None:
            self._step_if_it_has_none(getattr(self_, "_target", None))
            run(self_)

        thread.run = run_with_step

    def _has_pools(self, pools: Any) -> None:
        """The same for what a pool is given."""
        run = pools._WorkItem.run

        @wraps(run)
        def run_with_step(item: Any, *context: object) -> None:
            called = item.fn if hasattr(item, "fn") else item.task[0]  # from 3.14 on
            self._step_if_it_has_none(called)
            run(item, *context)

        pools._WorkItem.run = run_with_step

    def _step_if_it_has_none(self, called: Any) -> None:
        """A step, where ``called`` is what a thread does, and makes none itself."""
        while isinstance(called, partial):
            arguments, called = called.args, called.func
            in_context = isinstance(getattr(called, "__self__", None), Context)
            if in_context and arguments:  # as asyncio.to_thread has it
                called = arguments[0]
        owner = getattr(called, "__self__", None)
        function = getattr(called, "__func__", called)
        if sites.STEP not in getattr(function, "__globals__", {}):
            if owner is not None or isinstance(called, BuiltinFunctionType | Fake):
                self.kernel.step()
            if owner is not None and self.accesses is not None:
                self.accesses.called(owner, called.__name__)
        elif isinstance(function, FunctionType) and _does_nothing(function.__code__):
            self.kernel.step()  # such as a lambda of a constant

    def load(self, name: str) -> ModuleType:
        """The module ``name`` of this world. Raises what its import raises."""
        self._snapshot = None
        with interruptible(self.kernel.stop), watched(self.kernel, self.importer.audit_hooks):
            return self.kernel.load(lambda: self.importer.load(name))

    def _begin(self) -> "Snapshot":
        """When all is loaded, before the first execution."""
        importer = self.importer
        importer.remember()
        states: list[Any] = [vars(m)[STATE] for m in importer.modules.values() if STATE in vars(m)]
        states += [self._numbers, *importer.paths()]
        return Snapshot(importer.of_the_project(), importer.from_source(), states)

    def execute(
        self,
        scenario: Callable[[], T],
        plan: Plan = PROMPT,
        follower: Chooser | None = None,
    ) -> T:
        """Run ``scenario`` once, as ``plan`` has it. Raises what went wrong.

        A ``follower`` is asked in place of a schedule, and is to choose the delays of that.
        """
        __tracebackhide__ = True
        delays, chooser = (plan, follower) if isinstance(plan, Schedule) else (PROMPT, plan)
        if self._snapshot is None:
            self._snapshot = self._begin()
        results: list[T] = []
        importer = self.importer
        self._snapshot.begin()
        self._garbage.begin()
        try:
            with interruptible(self.kernel.stop), watched(self.kernel, importer.audit_hooks):
                self.importer.enter()
                self.kernel.run(lambda: results.append(scenario()), delays, chooser)
        except AssertionError as error:
            settle(error)  # it may show the state of a module
            raise
        finally:
            self._garbage.end()
            self.importer.leave()
            self.executions += 1
            self.virtual_seconds += self.kernel.now
            self._snapshot.restore(thorough=not results)
            self.importer.forget()
        return results.pop()


@lru_cache(maxsize=256)  # at each start of a thread
def _does_nothing(code: CodeType) -> bool:
    """Whether there is no step in it, and it calls nothing that might make one."""
    return {sites.STEP, sites.PASS_ON}.isdisjoint(code.co_names) and not any(
        "CALL" in instruction.opname for instruction in dis.get_instructions(code)
    )
