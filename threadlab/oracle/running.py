"""Makes calls of an object, in a simulated world or on real threads, and records what came of them.

The same code does both: it takes `threading` from the world that it is in. Nothing orders the calls
that the program does not: on real threads each has its own record, and a clock is read.
In a simulated world the order is that of the execution; there is a step between the calls of a
thread, and the kernel is told when each begins and ends, since that is part of what is judged.
"""

import copy
import importlib
import itertools
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from threadlab.errors import ThreadlabError
from threadlab.oracle.calls import Calls, Invocation, Reference
from threadlab.oracle.history import AFTER, BEFORE, BESIDE, Call, Outcome
from threadlab.oracle.specification import Blocks, Ended
from threadlab.simulation.inspection import plain

if TYPE_CHECKING:
    from threadlab.simulation.kernel import Due, Kernel, Recorder


_CHANGING = {list, dict, set, deque, bytearray}


class _Stuck(BaseException):
    """Ends what waits for good. No ``except Exception`` of the program may hide it."""


class Runner:
    """Runs calls in the simulated world of ``kernel``, or for real if that is none.

    A call that takes longer than ``patience``, in seconds, is taken for one that never returns.
    """

    def __init__(self, kernel: "Kernel | None", patience: float) -> None:
        self._kernel = kernel
        self._patience = patience
        self._clock = itertools.count().__next__ if kernel else time.perf_counter_ns
        self._inside = 0
        self._due: Due | None = None
        self._since = 0.0
        self.broken: Exception | None = None
        """What was raised by what must hold; the execution has failed then."""
        self.deadlocked = False
        """Whether calls have not returned that wait for locks of each other."""
        self.threading: Any = importlib.import_module("threading")  # of this world

    def history(
        self, calls: Calls, target: object, when_quiet: Callable[[], object] | None = None
    ) -> list[Call]:
        """Make ``calls`` of methods of ``target``, and return what came of them, as invoked.

        What is to come after is left out if a call does not return. ``when_quiet`` is called
        whenever there is no call, in a simulated world.
        """
        results: dict[str, object] = {}
        records: list[list[Call]] = []
        numbers = itertools.count()
        parts = [
            (part, thread, [(next(numbers), invocation) for invocation in invocations])
            for part, thread, invocations in calls.parts()
        ]
        for now in (BEFORE, BESIDE, AFTER):
            bodies = []
            for part, name, numbered in parts:
                if part == now and numbered:
                    record: list[Call] = []
                    records.append(record)
                    args = (part, name, numbered, target, results, record, when_quiet)
                    bodies.append((name, partial(self._calls, *args)))
            if now == BESIDE:
                ended = self._beside_each_other(bodies)
            else:
                ended = all(self._ends(body) for _, body in bodies)
            if not ended:
                break
        return sorted(itertools.chain(*records), key=lambda call: call.invoked)

    def _beside_each_other(self, bodies: Sequence[tuple[str, Callable[[], object]]]) -> bool:
        """Run each in a thread of its own; say whether all have ended."""
        gate = self.threading.Event() if self._kernel is None else None

        def begin(body: Callable[[], object]) -> None:
            if gate is not None:
                gate.wait()
            body()

        threads = [
            self.threading.Thread(target=begin, args=(body,), name=name, daemon=True)
            for name, body in bodies
        ]
        for thread in threads:
            thread.start()
        if gate is not None:
            gate.set()
        if self._kernel is not None:
            return self._ends(lambda: [thread.join() for thread in threads])
        for thread in threads:
            thread.join(self._patience)
        return not any(thread.is_alive() for thread in threads)

    def _ends(self, body: Callable[[], object]) -> bool:
        """Run ``body``, and say whether it has ended, rather than wait for good."""
        kernel = self._kernel
        if kernel is None:
            return self._beside_each_other([("alone", body)])

        self._give_up_later(kernel)
        try:
            body()
        except _Stuck:
            self.deadlocked = _is_deadlocked(kernel)
            return False
        finally:
            assert self._due is not None
            self._due.cancel()
            self._due = None
        return True

    def _give_up_later(self, kernel: "Kernel") -> None:
        def stuck() -> None:
            raise _Stuck

        self._since = kernel.now
        until = kernel.now + self._patience
        self._due = kernel.call_at(until, lambda: kernel.interrupt(stuck), gives_up=True)

    def _has_got_on(self) -> None:
        """A call has returned: the next one has as much time."""
        kernel = self._kernel
        if kernel is not None and self._due is not None and kernel.now > self._since:
            self._due.cancel()
            self._give_up_later(kernel)

    def _calls(
        self,
        part: int,
        thread: str,
        numbered: Sequence[tuple[int, Invocation]],
        target: object,
        results: dict[str, object],
        record: list[Call],
        when_quiet: Callable[[], object] | None,
    ) -> None:
        kernel = self._kernel
        recorder = kernel.recorder if kernel is not None else None
        for place, (number, invocation) in enumerate(numbered):
            if any(label not in results for label in invocation.references()):
                continue
            if kernel is not None and place:
                kernel.step()
            args, kwargs = _arguments(invocation, results)
            if recorder is not None:
                recorder.invoked()
            self._inside += 1
            call = Call(
                thread, invocation.name, args, kwargs, self._clock(), None, None, part, number
            )
            record.append(call)
            outcome = _outcome(target, call, recorder)
            if recorder is not None:
                recorder.responded()
            record[-1] = call._replace(responded=self._clock(), outcome=outcome)
            self._has_got_on()
            self._inside -= 1
            if invocation.label and outcome.how == "returned":
                results[invocation.label] = outcome.value
            if when_quiet is not None and kernel is not None and not self._inside:
                with kernel.aside():
                    self.hold(when_quiet)

    def look(self, holds: Callable[[], object]) -> None:
        """From here on, call ``holds`` at each step, in a simulated world."""
        kernel = self._kernel
        if kernel is None:
            return

        kernel.look_at_each_step(lambda: self.hold(holds))
        kernel.step()

    def hold(self, holds: Callable[[], object]) -> None:
        """Call it; what it raises first fails the execution, where that is at present."""
        if self.broken is not None:
            return
        try:
            holds()
        except Exception as error:
            assert self._kernel is not None
            self.broken = error
            self._kernel.report(error)

    def stop_looking(self) -> None:
        """But once more: the last step may have broken it."""
        if self._kernel is not None:
            self._kernel.step()
            self._kernel.look_at_each_step(None)

    def aside(self) -> AbstractContextManager[object]:
        """Within the block, what is done is no part of the execution."""
        return nullcontext() if self._kernel is None else self._kernel.aside()

    def alone(self) -> AbstractContextManager[object]:
        """As `aside`, and what has not returned stays where it is."""
        return nullcontext() if self._kernel is None else self._kernel.alone()

    def in_turn(
        self,
        invocations: Sequence[Invocation],
        make: Callable[[], object],
    ) -> Ended:
        """What comes of ``invocations``, one after another, on what ``make`` returns."""
        outcomes: list[Outcome] = []
        failed: list[BaseException] = []
        waits: list[bool] = []

        def body() -> None:
            results: dict[str, object] = {}
            try:
                made = make()
                for invocation in invocations:
                    if any(label not in results for label in invocation.references()):
                        outcomes.append(Outcome("raised", LookupError(invocation.references())))
                        continue
                    args, kwargs = _arguments(invocation, results)
                    call = Call("", invocation.name, args, kwargs, 0, None, None)
                    outcome = _outcome(made, call)
                    self._has_got_on()
                    if isinstance(outcome.value, Blocks):
                        waits.append(True)
                        return
                    outcomes.append(outcome)
                    if invocation.label and outcome.how == "returned":
                        results[invocation.label] = outcome.value
            except Exception as error:
                failed.append(error)

        with self.aside():  # each has a limit of steps of its own
            ended = self._ends(body)
        if failed:
            raise failed[0]
        return Ended(outcomes, bool(waits) or not ended)


def _is_deadlocked(kernel: "Kernel") -> bool:
    """Whether tasks wait for locks of each other, all around."""
    holds: dict[object, object] = {
        task: plain(task.waiting, "_owner") for task in kernel.tasks.values()
    }
    for first in holds:
        seen = [first]
        while (after := holds.get(seen[-1])) is not None and after not in seen:
            seen.append(after)
        if len(seen) > 1 and after is first:
            return True
    return False


def _arguments(
    invocation: Invocation, results: dict[str, object]
) -> tuple[tuple[object, ...], dict[str, object]]:
    def value(argument: object) -> object:
        return results[argument.label] if isinstance(argument, Reference) else _kept(argument)

    kwargs = {name: value(argument) for name, argument in invocation.kwargs.items()}
    return tuple(map(value, invocation.args)), kwargs


def _outcome(target: object, call: Call, recorder: "Recorder | None" = None) -> Outcome:
    try:
        return Outcome("returned", _kept(getattr(target, call.name)(*call.args, **call.kwargs)))
    except BaseException as error:
        # What ends the execution is none of the call's; greenlet may not be there.
        if isinstance(error, ThreadlabError | _Stuck) or type(error).__name__ == "GreenletExit":
            raise
        if recorder is not None:
            recorder.raises(error)
        return Outcome("raised", error.with_traceback(None))


def _kept(value: object) -> object:
    """``value`` as it is now: who has a list, say, may change it later."""
    return copy.copy(value) if type(value) in _CHANGING else value
