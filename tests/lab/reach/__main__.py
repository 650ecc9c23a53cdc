"""What can be explored, as a table; each script in a process of its own.

    python -m tests.lab.reach                    all scripts
    python -m tests.lab.reach stdlib tornado     those whose names have one of these parts
    python -m tests.lab.reach --real             on real threads instead
    python -m tests.lab.reach --tokens           what is kept in expected/reach-tokens.txt

The exit status is 0 if all hold.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from tests.lab.reach import SCRIPTS, Script
from tests.lab.reach.judging import SOUND, Verdict, judge
from threadlab.simulation.project import importable

PATIENCE = 120
"""Seconds for a script, in its process."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lab.reach",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="PART", help="of the names of scripts")
    parser.add_argument("--executions", type=int, default=SOUND, help="of each sound scenario")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--real", action="store_true", help="run them on real threads")
    parser.add_argument("--tokens", action="store_true", help="print what never changes")
    parser.add_argument("--one", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(asdict(judge(SCRIPTS[options.one], options.executions))))
        return 0
    chosen = [
        script
        for name, script in SCRIPTS.items()
        if not options.names or any(part in name for part in options.names)
    ]

    def run(script: Script) -> Verdict:
        return real(script) if options.real else simulated(script, options.executions)

    held = 0
    here = [script for script in chosen if not script.missing]
    with ThreadPoolExecutor(options.jobs) as pool:
        for script, verdict in zip(here, pool.map(run, here), strict=True):
            held += verdict.holds
            print(verdict.line(script) if options.tokens else row(script, verdict), flush=True)
    if not options.tokens:
        for script in chosen:
            if script.missing:
                print(f"{script.name:38} skipped: {', '.join(script.missing)} not installed")
        print(f"{held} of {len(chosen)} hold")
    return int(held < len(chosen))


def row(script: Script, verdict: Verdict) -> str:
    found = f"{verdict.found:>5}  {verdict.token:30}" if verdict.found else " " * 37
    return f"{script.name:38} {verdict.seconds:5.1f} s {found} {verdict}"


def simulated(script: Script, executions: int) -> Verdict:
    """What `judge` says in a process of its own, in which it may do as much harm as it likes."""
    command = [sys.executable, "-m", __spec__.parent, "--one", script.name]
    command += [f"--executions={executions}"]
    try:
        done = _run(command)
        return Verdict(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Verdict(sound=f"does not end within {PATIENCE} s")
    except ValueError:
        last = done.stderr.strip().rpartition("\n")[2]
        return Verdict(sound=f"exit status {done.returncode}: {last}")


def real(script: Script) -> Verdict:
    """Whether its scenario runs on real threads: as a script, or as what a package has in it."""
    command = [sys.executable, "-W", "error", str(script.file)]
    folder, name = importable(script.file)
    if folder != script.file.parent:
        command[3:] = ["-c", f"import {name} as it; it.scenario()"]
    try:
        done = _run(command, env=os.environ | {"PYTHONPATH": str(folder)})
    except subprocess.TimeoutExpired:
        return Verdict(sound=f"does not end within {PATIENCE} s")
    return Verdict(sound=done.stderr.strip().rpartition("\n")[2])


def _run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        **more,
    )


if __name__ == "__main__":
    sys.exit(main())
