"""``python -m tests.soak``: the laws in the deep profile, round after round until the time is up.

A round is a pytest of its own with a seed of its own, so nothing piles up from one to the next, and
each can be run again alone. What it finds, Hypothesis keeps in ``.hypothesis/`` as always: the next
round, the next soak and the next ``pytest`` try it first.
"""

import argparse
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import laws

MINUTES = 60
INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""

LAWS = laws.read(Path(__file__).parents[1] / "contract.md")
SHOWN = 40
"""Lines of a finding: the stacks of many threads are told by whoever replays it."""

PYTEST = [
    *(sys.executable, "-m", "pytest", "-q", "-n", "auto", "--hypothesis-profile=deep"),
    *("-p", "tests.soak.plugin", "-p", "no:cacheprovider", "-o", "testpaths=tests/properties"),
    *("-o", "faulthandler_timeout=1800"),  # a test of a thousand examples takes minutes
]

EPILOG = """\
What else is given goes to pytest: --subject, --world, --races, -n, -k, a test.

When the time is up, no further test begins, and those that run are ended, which can take minutes.
Ctrl-C ends them at once; both end in the report.

exit status: 0 nothing found, 1 findings, 130 ended by Ctrl-C with nothing found, 2 wrong usage,
3 pytest itself failed, 4 what pytest cannot use
"""


class BadUse(Exception):
    """What pytest did not run with; the message is what it said."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Finding:
    """A test that failed: in which rounds, and how in the last of them."""

    seeds: list[int]
    record: dict[str, Any]


@dataclass
class Soak:
    """What has come of it so far."""

    until: float
    tests: Counter[str] = field(default_factory=Counter)
    executions: Counter[str] = field(default_factory=Counter)
    virtual_seconds: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)
    seeds: list[int] = field(default_factory=list)
    whole: int = 0  # rounds that nothing cut short
    of_round: int = 0  # tests that have ended in this one
    in_round: int = 0  # tests that it has

    def begin(self, seed: int) -> None:
        self.seeds.append(seed)
        self.of_round = self.in_round = 0

    def end(self) -> None:
        self.whole += self.of_round == self.in_round

    def add(self, record: dict[str, Any]) -> None:
        if "tests" in record:
            self.in_round = record["tests"]
            return
        if record["outcome"] == "over":
            return
        self.of_round += 1
        world = record.get("world", "real")
        self.tests[world] += record["outcome"] != "skipped"
        self.executions[world] += record.get("executions", 0)
        self.virtual_seconds += record.get("virtual_seconds", 0)
        if record["outcome"] == "failed":
            finding = self.findings.setdefault(record["test"], Finding([], record))
            finding.seeds.append(self.seeds[-1])
            finding.record = record

    @property
    def hours(self) -> str:
        hours = self.virtual_seconds / 3600
        return f"{hours:,.1f}" if hours >= 1 else f"{hours:.2g}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak",
        description="The laws in the deep profile, round after round until the time is up.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s [--minutes M] [--seed N] [what pytest takes ...]",
        allow_abbrev=False,
        exit_on_error=False,
    )
    parser.add_argument(
        "--minutes", metavar="M", type=_minutes, default=MINUTES, help=f"default: {MINUTES}"
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, help="of the first round, those after it count up"
    )
    try:
        options, others = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        return _fail(str(error), 2)
    seed = random.randrange(10**9) if options.seed is None else options.seed
    began = time.monotonic()
    soak = Soak(time.time() + 60 * options.minutes)
    status = 0
    given = f": {' '.join(others)}" if others else ""
    print(f"soak: {options.minutes:g} min, deep profile{given}", flush=True)
    try:
        for number in itertools.count():
            _round(soak, seed + number, others)
            if time.time() > soak.until:
                break
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BadUse as error:
        return _fail(str(error), error.status)
    print("\n".join(_report(soak, time.monotonic() - began)))
    return 1 if soak.findings else status


def _minutes(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) < float("inf"):
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes")


def _fail(message: str, status: int) -> int:
    print(f"python -m tests.soak: error: {message}", file=sys.stderr)
    return status


def _round(soak: Soak, seed: int, others: Sequence[str]) -> None:
    soak.begin(seed)
    with TemporaryDirectory() as folder:
        log, said = Path(folder, "log"), Path(folder, "said")
        log.touch()
        command = [*PYTEST, f"--soak-seed={seed}", f"--soak-until={soak.until}"]
        command += [f"--soak-log={log}", *others]
        with log.open(encoding="utf-8") as lines, said.open("wb") as output:
            # in a session of its own: Ctrl-C is for us to pass on
            pytest = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
            try:
                for record in _records(lines, pytest):
                    if record is not None:
                        _tell(soak, record)
                    _show(soak)
            except BaseException:
                _kill(pytest)
                for record in _records(lines, pytest):
                    if record is not None:
                        _tell(soak, record)
                raise
            finally:
                _show(None)
        if pytest.returncode not in (0, 1):
            raise _bad_use(said.read_text("utf-8", "replace"), pytest.returncode)
    soak.end()


def _bad_use(said: str, status: int) -> BadUse:
    """With the line in which pytest says why it did not run, or else all that it says."""
    if status == 5:
        return BadUse("there is no such test", 4)
    lines = re.findall(r"(?:^ERROR|: error): (?!usage)(.*)", said, re.MULTILINE)
    return BadUse(lines[0] if lines else said.strip(), 4 if status == 4 else 3)


def _records(lines, pytest: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any] | None]:
    """The lines of the log as they come, and every now and then nothing, until pytest has ended."""
    part = ""
    while True:
        ended = pytest.poll() is not None
        while line := lines.readline():
            part += line
            if part.endswith("\n"):
                yield json.loads(part)
                part = ""
        if ended:
            return
        yield None
        time.sleep(0.2)


def _kill(pytest: "subprocess.Popen[bytes]") -> None:
    """With its workers, and what they started. All that has ended stands in the log."""
    with suppress(ProcessLookupError):
        os.killpg(pytest.pid, signal.SIGKILL)
    pytest.wait()


def _tell(soak: Soak, record: dict[str, Any]) -> None:
    begun, known = soak.in_round, len(soak.findings)
    soak.add(record)
    if soak.in_round and not begun:
        _show(None)
        print(f"round {len(soak.seeds)}: {soak.in_round} tests, seed {soak.seeds[-1]}", flush=True)
    if len(soak.findings) > known:
        _show(None)
        print(f"  found: {record['test']}", flush=True)


def _show(soak: Soak | None) -> None:
    """A line on a terminal that is written over, or nothing; nothing elsewhere."""
    if not sys.stdout.isatty():
        return
    line = ""
    if soak is not None and not soak.in_round:
        line = "a round begins"
    elif soak is not None:
        left = max(soak.until - time.time(), 0) / 60
        line = (
            f"{soak.of_round} of {soak.in_round} tests, "
            f"{soak.executions.total():,} executions, {soak.hours} virtual hours, "
            f"{len(soak.findings)} findings, "
            + (f"{left:,.0f} min left" if left else "ending what runs")
        )[: shutil.get_terminal_size().columns - 1]
    print(f"\r{line}\x1b[K", end="", flush=True)


def _report(soak: Soak, seconds: float) -> Iterator[str]:
    rounds = f"{soak.whole} whole round{'s' * (soak.whole != 1)}"
    yield f"\n{seconds / 60:.1f} min, {rounds}, {_span(soak.seeds)}"
    yield f"{'world':<10}{'tests':>9}{'executions':>14}{'virtual hours':>18}"
    for world, hours in (("real", ""), ("simulated", soak.hours)):
        if soak.tests[world]:
            yield f"{world:<10}{soak.tests[world]:>9,}{soak.executions[world]:>14,}{hours:>18}"
    yield f"findings: {len(soak.findings) or 'none'}"
    order = list(LAWS)
    for test, finding in sorted(
        soak.findings.items(), key=lambda pair: (order.index(_law(pair[0])), pair[0])
    ):
        yield ""
        yield from _found(test, finding)


def _span(seeds: Sequence[int]) -> str:
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"


def _law(test: str) -> str:
    return laws.of_test(test.rpartition("::")[2]) or next(iter(LAWS))


def _found(test: str, finding: Finding) -> Iterator[str]:
    law = _law(test)
    text = finding.record["sections"].get(f"law {law}", f"{LAWS[law]}\n\nAgain: pytest '{test}'")
    says, *_, again = text.split("\n\n")
    yield f"{law} {says}"
    yield f"  {test}, with {_span(finding.seeds)}"
    yield from (f"  | {line}" for line in _example(finding.record["text"]))
    yield f"  {again}"
    line = re.sub(r" --schedule=\S+", "", again.partition(": ")[2])
    seed = f"--hypothesis-profile=deep --hypothesis-seed={finding.seeds[0]}"
    yield f"  Without .hypothesis/: {line} {seed}"


def _example(text: str) -> list[str]:
    """Of a failure as pytest shows it, what was raised and with which arguments."""
    raised = [line[1:].rstrip() for line in text.splitlines() if re.match(r"E( |$)", line)]
    indents = [len(line) - len(line.lstrip()) for line in raised if line]
    lines = [line[min(indents) :] for line in raised] if raised else text.splitlines()
    if len(lines) <= SHOWN:
        return lines
    starts = [n for n, line in enumerate(lines) if re.match(r"(Failing test|Falsifying)", line)]
    first = starts[-1] if starts else len(lines)
    return [*lines[: SHOWN // 2], "...", *lines[first : first + SHOWN // 2]]


if __name__ == "__main__":
    sys.exit(main())
