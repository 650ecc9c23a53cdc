"""What is left out of a program, one after the other, and whether that is noticed."""

import json
import re
import shlex
import textwrap
from dataclasses import replace

import pytest

from tests.lab.searching import ROOT, SOUND, on_terminal
from tests.lab.specs import CONSTRUCTS, construct, program
from threadlab import cli, explore, mutate
from threadlab.errors import ProgramError
from threadlab.program import Program
from threadlab.simulation.mutation import Mutation

pytestmark = pytest.mark.once

BOX = """
import threading

class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.items = []

    def put(self, item):
        with self.changed:
            self.items.append(item)
            self.changed.notify_all()

    def get(self):
        with self.changed:
            while not self.items:
                self.changed.wait()
            return self.items.pop()

def scenario():
    box, got = Box(), []
    threads = [threading.Thread(target=lambda: got.append(box.get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    box.put(1)
    box.put(2)
    for thread in threads:
        thread.join()
    assert ", ".join(map(str, sorted(got))) == "1, 2"
"""

OF_BOX = {
    "10:with": "survived",  # append is atomic, and notify_all has the lock
    "12:notify_all": "failure",
    "12:one": "survived",  # there are as many notifications as there are threads
    "15:with": "failure",
    "16:while": "failure",
    "28:join": "failure",
}


def outcomes(mutations):
    return {str(v.mutant).partition(".py:")[2]: v.outcome for v in mutations.verdicts}


def test_one_thing_after_the_other_is_left_out(script):
    mutations = mutate(script(BOX), executions=30)
    assert outcomes(mutations) == OF_BOX
    assert len(mutations.noticed) == 4
    assert [verdict.text for verdict in mutations.survived] == [
        "with self.changed:",
        "self.changed.notify_all()",
    ]
    with pytest.raises(AssertionError, match=r"does not notice [^ ]*:10:with \(without the lock\)"):
        mutations.check()


def test_every_lock_of_the_timer_is_noticed():
    """But for the loop of who waits, who is woken for nothing else than what it waits for."""
    timer = ROOT / "threadprims" / "timer.py"
    mutations = mutate(program("timer_in_use"), only=[str(timer)], executions=60, small=False)
    assert [verdict.mutant.kind for verdict in mutations.survived] == ["wait_for"]
    assert len(mutations.noticed) == 12
    assert not mutations.unreached
    lines = {verdict.mutant.line for verdict in mutations.noticed}
    text = timer.read_text("utf-8")
    locks = [n for n, line in enumerate(text.splitlines(), 1) if "with self._changed" in line]
    assert len(locks) == 6
    assert lines.issuperset(locks)


AROUND = """
import threading

def twice(work):
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""

LEFT_OUT = {
    "an acquire with its release": (
        """
        n, lock = [0], threading.Lock()
        def work():
            lock.acquire()
            try:
                n[0] += 1
            finally:
                lock.release()
        twice(work)
        assert n == [2]
        """,
        ["acquire failure"],
    ),
    "an acquire whose release is in another method": (
        """
        n = [0]
        class Guard:
            def __init__(self):
                self.lock = threading.RLock()
            def __enter__(self):
                self.lock.acquire()
            def __exit__(self, *exc_info):
                self.lock.release()
        guard = Guard()
        def work():
            with guard:
                n[0] += 1
        twice(work)
        assert n == [2]
        """,
        ["acquire failure"],
    ),
    "an acquire that does not wait": (
        """
        first, lock = [], threading.Lock()
        def work():
            if lock.acquire(blocking=False):
                first.append(1)
        twice(work)
        assert first == [1]
        """,
        ["acquire failure"],
    ),
    "a release of what another thread acquires": (
        """
        turns = threading.Semaphore(0)
        done = []
        def work():
            done.append(1)
            turns.release()
        def take():
            turns.acquire()
            assert done
        thread = threading.Thread(target=take)
        thread.start()
        work()
        thread.join()
        """,
        ["release failure", "acquire failure", "join survived"],
    ),
    "one of two locks": (
        """
        n, one, two = [0], threading.Lock(), threading.Lock()
        def work():
            with one, two:
                n[0] += 1
        twice(work)
        assert n == [2]
        """,
        ["with survived", "with.2 survived"],
    ),
    "a lock of a class of the program": (
        """
        class Lock(threading.Condition):
            pass
        n, lock = [0], Lock()
        def work():
            with lock:
                n[0] += 1
        twice(work)
        assert n == [2]
        """,
        ["with failure"],
    ),
    "a lock without which there is a data race": (
        """
        n, lock = [0], threading.Lock()
        def work():
            with lock:
                n[0] = 1
        twice(work)
        assert n == [1]
        """,
        ["with race"],
    ),
    "a lock that is let go within": (
        """
        n, lock = [0], threading.Lock()
        def work():
            with lock:
                lock.release()
                lock.acquire()
                n[0] += 1
        twice(work)
        assert n == [2]
        """,
        ["with survived", "release failure", "acquire failure"],
    ),
    "an event": (
        """
        event = threading.Event()
        def work():
            event.wait()
        event.set()
        twice(work)
        """,
        ["set failure"],
    ),
    "a join of a class of the program": (
        """
        class Thread(threading.Thread):
            def join(self):
                super().join()
        done = []
        thread = Thread(target=lambda: done.append(1))
        thread.start()
        thread.join()
        assert done
        """,
        ["join failure"],
    ),
    "a loop around a wait that goes on": (
        """
        ready, changed = [], threading.Condition()
        def work():
            with changed:
                ready.append(1)
                changed.notify_all()
        def look():
            with changed:
                while True:
                    if len(ready) == 2:
                        break
                    changed.wait()
                    continue
            assert len(ready) == 2
        thread = threading.Thread(target=look)
        thread.start()
        twice(work)
        """,
        [
            *("with survived", "notify_all failure", "one survived"),
            *("with failure", "while failure"),
        ],
    ),
    "a loop that waits for no condition": (
        """
        ready, event = [], threading.Event()
        def work():
            while not ready:
                event.wait()
                ready.append(1)
        event.set()
        twice(work)
        """,
        ["set failure"],
    ),
    "a predicate": (
        """
        ready, changed = [], threading.Condition()
        def work():
            with changed:
                ready.append(1)
                changed.notify()
        def look():
            with changed:
                assert changed.wait_for(lambda: len(ready) == 2)
        thread = threading.Thread(target=look)
        thread.start()
        twice(work)
        """,
        ["with survived", "notify failure", "with failure", "wait_for failure"],
    ),
    "the lock of a condition by its own name": (
        """
        ready, lock = [], threading.Lock()
        changed = threading.Condition(lock)
        def work():
            lock.acquire()
            if not ready:
                changed.wait()
            lock.release()
        thread = threading.Thread(target=work)
        thread.start()
        with lock:
            ready.append(1)
            changed.notify()
        """,
        ["acquire failure", "with survived", "notify failure"],
    ),
}


@pytest.fixture
def twice(script, tmp_path):
    """Writes a scenario that uses `twice`, and leaves one thing after the other out of it."""

    def left_out(body, **options):
        script(AROUND, "around.py")
        lines = textwrap.indent(textwrap.dedent(body), "    ")
        spec = script(f"import threading\nfrom around import twice\ndef scenario():\n{lines}")
        return mutate(spec, only=[str(tmp_path / "script.py")], executions=100, **options)

    return left_out


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out(twice, name):
    body, expected = LEFT_OUT[name]
    mutations = twice(body)
    assert [f"{v.mutant}".rpartition(":")[2] + f" {v.outcome}" for v in mutations.verdicts] == (
        expected
    )
    refused = [v for v in mutations.noticed if "RuntimeError" in v.result.failure.message]
    assert not refused or name == "a lock that is let go within"


def test_without_races_none_is_noticed(twice):
    body, _ = LEFT_OUT["a lock without which there is a data race"]
    assert [verdict.outcome for verdict in twice(body, races="off").verdicts] == ["survived"]


OTHERS = """
import os
import threading

class Flags:
    def set(self): pass
    def acquire(self): pass

def scenario():
    with open(__file__) as file, threading.Lock():
        os.path.join("a", "b")
        ", ".join([])
        Flags().set()
        Flags().acquire()
    if not file:
        with file.lock:
            file.thread.join()
            ",".join([])
            file.event.set()
            file.set(1)
"""


def test_what_is_no_lock_is_not_left_out_and_what_may_be_one_is_told_of(script):
    mutations = mutate(script(OTHERS), executions=5)
    assert outcomes(mutations) == {
        "10:with.2": "survived",
        "16:with": "unreached",
        "17:join": "unreached",
        "19:set": "unreached",
    }


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_what_is_marked_has_the_same_steps(name):
    steps = []
    for mutation in (None, Mutation()):
        marked = replace(Program.parse(construct(name, sound=True)), mutation=mutation)
        simulation, scenario = marked.load(recording=False)
        simulation.execute(scenario)
        steps.append(simulation.kernel.steps)
    assert steps[0] == steps[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "def scenario(): assert 0",
            "fails as it is: exception: AssertionError: threadlab explore",
        ),
        ("def scenario(): pass", "there is nothing to leave out"),
        (
            BOX.replace("with self.changed:\n            self.i", "if 1:\n            self.i"),
            "fails",
        ),
        (
            "import threading\nn = [0]\ndef work(): n[0] = 1\ndef scenario():\n"
            "  for _ in 1, 2: threading.Thread(target=work).start()",
            "has a data race as it is, on ",
        ),
    ],
)
def test_a_scenario_must_be_sound_as_it_is(script, text, message):
    with pytest.raises(ProgramError, match=re.escape(message)):
        mutate(script(text), executions=50)


def test_a_file_must_be_of_the_program(script):
    with pytest.raises(ProgramError, match=r"nothing can be left out of .*test_mutate.py, or"):
        mutate(script(BOX), only=[__file__], executions=1)


@pytest.mark.parametrize(
    ("mutant", "message"),
    [
        ("{}:10:join", "there is no join in that line"),
        ("{}:10:with.2", "there is no with in that line"),
        ("{}:10:one", "there is no notify_all in that line"),
        ("{}/nowhere.py:10:with", "No such file"),
        ("{}:32:with", "32:with is never reached: nothing was left out"),
    ],
)
def test_a_mutant_must_be_one_of_the_program(script, tmp_path, mutant, message):
    spec = script(BOX + "\ndef other():\n    with lock: pass\n")
    file = tmp_path / "script.py"
    mutant = mutant.format(tmp_path if "nowhere" in mutant else file)
    with pytest.raises(ProgramError, match=re.escape(message)):
        explore(spec, mutant=mutant, executions=2)


ENDLESS = """
import threading
import time

def scenario():
    over, seen = threading.Event(), []

    def poll():
        while not over.is_set():
            time.sleep(1)
            seen.append(len(seen))

    thread = threading.Thread(target=poll)
    thread.start()
    time.sleep(3)
    over.set()
    thread.join()
"""


def test_one_that_does_not_end_is_noticed(script, capsys, monkeypatch):
    monkeypatch.setattr("threadlab.search.mutate.LEAST", 10_000)
    _, out, _ = mutated(capsys, script(ENDLESS), "--executions", "20")
    assert "  left out: noticed after 1 execution, does not end\n" in out


# The command

OBJECT = "tests/races/objects/counter.py:Sound"


def mutated(capsys, *arguments):
    """Exit status, standard output and error."""
    try:
        status = cli.main(["mutate", *arguments])
    except SystemExit as error:
        status = error.code
    return status, *capsys.readouterr()


def test_the_command_tells_line_by_line(script, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script(BOX)
    status, out, err = mutated(capsys, "script.py:scenario", "--executions", "30", "--json")
    assert (status, err) == (1, "")
    *lines, last = out.splitlines()
    assert lines[:5] == [
        "script.py:10:with   with self.changed:",
        "  without the lock: not noticed in 30 executions",
        "script.py:12:notify_all   self.changed.notify_all()",
        "  left out: noticed after 1 execution, deadlock",
        "  threadlab explore script.py:scenario --mutant=script.py:12:notify_all --replay -",
    ]
    assert lines[-3:] == [
        "6 mutants: 4 noticed; 2 not",
        "What is not noticed is needless, or this scenario does not test what it is for, or",
        "it takes more --executions.",
    ]
    result = json.loads(last)
    assert [result[key] for key in ("noticed", "survived", "unreached")] == [4, 2, 0]
    assert {one["mutant"]: one["outcome"] for one in result["mutants"]} == {
        f"script.py:{mutant}": outcome for mutant, outcome in OF_BOX.items()
    }


def test_its_lines_replay(script, capsys):
    _, out, _ = mutated(capsys, script(BOX), "--executions", "30")
    commands = [line.split()[1:] for line in out.splitlines() if line.startswith("  threadlab ")]
    assert len(commands) == 4
    for command in commands:
        assert cli.main(command) == 1
        said = capsys.readouterr().out
        assert said.splitlines()[-1] == f"Again: threadlab {shlex.join(command)}"


def test_all_are_noticed(script, capsys):
    body = "import threading\ndef scenario():\n  event = threading.Event()\n"
    body += "  threading.Thread(target=event.wait).start()\n  event.set()\n"
    status, out, err = mutated(capsys, script(body), "--executions", "5")
    assert (status, err) == (0, "")
    assert out.endswith("\n1 mutant: 1 noticed; 0 not\n")


def test_calls_of_an_object_notice_it_too(capsys):
    calls = "| increment() | increment() | value()"
    status, out, err = mutated(capsys, OBJECT, "--calls", calls, "--executions", "100")
    assert (status, err) == (0, "")
    mutant, noticed, again, _sum = out.splitlines()
    assert mutant == "tests/races/objects/counter.py:29:with   with self._lock:"
    assert noticed.startswith("  without the lock: noticed after ")
    assert cli.main(shlex.split(again)[1:]) == 1
    assert capsys.readouterr().out.endswith(f"Again:{again[1:]}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mutate", "nothing.py:scenario"], "there is no such file"),
        (["mutate", SOUND, "--only", "nothing.py"], "nothing.py: there is no such file"),
        (["mutate", SOUND, "--races", "error"], "invalid choice: 'error'"),
        (["check", "x.py:C", "--mutant", "x.py:1:with"], "there is no such file"),
        (["check", OBJECT, "--mutant", "x.py:1:with"], "--mutant needs --calls"),
        (["explore", SOUND, "--mutant", "x.py:with"], "no mutant: 'x.py:with'; one looks like"),
        (["explore", SOUND, "--mutant", "x.py:1:lock"], "no mutant: 'x.py:1:lock'; kinds are with"),
    ],
)
def test_wrong_usage_is_said_in_one_line(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_on_a_terminal_there_is_progress_and_ctrl_c_ends_it():
    status, out, shown = on_terminal(
        SOUND, "--executions", "1000000", interrupt=True, command="mutate"
    )
    assert (status, out) == (cli.INTERRUPTED, "")
    assert shown.startswith("\ras it is, ")
    last = shown.rpartition("\x1b[K")[2]
    assert last == "threadlab mutate: ended by Ctrl-C after 0 mutants; 0 of them not noticed\r\n"
