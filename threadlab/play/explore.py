"""Makes a `Game` of a program: executes it until all is known that can come of each decision.

Each execution goes a known way up to some decision, takes an option there that none has taken, and
then goes on without delays. Two ways that differ only in the order of what commutes come to the
same state, and are one from there on: a state is known by the transitions that led to it, each with
those that it had to come after, as the exhaustive search has them (`footprints`), and by who can
run, in which order, since when. So what is found is no tree, and small.

Not all decisions are the player's. Before a line that touches nothing that another thread touches,
in any execution that was made, it makes no difference who goes on: what could come before that line
can come after it as well. There the running thread goes on.

The ways with the fewest delays come first, so that what is left out, if there are too many, are
those with many.
"""

import heapq
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from threadlab.errors import Interrupted, ProgramError
from threadlab.play.game import CLOCK, Decision, End, Game, Line, Option
from threadlab.program import Program, quiet
from threadlab.reports.headline import headline
from threadlab.reports.observer import observe
from threadlab.reports.rows import Row, rows_by_decision
from threadlab.reports.text import shorter
from threadlab.reports.timeline import Report, Timeline
from threadlab.reports.tracks import tracks
from threadlab.schedule import STALL
from threadlab.search.executions import Executions, Setup
from threadlab.search.result import again
from threadlab.search.watch import Watch
from threadlab.simulation.determinism import two_ways
from threadlab.simulation.kernel import Kernel, Reason, Task
from threadlab.simulation.recording.accesses import Accesses
from threadlab.simulation.recording.footprints import WRITE, Transition, conflict
from threadlab.strategies import Key

EXECUTIONS = 500
"""That are made at most: a matter of seconds, and a page of half a megabyte."""

LONGEST = 1000
"""Decisions of an execution that is no game any more."""

Where = tuple[int, bool]
"""A site, and whether the task is just before it, or somewhere in it, where it was blocked."""

State = tuple[Hashable, ...]

PASSES: Where = (-1, False)
"""That time passes."""


class Seen(NamedTuple):
    """A decision of an execution: who could go on, where each was, and which of them did.

    ``usual`` is the one without a delay.
    """

    place: tuple[int, int]
    candidates: tuple[Key, ...]
    where: tuple[Where, ...]
    now: tuple[float, ...]
    usual: int
    chosen: int


class Way:
    """Goes a known way, then on without delays; and keeps what was decided, and what came of it."""

    def __init__(self, kernel: Kernel, accesses: Accesses, way: Sequence[Key]) -> None:
        self._kernel = kernel
        self._accesses = accesses
        self._way = way
        self._before: set[Key] = set()  # who is at a step, and has not made it
        self.seen: list[Seen] = []
        self.transitions: list[list[Transition]] = []

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        self.end()
        if reason in ("step", "spin"):
            self._before.add(ready[0].path)
        candidates: list[Key] = [task.path for task in ready]
        where = [(task.site, task.path in self._before) for task in ready]
        if clock:
            candidates.append(None)
            where.append(PASSES)
        usual = int(reason == "spin" and len(candidates) > 1)
        chosen = usual
        if len(self.seen) < len(self._way):
            wanted = self._way[len(self.seen)]
            if wanted not in candidates:
                raise ProgramError(two_ways())
            chosen = candidates.index(wanted)
        self._before.discard(candidates[chosen])
        now = (self._kernel.now, *(task.since for task in ready))
        place = self._kernel.place(reason)
        self.seen.append(Seen(place, tuple(candidates), tuple(where), now, usual, chosen))
        return chosen

    def end(self) -> None:
        """Here ends what came of the last decision."""
        transitions = self._accesses.take_footprints()
        if self.seen:
            self.transitions.append(transitions)


@dataclass
class Node:
    """A state: ``way`` leads to it with ``delays``. ``edges`` are the options that were taken."""

    way: tuple[Key, ...]
    delays: int
    seen: Seen
    edges: dict[Key, "Edge"] = field(default_factory=dict)


class Edge(NamedTuple):
    lines: tuple[Line, ...]
    to: State | End


def game(
    program: Program,
    *,
    executions: int = EXECUTIONS,
    stall: float = STALL,
    told: Callable[[int], object] = lambda made: None,
    give_up: Callable[[str], object] = lambda why: None,
) -> Game:
    """What can come of each choice, as far as ``executions`` show it.

    ``told`` hears how many were made, and ``give_up``, in another thread, why it ought to end and
    does not. Raises `ProgramError` for a program that cannot be explored, or whose executions are
    too long.
    """
    explorer = _Explorer(program, stall)
    watch = Watch(explorer.kernel, None, give_up)
    try:
        with watch:
            return explorer.explore(executions, told)
    except Interrupted:
        if watch.why:
            raise ProgramError(f"{program}: {watch.why}") from None
        raise


class _Explorer:
    def __init__(self, program: Program, stall: float) -> None:
        self.program = program
        self.kernel = Kernel()
        self._stall = stall
        self.nodes: dict[State, Node] = {}
        self.matters: set[Where] = set()
        self._asked: set[tuple[State, Key]] = set()
        self._queue: list[tuple[int, int, tuple[Key, ...]]] = [(0, 0, ())]
        self.threads: dict[Key, tuple[int, str]] = {}
        self.sources: dict[str, tuple[str, ...]] = {}
        self.first: State | End | None = None

    def explore(self, most: int, told: Callable[[int], object]) -> Game:
        setup = Setup(self.program, "random", 0, 0, self._stall, "report")
        with quiet(self.kernel):
            Executions(setup, self.kernel).begin()  # what cannot be explored is refused there
        self._simulation, self._scenario = self.program.load(recording=True, kernel=self.kernel)
        self.kernel.stall = self._stall
        made = 0
        while self._queue and made < most:
            _delays, _number, way = heapq.heappop(self._queue)
            self._execute(way)
            made += 1
            told(made)
        complete = self._queue[0][0] - 1 if self._queue else None
        return _Maker(self).game(made, complete)

    def place(self, number: int) -> tuple[str, int]:
        """Of a site, as `sources` has the file."""
        site = self._simulation.sites[number]
        return shorter(site.file), site.line

    def _execute(self, path: tuple[Key, ...]) -> None:
        accesses = self._simulation.accesses
        assert accesses is not None
        way = Way(self.kernel, accesses, path)
        timeline = observe(self._simulation, self._scenario, way, reducing=True)
        if self.kernel.refused is not None:
            raise ProgramError(f"{self.program}: {self.kernel.refused}")
        way.end()
        if len(way.seen) > LONGEST:
            raise ProgramError(
                f"{self.program}: too large to be played: an execution has more than {LONGEST:,} "
                "decisions; a small scenario has two or three threads, of some ten lines each"
            )
        self.sources |= timeline.sources
        for path_, name in zip(timeline.paths, timeline.threads, strict=True):
            self.threads.setdefault(path_, (len(self.threads), name))
        knew = len(self.matters)
        self._add(way, _lines(timeline, self.threads), _end(timeline, str(self.program)))
        nodes = self.nodes.items()
        for state, node in nodes if len(self.matters) > knew else list(nodes)[-len(way.seen) :]:
            self._ask(state, node)

    def _add(self, way: Way, lines: list[tuple[Line, ...]], end: End) -> None:
        """What came of each decision, as far as that is new."""
        states = _states(way, self.matters)
        delays = 0
        keys: tuple[Key, ...] = ()
        targets: list[State | End] = [*states[1:], end]
        for state, seen, then, done in zip(states, way.seen, targets, lines, strict=True):
            node = self.nodes.setdefault(state, Node(keys, delays, seen))
            key = seen.candidates[seen.chosen]
            node.edges.setdefault(key, Edge(done, then))
            delays += seen.chosen != seen.usual
            keys += (key,)
        if self.first is None:
            self.first = states[0] if states else end

    def _ask(self, state: State, node: Node) -> None:
        """Have what has not been chosen yet at this decision be chosen."""
        seen = node.seen
        if not is_choice(node, self.matters):
            return
        for number, key in enumerate(seen.candidates):
            if key not in node.edges and (state, key) not in self._asked:
                self._asked.add((state, key))
                delays = node.delays + (number != seen.usual)
                heapq.heappush(self._queue, (delays, len(self._asked), (*node.way, key)))


def is_choice(node: Node, matters: set[Where]) -> bool:
    """Whether it may make a difference who goes on there."""
    return len(node.seen.candidates) > 1 and node.seen.where[node.seen.usual] in matters


def _states(way: Way, matters: set[Where]) -> list[State]:
    """The state at each decision; ``matters`` learns what touches what others touch."""
    states: list[State] = []
    made: list[tuple[Key, Where, int]] = []  # each transition: whose, where it began, what it is
    total = 0
    last: dict[Key, int] = {}
    roused: dict[Key, int] = {}
    touched: dict[Hashable, list[tuple[int, int]]] = {}
    for seen, transitions in zip(way.seen, way.transitions, strict=True):
        states.append((total, seen.place, seen.candidates, seen.now))
        chosen = seen.chosen
        owners = [(seen.candidates[chosen], seen.where[chosen])]
        owners += [(None, PASSES)] * (len(transitions) - 1)  # nobody could run but the clock
        for (owner, where), (footprint, woken) in zip(owners, transitions, strict=True):
            causes = {
                cause for cause in (last.get(owner), roused.pop(owner, None)) if cause is not None
            }
            for name, how in footprint.known.items():
                earlier = touched.setdefault(name, [])
                for other, then in reversed(earlier):
                    if conflict(how, then):
                        causes.add(other)
                        if made[other][0] != owner:
                            matters.update((where, made[other][1]))
                    if then & WRITE:  # all before it come before it
                        break
                earlier.append((len(made), how))
            number = hash((owner, tuple(sorted(made[cause][2] for cause in causes))))
            last[owner] = len(made)
            for task in woken:
                roused[task.path] = len(made)
            made.append((owner, where, number))
            total = (total + number) & (1 << 64) - 1
    return states


def _lines(timeline: Timeline, threads: dict[Key, tuple[int, str]]) -> list[tuple[Line, ...]]:
    """What came of each decision, for a person."""
    numbers = [threads[path][0] for path in timeline.paths]
    return [
        tuple(_line(timeline, row, numbers) for row in rows) for rows in rows_by_decision(timeline)
    ]


def _line(timeline: Timeline, row: Row, numbers: list[int]) -> Line:
    place = timeline.places[row.place] if row.place >= 0 else None
    values = {
        event.what: event.value
        for event in timeline.events[row.first : row.last + 1]
        if event.kind in ("read", "write")
    }
    file, line = place or ("", 0)
    return Line(
        numbers[row.thread], row.text, row.notes, row.mark, file, line, tuple(values.items())
    )


def _end(timeline: Timeline, title: str) -> End:
    if not any(event.kind == "fail" for event in timeline.events):
        return End("")
    return End(headline(Report(title, "", "", timeline), tracks(timeline, [])).sentence)


class _Maker:
    """Makes the game of the states: what is no decision is part of the way to the next."""

    def __init__(self, explorer: _Explorer) -> None:
        self._of = explorer
        self._numbers: dict[State, int] = {}
        self._states: list[State] = []

    def game(self, executions: int, complete: int | None) -> Game:
        first = self._of.first
        assert first is not None
        opening, to = self._follow((), first)
        decisions: list[Decision] = []
        while len(decisions) < len(self._states):
            decisions.append(self._decision(self._of.nodes[self._states[len(decisions)]]))
        _look_ahead(decisions)
        program = self._of.program
        return Game(
            title=str(program),
            again=again(program, None, None).removesuffix(" None"),
            threads=tuple(name for _, name in sorted(self._of.threads.values())),
            sources=self._of.sources,
            opening=opening,
            decisions=tuple(decisions),
            end=to if isinstance(to, End) else None,
            executions=executions,
            complete=complete,
        )

    def _follow(
        self, lines: tuple[Line, ...], to: State | End
    ) -> tuple[tuple[Line, ...], int | End]:
        """``lines``, with all that comes until the next decision, and which that is."""
        while not isinstance(to, End):
            node = self._of.nodes[to]
            if is_choice(node, self._of.matters):
                if to not in self._numbers:
                    self._numbers[to] = len(self._states)
                    self._states.append(to)
                return _joined(lines), self._numbers[to]
            edge = node.edges[node.seen.candidates[node.seen.usual]]
            lines, to = lines + edge.lines, edge.to
        return _joined(lines), to

    def _decision(self, node: Node) -> Decision:
        seen = node.seen
        options = []
        for number, (key, (site, _)) in enumerate(zip(seen.candidates, seen.where, strict=True)):
            option = Option(CLOCK if key is None else self._of.threads[key][0], number)
            if number == seen.usual:
                option.skip = 0
            if key is not None and site:
                option.file, option.line = self._of.place(site)
                lines = self._of.sources.get(option.file, ())
                option.code = lines[option.line - 1].strip() if option.line <= len(lines) else ""
            if key in node.edges:
                option.lines, option.to = self._follow(*node.edges[key])
            options.append(option)
        options.insert(0, options.pop(seen.usual))
        return Decision(*seen.place, tuple(options))


def _joined(lines: Sequence[Line]) -> tuple[Line, ...]:
    """What was done at one line, with nobody else between, as one."""
    result: list[Line] = []
    for line in lines:
        last = result[-1] if result else None
        if last and (last[0], *last[4:6]) == (line[0], *line[4:6]) and last.mark in ("", line.mark):
            notes = tuple(dict.fromkeys((*last.notes, *line.notes)))
            values = tuple(dict((*last.values, *line.values)).items())
            result[-1] = line._replace(
                code=last.code or line.code, notes=notes, mark=line.mark, values=values
            )
        else:
            result.append(line)
    return tuple(result)


def _look_ahead(decisions: Sequence[Decision]) -> None:
    """Say of each option what it can still lead to."""
    changed = True
    while changed:
        changed = False
        for decision in reversed(decisions):
            for option in decision.options:
                before = option.fewest, option.passes, option.unknown
                _look_beyond(option, decisions)
                changed |= before != (option.fewest, option.passes, option.unknown)


def _look_beyond(option: Option, decisions: Sequence[Decision]) -> None:
    if option.to is None:
        option.unknown = True
    elif isinstance(option.to, End):
        option.fewest = option.delays if option.to.failure else None
        option.passes = not option.to.failure
    else:
        beyond = decisions[option.to].options
        fewest = min((o.fewest for o in beyond if o.fewest is not None), default=None)
        option.fewest = None if fewest is None else fewest + option.delays
        option.passes = any(o.passes for o in beyond)
        option.unknown = any(o.unknown for o in beyond)
