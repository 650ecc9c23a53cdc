"""Ctrl-C at any moment ends a search, and nothing that was cut short is called passed.

The scripts say through a pipe when the moment has come, and then stay in it.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from threadlab import cli as command
from threadlab.errors import Interrupted
from threadlab.schedule import PROMPT
from threadlab.search.explore import explore
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.snapshot import Snapshot
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

ROOT = Path(__file__).parents[2]

SCRIPT = """
import bisect
import os
import threading
from contextlib import suppress

def count(kind):
    "How often this has come in this process, however often the module is loaded."
    counts = vars(bisect).setdefault("counts", {})  # which is the process's own
    counts[kind] = counts.get(kind, 0) + 1
    return counts[kind]

def moment(name):
    if os.environ["MOMENT"] != name:
        return
    os.write(int(os.environ["SAY"]), b"!")
    if os.environ["HOW"] == "has no steps":
        exec("while True: pass")
    while os.environ["HOW"] == "runs":
        pass
    while True:
        with suppress(BaseException):
            while True:
                pass

LOADED = count("loaded")
moment(f"load {LOADED}")

class Box:
    number = 0

def scenario():
    box = Box()

    def add():
        number = box.number
        box.number = number + 1

    def work():
        add()
        add()
        moment(f"thread {LOADED}")

    run = count(f"run {LOADED}")
    moment(f"run {LOADED}.{run}")
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
        if not os.environ["RACY"]:
            thread.join()
    for thread in threads:
        thread.join()
    if box.number < 4:
        failed = count(f"fail {LOADED}")
        moment(f"fail {LOADED}.{failed}")
        raise AssertionError(box.number)
"""

MOMENTS = {
    "import": ("load 1", "runs"),
    "import that catches everything": ("load 1", "catches"),
    "import of code without steps": ("load 1", "has no steps"),
    "check of determinism": ("run 1.2", "runs"),
    "search": ("run 1.5", "runs"),
    "search in code without steps": ("run 1.5", "has no steps"),
    "search of what catches everything": ("run 1.5", "catches"),
    "thread that catches everything": ("thread 1", "catches"),
    "failing": ("fail 1.1", "runs"),
}
AFTER = {
    "making it small": ("fail 1.4", "runs"),
    "import to confirm": ("load 2", "catches"),
    "confirming": ("fail 2.1", "runs"),
    "import to show": ("load 3", "runs"),
    "showing": ("fail 3.1", "runs"),
}
"""When a failure has been found."""

TESTS = {
    "explore": """
from threadlab.search.explore import explore

def test():
    explore({script!r}, strategy="random").check()
""",
    "world": """
from threadlab.worlds.subjects import Subject
from threadlab.worlds.simulated import SimulatedWorld

def test():
    world = SimulatedWorld(Subject.load({script!r}.rpartition(":")[0], ["scenario"]))
    for _ in range(3):
        world.run(world.subject.scenario)
""",
}


def interrupted(arguments, moment, how):
    """Exit status, standard output and error of what got a SIGINT at that moment."""
    reading, writing = os.pipe()
    racy = "1" if moment.startswith(("fail", "load")) else ""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "MOMENT": moment, "HOW": how, "SAY": str(writing), "RACY": racy},
        pass_fds=[writing],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    try:
        assert os.read(reading, 1) == b"!", process.communicate()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        os.close(reading)
        process.kill()
        process.wait()
    return process.returncode, out, err


@pytest.mark.parametrize("name", MOMENTS | AFTER)
def test_the_command_ends_with_one_line(script, name):
    moment, how = (MOMENTS | AFTER)[name]
    spec = script(SCRIPT)
    arguments = ["-m", "threadlab", "explore", spec, "--strategy", "random", "--json"]
    status, out, err = interrupted(arguments, moment, how)
    assert status == command.INTERRUPTED
    assert err.startswith("threadlab explore: ended by Ctrl-C")
    assert err.count("\n") == 1
    if name in AFTER:
        assert f"Again: threadlab explore {spec} --replay " in err
        assert json.loads(out)["found"]
    else:
        assert "Again" not in err
        assert not json.loads(out)["found"]


@pytest.mark.once
@pytest.mark.parametrize("name", [name for name in MOMENTS | AFTER if name != "showing"])
def test_a_test_run_ends(script, tmp_path, name):
    assert_ends(script, tmp_path, "explore", *(MOMENTS | AFTER)[name])


@pytest.mark.parametrize(
    ("moment", "how"), [("run 2.4", "runs"), ("run 2.1", "has no steps"), ("thread 2", "catches")]
)
def test_a_test_run_in_a_world_ends(script, tmp_path, moment, how):
    """The subject is imported for real first."""
    assert_ends(script, tmp_path, "world", moment, how)


def assert_ends(script, tmp_path, text, moment, how):
    path = tmp_path / "test_it.py"
    path.write_text(TESTS[text].format(script=script(SCRIPT)) + "\ndef test_next(): pass\n")
    arguments = ["-m", "pytest", "-p", "no:cacheprovider", "--rootdir", tmp_path, path]
    status, out, _ = interrupted(arguments, moment, how)
    assert status == pytest.ExitCode.INTERRUPTED, out
    assert " passed" not in out
    assert " failed" not in out


def test_between_two_executions_it_is_no_failure(script, monkeypatch):
    world = SimulatedWorld(Subject.load(script("def scenario(): pass")[:-9], ["scenario"]))
    restore = Snapshot.restore

    def interrupted(self, **how):
        restore(self, **how)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Snapshot, "restore", interrupted)
    with pytest.raises(Interrupted):
        world.run(world.subject.scenario)


def test_in_a_callback_of_the_garbage_collector_it_is_not_thrown_away(monkeypatch):
    ignored, called = [], []

    def callback(phase, info):
        signal.raise_signal(signal.SIGINT)
        called.append(phase)

    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with pytest.raises(Interrupted), interruptible():
        gc.callbacks.append(callback)
        try:
            gc.collect()
        finally:
            gc.callbacks.remove(callback)
        called.append("went on")
    assert called == ["start", "stop", "went on"]
    assert not ignored


# What the program itself raises


@pytest.mark.parametrize("name", ["KeyboardInterrupt", "SystemExit", "GeneratorExit", "Leave"])
def test_what_the_program_raises_is_its_failure(script, name):
    text = f"from greenlet import GreenletExit as Leave\ndef scenario(): raise {name}"
    result = explore(script(text), replay=PROMPT)
    assert result.failure.kind == "exception"
    assert result.failure.message == {"Leave": "greenlet.GreenletExit"}.get(name, name)
    with pytest.raises(AssertionError, match="exception: "):
        result.check()
    world = SimulatedWorld(Subject.load(script(text, f"{name}.py")[:-9], ["scenario"]))
    with pytest.raises(AssertionError, match="exception: "):
        world.run(world.subject.scenario)


@pytest.mark.parametrize("name", ["KeyboardInterrupt", "GeneratorExit"])
def test_what_a_thread_raises_is_a_failure(script, name):
    text = f"""
    import threading
    def work(): raise {name}
    def scenario():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """
    assert explore(script(text), replay=PROMPT).failure.message == name


def test_an_import_that_raises_it_is_said_in_one_line(script, capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(["explore", script("raise KeyboardInterrupt")])
    assert "does not load: KeyboardInterrupt" in capsys.readouterr().err


# How it is waited for


def test_the_handler_is_put_back(script):
    def mine(number, frame): ...

    before = signal.signal(signal.SIGINT, mine)
    try:
        explore(script("def scenario(): pass"), replay=PROMPT)
        assert signal.getsignal(signal.SIGINT) is mine
    finally:
        signal.signal(signal.SIGINT, before)
