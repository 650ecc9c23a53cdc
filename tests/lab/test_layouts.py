"""The laboratory in a project of somebody else's, outside of this clone, in each usual layout.

Each runs as its user would, in a process with a clean environment. That is what no test inside of
this repository can show: that nothing of its root, its ``conftest.py`` or its settings is needed.
Under ``tox -e wheel`` it is the wheel that runs, and there in every layout; see
`test_it_is_the_wheel`. Elsewhere one layout has to do: ``src``, in which least is found by itself.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.once

PACKAGE = """\
import threading


class Account:
    def __init__(self):
        self.balance = 0

    def deposit(self, amount):
        self.balance += amount


class Locked(Account):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def deposit(self, amount):
        with self._lock:
            super().deposit(amount)
"""

TESTS = """\
import threading

from hypothesis import given, settings, strategies as st

from bank.account import Account, Locked
from threadlab import interleaved


def deposit_twice(account, amount):
    threads = [threading.Thread(target=account.deposit, args=(n,)) for n in (1, amount)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.balance == 1 + amount


def unlocked():
    deposit_twice(Account(), 2)


def locked():
    deposit_twice(Locked(), 2)


@interleaved
def test_one_amount():
    deposit_twice(Account(), 2)


@settings(max_examples=1000)  # it ends at the first that fails; of a hundred, none may
@given(amount=st.integers(1, 5))
@interleaved
def test_any_amount(amount):
    deposit_twice(Account(), amount)


@interleaved(executions=50)
def test_locked():
    deposit_twice(Locked(), 2)
"""

TABLE = re.compile(
    r"^ *time +step +MainThread +Thread-1 .*\n(?:.*\n)*? .*\d+ [!*> ] .* self\.balance \+= amount",
    re.MULTILINE,
)
"""Its heading, and a row in which a thread is in the package."""


@dataclass(frozen=True)
class Layout:
    """Where the package and the tests are, and what else the project has; from its root."""

    tests: str
    package: str = "bank"
    also: tuple[str, ...] = ()
    settings: str = ""
    path: str = ""
    """Where the package is installed from, in the way of an editable install: a path entry."""


LAYOUTS = {
    "tests": Layout("tests/test_bank.py"),
    "tests, a package": Layout("tests/test_bank.py", also=("tests/__init__.py",)),
    "src": Layout("tests/test_bank.py", "src/bank", settings='pythonpath = ["src"]', path="src"),
    "flat": Layout("test_bank.py"),
    "tests in the package": Layout("bank/tests/test_bank.py", also=("bank/tests/__init__.py",)),
}


def run(
    *command: str | Path, folder: Path, path: str = "", exits: int
) -> subprocess.CompletedProcess[str]:
    """Run it in ``folder``, with nothing in its environment that leads to this clone."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    if path:
        environment["PYTHONPATH"] = str(folder / path)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == exits, done.stdout + done.stderr
    return done


HERE = list(LAYOUTS) if "THREADPRIMS_DIST" in os.environ else ["src"]


@pytest.fixture(params=HERE)
def layout(request):
    return LAYOUTS[request.param]


@pytest.fixture
def project(layout, tmp_path):
    assert not tmp_path.is_relative_to(ROOT)
    settings = f"[tool.pytest.ini_options]\n{layout.settings}\n"
    package = f"{layout.package}/"
    files = {
        "pyproject.toml": settings,
        f"{package}__init__.py": "",
        f"{package}account.py": PACKAGE,
    }
    files |= dict.fromkeys(layout.also, "") | {layout.tests: TESTS}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_command_finds_the_race_in_the_package(layout, project):
    """Found by the script, replayed by the module, which has the folder on its path as well."""
    scripts = sysconfig.get_path("scripts")
    by_script = [shutil.which("threadlab", path=scripts), "explore"]
    by_module = [sys.executable, "-m", "threadlab", "explore"]
    found = run(*by_script, f"{layout.tests}:unlocked", folder=project, path=layout.path, exits=1)
    assert "data race on Account.balance" in found.stdout
    assert TABLE.search(found.stdout)
    again = re.search(r"^ *Again: threadlab explore (.*)", found.stdout, re.MULTILINE)
    replayed = run(*by_module, *again[1].split(), folder=project, path=layout.path, exits=1)
    assert TABLE.search(replayed.stdout)[0] == TABLE.search(found.stdout)[0]
    locked = [*by_script, f"{layout.tests}:locked", "--executions=100"]
    run(*locked, folder=project, path=layout.path, exits=0)


@pytest.mark.parametrize(
    ("layout", "workers"), [*((name, 0) for name in HERE), ("src", 2)], indirect=["layout"]
)
def test_pytest_shows_the_race_in_the_package(project, workers):
    pytest_n = [sys.executable, "-m", "pytest", "-n", str(workers)]
    done = run(*pytest_n, "--race-report=race.html", folder=project, exits=1)
    assert "2 failed, 1 passed" in done.stdout
    assert f"{workers} workers [3 items]" in done.stdout or not workers
    parts = re.split(r"^_+ (test_\w+) _+$", done.stdout, flags=re.MULTILINE)
    failures = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert sorted(failures) == ["test_any_amount", "test_one_amount"]
    for name, text in failures.items():
        assert TABLE.search(text), name
        assert "Again: " in text, name
    assert re.search(r"\bamount=1\b", failures["test_any_amount"])
    page = (project / "race.html").read_text(encoding="utf-8")
    for expected in ("test_one_amount", "test_any_amount", "self.balance += amount"):
        assert expected in page


def test_it_is_the_wheel(tmp_path):
    """Where ``THREADPRIMS_DIST`` says that one is installed; see test_distribution."""
    if "THREADPRIMS_DIST" not in os.environ:
        pytest.skip("THREADPRIMS_DIST is not set")
    names = "import threadlab, threadprims; print(threadlab.__file__, threadprims.__file__)"
    for path in run(sys.executable, "-c", names, folder=tmp_path, exits=0).stdout.split():
        assert Path(path).is_relative_to(sysconfig.get_path("purelib"))
