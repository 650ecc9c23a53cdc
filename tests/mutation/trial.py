"""A copy of the tree, in which one mutant after another is tried.

The tree that the user is in is never touched: whatever ends a run, nothing is to be undone.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
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

TEST_TIMEOUT = 30
"""Seconds for each test, of which the slowest takes three on a machine of its own."""

SLOWER = 5
"""How many times as long as without a mutant a stage may take."""


class Copy:
    """One directory of one worker."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._timeouts: dict[str, float] = {}
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
        """Run each stage without a mutant: it must pass, and says what time is to be given."""
        for stage in STAGES:
            begun = time.monotonic()
            if not self._passes(stage, None, "tasks"):
                raise SystemExit(f"without a mutant, the {stage} stage does not pass")
            self._timeouts[stage] = SLOWER * (time.monotonic() - begun)

    def try_out(self, mutant: Mutant) -> str:
        """The stage that kills it, ``timeout``, or ``survived``."""
        path = self._directory / mutant.change.file
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)  # may look up to date
        path.write_text(mutant.source, encoding="utf-8")
        try:
            for stage in STAGES:
                if not self._passes(stage, self._timeouts[stage], path.stem):
                    return stage
        except subprocess.TimeoutExpired:
            return "timeout"
        finally:
            shutil.copy(ROOT / mutant.change.file, path)
        return "survived"

    def _passes(self, stage: str, timeout: float | None, module: str) -> bool:
        first = [f"tests/properties/test_{name}.py" for name in LAWS.get(module, ())]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "--failed-first"]
        command += ["-o", f"faulthandler_timeout={TEST_TIMEOUT}"]
        command += ["--hypothesis-profile=mutation", *first, "tests/properties", *STAGES[stage]]
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
            return self._process.wait(timeout) == 0
        finally:
            self._kill()

    def end(self) -> None:
        """End what runs, from any thread; nothing runs in this copy any more."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        """With the processes that it has started."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()
