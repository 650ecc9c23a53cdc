"""The trace is held against the rules of its format, as there is no viewer to show it to.

The rules are those of the Trace Event Format, and what Perfetto's importer makes of them: `RULES`
has a name for each, and `test_the_checker` breaks each.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.specs import program
from threadlab.program import Program
from threadlab.reports.observer import observe
from threadlab.reports.timeline import Event, Kind, Place, RacingEvents, Report, Timeline
from threadlab.reports.trace import trace
from threadlab.schedule import PROMPT

pytestmark = pytest.mark.once

Json = dict[str, Any]

PLACES = (Place("a.py", 1), Place("a.py", 2), Place("b.py", 7))
SOURCES: dict[str, tuple[str, ...]] = {"a.py": ("with lock:", "    x += 1")}

NEEDED = {
    "X": {"dur", "cat", "args"},
    "i": {"s", "cat", "args"},
    "C": {"args"},
    "s": {"id", "cat"},
    "f": {"id", "cat", "bp"},
    "M": {"args"},
}
METADATA = {
    "process_name": ("name", str),
    "process_labels": ("labels", str),
    "process_sort_index": ("sort_index", int),
    "thread_name": ("name", str),
    "thread_sort_index": ("sort_index", int),
}


def phases(events: list[Json], *names: str) -> Iterator[Json]:
    return (event for event in events if event["ph"] in names)


def keys(events: list[Json]) -> bool:
    return all(
        {"pid", "tid", "name"} | NEEDED[event["ph"]] <= event.keys()
        and (event["ph"] == "M" or "ts" in event)
        and all(type(event.get(key, 0)) is int for key in ("ts", "dur", "pid", "tid", "id"))
        and all(type(event.get(key, "")) is str for key in ("name", "cat", "s", "bp"))
        and type(event.get("args", {})) is dict
        for event in events
    )


def times(events: list[Json]) -> bool:
    """From 0 on and in their order, before all text; and no slice that nobody can see."""
    timed = list(phases(events, *NEEDED.keys() - {"M"}))
    return (
        all(event["ts"] >= 0 and list(event)[:2] == ["ph", "ts"] for event in timed)
        and all(one["ts"] <= other["ts"] for one, other in pairwise(timed))
        and all(event["dur"] > 0 for event in phases(events, "X"))
    )


def metadata(events: list[Json]) -> bool:
    """First of all; of the names that there are, each once for what it names."""
    first = list(phases(events, "M"))
    for event in first:
        key, kind = METADATA[event["name"]]
        if list(event["args"]) != [key] or type(event["args"][key]) is not kind:
            return False
    about = [(event["name"], event["pid"], event["tid"]) for event in first]
    return first == events[: len(first)] and len(set(about)) == len(about)


def names(events: list[Json]) -> bool:
    """Each process and each track has a name."""
    processes = {m["pid"] for m in phases(events, "M") if m["name"] == "process_name"}
    tracks = {(m["pid"], m["tid"]) for m in phases(events, "M") if m["name"] == "thread_name"}
    return all(
        event["pid"] in processes
        and ((event["pid"], event["tid"]) in tracks or event["pid"] == event["tid"])
        for event in events
    )


def numbers(events: list[Json]) -> bool:
    """A thread's is in one process, and is not a process's; none is 0, which is the idle task's."""
    pids = {event["pid"] for event in events}
    tracks = {(event["pid"], event["tid"]) for event in events if event["tid"] != event["pid"]}
    tids = {tid for _pid, tid in tracks}
    return len(tids) == len(tracks) and not tids & pids and 0 not in tids | pids


def nesting(events: list[Json]) -> bool:
    """Two slices of a track are one in the other, the outer before, or one after the other."""
    stacks = defaultdict[int, list[int]](list)
    for event in phases(events, "X"):
        stack = stacks[event["tid"]]
        while stack and stack[-1] <= event["ts"]:
            stack.pop()
        stack.append(event["ts"] + event["dur"])
        if stack != sorted(stack, reverse=True):
            return False
    return True


def pairs(events: list[Json]) -> bool:
    """A flow has a start and an end, not before it, of the same name and category."""
    flows = defaultdict[int, list[Json]](list)
    for event in phases(events, "s", "f"):
        flows[event["id"]].append(event)
    return all(
        [event["ph"] for event in flow] == ["s", "f"]
        and len({(event["name"], event["cat"], event["pid"]) for event in flow}) == 1
        for flow in flows.values()
    )


def binding(events: list[Json]) -> bool:
    """What began last on the track of an end of a flow is a slice, with the end inside."""
    last: dict[int, Json] = {}
    for event in events:
        if event["ph"] == "X" or (event["ph"] == "i" and event["s"] == "t"):
            last[event["tid"]] = event
        elif event["ph"] in "sf":
            bound = last.get(event["tid"], {"ph": ""})
            if bound["ph"] != "X" or event.get("bp", "e") != "e":
                return False
            if not bound["ts"] < event["ts"] < bound["ts"] + bound["dur"]:
                return False
    return True


def instants(events: list[Json]) -> bool:
    return all(event["s"] in "gpt" for event in phases(events, "i"))


def counters(events: list[Json]) -> bool:
    return all(
        event["args"] and all(type(value) in (int, float) for value in event["args"].values())
        for event in phases(events, "C")
    )


RULES: tuple[Callable[[list[Json]], bool], ...] = (
    keys,
    times,
    metadata,
    names,
    numbers,
    nesting,
    pairs,
    binding,
    instants,
    counters,
)


def broken(text: str) -> list[str]:
    """The rules that a trace breaks."""
    # Perfetto has stumbled over DEL, which JSON may have as it is.
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    whole = json.loads(text)
    assert list(whole) == ["displayTimeUnit", "traceEvents", "otherData"]
    assert whole["displayTimeUnit"] in ("ms", "ns")
    events = whole["traceEvents"]
    # The other rules ask for what must be there.
    return [rule.__name__ for rule in RULES if not rule(events)] if keys(events) else ["keys"]


def events_of(*reports: Report) -> list[Json]:
    text = trace(reports)
    assert broken(text) == []
    assert trace(reports) == text
    events: list[Json] = json.loads(text)["traceEvents"]
    return events


def report(*events: Event, races: tuple[RacingEvents, ...] = (), **others: Any) -> Report:
    threads = others.pop("threads", ("main", "T1", "T2"))
    timeline = Timeline(threads, PLACES, events, races, SOURCES)
    told = {"title": "test_it", "failure": "Deadlock", "schedule": "3.1"}
    return Report(**(told | others), timeline=timeline)


HAND_OVER = report(
    Event("step", 0, 1, 0.0, 0),
    Event("acquire", 0, 1, 0.0, 0, "lock"),
    Event("step", 0, 2, 0.0, 1),
    Event("start", 0, 2, 0.0, 1, other=1),
    Event("held", 0, 3, 0.0, 1, other=1),
    Event("step", 1, 3, 0.0, 0),
    Event("wait", 1, 3, 0.0, 0, "lock", "2.5"),
    Event("step", 0, 4, 0.0, 1),
    Event("write", 0, 4, 0.0, 1, "x", "1"),
    Event("release", 0, 5, 0.0, 1, "lock"),
    Event("wake", 1, 5, 0.0, other=0),
    Event("wait", 0, 5, 0.0, 2, "sleep", "1.5"),
    Event("acquire", 1, 6, 0.0, 0, "lock"),
    Event("step", 1, 6, 0.0, 1),
    Event("read", 1, 6, 0.0, 1, "x", "1"),
    Event("wake", 0, 7, 1.5),
    Event("fail", 1, 7, 1.5, 1, "ValueError: x"),
    Event("end", 1, 7, 1.5),
    races=(RacingEvents("x", 8, 14),),
    law="P2: it is fair",
    again="pytest --race-replay=3.1",
)


def tracks(events: list[Json]) -> dict[int, str]:
    return {m["tid"]: m["args"]["name"] for m in events if m["name"] == "thread_name"}


def slices(events: list[Json], track: str, *categories: str) -> list[tuple[str, float, float]]:
    """Those of a track: name, begin and end, in steps."""
    return [
        (event["name"], event["ts"] / 1000, (event["ts"] + event["dur"]) / 1000)
        for event in phases(events, "X")
        if tracks(events)[event["tid"]] == track and event["cat"] in categories
    ]


def flows(events: list[Json]) -> set[tuple[str, str, str]]:
    """What each is, and the tracks that it joins."""
    track = tracks(events)
    ends = {event["id"]: track[event["tid"]] for event in phases(events, "f")}
    return {(event["cat"], track[event["tid"]], ends[event["id"]]) for event in phases(events, "s")}


def test_each_thread_has_its_runs_and_waits() -> None:
    events = events_of(HAND_OVER)
    assert list(tracks(events).values()) == ["main", "T1", "T2", "lock lock"]
    assert slices(events, "main", "run", "wait") == [
        ("runs", 1, 3),
        ("runs", 4, 5.666),
        ("waits for sleep", 5.666, 7.333),
    ]
    assert slices(events, "T1", "run", "wait") == [
        ("runs", 3.333, 3.666),
        ("waits for lock", 3.666, 5.666),
        ("runs", 6, 8),
    ]
    assert slices(events, "T2", "run", "wait") == []
    waits = [event["args"] for event in phases(events, "X") if event["cat"] == "wait"]
    assert [(wait["until"], wait["woken by"]) for wait in waits] == [
        ("2.5", "main"),
        ("1.5", "time"),
    ]


def test_a_run_has_its_lines_and_what_they_do() -> None:
    events = events_of(HAND_OVER)
    assert slices(events, "T1", "line", "acquire", "read", "fail", "end") == [
        ("with lock:", 3.333, 3.666),
        ("with lock:", 6, 6.333),
        ("acquire lock", 6, 6.333),
        ("x += 1", 6.333, 8),
        ("read x = 1", 6.666, 7.333),
        ("fail ValueError: x", 7.333, 7.666),
        ("end", 7.666, 8),
    ]
    line = next(event for event in events if event["name"] == "x += 1")
    assert line["args"] == {"step": 2, "time": 0.0, "at": "a.py:2"}


def test_the_source_of_a_line_may_not_be_known() -> None:
    events = events_of(report(Event("step", 0, 1, 0.0, 2)))
    assert slices(events, "main", "line") == [("b.py:7", 1, 2)]


def test_flows() -> None:
    assert flows(events_of(HAND_OVER)) == {
        ("start", "main", "T1"),
        ("wake", "main", "T1"),
        ("lock", "main", "T1"),
        ("race", "main", "T1"),
    }


def test_a_flow_of_a_step_that_has_no_slice_is_of_what_was_before() -> None:
    events = events_of(
        report(
            Event("wait", 1, 1, 0.0, 0, "event"),
            Event("read", 0, 2, 0.0, 1, "x", "1"),
            Event("step", 0, 3, 0.0, 1),
            Event("wake", 1, 3, 0.0, other=0),
        )
    )
    assert flows(events) == {("wake", "main", "T1")}


@pytest.mark.parametrize(("kind", "end"), [("held", 3), ("wake", 4)])
def test_who_is_held_or_woken_does_not_wait_any_longer(kind: Kind, end: int) -> None:
    events = events_of(
        report(
            Event("step", 0, 1, 0.0, 0),
            Event("wait", 1, 2, 0.0, 0, "event"),
            Event(kind, 1, 3, 0.0),
            Event("wake", 1, 4, 0.0, other=0),
            Event("step", 1, 5, 0.0, 1),
        )
    )
    assert slices(events, "T1", "wait") == [("waits for event", 2, end)]
    assert flows(events) == {("wake", "main", "T1")}


def test_who_waits_for_ever_is_left_waiting() -> None:
    events = events_of(
        report(
            Event("wait", 0, 1, 0.0, 0, "a"),
            Event("wait", 1, 2, 0.0, 1, "b"),
            Event("fail", 0, 2, 0.0, 0, "Deadlock"),
            Event("fail", 1, 2, 0.0, 1, "Deadlock"),
        )
    )
    assert slices(events, "main", "wait", "run") == [("waits for a", 1, 3)]
    assert slices(events, "T1", "wait", "run") == [("waits for b", 2, 3)]
    waits = [event["args"]["woken by"] for event in phases(events, "X") if event["cat"] == "wait"]
    assert waits == ["nobody", "nobody"]
    assert [event["name"] for event in phases(events, "i")] == [
        "main: Deadlock",
        "T1: Deadlock",
        "Deadlock",
    ]


def test_a_lock_says_who_has_it() -> None:
    """One has it twice; two have it, as it is a semaphore; another than who has it lets it go."""
    done: list[tuple[Kind, int]] = [
        ("acquire", 0),
        ("acquire", 0),
        ("release", 0),
        ("acquire", 1),
        ("release", 1),
        ("release", 2),
        ("release", 2),
        ("acquire", 2),
    ]
    locks = (Event(kind, thread, step, 0, 0, "s") for step, (kind, thread) in enumerate(done))
    events = events_of(report(*locks))
    assert slices(events, "lock s", "lock") == [
        ("main", 0, 3),
        ("main, T1", 3, 4),
        ("main", 4, 5),
        ("T2", 7, 8),
    ]
    assert flows(events) == {("lock", "main", "T1")}


def test_a_hand_over_is_to_the_next_that_acquires() -> None:
    done: list[tuple[Kind, int]] = [
        ("acquire", 0),
        ("release", 0),
        ("acquire", 1),
        ("acquire", 2),
        ("acquire", 0),
    ]
    locks = (Event(kind, thread, step, 0, 0, "s") for step, (kind, thread) in enumerate(done))
    assert flows(events_of(report(*locks))) == {("lock", "main", "T1")}


def test_instants_and_the_virtual_time() -> None:
    events = events_of(HAND_OVER)
    assert [(event["ts"], event["s"], event["name"]) for event in phases(events, "i")] == [
        (3166, "t", "held for T1"),
        (6833, "p", "race: x"),
        (7499, "p", "T1: ValueError: x"),
        (8000, "p", "Deadlock"),
    ]
    assert [(event["ts"], event["args"]["seconds"]) for event in phases(events, "C")] == [
        (0, 0.0),
        (7000, 1.5),
    ]


def test_the_axis_counts_steps() -> None:
    """Perfetto shows times from the first event on."""
    begin = report(Event("step", 0, 37, 0.0, 0))
    times = [event["ts"] for event in events_of(begin) if "ts" in event]
    assert times == [0, 37_000, 37_000, 38_000]
    later = replace(begin, timeline=replace(begin.timeline, omitted=1))
    assert min(event["ts"] for event in events_of(later) if "ts" in event) == 37_000


def test_what_is_told_of_a_report_is_in_the_trace() -> None:
    whole = json.loads(trace([HAND_OVER, report(title="another")]))
    assert [about["title"] for about in whole["otherData"]["reports"]] == ["test_it", "another"]
    assert whole["otherData"]["reports"][0] == {
        "title": "test_it",
        "failure": "Deadlock",
        "schedule": "3.1",
        "law": "P2: it is fair",
        "example": "",
        "again": "pytest --race-replay=3.1",
        "omitted events": 0,
    }


def test_none() -> None:
    assert events_of() == []


def test_one_without_events() -> None:
    assert [event["ph"] for event in events_of(report(threads=()))] == ["M", "M", "M", "i"]


def test_several() -> None:
    events = events_of(HAND_OVER, HAND_OVER, report(title="another"))
    processes = [m["args"]["name"] for m in events if m["name"] == "process_name"]
    assert processes == ["test_it", "test_it", "another"]
    assert len(tracks(events)) == 4 + 4 + 3


def test_many_events_of_a_step_each_have_their_time() -> None:
    """And flows between them have somewhere to bind to."""
    kinds: tuple[Kind, Kind] = ("acquire", "release")
    events = [
        Event(kind, thread, 0, 0.0, 0, "lock")
        for _ in range(750)
        for thread in (0, 1)
        for kind in kinds
    ]
    shown = events_of(report(*events))
    assert len({event["ts"] for event in phases(shown, "X") if event["cat"] in kinds}) == 3000
    assert flows(shown) == {("lock", "main", "T1"), ("lock", "T1", "main")}


@pytest.mark.parametrize(
    "name",
    [
        "π → 線程 🧵",
        '"}],"traceEvents":[{',
        "\\",
        "\\u12",
        "</script>",
        "a\nb\tc\r\0\x1b\x7f\x85\u2028",
        "",
        "constructor",
    ],
    ids=repr,
)
def test_hostile_names(name: str) -> None:
    events = events_of(
        report(
            Event("acquire", 0, 1, 0.0, 0, name),
            Event("wait", 0, 2, 0.0, 0, name, name),
            Event("fail", 1, 3, 0.0, -1, name),
            threads=(name, name),
            title=name,
            failure=name,
        )
    )
    assert [m["args"] for m in events if m["name"] == "process_name"] == [{"name": name}]
    assert list(tracks(events).values()) == [name, name, f"lock {name}"]


def test_half_a_surrogate_pair_is_replaced() -> None:
    events = events_of(report(title="a\ud83d\\b\udc80"))
    assert events[0]["args"] == {"name": "a?\\b?"}


def test_a_long_one_is_small() -> None:
    """10,000 steps of 50 threads, each of which is held back at every other step."""
    events = []
    for step in range(10_000):
        thread = step // 2 % 50
        access: tuple[Kind, str] = ("read", "x") if step % 2 else ("acquire", "lock")
        now = step / 1000
        events += [
            Event("step", thread, step, now, step % 3),
            Event(access[0], thread, step, now, step % 3, access[1], "12345"),
        ]
        if step % 2:
            events.append(Event("release", thread, step, now, step % 3, "lock"))
            events.append(Event("held", thread, step, now, step % 3, other=(thread + 1) % 50))
    whole = report(*events, threads=tuple(f"thread {number}" for number in range(50)))
    text = trace([whole])
    assert broken(text) == []
    assert text.count('"ph"') < 3 * len(events)
    assert len(text) < 500 * len(events)


def test_a_recorded_one() -> None:
    simulation, scenario = Program.parse(program("lost_update")).load(recording=True)
    timeline = observe(simulation, scenario, PROMPT)
    events = events_of(replace(HAND_OVER, timeline=timeline))
    assert list(tracks(events).values()) == ["MainThread", "one", "two", "lock Counter.lock"]
    assert flows(events) == {
        ("start", "MainThread", "one"),
        ("start", "MainThread", "two"),
        ("lock", "one", "two"),
        ("race", "one", "two"),
        ("wake", "one", "MainThread"),
    }
    assert "counter.value += 1" in {name for name, *_ in slices(events, "one", "line")}
    assert "waits for 1 s to pass" in {name for name, *_ in slices(events, "one", "wait")}
    assert [event["args"]["seconds"] for event in phases(events, "C")] == [0.0, 1.0]


EVENTS = st.builds(
    Event,
    kind=st.sampled_from(
        "step read write acquire release wait wake start end held fail".split()  # noqa: SIM905
    ),
    thread=st.integers(0, 2),
    step=st.integers(0, 2),
    time=st.sampled_from([0.0, 0.0, 0.0, 0.5]),
    place=st.integers(-1, 2),
    what=st.sampled_from(["", "a", "b"]),
    value=st.sampled_from(["", "1"]),
    other=st.integers(-1, 2),
)


@st.composite
def any_reports(draw: st.DrawFn) -> Report:
    """Events in any order, also such as no execution has; steps that mostly go on."""
    step, time = draw(st.integers(0, 5)), 0.0
    events = []
    for event in draw(st.lists(EVENTS, max_size=25)):
        step, time = step + event.step, time + event.time
        events.append(event._replace(step=step, time=time))
    accesses = [index for index, event in enumerate(events) if event.kind in ("read", "write")]
    some = st.sampled_from(accesses)
    races = draw(st.lists(st.builds(RacingEvents, st.just("a"), some, some))) if accesses else []
    return report(*events, races=tuple(races))


@settings(max_examples=100)
@given(st.lists(any_reports(), max_size=2))
def test_any_timeline_keeps_the_rules(reports: list[Report]) -> None:
    events_of(*reports)


def first(events: list[Json], ph: str, **wanted: object) -> Json:
    return next(event for event in phases(events, ph) if wanted.items() <= event.items())


BREAKS: list[tuple[str, Callable[[list[Json]], object]]] = [
    ("keys", lambda events: first(events, "X").pop("dur")),
    ("keys", lambda events: first(events, "X").pop("tid")),
    ("keys", lambda events: first(events, "f").pop("bp")),
    ("keys", lambda events: first(events, "s").pop("id")),
    ("keys", lambda events: first(events, "i").pop("s")),
    ("keys", lambda events: first(events, "C").pop("ts")),
    ("keys", lambda events: first(events, "X").update(pid="1")),
    ("keys", lambda events: first(events, "X").update(ts=1000.5)),
    ("keys", lambda events: first(events, "X").update(name=None)),
    ("keys", lambda events: first(events, "X").update(args=[])),
    ("times", lambda events: first(events, "X").update(ts=-1)),
    ("times", lambda events: first(events, "X").update(dur=0)),
    ("times", lambda events: first(events, "f").update(ts=9999)),
    ("times", lambda events: first(events, "s").update(ts=first(events, "s").pop("ts"))),
    ("metadata", lambda events: events.append(events.pop(0))),
    ("metadata", lambda events: events.insert(0, events[0])),
    ("metadata", lambda events: first(events, "M").update(args={"nam": "x"})),
    ("metadata", lambda events: first(events, "M").update(args={"name": 1})),
    ("names", lambda events: events.pop(0)),
    ("names", lambda events: events.remove(first(events, "M", name="thread_name"))),
    ("names", lambda events: first(events, "X").update(pid=77)),
    ("numbers", lambda events: first(events, "X").update(pid=12)),
    ("numbers", lambda events: first(events, "X").update(tid=0)),
    ("numbers", lambda events: first(events, "X").update(tid=12)),
    ("nesting", lambda events: first(events, "X", cat="line").update(dur=2001)),
    ("nesting", lambda events: first(events, "X", cat="wait").update(dur=2500)),
    ("nesting", lambda events: first(events, "X", cat="run").update(dur=999)),
    ("pairs", lambda events: events.remove(first(events, "s"))),
    ("pairs", lambda events: events.remove(first(events, "f"))),
    ("pairs", lambda events: events.append(first(events, "f"))),
    ("pairs", lambda events: first(events, "f").update(cat="other")),
    ("pairs", lambda events: first(events, "s").update(id=first(events, "s", cat="wake")["id"])),
    ("binding", lambda events: first(events, "f").update(bp="s")),
    ("binding", lambda events: first(events, "s").update(tid=4)),
    ("binding", lambda events: first(events, "s").update(ts=2500)),
    ("binding", lambda events: first(events, "s").update(ts=3000)),
    ("binding", lambda events: first(events, "i", cat="race").update(s="t", tid=3, ts=5400)),
    ("instants", lambda events: first(events, "i").update(s="x")),
    ("counters", lambda events: first(events, "C").update(args={"seconds": "1"})),
    ("counters", lambda events: first(events, "C").update(args={})),
]


@pytest.mark.parametrize(("rule", "destroy"), BREAKS)
def test_the_checker(rule: str, destroy: Callable[[list[Json]], object]) -> None:
    whole = json.loads(trace([HAND_OVER, HAND_OVER]))
    destroy(whole["traceEvents"])
    if rule == "binding":
        whole["traceEvents"].sort(key=lambda event: event.get("ts", -1))
    assert rule in broken(json.dumps(whole))


def test_each_rule_is_broken() -> None:
    assert {rule for rule, _destroy in BREAKS} == {rule.__name__ for rule in RULES}
