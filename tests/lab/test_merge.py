"""What the parts of a search have found, put together; and all that a search finds, listed."""

import io
import json

import pytest

from tests.lab.searching import COUNTER, SOUND, main
from threadlab import cli
from threadlab.search.explore import explore

pytestmark = pytest.mark.once

SEVERAL = """
import threading

class Box:
    first = second = 0

def scenario():
    box = Box()
    one, other = threading.Lock(), threading.Lock()

    def work():
        with one, other:
            pass
        box.first += 1

    def work_too():
        with other, one:
            pass
        box.second = box.first

    threads = [threading.Thread(target=work), threading.Thread(target=work_too)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.second, "looked too early"
"""


def merge(capsys, *arguments):
    """Exit status, standard output and error of the command."""
    try:
        status = cli.main(["merge", *map(str, arguments)])
    except SystemExit as error:
        status = error.code
    return status, *capsys.readouterr()


@pytest.fixture
def parts(capsys, tmp_path):
    """Runs a search in parts; returns the files with what each has printed."""

    def run(count, *arguments):
        files = []
        for number in range(1, count + 1):
            _, out, _ = main(capsys, *arguments, "--json", f"--shard={number}/{count}")
            files.append(tmp_path / f"part{number}.txt")
            files[-1].write_text(out)
        return files

    return run


def test_all_that_fails_is_listed_each_made_small_with_how_many_failed_so(script, capsys):
    spec = script(SEVERAL)
    status, out, _ = main(capsys, spec, "--all", "--executions=150", "--json")
    assert status == 1
    result = json.loads(out.splitlines()[-1])
    assert result["executions"] == 150
    failures = result["failures"]
    assert [failure["kind"] for failure in failures] == ["deadlock", "exception"]
    assert all(len(failure["schedule"].split(",")) <= 2 for failure in failures)
    assert all(failure["executions"] > 1 for failure in failures)
    assert all(race["executions"] > 1 for race in result["races"])
    assert out.startswith("found 2 failures: 150 executions in ")
    assert f"\n2 of 2, in {failures[1]['executions']} executions; the first was number " in out
    for failure in failures:
        assert f"\nAgain: {failure['again']}\n" in out
        assert main(capsys, *failure["again"].split()[2:])[0] == 1


def test_races_that_differ_in_their_lines_are_failures_of_their_own(script):
    result = explore(script(SEVERAL), all=True, races="error", executions=100)
    races = [case for case in result.cases if case.failure.kind == "race"]
    assert len(races) == len({case.failure.location for case in races}) == 1
    assert result.raced[result.races[0].lines] == races[0].executions


def test_without_all_the_first_ends_it(script):
    result = explore(script(SEVERAL), small=False)
    assert [case.first for case in result.cases] == [result.executions]


def test_parts_are_put_together(script, capsys, parts):
    files = parts(3, script(SEVERAL), "--all", "--executions=60")
    each = [json.loads(file.read_text().splitlines()[-1]) for file in files]
    status, out, err = merge(capsys, "--json", *reversed(files))
    assert (status, err) == (1, "")
    merged = json.loads(out.splitlines()[-1])
    assert list(merged) == list(each[0])
    assert merged["executions"] == sum(part["executions"] for part in each) == 180
    assert {failure["kind"] for failure in merged["failures"]} == {"deadlock", "exception"}
    assert len(merged["failures"]) == 2
    for kind in ("deadlock", "exception"):
        counts = [f["executions"] for part in each for f in part["failures"] if f["kind"] == kind]
        assert f"\nin {sum(counts)} executions\n" in out
    assert merged["failure"]["kind"] == merged["failures"][0]["kind"]
    assert "\nAgain: threadlab explore " in out


def test_parts_in_which_there_is_nothing_are_nothing(capsys, parts):
    files = parts(2, SOUND, "--strategy=bounded", "--bound=1")
    status, out, err = merge(capsys, *files)
    assert (status, err) == (0, "")
    whole = explore(SOUND, strategy="bounded", bound=1)
    figures = f"{whole.executions} executions in 2 parts, seed 0"
    left = "nothing left to try with so few delays (--bound)"
    assert out == f"nothing found, and {left}: {figures}\n"


def test_one_that_found_is_enough(capsys, parts):
    files = parts(2, COUNTER, "--executions=40")
    assert merge(capsys, *files)[0] == 1


def test_standard_input_is_a_part_too(capsys, parts, monkeypatch):
    first, second = parts(2, SOUND, "--executions=5")
    monkeypatch.setattr("sys.stdin", io.StringIO(second.read_text()))
    assert merge(capsys, first, "-")[0] == 0


def test_what_is_not_all_of_one_search_is_refused_in_one_line(capsys, parts, tmp_path):
    first, second, third = parts(3, SOUND, "--executions=3")
    other = tmp_path / "other.txt"
    refused = {
        "part 2/3 is missing": [first, third],
        "part 1/3 is there twice": [first, first, second, third],
        "no line of threadlab explore --json; has that ended?": [first, other],
        "No such file or directory": [first, tmp_path / "nowhere.txt"],
        "not of one search: seed 0 and seed 7": [first, tmp_path / "seed.txt"],
        "not of one search: strategy portfolio and strategy pos": [first, tmp_path / "pos.txt"],
        "not of one search: bound 2 and bound 3": [first, tmp_path / "bound.txt"],
        "not of one search: stall 0.5 and stall inf": [first, tmp_path / "stall.txt"],
        "not of one search: daemons fail and daemons allow": [first, tmp_path / "daemons.txt"],
        "not of one search: 2 parts and 3 parts": [first, tmp_path / "two.txt"],
    }
    other.write_text('nothing\n{"shard": 3}\n[]\n')
    text = first.read_text()
    (tmp_path / "seed.txt").write_text(text.replace('"seed": 0', '"seed": 7'))
    for name, old, new in (
        ("pos", '"strategy": "portfolio"', '"strategy": "pos"'),
        ("bound", '"bound": 2', '"bound": 3'),
        ("stall", '"stall": "0.5"', '"stall": "inf"'),
        ("daemons", '"daemons": "fail"', '"daemons": "allow"'),
    ):
        assert old in text
        (tmp_path / f"{name}.txt").write_text(text.replace(old, new).replace('"1/3"', '"2/3"'))
    (tmp_path / "two.txt").write_text(text.replace('"1/3"', '"1/2"'))
    for said, files in refused.items():
        status, out, err = merge(capsys, *files)
        assert (status, out) == (2, "")
        assert said in err
        assert err.count("\n") == 1
