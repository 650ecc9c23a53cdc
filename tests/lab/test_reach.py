"""Programs of real use: they run in the simulated world, and the sound and the racy are told apart.

What each is, and where a new one goes: `tests.lab.reach`. Here every eighth is judged, and others
on each Python; those of packages that are not installed are skipped. ``tox -e reach`` installs all
and judges all.
"""

import os
import subprocess
import sys

import pytest

from tests.lab.reach import SCRIPTS
from tests.lab.reach.__main__ import main, real
from tests.lab.reach.escapes import escapes
from tests.lab.reach.judging import SOUND, judge, kept_lines, place_of
from tests.lab.searching import ROOT
from threadlab.search.explore import explore

ALL = "REACH" in os.environ
SAMPLE = list(SCRIPTS) if ALL else list(SCRIPTS)[::24]
SHARE = slice(None) if ALL else slice(sys.version_info.minor % 8, None, 8)
JUDGED = list(SCRIPTS)[SHARE]
KEPT = kept_lines()


def script_of(name):
    script = SCRIPTS[name]
    if script.missing and not ALL:
        pytest.skip(f"{', '.join(script.missing)} not installed")
    return script


SHORT = {
    "packages/trio_threads": "its idle threads stay: it needs --daemons=allow",
    "packages/sqlalchemy_accounts": "its modules in C keep those of the first world",
}
"""What is not as it should be, and why."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.xfail(strict=True, reason=SHORT[name])])
        if name in SHORT
        else name
        for name in JUDGED
    ],
)
def test_the_sound_is_left_in_peace_and_the_race_found_and_nothing_gets_out(name):
    verdict = judge(script_of(name), SOUND if ALL else 60)
    assert verdict.holds, str(verdict)


@pytest.mark.parametrize("name", list(KEPT)[SHARE])
def test_a_token_is_the_same_failure_on_every_python(name):
    """Those of `expected/reach-tokens.txt`, which CPython 3.13 has found."""
    token, kind, place = KEPT[name]
    failure = explore(script_of(name).spec("racy"), replay=token).failure
    assert failure is not None
    assert (failure.kind, place_of(failure)) == (kind, place)


def test_there_is_a_token_for_each_script():
    assert list(KEPT) == [name for name in SCRIPTS if name not in SHORT]


@pytest.mark.parametrize("name", SAMPLE)
def test_the_sound_is_sound_on_real_threads(name):
    verdict = real(script_of(name))
    assert verdict.holds, str(verdict)


@pytest.mark.once
def test_the_same_tokens_under_another_hash_seed():
    def printed(seed):
        return subprocess.run(
            [sys.executable, "-m", "tests.lab.reach", "--tokens", "--executions=1", *SAMPLE],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        ).stdout

    assert printed("1") == printed("2") != ""


def test_whatever_gets_out_is_seen():
    """By the hook that all other tests here rely on."""
    with escapes() as out:
        code = "import socket, threading, time; time.sleep(0); socket.socket().close()"
        exec(code + "; threading.Thread(target=int).start()")
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert {"subprocess.Popen", "socket.__new__"} <= out
    assert "time.sleep" in out or sys.version_info < (3, 13)  # which says nothing of it
    begun = any(event.startswith("_thread.start") for event in out)
    assert begun or sys.version_info < (3, 12)
    time_before = set(out)
    exec(code)
    assert out == time_before


def test_the_table_says_what_falls_short(monkeypatch, capsys, tmp_path):
    script = SCRIPTS["stdlib/tills"]
    assert main(["stdlib/tills", "--executions=5"]) == 0
    assert capsys.readouterr().out.endswith("holds\n1 of 1 hold\n")
    swapped = tmp_path / "tills.py"
    text = script.file.read_text(encoding="utf-8")
    swapped.write_text(text.replace("threading.Lock()", "nullcontext()"), encoding="utf-8")
    monkeypatch.setattr(type(script), "spec", lambda self, function: f"{swapped}:{function}")
    assert "scenario: exception under" in str(judge(script, 60))
