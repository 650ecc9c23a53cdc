"""``threadlab explore FILE.py:FUNCTION``: finds a schedule under which it fails."""

import argparse
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn, TextIO

from rich.console import Console

from threadlab.errors import ProgramError
from threadlab.reports import files, table, text
from threadlab.reports.timeline import Report
from threadlab.schedule import Schedule
from threadlab.search.explore import BOUND, EXECUTIONS, STRATEGIES, Result, explore
from threadlab.simulation.kernel import Kernel

PATIENCE = 10
"""Seconds without a step after which a script is taken to hang."""

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""

EPILOG = """\
exit status: 0 nothing found, 1 a failure found, 2 wrong usage or a script that cannot be explored,
130 ended by Ctrl-C with nothing found

FUNCTION takes no arguments, builds its own state, starts threads, joins them and asserts. What
FILE.py imports from its own folder is explored with it. A failure is an exception that no thread
handles, a deadlock, a thread left running, or threads that run and get nowhere.
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; --help says more\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _Parser(prog="threadlab", description="A laboratory for studying race conditions.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "explore",
        help="search the schedules of a script for one under which it fails",
        description="Search the schedules of a script for one under which it fails.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(command)
    options = parser.parse_args(arguments)
    progress = _Progress(options.executions, options.seconds, sys.stderr)
    try:
        with _watchdog(progress, f"{command.prog}: error: {options.script}"):
            result = explore(
                options.script,
                strategy=options.strategy,
                executions=options.executions,
                seconds=options.seconds,
                seed=options.seed,
                bound=options.bound,
                replay=options.replay,
                races=options.races,
                watcher=progress,
            )
        shown = text.shown(result)
    except ProgramError as error:
        command.exit(2, f"{command.prog}: error: {error}\n")
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        progress.clear()
    console = Console(width=None if sys.stdout.isatty() else table.WIDTH)
    lines = list(text.report(result, shown, console, options.verbose > 0))
    if options.json:
        lines.append(json.dumps(result.as_json()))
    try:
        print(_encodable("\n".join(lines), sys.stdout.encoding), flush=True)
    except BrokenPipeError:  # whoever reads has seen enough; nothing is to be flushed at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    for option in files.FORMS:
        if path := getattr(options, option[2:].replace("-", "_")):
            reports = [shown] if isinstance(shown, Report) else []
            print(files.write(option, path, reports), file=sys.stderr)
    return 1 if result.found else INTERRUPTED if result.interrupted else 0


def _add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("script", metavar="FILE.py:FUNCTION", help="what to execute, see below")
    command.add_argument(
        "--strategy",
        choices=STRATEGIES,
        default="portfolio",
        help="how schedules are chosen; portfolio takes pos, random, pct and growing bounds in "
        "turn; bounded and exhaustive say when they have seen all (default: portfolio)",
    )
    command.add_argument(
        "--executions",
        metavar="N",
        type=_number(int, 1),
        default=EXECUTIONS,
        help=f"at most so many (default: {EXECUTIONS:,})",
    )
    command.add_argument(
        "--seconds", metavar="S", type=_number(float, 0), help="no longer than that"
    )
    command.add_argument(
        "--seed",
        metavar="S",
        type=_number(int, 0),
        default=0,
        help="the same seed makes the same executions (default: 0)",
    )
    command.add_argument(
        "--bound",
        metavar="K",
        type=_number(int, 0),
        default=BOUND,
        help=f"delays of a schedule at most, for --strategy=bounded (default: {BOUND})",
    )
    command.add_argument(
        "--replay",
        metavar="TOKEN",
        type=_schedule,
        help="one execution under this schedule, with what it prints",
    )
    command.add_argument(
        "--races",
        choices=["report", "error", "off"],
        default="report",
        help="data races are reported beside, or are failures, or are not looked for, which is "
        "twice as fast (default: report)",
    )
    command.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="show the whole execution, and where each thread is",
    )
    for option, (metavar, _form, words) in files.FORMS.items():
        command.add_argument(option, metavar=metavar, type=files.writable, help=f"write {words}")
    command.add_argument(
        "--json", action="store_true", help="the last line of standard output is a JSON object"
    )


def _encodable(text: str, encoding: str | None) -> str:
    """``text`` with escapes for what cannot be printed."""
    encoding = encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _number(kind: Callable[[str], float], least: float) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
        if not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not at least {least}")
        return value

    return convert


def _schedule(text: str) -> Schedule:
    try:
        return Schedule.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class _Progress:
    """A line on a terminal that is written over; nothing elsewhere."""

    def __init__(self, executions: int, seconds: float | None, stream: TextIO) -> None:
        self._executions = executions
        self._seconds = seconds
        self._stream = stream  # the scripts have another
        self._shown = stream.isatty()
        self._next = 0.0
        self._beats = 0
        self._kernel: Kernel | None = None

    @property
    def beat(self) -> tuple[int, int]:
        """Something that changes as long as there is progress."""
        return self._beats, self._kernel.steps if self._kernel else 0

    def begin(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def show(self, result: Result, phase: str) -> None:
        self._beats += 1
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        self._next = now + 0.2
        spent = max(result.seconds, 1e-9)
        rate = result.executions / spent
        left = (self._executions - result.executions) / max(rate, 1e-9)
        if self._seconds is not None:
            left = min(left, self._seconds - spent)
        line = (
            f"{phase}: {result.executions:,} executions, {rate:,.0f}/s, "
            f"{result.steps / max(result.executions, 1):,.0f} steps each, "
            f"{result.distinct:,} schedules, {max(left, 0):,.0f} s left"
        )
        width = shutil.get_terminal_size().columns
        self._write(f"\r{line[: width - 1]}\x1b[K")

    def clear(self) -> None:
        if self._shown and self._next:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


@contextmanager
def _watchdog(progress: _Progress, prefix: str) -> Iterator[None]:
    """End the process, with one line, when a script hangs in something that has no steps.

    There is no way back from there: it may sit in a system call, or in C.
    """
    over = threading.Event()

    def watch() -> None:
        before = None
        while not over.wait(PATIENCE):
            if progress.beat == before:
                progress.clear()
                message = f"{prefix} never ends: {PATIENCE} s without a step"
                os.write(2, f"{message}\n".encode())
                os._exit(2)
            before = progress.beat

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
