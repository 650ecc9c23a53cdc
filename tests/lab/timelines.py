"""Timelines to draw: made by hand, so that what is to be seen of them is known.

`flag` is the execution that everyone draws of the one-bit flag: two ticks fall while the consumer
is on its way to look. `large` is as long and as wide as a report may be.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from threadlab.reports.rows import Row
from threadlab.reports.timeline import Event, Kind, Place, Race, Report, Timeline

FLAG = """\
import threading
import time


class Timer:
    def __init__(self, interval):
        self._interval = interval
        self._flag = 0
        self._cv = threading.Condition()

    def run(self):
        for _ in range(2):
            time.sleep(self._interval)
            with self._cv:
                self._flag ^= 1
                self._cv.notify_all()

    def wait_for_tick(self):
        with self._cv:
            last = self._flag
            while last == self._flag:
                self._cv.wait()


def scenario():
    timer = Timer(1.0)
    thread = threading.Thread(target=timer.run)
    thread.start()
    timer.wait_for_tick()
    thread.join()
    print("a tick, and none was missed")
"""


class Maker:
    """Collects events; a step is counted when a thread is at another line."""

    def __init__(self, file: str, source: str, *threads: str) -> None:
        self.file, self.source, self.threads = file, source, threads
        self.places: list[Place] = []
        self.events: list[Event] = []
        self.races: list[Race] = []
        self.at: dict[int, int] = {}
        self.steps, self.time = 0, 0.0

    def step(self, thread: int, line: int) -> int:
        place = Place(self.file, line)
        if place not in self.places:
            self.places.append(place)
        self.at[thread] = self.places.index(place)
        self.steps += 1
        return self.event("step", thread)

    def event(
        self, kind: Kind, thread: int, what: str = "", value: str = "", other: int = -1
    ) -> int:
        place = self.at.get(thread, -1)
        self.events.append(Event(kind, thread, self.steps, self.time, place, what, value, other))
        return len(self.events) - 1

    def made(self) -> Timeline:
        sources = {self.file: tuple(self.source.splitlines())}
        return Timeline(
            self.threads, tuple(self.places), tuple(self.events), tuple(self.races), sources
        )


def flag() -> Timeline:
    made = Maker("flag.py", FLAG, "MainThread", "Thread-1 (run)")
    step, event = made.step, made.event
    main, timer = 0, 1

    for line in (26, 7, 8):
        step(main, line)
    event("write", main, "Timer._flag", "0")
    for line in (9, 27, 28):
        step(main, line)
    event("start", main, other=timer)
    event("held", main, other=timer)
    step(timer, 12)
    step(timer, 13)
    event("wait", timer, "1 s to pass")
    event("held", main)
    made.time = 1.0
    event("wake", timer)
    step(timer, 14)
    event("acquire", timer, "Timer._cv")
    step(timer, 15)
    event("read", timer, "Timer._flag", "0")
    written = event("write", timer, "Timer._flag", "1")
    step(timer, 16)
    event("release", timer, "Timer._cv")
    step(timer, 12)
    event("held", timer, other=main)
    step(main, 29)
    step(main, 19)
    event("acquire", main, "Timer._cv")
    step(main, 20)
    read = event("read", main, "Timer._flag", "1")
    made.races.append(Race("Timer._flag", written, read))
    step(main, 21)
    event("read", main, "Timer._flag", "1")
    step(main, 22)
    event("release", main, "Timer._cv")
    event("wait", main, "a notify of Timer._cv")
    step(timer, 13)
    event("wait", timer, "1 s to pass")
    made.time = 2.0
    event("wake", timer)
    step(timer, 14)
    event("acquire", timer, "Timer._cv")
    step(timer, 15)
    event("read", timer, "Timer._flag", "1")
    event("write", timer, "Timer._flag", "0")
    step(timer, 16)
    event("wake", main, "Timer._cv", other=timer)
    event("release", timer, "Timer._cv")
    event("end", timer)
    step(main, 21)
    event("acquire", main, "Timer._cv")
    event("read", main, "Timer._flag", "0")
    event("fail", main, "AssertionError: waited for a tick that had fallen")
    return made.made()


def large(steps: int = 10_000, threads: int = 50) -> Timeline:
    """Threads that take turns at locks, locations and sleep, never the same for long."""
    source = "".join(f"    self.shared[{n}] = self.shared[{n}] + step({n})\n" for n in range(200))
    names = ["MainThread", *(f"Thread-{n} (work)" for n in range(1, threads))]
    made = Maker("large.py", source, *names)
    choose = random.Random(0)
    for other in range(1, threads):
        made.step(0, other)
        made.event("start", 0, other=other)
    holds: dict[int, str] = {}
    asleep: list[int] = []
    thread = 0
    while made.steps < steps:
        if choose.random() < 0.6:
            able = [n for n in range(threads) if n not in asleep]
            made.event("held", thread, other=choose.choice(able))
            thread = choose.choice(able)
        made.step(thread, choose.randrange(1, 201))
        location = f"Account.balance[{choose.randrange(40)}]"
        act = choose.random()
        if act < 0.4:
            made.event("read", thread, location, str(choose.randrange(1000)))
        if act < 0.3:
            made.event("write", thread, location, str(choose.randrange(1000)))
        elif act < 0.5 and thread in holds:
            made.event("release", thread, holds.pop(thread))
        elif act < 0.6 and thread not in holds:
            lock = f"Account.lock[{choose.randrange(8)}]"
            if lock not in holds.values():
                holds[thread] = lock
                made.event("acquire", thread, lock)
        elif act > 0.95 and len(asleep) < threads // 2:
            made.event("wait", thread, "1 s to pass")
            asleep.append(thread)
            thread = next(n for n in range(threads) if n not in asleep)
        elif act > 0.9 and asleep:
            made.time += 0.125
            made.event("wake", asleep.pop(0))
    made.event("fail", thread, "AssertionError: assert 6118 == 6120")
    return made.made()


def report(timeline: Timeline, title: str = "flag.py:scenario") -> Report:
    """What is told of it."""
    last = timeline.events[-1]
    return Report(
        title=title,
        failure=f"exception in {timeline.threads[last.thread]}: {last.what}",
        schedule="7.1,8+1.1",
        timeline=timeline,
        law="P2 No tick is lost: a waiter that is late is told of each.",
        example="interval=1.0, waiters=1",
        again=f"threadlab explore {title} --replay 7.1,8+1.1",
    )


HOSTILE = "</script><b id=hostile>&amp; <!-- \" ' ]]> \0 \x0c \ud800 <img src=x onerror=alert(1)>"


def hostile() -> Report:
    """A report whose every text would rather be something else."""
    plain = report(flag())
    shown = plain.timeline
    events = tuple(
        event._replace(what=event.what and event.what + HOSTILE, value=event.value and HOSTILE)
        for event in shown.events
    )
    timeline = replace(
        shown,
        threads=tuple(name + HOSTILE for name in shown.threads),
        places=tuple(place._replace(file=HOSTILE) for place in shown.places),
        events=events,
        races=tuple(race._replace(location=HOSTILE) for race in shown.races),
        sources={HOSTILE: tuple(line + HOSTILE for line in shown.sources["flag.py"])},
    )
    texts = dict.fromkeys(("title", "failure", "schedule", "law", "example", "again"), HOSTILE)
    return replace(plain, timeline=timeline, **texts)


def replayed(timeline: Timeline, chosen: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """What holds after each row, by going through the events and nothing else."""
    values: dict[str, str] = {}
    locks: set[tuple[str, int]] = set()
    at: dict[int, int] = {}
    begins = [row.first for row in chosen[1:]] + [len(timeline.events)]
    done = 0
    for until in begins:
        for event in timeline.events[done:until]:
            if event.kind in ("read", "write"):
                values[event.what] = event.value
            elif event.kind == "acquire":
                locks.add((event.what, event.thread))
            elif event.kind == "release":
                locks.discard((event.what, event.thread))
            if event.place >= 0:
                at[event.thread] = timeline.places[event.place].line
        done = until
        yield {"values": dict(values), "locks": set(locks), "lines": dict(at)}
