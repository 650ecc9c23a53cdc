"""Every execution there is, up to the order of what commutes: a proof, for a small scenario.

Two executions that differ only in the order of steps which do not touch the same thing end alike:
they are one Mazurkiewicz trace. Source sets with sleep sets (Abdulla et al., POPL 2014) visit
each trace, and few of them twice: after each execution, each pair of steps that conflict and
that could have come in the other order asks for an execution in which they do, unless one of
those that are asked for already leads there; and a task that has been tried *sleeps* until
something happens that it conflicts with.

A transition is what one task does from one decision to the next; what it touched is known when
it has been made, from `threadlab.simulation.recording`, and so is the limit of the proof: it holds
at the granularity of steps, for what is seen there. That time passes is a transition, too, also
when nobody else can run.

What a task would touch depends on what others did before; the proof of the paper takes it for
fixed. So what a task did after a step says little of what it would do before it, and whatever
conflicts with what a sleeping task would do is asked to come first: see `_ask_for_others`.

An execution in which the main thread fails, or leaves others over, ends before those have done all
that they would. What would come of that is not tried: the search ends there, having found it.
What threads touch first is known by its type alone, so that some traces are visited twice.

Not offered in shards: what one of them asks for may be in another.
"""

from collections.abc import Iterable, Sequence

from threadlab.simulation.kernel import Reason, Task
from threadlab.simulation.recording.footprints import (
    INTERRUPTS,
    READ,
    WRITE,
    Footprint,
    Transition,
    conflict,
)
from threadlab.simulation.simulation import Plan
from threadlab.strategies import Key, Setting
from threadlab.strategies.bounded import Bounded

LONGEST = 1000
"""Decisions of an execution, of which all are tried otherwise. If one has more, as when a thread
waits in a loop without blocking, not all is seen; then schedules of few delays follow."""

MAIN: Key = ()

FEW = 3
"""So many delays, at most."""


class Node:
    """A decision, and the transition that came of it.

    ``sleep`` and ``done`` are those that need not be taken here, and what they would touch.
    """

    __slots__ = ("asked", "candidates", "chosen", "done", "footprint", "roused", "sleep")

    def __init__(self, candidates: list[Key], sleep: dict[Key, Footprint]) -> None:
        self.candidates = candidates
        self.sleep = sleep
        self.done: dict[Key, Footprint] = {}
        self.asked: set[Key] = set()
        self.chosen: Key = None
        self.footprint = Footprint()
        self.roused: list[Key] = []

    def choose(self, key: Key) -> None:
        self.chosen = key
        self.asked.add(key)

    def end(self, transition: Transition) -> None:
        self.footprint, roused = transition
        if self.chosen == MAIN:
            self.footprint.known[INTERRUPTS] = self.footprint.known.get(INTERRUPTS, 0) | READ
        self.roused = [task.path for task in roused]

    def unseen(self) -> list[Key]:
        return [
            key
            for key in self.candidates
            if key in self.asked and key not in self.done and key not in self.sleep
        ]


class Exhaustive:
    """``nodes`` are the decisions of the present execution, or the last, in their order.

    It is ``redundant`` if all that could go on from some decision has been seen: then the rest of
    it says nothing new.
    """

    name = "exhaustive"
    splits, records = False, True

    def __init__(self, setting: Setting) -> None:
        accesses = setting.simulation.accesses
        assert accesses is not None
        accesses.reducing = True
        self._accesses = accesses
        self.exhausted = False
        self.nodes: list[Node] = []
        self._depth = 0
        self.redundant = False
        self._is_long = False  # the present execution, which goes on as usual
        self._left_out = False  # whether one has been
        self._first = True
        self._rest = Bounded(setting._replace(bound=FEW))
        self._is_over = False  # and that decides

    def next(self) -> Plan | None:
        if not self._first and not self._backtrack():
            if self._left_out:
                self.redundant, self._is_over = False, True
                return self._rest.next()
            self.exhausted = True
            return None
        self._first = False
        self._depth = 0
        self.redundant = self._is_long = False
        return self

    def _backtrack(self) -> bool:
        while self.nodes:
            node = self.nodes[-1]
            node.done[node.chosen] = node.footprint
            if unseen := node.unseen():
                node.choose(unseen[0])
                return True
            self.nodes.pop()
        return False

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        if not (self.redundant or self._is_long):
            self._end_transition()
            self._is_long = self._depth == len(self.nodes) >= LONGEST
            self._left_out |= self._is_long
        if self.redundant or self._is_long:
            return int(reason == "spin" and len(ready) + clock > 1)
        candidates: list[Key] = [task.path for task in ready]
        if clock:
            candidates.append(None)
        if self._depth == len(self.nodes):
            node = Node(candidates, self._asleep())
            usual = 1 if reason == "spin" and len(candidates) > 1 else 0
            awake = [key for key in candidates if key not in node.sleep]
            if not awake:
                self.redundant = True
                return 0
            node.choose(candidates[usual] if candidates[usual] in awake else awake[0])
            self.nodes.append(node)
        node = self.nodes[self._depth]
        self._depth += 1
        return candidates.index(node.chosen)

    def done(self) -> None:
        if self._is_over:
            self._rest.done()
            return
        if not (self.redundant or self._is_long):
            self._end_transition()
        self._ask()

    def split(self, setting: Setting) -> "Exhaustive":
        raise NotImplementedError("what one part asks for may be in another")

    def _end_transition(self) -> None:
        first, *passed = self._accesses.take_footprints()
        if self._depth:
            self.nodes[self._depth - 1].end(first)
        for transition in passed:  # nobody could run but the clock
            if self._depth == len(self.nodes):
                node = Node([None], self._asleep())
                if None in node.sleep:
                    self.redundant = True
                    return
                node.choose(None)
                self.nodes.append(node)
            self.nodes[self._depth].end(transition)
            self._depth += 1

    def _asleep(self) -> dict[Key, Footprint]:
        if not self.nodes:
            return {}
        last = self.nodes[-1]
        return {
            key: footprint
            for key, footprint in (last.sleep | last.done).items()
            if key != last.chosen and not footprint.conflicts(last.footprint)
        }

    def _ask(self) -> None:
        """For each race of the execution, have an execution made in which it ends otherwise."""
        nodes = self.nodes
        before: list[int] = []  # for each transition, the set of those it happens after, as bits
        last_of: dict[Key, int] = {}
        roused_by: dict[Key, int] = {}
        touched: dict[object, list[tuple[int, int]]] = {}
        for number, node in enumerate(nodes):
            if node.footprint.cancels and None in node.candidates and None not in node.sleep:
                node.asked.add(None)
            conflicts: set[int] = set()
            for key, how in node.footprint.known.items():
                earlier = touched.setdefault(key, [])
                for other, then in reversed(earlier):
                    if conflict(how, then):
                        conflicts.add(other)
                    if then & WRITE:  # all before it come before it
                        break
                earlier.append((number, how))
            causes = set(conflicts)
            owner = node.chosen
            unordered = set(conflicts)
            for cause in (last_of.get(owner), roused_by.pop(owner, None)):
                if cause is not None:
                    causes.add(cause)
                    unordered.discard(cause)
            known = 0
            for cause in causes:
                known |= before[cause]
            for other in sorted(unordered):
                if not known >> other & 1 and nodes[other].chosen != owner:
                    self._ask_for(other, number, before)
            before.append(known | _bits(causes))
            last_of[owner] = number
            for key in node.roused:
                roused_by[key] = number
        for number, node in enumerate(nodes):
            for key, footprint in (node.sleep | node.done).items():
                if key != node.chosen and footprint.conflicts(node.footprint):
                    self._ask_for_others(number, key, footprint, before)

    def _ask_for_others(
        self, one: int, sleeper: Key, footprint: Footprint, before: list[int]
    ) -> None:
        """Have what else wakes ``sleeper`` come before ``one``, which does.

        It may never be seen to conflict with the sleeper, which does something else after ``one``.
        """
        nodes = self.nodes
        after = 1 << one
        first: list[Key] = []
        seen: set[Key] = set()
        between = 0
        for number in range(one + 1, len(nodes)):
            node = nodes[number]
            if node.chosen == sleeper or before[number] & after:
                after |= 1 << number
                continue
            if node.chosen not in seen:
                seen.add(node.chosen)
                if not before[number] & between:
                    first.append(node.chosen)
            between |= 1 << number
            if footprint.conflicts(node.footprint):
                self._ask_one_of(one, first)
                return

    def _ask_for(self, one: int, other: int, before: list[int]) -> None:
        """Have ``other`` come before ``one``, from the decision at which that was made."""
        nodes = self.nodes
        node = nodes[one]
        first: list[Key] = []  # what can go first of all that does not happen after ``one``
        seen: set[Key] = set()
        between: list[int] = []
        for number in range(one + 1, other):
            if before[number] >> one & 1:
                continue
            key = nodes[number].chosen
            if key not in seen:
                seen.add(key)
                if not before[number] & _bits(between):
                    first.append(key)
            between.append(number)
        # What ``other`` did after ``one`` is not what it would do before it.
        key = nodes[other].chosen
        if not between:
            first.append(key)
        elif key not in seen:
            would = node.done.get(key) or node.sleep.get(key)
            if would and not any(would.conflicts(nodes[number].footprint) for number in between):
                return
        self._ask_one_of(one, first)

    def _ask_one_of(self, number: int, first: list[Key]) -> None:
        node = self.nodes[number]
        if any(key in node.asked or key in node.sleep for key in first):
            return
        possible = [key for key in first if key in node.candidates]
        node.asked.update(possible[-1:] or node.candidates)


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)
