"""A copy of the tree, in which one mutant after another is tried.

The tree that the user is in is never touched: whatever ends a run, nothing is to be undone.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
PARTS = ("conftest.py", "pyproject.toml", "README.md", "threadprims", "tests")

LAWS = {
    "tasks": ["countdown", "countdown_task", "io_task"],
    "threads": ["running", "start"],
    "timer": ["periodic_timer"],
}
"""The properties of a module's own primitives, which are the first to fail."""

STAGES = {
    "simulated": ["--world=simulated"],
    "real": ["--world=real", "tests/stress", "tests/meta/test_documents.py"],
}
"""The properties in the one world, which is fast and does not vary, then in the other, and more."""

CPU_SECONDS = 90
"""What a stage may take, which takes 20 without a mutant: most hangs are loops. Not seconds of the
clock, or a loaded machine would kill mutants that survive elsewhere."""

PATIENCE = 1200
"""Seconds of the clock, for a hang that is none for the harness's watchdog."""


class Copy:
    """One directory of one worker."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        directory.mkdir()
        ignore = shutil.ignore_patterns("__pycache__", ".*")
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, directory / part, ignore=ignore)
            else:
                shutil.copy(ROOT / part, directory / part)

    def warm_up(self) -> None:
        """Without a mutant, each stage must pass."""
        for stage in STAGES:
            if not self._passes(stage, "tasks"):
                raise SystemExit(f"without a mutant, the {stage} stage does not pass")

    def try_out(self, mutant: Mutant) -> str:
        """The stage that kills it, ``time`` if it ran out, or ``survived``."""
        path = self._directory / mutant.change.file
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)  # may look up to date
        original = path.read_bytes()
        path.write_text(mutant.source, encoding="utf-8")
        try:
            for stage in STAGES:
                if not self._passes(stage, path.stem):
                    return stage
        except subprocess.TimeoutExpired:
            return "time"
        finally:
            path.write_bytes(original)
        return "survived"

    def _passes(self, stage: str, module: str) -> bool:
        """Raises `subprocess.TimeoutExpired` if it takes too long."""
        first = [f"tests/properties/test_{name}.py" for name in LAWS.get(module, ())]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "--failed-first"]
        command += ["--hypothesis-profile=mutation", *first, "tests/properties", *STAGES[stage]]
        self._process = subprocess.Popen(
            ["sh", "-c", f'ulimit -t {CPU_SECONDS} && exec "$@"', "sh", *command],
            cwd=self._directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own, to be ended as one
        )
        try:
            if self._ended:  # meanwhile
                return False
            status = self._process.wait(PATIENCE)
            if status in (-signal.SIGXCPU, -signal.SIGKILL):
                raise subprocess.TimeoutExpired(command, CPU_SECONDS)
            return status == 0
        finally:
            self._kill()

    def end(self) -> None:
        """End what runs, from any thread; nothing runs in this copy any more."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        """With the processes that it has started."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
