"""``threadlab explore FILE.py:FUNCTION``: finds a schedule under which it fails.

What takes time to import is imported where Ctrl-C is waited for: it may well come first.
"""

import argparse
import json
import math
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TextIO

from threadlab import __version__
from threadlab.errors import Interrupted, ProgramError
from threadlab.simulation.interruption import interruptible

if TYPE_CHECKING:
    from threadlab.oracle.check import Finding
    from threadlab.program import Program
    from threadlab.schedule import Schedule
    from threadlab.search.result import Result
    from threadlab.simulation.kernel import Kernel

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""

EPILOG = """\
FUNCTION takes no arguments, builds its own state, starts threads, joins them and asserts. Its file
and the modules of your project that it imports are loaded into a simulated world, and it is
executed there under one schedule after another. A failure is an exception that no thread handles, a
deadlock, a leaked thread, or a livelock.

examples:
  threadlab explore shop.py:scenario
  threadlab explore tests/test_shop.py:TestShop.test_sale --seconds 30
  threadlab explore tests/test_shop.py::TestShop::test_sale   (the same, as pytest writes it)
  threadlab explore shop.py:scenario --replay 12.1,40.2       (repeat a failure)
  threadlab explore shop.py:scenario -j auto --all            (all failures, on all processors)

exit status: 0 nothing found, 1 a failure found, 2 wrong usage or a program that cannot be explored,
130 ended by Ctrl-C
"""


OF_CHECK = """\
CLASS is a subclass of threadlab.Operations, or its TestCase. Programs of calls are drawn, and the
one that fails is shrunk. --calls takes a program as BEFORE | THREAD | THREAD | AFTER, where each
part is a list of calls with ; between them.

examples:
  threadlab check test_stack.py:OnStack
  threadlab check test_stack.py:OnStack --calls 'push(1) | pop() | pop() |'
  threadlab check test_stack.py:OnStack --calls '| push(1) | pop() |' --strategy exhaustive

exit status: the same as threadlab explore
"""


OF_MUTATE = """\
Each mutant is the program with one thing changed: a `with` of a lock, an acquire with its release,
a notify, notify_all, join or set is left out; notify_all becomes notify; a while around a
condition's wait becomes an if; a wait_for waits once. A condition whose lock is left out still
takes it while it waits and notifies. If no execution of a mutant fails, what was left out is not
needed, or the scenario does not test what it is for.

examples:
  threadlab mutate shop.py:scenario
  threadlab mutate tests/test_shop.py:test_sale --only shop/stock.py
  threadlab mutate test_stack.py:OnStack --calls '| push(1) | pop() |'    (see threadlab check)
  threadlab explore shop.py:scenario --mutant shop.py:12:with    (search longer for one mutant)

exit status: 0 all mutants were noticed, 1 some were not, 2 wrong usage, or a program that fails
without any change or cannot be explored, 130 ended by Ctrl-C
"""


OF_PLAY = """\
The program is executed a few hundred times first, to learn where each choice leads. Nothing is
executed while you play. Use a small program: two or three threads of about ten lines each.

examples:
  threadlab play tests/races/lost_wake_up.py:scenario              (writes play.html)
  threadlab play tests/races/lost_wake_up.py:scenario --terminal

exit status: 0 game played, or page written, 2 wrong usage or a program that cannot be explored,
130 ended by Ctrl-C
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; --help says more\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status, or raises `SystemExit` with it."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _Parser(
        prog="threadlab", description="Find the schedules under which threaded Python code fails."
    )
    parser.add_argument("--version", action="version", version=f"threadlab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "explore",
        help="search for a schedule under which a program fails",
        description="Search for a schedule under which a program fails.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(command)
    checking = commands.add_parser(
        "check",
        help="call an object from several threads, and find results that no order of the calls "
        "explains",
        description="Call the methods of an object from several threads, and find results that "
        "they\ncould not have if they were called one after another, in whatever order.",
        epilog=OF_CHECK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options_of_check(checking)
    mutating = commands.add_parser(
        "mutate",
        help="leave out one lock after another, and say whether the program fails then",
        description="Leave out one lock after another, and search for a failure each time.",
        epilog=OF_MUTATE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options_of_mutate(mutating)
    playing = commands.add_parser(
        "play",
        help="choose yourself which thread runs next, until the program fails or ends",
        description="Choose yourself which thread runs next, until the program fails or ends.",
        epilog=OF_PLAY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options_of_play(playing)
    merging = commands.add_parser(
        "merge",
        help="combine the results of a search that was divided by --shard",
        description="Combine the results of a search that was divided by explore --shard. The exit "
        "status is that of one search that had found the same; 2 also if a part is missing.",
    )
    merging.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="the output of threadlab explore --shard=K/N --json; - is standard input",
    )
    _add_json(merging)
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    options = parser.parse_args(arguments)
    if options.command == "mutate":
        return _mutate(mutating, options)
    if options.command == "play":
        return _play(playing, options)
    if options.command == "merge":
        return _merge(merging, options)
    if options.command == "check":
        return _reported(checking, options, _check)
    return _reported(command, options, _explore)


def _explore(options: argparse.Namespace, progress: "_Progress") -> "Result | None":
    from threadlab.schedule import STALL
    from threadlab.search.executions import STRATEGIES
    from threadlab.search.explore import explore

    if not STRATEGIES[options.strategy].splits and (options.jobs > 1 or options.shard != (0, 1)):
        raise ProgramError(f"--strategy={options.strategy} cannot be divided by -j or --shard")
    return explore(
        options.program,
        strategy=options.strategy,
        executions=options.executions,
        seconds=options.seconds,
        seed=options.seed,
        bound=options.bound,
        stall=STALL if options.stall is None else options.stall,
        replay=options.replay,
        races=options.races,
        include=options.include,
        daemons=options.daemons,
        mutant=options.mutant,
        shard=options.shard,
        jobs=options.jobs,
        all=options.all,
        explain=options.explain,
        watcher=progress,
    )


def _merge(command: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from threadlab.reports.parts import report
    from threadlab.reports.text import shorter
    from threadlab.search import merge

    try:
        parts = merge.read(options.files)
        merged = merge.merge(parts)
    except ProgramError as error:
        command.exit(2, f"{command.prog}: error: {error}\n")
    lines = [shorter(line) for line in report(merged, len(parts))]
    if options.json:
        lines.append(json.dumps(merged))
    _print(lines)
    return 1 if merged["found"] else 0


def _check(options: argparse.Namespace, progress: "_Progress") -> "Result | None":
    from hypothesis import settings

    from threadlab.oracle import check, loading
    from threadlab.oracle.calls import Calls
    from threadlab.search.explore import EXECUTIONS

    operations = loading.load(options.program)
    calls, schedule = None, options.replay
    if options.calls is not None:
        calls = Calls.parse(options.calls)
    elif schedule is not None or options.mutant is not None:
        given = "--mutant" if schedule is None else "--replay"
        raise ProgramError(f"{given} needs --calls")
    if calls is None or options.world == "real":
        moot = {
            "--replay": schedule is not None,
            "--strategy": options.strategy != "portfolio",
            "--executions": options.executions != EXECUTIONS,
            "--seconds": options.seconds is not None,
        }
        for option, is_given in moot.items():
            if is_given:
                why = "needs --calls, and the simulated world"
                raise ProgramError(f"{option} {why}")
        found = check.find(
            operations,
            calls,
            settings=settings(max_examples=options.examples, database=None),
            seed=options.seed,
            stall=options.stall,
            world=options.world,
            watcher=progress.show_examples,
        )
        progress.clear()
        lines = [check.summary(found, options.seed, options.world)]
        if found.error is None:
            lines.append(f"that is all that was tried; more: --examples {10 * options.examples}")
        _print(lines)
        if options.world == "real" and found.calls is not None:
            _print(["", f"calls: {found.calls.on_a_line()}", "", str(found.error)])
        if options.json and (options.world == "real" or found.calls is None):
            _print([json.dumps(found.as_json())])
        if found.calls is None:
            return None
        if options.world == "real":
            raise SystemExit(1)
        calls, schedule = found.calls, found.schedule
    return check.search(
        operations,
        calls,
        strategy=options.strategy,
        executions=options.executions,
        seconds=options.seconds,
        seed=options.seed,
        stall=operations.stall if options.stall is None else options.stall,
        replay=schedule,
        mutant=options.mutant,
        watcher=progress,
    )


def _reported(
    command: argparse.ArgumentParser,
    options: argparse.Namespace,
    search: Callable[[argparse.Namespace, "_Progress"], "Result | None"],
) -> int:
    """Search and report; returns the exit status."""
    from threadlab.reports import text
    from threadlab.search.result import CutShort

    prefix = f"{command.prog}: error: {options.program}"
    progress = _Progress(options.executions, options.seconds, sys.stderr, prefix)
    result: Result | None = None
    try:
        with interruptible():
            result = search(options, progress)
            if result is not None:
                _report(result, progress, options)
    except ProgramError as error:
        progress.clear()
        command.exit(2, f"{command.prog}: error: {text.shorter(str(error))}\n")
    except Interrupted as error:
        progress.clear()
        if isinstance(error, CutShort):
            result = error.so_far
        if options.json and result is not None:
            _print([json.dumps(result.as_json())])
        print(f"{command.prog}: {text.cut_short(result)}", file=sys.stderr)
        return INTERRUPTED
    return 1 if result is not None and result.found else 0


def _mutate(command: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Leave out one thing after the other, and say of each what became of it."""
    from threadlab.reports import mutants, text
    from threadlab.schedule import STALL
    from threadlab.search.mutate import Verdict, mutate

    prefix = f"{command.prog}: error: {options.program}"
    progress = _Progress(options.executions, options.seconds, sys.stderr, prefix)
    known: list[Verdict] = []

    def tell(verdict: Verdict) -> None:
        known.append(verdict)
        progress.clear()
        if lines := list(mutants.of_one(verdict)):
            _print(lines)

    try:
        with interruptible():
            mutations = mutate(
                _with_calls(options),
                only=options.only,
                strategy=options.strategy,
                executions=options.executions,
                seconds=options.seconds,
                seed=options.seed,
                stall=STALL if options.stall is None else options.stall,
                races=options.races or ("report" if options.calls is None else "off"),
                include=options.include,
                daemons=options.daemons,
                watcher=progress,
                told=tell,
            )
    except ProgramError as error:
        progress.clear()
        command.exit(2, f"{command.prog}: error: {text.shorter(str(error))}\n")
    except Interrupted:
        progress.clear()
        print(f"{command.prog}: {mutants.cut_short(known)}", file=sys.stderr)
        return INTERRUPTED
    lines = list(mutants.of_all(mutations))
    if options.json:
        lines.append(json.dumps(mutations.as_json()))
    _print(lines)
    return int(bool(mutations.survived))


def _play(command: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Write the page, or play in the terminal."""
    from threadlab.play.explore import game
    from threadlab.play.page import page
    from threadlab.play.terminal import play
    from threadlab.reports.text import many, shorter
    from threadlab.schedule import STALL
    from threadlab.search.explore import program_of

    shown = sys.stderr.isatty()
    stream = sys.stderr

    def tell(made: int) -> None:
        if shown and made % 20 == 1:
            stream.write(f"\rlooking ahead: {many(made)}, {options.executions:,} at most\x1b[K")
            stream.flush()

    def give_up(why: str) -> None:
        os.write(2, f"{command.prog}: error: {options.program}: {why}\n".encode())
        os._exit(2)

    try:
        with interruptible():
            program = program_of(options.program, options.include)
            made = game(
                replace(program, daemons=options.daemons == "allow"),
                executions=options.executions,
                stall=STALL if options.stall is None else options.stall,
                told=tell,
                give_up=give_up,
            )
        if shown:
            stream.write("\r\x1b[K")
        if options.terminal:
            play(made, sys.stdin.readline, lambda line: _print([line]))
            return 0
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(page(made))
        _print([f"{options.output}: open it in a browser. {made.task()}", made.known()])
    except ProgramError as error:
        command.exit(2, f"{command.prog}: error: {shorter(str(error))}\n")
    except OSError as error:
        command.exit(2, f"{command.prog}: error: cannot write {options.output}: {error.strerror}\n")
    except KeyboardInterrupt:
        print(f"{command.prog}: ended by Ctrl-C", file=sys.stderr)
        return INTERRUPTED
    return 0


def _with_calls(options: argparse.Namespace) -> "str | Program":
    """What is named as ``threadlab check`` has it, if there are calls, or as ``explore`` has it."""
    if options.calls is None:
        return str(options.program)
    from threadlab.oracle import check, loading
    from threadlab.oracle.calls import Calls

    return check.program_with(loading.load(options.program), Calls.parse(options.calls))


def _report(result: "Result", progress: "_Progress", options: argparse.Namespace) -> None:
    """Print it, and write the files that are asked for."""
    from rich.console import Console

    from threadlab.reports import files, table, text
    from threadlab.reports.timeline import Report

    shown = text.shown(result)
    progress.clear()
    console = Console(width=None if sys.stdout and sys.stdout.isatty() else table.piped())
    lines = list(text.report(result, shown, console, options.verbose > 0))
    if options.command == "check" and result.exhausted:
        from threadlab.oracle.calls import Calls

        if sum(map(bool, Calls.parse(options.calls).threads)) > 1:
            proved = f"proved for these calls{text.within(result)}"
            lines.append(f"{proved}: whatever turns threads take, some order explains them")
        else:
            lines.append("nothing is proved: no two threads call. | a() | b() | is how they do")
    elif options.command == "check" and result.strategy == "exhaustive" and not result.found:
        lines.append("not proved for these calls: threads could take more turns than were tried")
    if options.json:
        lines.append(json.dumps(result.as_json()))
    _print(lines)
    for option in files.FORMS:
        if path := getattr(options, option[2:].replace("-", "_")):
            reports = [one for one in shown if isinstance(one, Report)]
            print(files.write(option, path, reports), file=sys.stderr)


def _print(lines: Sequence[str]) -> None:
    """Print to standard output, with escapes for what cannot be printed."""
    if sys.stdout is None:  # it was closed
        return
    encoding = sys.stdout.encoding or "utf-8"
    encodable = "\n".join(lines).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(encodable, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # flushed at the end, too
        if not isinstance(error, BrokenPipeError):  # whoever reads may have seen enough
            print(f"threadlab: cannot write to standard output: {error.strerror}", file=sys.stderr)
            raise SystemExit(2) from None


def _add_options_of_check(command: argparse.ArgumentParser) -> None:
    from threadlab.oracle import EXAMPLES

    command.add_argument("program", metavar="FILE.py:CLASS", help="the operations to check")
    command.add_argument("--calls", metavar="CALLS", help="check only these calls")
    command.add_argument(
        "--examples",
        metavar="N",
        type=_number(int, 1),
        default=EXAMPLES,
        help=f"draw at most N programs of calls (default: {EXAMPLES})",
    )
    command.add_argument(
        "--world",
        choices=["simulated", "real"],
        default="simulated",
        help="real: on real threads, where a failure is neither shrunk nor replayed "
        "(default: simulated)",
    )
    schedules = "schedules of --calls (--seed also applies to what is drawn)"
    _add_options_of_search(command.add_argument_group(schedules))
    _add_options_of_report(command)


def _add_options(command: argparse.ArgumentParser) -> None:
    from threadlab.search.explore import BOUND

    command.add_argument(
        "program",
        metavar="FILE.py:FUNCTION",
        help="what to execute; also FILE.py:CLASS.METHOD for a method, or "
        "PACKAGE.MODULE:FUNCTION for a module that can be imported",
    )
    _add_options_of_search(command)
    command.add_argument(
        "--bound",
        metavar="K",
        type=_number(int, 0),
        default=BOUND,
        help=f"with --strategy=bounded, at most K delays in a schedule (default: {BOUND})",
    )
    command.add_argument(
        "--races",
        choices=["report", "error", "off"],
        default="report",
        help="whether data races are only reported, count as failures, or are not looked for, "
        "which is twice as fast (default: report)",
    )
    _add_options_of_world(command)
    command.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=_jobs,
        default=1,
        help="divide the executions among N processes, or with auto, one for each processor; the "
        "result is the same (default: 1)",
    )
    command.add_argument(
        "--shard",
        metavar="K/N",
        type=_shard,
        default=(0, 1),
        help="run the Kth of N parts of the search; no two parts make the same execution",
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="go on after a failure, and report all that differ in kind or place",
    )
    command.add_argument(
        "--explain",
        action="store_true",
        help="say which order of accesses makes it fail; takes about three hundred more executions",
    )
    _add_options_of_report(command)


def _add_options_of_world(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--include",
        metavar="NAME",
        action="append",
        default=[],
        help="preempt threads in this installed package or module of the standard library, too; "
        "may be given several times",
    )
    command.add_argument(
        "--daemons",
        choices=["fail", "allow"],
        default="fail",
        help="whether a daemon thread that still runs at the end is a leaked thread, or is ended "
        "as when a process ends (default: fail)",
    )


def _add_options_of_play(command: argparse.ArgumentParser) -> None:
    from threadlab.play.explore import EXECUTIONS
    from threadlab.reports import files

    command.add_argument(
        "program", metavar="FILE.py:FUNCTION", help="what to execute, as for threadlab explore"
    )
    command.add_argument(
        "--terminal",
        action="store_true",
        help="play in the terminal; each line of standard input is a choice",
    )
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE.html",
        type=files.writable,
        default="play.html",
        help="the page to write (default: play.html)",
    )
    command.add_argument(
        "--executions",
        metavar="N",
        type=_number(int, 1),
        default=EXECUTIONS,
        help=f"make at most N executions before play begins (default: {EXECUTIONS})",
    )
    _add_stall(command)
    _add_options_of_world(command)


def _add_options_of_mutate(command: argparse.ArgumentParser) -> None:
    from threadlab.search.mutate import EXECUTIONS

    command.add_argument(
        "program", metavar="FILE.py:FUNCTION", help="what to execute, as for threadlab explore"
    )
    command.add_argument(
        "--calls",
        metavar="CALLS",
        help="execute these calls; the program is FILE.py:CLASS, as for threadlab check",
    )
    command.add_argument(
        "--only",
        metavar="FILE.py",
        action="append",
        default=[],
        help="leave something out only in this file; may be given several times (default: all "
        "files of the project)",
    )
    _add_options_of_search(command, EXECUTIONS, replays=False)
    _add_options_of_world(command)
    command.add_argument(
        "--races",
        choices=["report", "off"],
        help="report: a mutant with a data race is noticed; off: it is not, which is twice as fast "
        "(default: report; with --calls off)",
    )
    _add_json(command)


def _add_options_of_search(
    command: argparse._ActionsContainer, executions: int = 0, *, replays: bool = True
) -> None:
    from threadlab.search.executions import STRATEGIES
    from threadlab.search.explore import EXECUTIONS

    executions = executions or EXECUTIONS

    command.add_argument(
        "--strategy",
        choices=STRATEGIES,
        default="portfolio",
        help="how schedules are chosen: portfolio uses pos, feedback, random, pct and bounded, "
        "with a growing bound, in turn; bounded and exhaustive end when nothing is left to try "
        "(default: portfolio)",
    )
    command.add_argument(
        "--executions",
        metavar="N",
        type=_number(int, 1),
        default=executions,
        help=f"make at most N executions (default: {executions:,})",
    )
    command.add_argument(
        "--seconds", metavar="S", type=_number(float, 0), help="search for at most S seconds"
    )
    _add_stall(command)
    command.add_argument(
        "--seed",
        metavar="S",
        type=_number(int, 0),
        default=0,
        help="where random choices start; the same seed makes the same executions (default: 0)",
    )
    if replays:
        command.add_argument(
            "--replay",
            metavar="TOKEN",
            type=_schedule,
            help="execute once, under this schedule, and let the program print",
        )
        command.add_argument(
            "--mutant",
            metavar="FILE.py:LINE:KIND",
            type=_mutant,
            help="leave this out of the program: a mutant that threadlab mutate has named",
        )


def _add_stall(command: argparse._ActionsContainer) -> None:
    from threadlab.schedule import STALL

    command.add_argument(
        "--stall",
        metavar="S",
        type=_number(float, 0, most=math.inf),
        default=None,
        help="for how many simulated seconds, at most, a thread that could run is preempted while "
        f"time passes; 0: time passes only when all threads wait; inf: no limit (default: {STALL})",
    )


def _add_options_of_report(command: argparse.ArgumentParser) -> None:
    from threadlab.reports import files

    command.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="show the whole execution, and where each thread is",
    )
    for option, form in files.FORMS.items():
        words = f"write {form.words}"
        command.add_argument(option, metavar=form.file, type=files.writable, help=words)
    _add_json(command)


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--json", action="store_true", help="end with a line of JSON on standard output"
    )


def _number(
    kind: Callable[[str], float], least: float, most: float = sys.float_info.max
) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not at least {least}")
        return value

    return convert


def _mutant(text: str) -> str:
    from threadlab.simulation.instrument.mutants import Mutant

    try:
        Mutant.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _jobs(text: str) -> int:
    if text == "auto":
        affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    return int(_number(int, 1)(text))


def _shard(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text, re.ASCII)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not K/N; the second of four parts is 2/4")
    return int(match[1]) - 1, int(match[2])


def _schedule(text: str) -> "Schedule":
    from threadlab.schedule import Schedule

    try:
        return Schedule.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


AFTERWARDS = ("minimising", "explaining")
"""Phases in which the executions are no part of the search."""


class _Progress:
    """A line on a terminal that is written over; nothing elsewhere."""

    def __init__(self, executions: int, seconds: float | None, stream: TextIO, prefix: str) -> None:
        self._executions = executions
        self._seconds = seconds
        self._stream = stream  # programs have another
        self._shown = stream.isatty()
        self._prefix = prefix
        self._next = 0.0
        self._phase = ""
        self._tried = 0

    def begin(self, kernel: "Kernel") -> None:
        pass

    def show(self, result: "Result", phase: str) -> None:
        now = time.monotonic()
        self._tried = self._tried + 1 if phase == self._phase else 1
        self._phase = phase
        if not self._shown or now < self._next:
            return
        from threadlab.reports.text import many

        self._next = now + 0.2
        if phase.endswith(AFTERWARDS):  # the search is over
            self._write(f"\r{phase}: {self._tried:,} tried\x1b[K")
            return
        spent = max(result.seconds, 1e-9)
        rate = result.executions / spent
        left = (self._executions - result.executions) / max(rate, 1e-9)
        if self._seconds is not None:
            left = min(left, self._seconds - spent)
        line = (
            f"{phase}: {many(result.executions)}, {rate:,.0f}/s, "
            f"{result.steps / max(result.executions, 1):,.0f} steps each, "
            f"{result.distinct:,} distinct, at most {max(left, 0):,.0f} s left"
        )
        width = shutil.get_terminal_size().columns
        self._write(f"\r{line[: width - 1]}\x1b[K")

    def show_examples(self, finding: "Finding") -> None:
        """As `show`, of a search that draws calls."""
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + 0.2
            self._write(
                f"\rdrawing: {finding.programs:,} programs of calls, "
                f"{finding.executions:,} executions\x1b[K"
            )

    def give_up(self, why: str) -> None:
        """There is no way back: it may sit in a system call, or in C."""
        self.clear()
        os.write(2, f"{self._prefix}: {why}\n".encode())
        os._exit(2)

    def clear(self) -> None:
        if self._shown and self._next:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


if __name__ == "__main__":
    sys.exit(main())
