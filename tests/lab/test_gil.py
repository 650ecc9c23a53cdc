"""A run on real threads does not turn the GIL on, and says whether it is off."""

import subprocess
import sys
import sysconfig
from importlib.machinery import ExtensionFileLoader, ModuleSpec

import pytest

from tests import gil
from tests.lab.test_gate import ROOT

LOADED = """
import sys

def pytest_unconfigure(config):
    print("loaded:", *sorted({"greenlet", "rich"} & set(sys.modules)), "end")
"""


@pytest.mark.once
def test_no_greenlet_is_imported_for_real_threads(tmp_path, monkeypatch):
    (tmp_path / "loaded.py").write_text(LOADED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    options = ("-p", "loaded", "--world=real", "-n0", "-q")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests/properties", "-k", "C1 or S4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    assert "loaded: end" in run.stdout


@pytest.mark.once
def test_the_simulated_world_alone_has_no_stress_test():
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--world=simulated", "--collect-only", "-q", "-n0"),
            "--ignore=tests/lab",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "tests/properties/" in run.stdout
    assert "tests/stress/" not in run.stdout
    assert "[real" not in run.stdout


@pytest.mark.parametrize(
    ("free", "enabled", "by", "words"),
    [
        (0, True, [], ""),
        (1, False, [], "off"),
        (1, True, ["_x"], "on, by _x; this run shows nothing of free threading"),
        (1, True, [], "on, by what was loaded before the tests, or PYTHON_GIL=1; this run shows "),
    ],
)
def test_what_is_said_of_it(monkeypatch, free, enabled, by, words):
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: free)
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: enabled, raising=False)
    monkeypatch.setattr(gil, "BY", by)
    assert gil.words().startswith(words)
    assert bool(gil.words()) == bool(words)


def test_who_turns_it_on_is_seen(monkeypatch):
    state = [False]
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: state[0], raising=False)
    monkeypatch.setattr(gil, "BY", [])
    for name in ("create_module", "exec_module"):
        loads = getattr(ExtensionFileLoader, name)
        monkeypatch.setattr(ExtensionFileLoader, name, loads)  # to be put back
    monkeypatch.setattr(
        ExtensionFileLoader, "exec_module", lambda self, module: state.__setitem__(0, True)
    )
    gil.watch()
    loader = ExtensionFileLoader("_x", "/nowhere/_x.so")
    loader.exec_module(ModuleSpec("_x", loader))
    loader.exec_module(ModuleSpec("_x", loader))
    assert gil.BY == ["_x"]
