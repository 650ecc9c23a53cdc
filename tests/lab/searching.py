"""How tests call the command and watch a search, and what they search most."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from tests.lab.specs import construct, program
from threadlab import cli

ROOT = Path(__file__).parents[2]
COUNTER = construct("nonlocal_")
SOUND = construct("nonlocal_", sound=True)
TINY = program("tiny")


def main(capsys, *arguments):
    """Exit status, standard output and error of the command, in this process."""
    try:
        status = cli.main(["explore", *arguments])
    except SystemExit as error:
        status = error.code
    return status, *capsys.readouterr()


def run(*arguments, **options):
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "threadlab", "explore", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def on_terminal(*arguments, interrupt=False, command="explore"):
    """Exit status, standard output, and what a terminal as standard error was sent."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "threadlab", command, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            data = os.read(mine, 10_000)
        except OSError:  # that is how the end is told
            break
        if not data:
            break
        if interrupt and not shown:
            process.send_signal(signal.SIGINT)
        shown += data
    out = process.communicate(timeout=60)[0]
    os.close(mine)
    return process.returncode, out, shown.decode()


def without_seconds(result):
    return {**result.as_json(), "seconds": None}


class Schedules:
    """A watcher that keeps the schedules of a search."""

    def __init__(self):
        self.taken = []

    def begin(self, kernel):
        self._kernel = kernel

    def give_up(self, why):
        raise AssertionError(why)

    def show(self, result, phase):
        self.taken.append(tuple(self._kernel.taken))
