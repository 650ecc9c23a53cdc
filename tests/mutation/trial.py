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

from tests.mutation import limits
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
    "killed in the simulated world": ["--world=simulated"],
    "killed in the real world": ["--world=real", "tests/stress", "tests/lab/test_documents.py"],
}
"""The properties in the one world, which is fast and does not vary, then in the other, and more."""

PATIENCE = 1200
"""Seconds of the clock for a stage, behind the laboratory's watchdog and the limits of a test."""


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

    def check(self, stage: str) -> None:
        """Without a mutant, it must pass."""
        if not self._passes(stage, ""):
            raise SystemExit(f"without a mutant: {stage}")

    def try_out(self, mutant: Mutant) -> str:
        """The stage that kills it, ``out of time``, or ``survived``."""
        path = self._directory / mutant.change.file
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)  # may look up to date
        original = path.read_bytes()
        path.write_text(mutant.source, encoding="utf-8")
        try:
            for stage in STAGES:
                if not self._passes(stage, path.stem):
                    return stage
        except subprocess.TimeoutExpired:
            return "out of time"
        finally:
            path.write_bytes(original)
        return "survived"

    def _passes(self, stage: str, module: str) -> bool:
        """Raises `subprocess.TimeoutExpired` if it takes too long."""
        laws = sorted((ROOT / "tests" / "properties").glob("test_*.py"))
        laws.sort(key=lambda path: path.stem.removeprefix("test_") not in LAWS.get(module, ()))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "--failed-first"]
        command += ["-p", limits.__name__, "--hypothesis-profile=mutation", *STAGES[stage]]
        command += [path.relative_to(ROOT).as_posix() for path in laws]
        self._process = subprocess.Popen(
            command,
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
            if status == limits.ENDED:
                raise subprocess.TimeoutExpired(command, limits.CPU_SECONDS)
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
