"""What is printed and written down: the same bytes, and one line for what goes wrong."""

import argparse
import os
import re
import subprocess
import sys

import pytest

from tests.lab.reported import FLAG, ROOT
from tests.lab.specs import construct, program
from threadlab import cli as command
from threadlab.reports import files, table, text

# The same bytes


def test_the_same_execution_gives_the_same_bytes_in_every_process(tmp_path):
    spec = program("sets")
    told = []
    for seed in ("1", "2"):
        written = [tmp_path / f"{seed}.html", tmp_path / f"{seed}.json"]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "threadlab", "explore", spec, "--replay=12.1,20.1"),
                *("-v", f"--race-report={written[0]}", f"--race-trace={written[1]}"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout.isascii()) == (1, True)
        told.append([done.stdout, *(path.read_bytes() for path in written)])
    assert told[0] == told[1]
    assert b"'four', 'oneone', 'three', 'two'" in told[0][0]


# The command, and its files


def main(capsys, *arguments):
    """Exit status, standard output and error of the command, in this process."""
    try:
        status = command.main(["explore", *arguments])
    except SystemExit as error:
        status = error.code
    return status, *capsys.readouterr()


@pytest.mark.parametrize("what", ["observe", "table"])
def test_a_defect_of_the_drawing_keeps_nothing_back(monkeypatch, capsys, tmp_path, what):
    def fail(*args):
        raise ZeroDivisionError("a defect")

    arguments = FLAG, "--replay=41+1.1", f"--race-report={tmp_path / 'race.html'}"
    status, plain, _ = main(capsys, *arguments)
    monkeypatch.setattr(text if what == "observe" else table, what.replace("table", "text"), fail)
    ended, out, _ = main(capsys, *arguments)
    assert ended == status == 1
    failed, table_and_rest = re.split(r"\n *time  step ", plain)
    rest = table_and_rest.partition("\n\n")[2]
    cannot = "the execution cannot be shown: ZeroDivisionError('a defect')"
    assert out == f"{failed}\n{cannot}\n\n{rest}"


UNWRITABLE = {
    "nowhere/race.html": "there is no folder",
    "folder": "it is a folder",
    "": "the name of a file is missing",
}


@pytest.mark.parametrize("name", UNWRITABLE)
@pytest.mark.parametrize("option", files.FORMS)
def test_a_path_that_cannot_be_written_is_said_first(capsys, tmp_path, option, name):
    (tmp_path / "folder").mkdir()
    path = str(tmp_path / name) if name else ""
    status, out, err = main(capsys, FLAG, f"{option}={path}")
    assert (status, out) == (2, "")
    assert UNWRITABLE[name] in err
    assert path in err
    assert err.count("\n") == 1


def test_a_file_that_may_not_be_written_is_said_first(monkeypatch, tmp_path):
    (tmp_path / "race.html").write_text("")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may do all
    for name in ("race.html", "new.html"):
        with pytest.raises(argparse.ArgumentTypeError, match="it is not permitted"):
            files.writable(str(tmp_path / name))


@pytest.mark.parametrize("option", files.FORMS)
def test_an_error_at_the_end_is_a_line(monkeypatch, option):
    line = files.write(option, "/dev/full", [])
    assert line == f"{option}: cannot write /dev/full: No space left on device"
    monkeypatch.setitem(files.FORMS, option, files.Form("", lambda reports: 1 / 0, ""))
    line = files.write(option, os.devnull, [])
    assert line.startswith(f"{option}: cannot write {os.devnull}: ZeroDivisionError(")


def test_a_file_of_no_failure_says_so(capsys, tmp_path):
    path = tmp_path / "race.html"
    path.write_text("of an earlier run")
    status, _, err = main(
        capsys, construct("nonlocal_", sound=True), "--replay=-", f"--race-report={path}"
    )
    assert (status, err) == (0, f"--race-report: {path}, 0 executions that failed\n")
    assert "Nothing failed" in path.read_text()


def test_what_cannot_be_encoded_is_escaped(script):
    spec = script("def scenario():\n    assert not 'é'  # ü\n")
    done = subprocess.run(
        [sys.executable, "-m", "threadlab", "explore", spec],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"assert not '\xe9'" in done.stdout
