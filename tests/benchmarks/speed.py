"""How fast the simulated world is: ``python -m tests.benchmarks.speed``.

How many bugs a search finds in a minute is executions a second times what each one is worth; this
measures the first factor, beside the peers, and that it does not fall as scenarios grow. A number
of one machine at one moment says little, so all are measured in the same run, in turn and several
times; the best of each is the one that other work disturbed least, and what counts is the ratio.
"""

import argparse
import gc
import importlib.metadata
import math
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from threadlab import Schedule, SimulatedWorld, Subject, SubjectError, explore

SCENARIOS = Path(__file__).parent / "scenarios"
DELAYS = 3
"""How many random delays a schedule has at most."""

PATIENCE = 60
"""Seconds that a peer is given."""

ROUNDS = 3
"""How often each is measured beside the others."""

PEERS = {
    "interleave-test": ("interleave-test", "interleave-test, random, opcodes (its default)"),
    "interleave-test-line": ("interleave-test", "interleave-test, random, lines"),
    "frontrun": ("frontrun", "frontrun, random"),
}
"""The name in `tests.benchmarks.peers`, then the package, then what the table calls it."""


PROMPT = Schedule.parse("-")


class Bench:
    """One script in a simulated world of its own."""

    def __init__(self, script: str) -> None:
        subject = Subject.load(str(SCENARIOS / script), ["scenario"])
        self._world = SimulatedWorld(subject)
        self._scenario: Callable[..., None] = self._world.subject.scenario
        self.kernel = self._world.kernel

    def execute(self, *size: int, schedule: Schedule = PROMPT) -> None:
        self._world.execute(lambda: self._scenario(*size), schedule)

    def schedules(self, *size: int) -> Iterator[Schedule]:
        """Random schedules without an end, the same ones every time."""
        self.execute(*size)
        steps = self.kernel.steps
        choose = random.Random(0)
        while True:
            delays = {choose.randint(1, steps): choose.randint(1, 3) for _ in range(DELAYS)}
            yield Schedule.at_steps(delays.items())

    def rate(self, seconds: float, *size: int) -> tuple[float, float]:
        """Executions and steps a second, under random schedules."""
        schedules = self.schedules(*size)
        executions = steps = 0
        gc.collect()
        begin = time.perf_counter()
        while (spent := time.perf_counter() - begin) < seconds or not executions:
            self.execute(*size, schedule=next(schedules))
            executions += 1
            steps += self.kernel.steps
        return executions / spent, steps / spent

    def cost(self, seconds: float, count: Callable[[], int], *size: int) -> float:
        """The least time in microseconds for each of what ``count`` counts, in the default run."""
        least = float("inf")
        end = time.perf_counter() + seconds
        first = True
        while first or time.perf_counter() < end:
            first = False
            begin = time.process_time()
            self.execute(*size)
            least = min(least, (time.process_time() - begin) / count())
        return least * 1e6


def peer_rate(peer: str, script: str, seconds: float) -> float | str:
    """Executions a second of ``peer``, or why there are none, in one line."""
    try:
        importlib.metadata.version(PEERS[peer][0])
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
    command = [sys.executable, "-m", "tests.benchmarks.peers", peer, script, str(seconds)]
    if peer == "frontrun":  # it refuses to work without its own launcher
        command[:0] = [sys.executable, "-m", "frontrun.cli"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"no execution in {PATIENCE} s"
    try:
        return float(done.stdout.split()[-1])
    except (IndexError, ValueError):
        lines = done.stderr.split("\n")
        return "failed: " + next((line for line in reversed(lines) if line.strip()), "no output")


def walk(seconds: float, races: str) -> tuple[float, float]:
    """Executions and steps a second of a random walk, as the explore command makes it."""
    gc.collect()
    result = explore(
        f"{SCENARIOS / 'timer.py'}:scenario",
        strategy="random",
        executions=sys.maxsize,
        seconds=seconds,
        races=races,
    )
    assert not result.found
    return result.executions / result.seconds, result.steps / result.seconds


def compare(bench: Bench, seconds: float) -> None:
    measures: dict[str, Callable[[], tuple[float, float]]] = {
        "ours, random walk": lambda: walk(seconds, "off"),
        "ours, random walk, data races reported": lambda: walk(seconds, "report"),
        "ours, three random delays": lambda: bench.rate(seconds),
    }
    ours = {title: [measure()] for title, measure in measures.items()}
    theirs: dict[str, list[float]] = {peer: [] for peer in PEERS}
    problems: dict[str, str] = {}
    for _ in range(ROUNDS):
        for peer, rates in theirs.items():
            if peer in problems:
                continue
            rate = peer_rate(peer, "timer", seconds)
            if isinstance(rate, str):
                problems[peer] = rate
            else:
                rates.append(rate)
        for title, measure in measures.items():
            ours[title].append(measure())
    titles = ("to opcodes", "to lines", "to frontrun")
    row("one waiter, four ticks", "executions/s", "steps/s", *titles)
    for title, measured in ours.items():
        executions, steps = max(measured)
        ratios = [f"{executions / max(r):,.0f}" if r else "" for r in theirs.values()]
        row(title, f"{executions:,.0f}", f"{steps:,.0f}", *ratios)
    for peer, (_, title) in PEERS.items():
        if peer in problems:
            row(title, f"  {problems[peer]}")
        else:
            row(title, f"{max(theirs[peer]):,.1f}")


def scale(timer: Bench, lock: Bench, seconds: float) -> None:
    for title, script, bench, size in (
        ("eight waiters, a thousand ticks", "large", timer, (8, 1000)),
        ("a hundred threads, one lock", "lock", lock, (100,)),
    ):
        row(title, "executions/s", "steps/s", "ours/peer")
        executions, steps = bench.rate(seconds, *size)
        row("ours, random", f"{executions:,.1f}", f"{steps:,.0f}")
        for peer, (_, name) in PEERS.items():
            rate = peer_rate(peer, script, seconds)
            if isinstance(rate, str):
                row(name, f"  {rate}")
            else:
                row(name, f"{rate:,.2f}", "", f"{executions / rate:,.0f}")
        print()


def growth(timer: Bench, lock: Bench, seconds: float) -> None:
    row("ours, growth, prompt", "steps", "us/step", "to the first")
    first = 0.0
    for ticks in (4, 40, 400, 4000):
        cost = timer.cost(seconds, lambda: timer.kernel.steps, 1, ticks)
        first = first or cost
        row(f"{ticks} ticks", f"{timer.kernel.steps:,}", f"{cost:.2f}", f"{cost / first:.2f}")
    print()
    row("", "switches", "us/switch", "to the first", "log n")
    first = 0.0
    for threads in (10, 100, 1000):
        cost = lock.cost(seconds, lambda: lock.kernel.switches, threads, 20)
        first = first or cost
        row(
            f"{threads} threads",
            f"{lock.kernel.switches:,}",
            f"{cost:.2f}",
            f"{cost / first:.2f}",
            f"{math.log10(threads):.2f}",
        )


def memory(bench: Bench, executions: int = 100_000) -> None:
    row("ours, memory", "RSS in MiB")
    schedules = bench.schedules()
    for _ in range(1000):  # what is made once has been made then
        bench.execute(schedule=next(schedules))
    row("before", resident())
    for _ in range(executions):
        bench.execute(schedule=next(schedules))
    row(f"after {executions:,} executions", resident())


def resident() -> str:
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return "not known on this system"
    return f"{pages * os.sysconf('SC_PAGE_SIZE') / 2**20:.1f}"


def row(title: str, *cells: str) -> None:
    print(f"{title:<48}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


def versions() -> str:
    found = [f"{platform.python_implementation()} {platform.python_version()}"]
    for package in ("greenlet", "interleave-test", "frontrun"):
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.speed",
        description="Executions a second of the simulated world, beside interleave-test and "
        "frontrun if they are installed, and how time grows with ticks and threads.",
    )
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="for each measurement (default: 1)"
    )
    parser.add_argument(
        "--memory", action="store_true", help="memory over 100,000 executions, too: half a minute"
    )
    options = parser.parse_args(arguments)
    if not 0 < options.seconds < 3600:
        parser.error("--seconds must be more than zero, and less than an hour")
    try:
        timer, lock = Bench("timer.py"), Bench("lock.py")
    except SubjectError as error:
        parser.error(str(error))
    print(versions())
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    compare(timer, options.seconds)
    print()
    scale(timer, lock, options.seconds)
    growth(timer, lock, options.seconds)
    if options.memory:
        print()
        memory(timer)


if __name__ == "__main__":
    main()
