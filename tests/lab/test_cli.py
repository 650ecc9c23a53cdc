"""The command: what it says of programs and of wrong usage, what it prints, how it ends."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.searching import COUNTER, ROOT, SOUND, main, on_terminal, run
from tests.lab.specs import program
from threadlab import cli
from threadlab.search import watch

REFUSED = {
    "def scenario(:": "script.py:1: SyntaxError: ",
    "if 1:\n\tx = 1\n        y = 1": "script.py:3: TabError: ",
    "def other(): pass": "there is no function scenario",
    "scenario = 7": "scenario is not a function",
    "def scenario(x): pass": "must do without arguments: missing a required argument: 'x'",
    "def scenario(): yield": "is a generator or a coroutine",
    "async def scenario(): pass": "is a generator or a coroutine",
    "1 / 0": "does not load: ZeroDivisionError: division by zero",
    "raise SystemExit": "does not load: SystemExit",
    "import no_such_module": "does not load: ModuleNotFoundError: No module named 'no_such_module'",
    "def scenario(): input()": "input cannot be simulated: it reads standard input",
    "input()": "input cannot be simulated",
    "import sys\ndef scenario(): sys.stdin.read()": "sys.stdin.read cannot be simulated",
    "import os\ndef scenario(): os.fork()": "os.fork cannot be simulated: it leaves the process",
    "import os\ndef scenario(): os.system('true')": "os.system cannot be simulated",
    "def scenario():\n  with open(__file__ + 'n', 'a') as file:\n    file.write('n')\n"
    "    for _ in range(file.tell()): file": "went two ways",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_explored_is_said_in_one_line(script, capsys, text):
    status, out, err = main(capsys, script(text))
    assert (status, out) == (2, "")
    assert REFUSED[text] in err
    assert re.fullmatch(r"threadlab explore: error: [^\n]*\n", err)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.py:scenario"], "there is no such file"),
        (["README.md:scenario"], "'README.md' is neither a Python file nor a module; give FILE.py"),
        (["no_such.module:f"], "no_such.module: there is no such module"),
        (["nothing.py"], "which function? What to explore is given as FILE.py:FUNCTION"),
        (["nothing.py:"], "which function? What to explore is given as FILE.py:FUNCTION"),
        (["nothing.py:a-b"], "'a-b' is not the name of a function"),
        ([SOUND, "--include", "no_such"], "no_such: there is no such module"),
        ([SOUND, "--include", "a-b"], "'a-b' is not the name of a module"),
        ([], "the following arguments are required: FILE.py:FUNCTION"),
        (["x.py:f", "--replay", "12"], "not a schedule: '12'"),
        (["x.py:f", "--replay", "2.1,1.1"], "not a schedule: '2.1,1.1'"),
        (["x.py:f", "--executions", "0"], "0 is not at least 1"),
        (["x.py:f", "--executions", "many"], "'many' is not a number"),
        (["x.py:f", "--seconds", "-1"], "-1 is not at least 0"),
        (["x.py:f", "--seconds", "nan"], "nan is not at least 0"),
        (["x.py:f", "--seed", "1.5"], "'1.5' is not a number"),
        (["x.py:f", "--bound", "-1"], "-1 is not at least 0"),
        (["x.py:f", "--strategy", "best"], "invalid choice: 'best'"),
        (["x.py:f", "--races", "on"], "invalid choice: 'on'"),
        (["x.py:f", "-j", "0"], "0 is not at least 1"),
        (["x.py:f", "--jobs", "all"], "'all' is not a number"),
        (["x.py:f", "--shard", "0/4"], "'0/4' is not K/N; the second of four parts is 2/4"),
        (["x.py:f", "--shard", "5/4"], "'5/4' is not K/N"),
        (["x.py:f", "--shard", "2"], "'2' is not K/N"),
        ([SOUND, "--strategy", "exhaustive", "-j2"], "--strategy=exhaustive cannot be divided"),
        ([SOUND, "--strategy", "exhaustive", "--shard", "1/2"], "cannot be divided"),
    ],
)
def test_wrong_usage_is_said_in_one_line(capsys, arguments, message):
    status, out, err = main(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_one_that_runs_for_ever_is_a_livelock(capsys):
    spec = program("livelock")
    status, out, err = main(capsys, spec, "--executions", "1", "--races", "off")
    assert (status, err) == (1, "")
    assert "livelock in MainThread, Thread-1 (spin): " in out


@pytest.mark.parametrize("text", ["while True: pass", "def scenario(): exec('while True: pass')"])
def test_one_that_hangs_without_steps_is_ended_with_one_line(script, capsys, monkeypatch, text):
    monkeypatch.setattr(watch, "SILENT", 0.5)
    status, out, err = main(capsys, script(text))
    assert (status, out) == (2, "")
    assert re.fullmatch(r"[^\n]* never ends: 0.5 s without a step; at [^\n]*\n", err)


@pytest.mark.parametrize(("spec", "status"), [(COUNTER, 1), (SOUND, 0)])
def test_the_last_line_is_an_object(capsys, spec, status):
    ended, out, err = main(capsys, spec, "--json", "--executions", "50", "--seed", "3")
    assert (ended, err) == (status, "")
    result = json.loads(out.splitlines()[-1])
    assert list(result) == [
        *("found", "program", "shard", "executions", "seconds", "steps", "strategy", "seed"),
        *(
            "settings",
            "exhausted",
            "cut_off",
            "schedule",
            "stall",
            "failure",
            "why",
            "failures",
            "races",
        ),
    ]
    assert (result["found"], result["seed"], result["exhausted"]) == (bool(status), 3, False)
    if status:
        assert list(result["failure"]) == ["kind", "message", "thread", "location"]
        assert result["failure"]["location"].endswith("nonlocal_.py:17")
        assert [list(race) for race in result["races"]] == [["location", "accesses"]]
    else:
        assert (result["failure"], result["schedule"], result["races"]) == (None, None, [])


def test_the_last_line_of_text_replays_in_a_fresh_process(capsys):
    status, out, _ = main(capsys, COUNTER)
    assert status == 1
    again = out.splitlines()[-1].removeprefix("Again: threadlab explore ").split()
    done = run(*again)
    assert (done.returncode, done.stderr) == (1, "")
    failed = re.search(r"\nexception in .*\nat .*\n", out)[0]
    assert failed in done.stdout
    assert "schedule: " + again[-1] in done.stdout


def test_what_a_script_prints_is_shown_in_a_replay_only(script, capsys):
    spec = script(
        "import sys\nprint('loads')\ndef scenario(): print('runs'); sys.stderr.write('!')"
    )
    _, out, err = main(capsys, spec)
    assert out.startswith("nothing found, and nothing left to try: ")
    assert "loads" not in out
    assert "runs" not in out
    assert err == ""
    status, out, err = main(capsys, spec, "--replay", "-")
    assert (status, err) == (0, "!")
    assert out == "runs\nnothing found: one execution, 2 steps\n"


def test_on_a_terminal_there_is_a_line_of_progress():
    status, out, shown = on_terminal(SOUND, "--executions", "200")
    assert status == 0
    assert re.match(
        r"\r[a-z]+: [\d,]+ executions?, [\d,]+/s, [\d,]+ steps each, [\d,]+ distinct, "
        r"at most [\d,]+ s left",
        shown,
    )
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown
    assert out.startswith("nothing found: 200 executions")


def test_ctrl_c_ends_with_what_is_known():
    status, out, shown = on_terminal(SOUND, "--executions", "100000000", interrupt=True)
    assert status == cli.INTERRUPTED
    assert out == ""
    last = shown.rpartition("\x1b[K")[2]
    assert re.fullmatch(
        r"threadlab explore: ended by Ctrl-C after .* in .* s; nothing found so far\r\n", last
    )


def test_a_reader_that_goes_away_is_no_error():
    reader = f"{sys.executable} -c 'import sys; sys.stdin.readline()'"
    command = f"{sys.executable} -m threadlab explore {COUNTER} --json | {reader}"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.stderr == ""


def test_a_traceback_has_no_frame_of_the_laboratory(script, capsys):
    spec = script("""
        import threading

        def scenario():
            worker = threading.Thread(target=print)
            starters = [threading.Thread(target=worker.start) for _ in range(2)]
            for starter in starters:
                starter.start()
    """)
    status, out, _err = main(capsys, spec)
    assert status == 1
    assert "RuntimeError: threads can only be started once" in out
    assert f"{Path(cli.__file__).parent.name}{os.sep}" not in out


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
def test_what_cannot_be_written_is_one_line(script):
    spec = script("def scenario(): pass")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "threadlab", "explore", spec],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == "threadlab: cannot write to standard output: No space left on device\n"
