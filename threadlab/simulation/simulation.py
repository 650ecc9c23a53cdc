"""The modules of one simulated world, and executions in it: the fakes, loaded code, a kernel.

Whatever is executed here starts from the same state: what the standard library's modules know
of threads is put back after each execution.
"""

import itertools
import operator
from collections.abc import Callable, MutableMapping, MutableSet
from functools import partial, wraps
from types import CodeType, ModuleType
from typing import Any, TypeVar

from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.importer import Importer
from threadlab.simulation.instrument import steps
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Chooser, Kernel
from threadlab.simulation.project import Project
from threadlab.simulation.recording.accesses import Accesses

T = TypeVar("T")


class Simulation:
    """What is of ``project`` gets steps.

    With ``recording``, `accesses` is told what tasks do to what they share; this costs about as
    much as all the rest. ``executions`` counts, and ``virtual_seconds`` is the time that has passed
    in all of them.
    """

    def __init__(self, project: Project, *, recording: bool = False) -> None:
        self.kernel = kernel = Kernel()
        self.accesses: Accesses | None = None
        self.sites = [steps.Site("", 0, "", frozenset())]  # the first: of no place in the code

        def pass_on(value: object, site: int) -> object:
            kernel.step(site)
            return value

        def compile_with_steps(source: str, file: str) -> CodeType:
            return steps.compile_with_steps(source, file, self.sites, recording=recording)

        names: dict[str, object] = {steps.STEP: kernel.step, steps.PASS_ON: pass_on}
        self.importer = Importer(kernel, project, compile_with_steps, names)
        self.threading = self.importer.load("threading")
        self._step_before_methods(self.threading.Thread)
        if recording:
            local = self.importer.load("_thread")._local
            self.accesses = kernel.recorder = Accesses(kernel, self.sites, local)
            names.update(self.accesses.functions())
            _tell(self.accesses, self.threading)
        self._state: _State | None = None
        self._told = False
        self.executions = 0
        self.virtual_seconds = 0.0

    def _step_before_methods(self, thread: Any) -> None:
        """A thread that does nothing but call ``queue.put``, say, has a step before that."""
        run = thread.run

        @wraps(run)
        def run_with_step(self_: Any) -> None:
            target: Any = getattr(self_, "_target", None)
            owner = getattr(target, "__self__", None)
            code = getattr(target, "__func__", target)
            if owner is not None and steps.STEP not in getattr(code, "__globals__", {}):
                self.kernel.step()
                if self.accesses is not None:
                    self.accesses.called(owner, target.__name__)
            run(self_)

        thread.run = run_with_step

    def load(self, name: str) -> ModuleType:
        """The module ``name`` of this world. Raises what its import raises."""
        self._state = None
        with interruptible(self.kernel.stop):
            return self.kernel.load(lambda: self.importer.load(name))

    def _begin(self) -> "_State":
        """When all is loaded, before the first execution."""
        executor = self.importer.load("concurrent.futures.thread").ThreadPoolExecutor
        if self.accesses is not None and not self._told:
            self._told = True
            _tell_of_queues(self.accesses, self.importer.load("queue"))
        future = self.importer.load("concurrent.futures._base").Future
        _number(future)
        counters = [(self.threading, 1), (executor, 0), (future, 0)]
        return _State(self.importer.from_source(), counters)

    def execute(
        self,
        scenario: Callable[[], T],
        schedule: Schedule = PROMPT,
        chooser: Chooser | None = None,
    ) -> T:
        """Run ``scenario`` once, under ``schedule`` or ``chooser``. Raises what went wrong."""
        __tracebackhide__ = True
        if self._state is None:
            self._state = self._begin()
        random = self.importer.modules.get("random")
        if random is not None:
            random.seed(0)
        results: list[T] = []
        try:
            with interruptible(self.kernel.stop):
                self.kernel.run(lambda: results.append(scenario()), schedule, chooser)
        finally:
            self.executions += 1
            self.virtual_seconds += self.kernel.now
            self._state.restore()
        return results.pop()


def _tell(accesses: Accesses, threading: Any) -> None:
    """Let ``accesses`` know what ``threading`` does without a lock.

    Up to 3.12 each start looks for the threads that have ended, for the interpreter's shutdown,
    which would order the one after the other.
    """
    if hasattr(threading, "_maintain_shutdown_locks"):
        threading._maintain_shutdown_locks = lambda: None
    for owner, name, before, after in (
        (threading.Event, "__init__", accesses.create, None),
        (threading.Thread, "__init__", accesses.create, None),
        (threading.Event, "set", None, accesses.release),
        (threading.Event, "clear", None, accesses.release),
        (threading.Event, "is_set", None, accesses.look),
        (threading.Thread, "is_alive", None, accesses.look),
        (threading.Thread, "join", None, accesses.look),
        (threading, "_newname", lambda *template: accesses.named(), None),
        (threading, "active_count", accesses.counted, None),
        (threading, "enumerate", accesses.counted, None),
    ):
        setattr(owner, name, _surrounded(getattr(owner, name), before, after))
    for name in ("broken", "n_waiting"):
        get = getattr(threading.Barrier, name).fget
        look = partial(_look_at_lock, accesses, operator.attrgetter("_cond._lock"))
        setattr(threading.Barrier, name, property(_surrounded(get, None, look)))


def _tell_of_queues(accesses: Accesses, queue: ModuleType) -> None:
    for name in ("empty", "qsize"):
        look = partial(_look_at_lock, accesses, operator.attrgetter("_count._cond._lock"))
        setattr(queue.SimpleQueue, name, _surrounded(getattr(queue.SimpleQueue, name), None, look))


def _look_at_lock(accesses: Accesses, lock: Callable[[object], object], owner: object) -> None:
    """What is read without its lock is as that was left."""
    accesses.look(lock(owner))


def _number(future: Any) -> None:
    """Let sets of futures have the same order in each execution, as `as_completed` goes by it."""
    if "__hash__" in vars(future):
        return
    init = future.__init__

    def __init__(self: Any) -> None:  # noqa: N807
        self._number = future._counter()
        init(self)

    future._counter = itertools.count().__next__
    future.__init__ = __init__
    future.__hash__ = lambda self: self._number


def _surrounded(
    method: Callable[..., object],
    before: Callable[..., None] | None,
    after: Callable[..., None] | None,
) -> Callable[..., object]:
    @wraps(method)
    def surrounded(*args: Any, **kwargs: object) -> object:
        if before is not None:
            before(*args[:1])
        result = method(*args, **kwargs)
        if after is not None:
            after(*args[:1])
        return result

    return surrounded


class _State:
    """What the standard library's modules know of threads, to be put back after an execution."""

    def __init__(self, modules: list[ModuleType], counters: list[tuple[Any, int]]) -> None:
        self._names = [(vars(module), dict(vars(module))) for module in modules]
        expected = {
            id(module): names for module, (_, names) in zip(modules, self._names, strict=True)
        }
        self._counters = [(owner, first, expected.get(id(owner), {})) for owner, first in counters]
        self._mappings: list[tuple[MutableMapping[Any, Any], dict[Any, Any]]] = []
        self._sets: list[tuple[MutableSet[Any], list[Any]]] = []
        self._locks: list[Any] = []
        for module in modules:
            for name, value in vars(module).items():
                if name.startswith("__"):
                    continue
                if isinstance(value, MutableMapping):
                    self._mappings.append((value, dict(value)))
                elif isinstance(value, MutableSet):
                    self._sets.append((value, list(value)))
                elif hasattr(value, "_at_fork_reinit") and not isinstance(value, type):
                    self._locks.append(value)
                    if module.__name__ == "threading":  # nobody blocks while one of these is held
                        value.silence()

    def restore(self) -> None:
        # Every name and not only those that the modules themselves rebind, because a scenario
        # may rebind any; they are as they were nearly always, and that is quick to see.
        for owner, first, expected in self._counters:
            owner._counter = itertools.count(first).__next__
            if "_counter" in expected:
                expected["_counter"] = owner._counter
        for variables, expected in self._names:
            if len(variables) < len(expected) or not all(
                map(operator.is_, variables.values(), expected.values())
            ):
                for name, value in expected.items():
                    if variables.get(name) is not value:
                        variables[name] = value
        for mapping, pairs in self._mappings:
            if mapping or pairs:
                mapping.clear()
                mapping.update(pairs)
        for members, values in self._sets:
            if len(members) != len(values) or not all(value in members for value in values):
                members.clear()
                members |= set(values)
        for lock in self._locks:
            lock._at_fork_reinit()
