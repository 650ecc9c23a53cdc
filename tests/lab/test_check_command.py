"""``threadlab check``: what it prints, its exit statuses, and what it refuses in a line."""

import json
import re
import sys

import pytest

from threadlab.cli import main

pytestmark = pytest.mark.once

TORN = """\
import time
from threadlab import Operations, operation


class Torn(Operations):
    def __init__(self):
        self._count = 0

    @operation()
    def add(self):
        count = self._count
        time.sleep(0)
        self._count = count + 1
        return self._count


class Plain:
    pass


TestTorn = Torn.TestCase
"""


@pytest.fixture
def torn(tmp_path, monkeypatch):
    """A file of operations that are torn, in the present folder."""
    (tmp_path / "torn_operations.py").write_text(TORN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield "torn_operations.py"
    sys.modules.pop("torn_operations", None)


def checked(capsys, *arguments):
    status = main(["check", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize("name", ["Torn", "TestTorn"])
def test_what_is_found(torn, capsys, name):
    status, out, err = checked(capsys, f"{torn}:{name}", "--json")
    assert (status, err) == (1, "")
    assert out.startswith("found, and shrunk: ")
    assert "no order of the calls explains that add() returned 1 in Thread-1" in out
    *_, again, line = out.splitlines()
    assert re.fullmatch(r"Again: threadlab check .* --calls '\| add\(\) \| add\(\) \|' .*", again)
    failure = json.loads(line)["failure"]
    assert failure["kind"] == "unexplained"
    assert [call["outcome"] for call in failure["calls"]] == ["returned 1", "returned 1"]


def test_it_is_made_again(torn, capsys):
    _, out, _ = checked(capsys, f"{torn}:Torn")
    (token,) = re.findall(r"--replay (\S+)$", out, re.MULTILINE)
    again = ["--calls", "| add() | add() |", "--replay", token]
    status, out, _ = checked(capsys, f"{torn}:Torn", *again)
    assert status == 1
    assert out.startswith("failed: one execution")


def test_nothing_found_says_how_to_try_more(torn, capsys, tmp_path):
    (tmp_path / "torn_operations.py").write_text(TORN.replace("time.sleep(0)", "return 1"))
    status, out, _ = checked(capsys, f"{torn}:Torn", "--examples=7")
    assert status == 0
    assert re.match(r"nothing found: \d+ programs of calls, \d+ executions in ", out)
    assert out.endswith("more: --examples 70\n")


def test_nothing_found(torn, capsys):
    status, out, err = checked(capsys, f"{torn}:Torn", "--calls", "add() | | |", "--json")
    assert (status, err) == (0, "")
    assert "\nnothing is proved: no two threads call" in out


POP = """\
from hypothesis import strategies as st
from threadlab import Operations


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop() if self.items else None


OnStack = Operations.of(Stack, {"push": [st.just(0)], "pop": []})
"""


def test_the_table_has_what_the_calls_do_and_nothing_of_the_laboratory(torn, capsys, tmp_path):
    (tmp_path / "torn_operations.py").write_text(POP)
    given = ["--calls", "push('it') | pop() | pop() |"]
    _, out, _ = checked(capsys, f"{torn}:OnStack", *given)
    assert "raises IndexError; ends" in out
    assert "waits for" not in out
    assert "woken by" not in out
    assert """ --calls "push('it') | pop() | pop() |" --replay""" in out


SLOW = """\
import time
from threadlab import Operations, operation


class Slow(Operations):
    def __init__(self):
        self._count = 0

    @operation()
    def add(self):
        count = self._count
        self._count = count + 1
        return count

    @operation()
    def add_later(self):
        time.sleep(2)
        return self.add()
"""


@pytest.mark.parametrize("calls", ["add() | add()", "| add(); add() |"])
def test_calls_one_after_another_prove_nothing(torn, capsys, calls):
    status, out, _ = checked(capsys, f"{torn}:Torn", "--calls", calls)
    assert status == 0
    assert "proved for these calls" not in out
    assert out.endswith("\nnothing is proved: no two threads call. | a() | b() | is how they do\n")


def test_what_is_proved_has_a_condition_that_can_be_lifted(torn, capsys, tmp_path):
    (tmp_path / "torn_operations.py").write_text(SLOW)
    given = [f"{torn}:Slow", "--calls", "| add() | add_later() |", "--strategy=exhaustive"]
    status, out, _ = checked(capsys, *given)
    assert status == 0
    assert "proved for these calls with no thread preempted for longer than 0.5 s: whatever" in out
    status, out, _ = checked(capsys, *given, "--stall=inf")
    assert status == 1
    assert "it preempts a thread for 2 s" in out
    drawn = [f"{torn}:Slow", "--stall=inf", "--json"]
    assert checked(capsys, *drawn)[0] == 1


def test_on_real_threads(torn, capsys):
    status = None
    with pytest.raises(SystemExit) as caught:
        status = main(["check", f"{torn}:Torn", "--world=real", "--json", "--examples=500"])
    out = capsys.readouterr().out
    assert status is None
    assert caught.value.code == 1
    assert "on real threads" in out
    told = json.loads(out.splitlines()[-1])
    assert told["found"]
    assert told["schedule"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.py:Torn"], "nowhere.py: there is no such file"),
        (
            ["torn_operations.py"],
            "'torn_operations.py' is not as in FILE.py:CLASS; there are TestTorn, Torn",
        ),
        (["torn_operations.py:Torn", "--strategy=exhaustive"], "--strategy needs --calls, and"),
        (["torn_operations.py:Torn", "--executions=7"], "--executions needs --calls, and"),
        (["torn_operations.py:Torn", "--seconds=7"], "--seconds needs --calls, and"),
        (
            ["torn_operations.py:Torn", "--world=real", "--calls=| add() | add() |", "--replay=-"],
            "--replay needs --calls, and the simulated world",
        ),
        (["torn_operations.py:Other"], "no Operations Other; there are TestTorn, Torn"),
        (["torn_operations.py:Plain"], "as in OPERATIONS = Operations.of(Plain, "),
        (["torn_operations.py:time"], "no Operations time"),
        (["torn_operations.py:Torn", "--calls", "add()"], "as in BEFORE | THREAD | THREAD | AFTER"),
        (["torn_operations.py:Torn", "--calls", "| sub() | add() |"], "no operation sub"),
        (["torn_operations.py:Torn", "--replay", "1.1"], "--replay needs --calls"),
        (["torn_operations.py:Torn", "--examples", "0"], "is not at least 1"),
        (["broken.py:Torn"], "broken.py does not load: ZeroDivisionError"),
        (["queue.py:Torn"], "queue.py: there is another module of the name queue"),
    ],
)
def test_what_is_refused(torn, capsys, arguments, words, tmp_path):
    (tmp_path / "broken.py").write_text("1 / 0")
    (tmp_path / "queue.py").write_text("")
    with pytest.raises(SystemExit) as caught:
        main(["check", *arguments])
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
