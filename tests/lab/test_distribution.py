"""What is handed out, and that what it lacks without an extra is said in one line.

``THREADPRIMS_DIST`` is the folder of the wheel that is installed, and of the sdist that it was
built from; ``tox -e wheel`` sets it. Without it, what needs them is skipped.
"""

import email
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from threadlab.errors import REQUIRED

ROOT = Path(__file__).parents[2]
PACKAGES = ("threadlab", "threadprims")


def unpacked(pattern, folder):
    """The one file of ``THREADPRIMS_DIST`` that matches, unpacked; all names in it."""
    if "THREADPRIMS_DIST" not in os.environ:
        pytest.skip("THREADPRIMS_DIST is not set")
    [path] = Path(os.environ["THREADPRIMS_DIST"]).glob(pattern)
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
            return archive.namelist()
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
        return [member.name for member in archive if member.isfile()]


def run(*arguments, folder, exits=0):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == exits, done.stdout + done.stderr
    return done


WITHOUT = """
import sys

class Missing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in {}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing)
"""
"""Code after which none of these modules can be imported."""


def test_the_wheel_holds_both_packages_and_nothing_else(tmp_path):
    names = unpacked("*.whl", tmp_path)
    held = {name for name in names if ".dist-info/" not in name}
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    sources = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == sources
    assert held.issuperset(f"{package}/py.typed" for package in PACKAGES)


def test_the_wheel_needs_nothing_without_an_extra(tmp_path):
    unpacked("*.whl", tmp_path)
    [path] = tmp_path.glob("*.dist-info/METADATA")
    metadata = email.message_from_string(path.read_text(encoding="utf-8"))
    assert all("extra == " in needed for needed in metadata.get_all("Requires-Dist"))
    # -S: with the standard library and the wheel alone
    names = f"import sys; sys.path.append({str(tmp_path)!r}); import threadlab, threadprims"
    versions = f"{names}; print(threadlab.__version__, threadprims.__version__)"
    assert run("-I", "-S", "-c", versions, folder=tmp_path).stdout.split() == (
        [metadata["Version"]] * 2
    )


def test_the_suite_can_be_run_from_the_sdist(tmp_path):
    names = unpacked("*.tar.gz", tmp_path)
    [folder] = tmp_path.iterdir()
    assert {path.name for path in folder.iterdir()} >= {
        *("CHANGELOG.md", "LICENSE", "README.md", "conftest.py", "docs", "pyproject.toml"),
        *("tests", "threadlab", "threadprims", "tox.ini"),
    }
    hidden = [part for name in names for part in Path(name).parts if part.startswith((".", "__py"))]
    assert set(hidden) <= {".gitignore"}
    held = {path.relative_to(folder) for path in (folder / "tests").rglob("*") if path.is_file()}
    tests = {path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*") if path.is_file()}
    assert {path for path in tests if "__pycache__" not in path.parts} == held
    collected = run("-m", "pytest", "--collect-only", "-q", folder=folder)
    assert " tests collected" in collected.stdout


@pytest.mark.parametrize("module", ["greenlet", "rich"])  # it does without hypothesis
def test_the_command_says_in_a_line_what_it_needs(tmp_path, module):
    code = f"{WITHOUT.format([module])}from threadlab.__main__ import main; sys.exit(main())"
    said = run("-c", code, "explore", "shop.py:scenario", folder=tmp_path, exits=2).stderr
    assert said == f'threadlab needs {module}: pip install "threadprims[lab]"\n'


def test_pytest_runs_without_what_the_laboratory_needs(tmp_path):
    """The plugin is installed all the same, with every project that uses the primitives."""
    (tmp_path / "test_it.py").write_text("def test_it():\n    import threadprims\n")
    code = f"{WITHOUT.format(REQUIRED)}import pytest; sys.exit(pytest.main(['-v', '-W', 'error']))"
    done = run("-c", code, folder=tmp_path)
    assert "1 passed" in done.stdout
    assert "threadprims-" in done.stdout, "the plugin is not installed"
