"""What is said of why an execution fails names the lines of the fault, and both sides replay."""

from pathlib import Path

import pytest

from tests.lab.specs import construct
from threadlab import explore
from threadlab.cli import main

pytestmark = pytest.mark.once

RACES = Path(__file__).parents[1] / "races"
LINES = {
    f"{RACES}/two_starts.py:scenario": {19, 22},  # looks, and acts
    f"{RACES}/lost_wake_up.py:scenario": {19, 20, 46, 47},  # looks, and locks; stops
    construct("nonlocal_"): {14},
    construct("with_two_locks"): {13, 17},
    construct("condition_wait_for"): {13, 18},
    construct("queue_join"): {16, 22},
}


SEVERAL = """
import threading

def scenario():
    one = other = 0
    def work():
        nonlocal one, other
        one += 1
        other += 1
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one + other == 4
"""


def name(scenario):
    return Path(scenario.partition(":")[0]).stem


@pytest.mark.parametrize("scenario", LINES, ids=name)
def test_a_claim_names_the_lines_of_the_fault(scenario):
    result = explore(scenario, explain=True)
    why = result.why
    assert str(why).startswith("fails exactly when ")
    assert {place.line for place in why.places} == LINES[scenario]
    assert explore(scenario, replay=result.schedule).found
    assert not explore(scenario, replay=why.otherwise).found


def test_where_a_failure_comes_about_in_several_ways_it_says_so(tmp_path):
    """Either of two counts may be lost, and nobody can tell which."""
    file = tmp_path / "several.py"
    file.write_text(SEVERAL)
    why = str(explore(f"{file}:scenario", explain=True).why)
    assert why.startswith("fails whenever ")
    assert why.endswith(", and in other ways")


def test_nothing_is_claimed_unless_it_is_asked_for():
    assert explore(construct("nonlocal_")).why is None


def test_nothing_is_claimed_of_what_fails_in_the_ordinary_run():
    assert explore(construct("rlock"), explain=True).why is None


def test_nothing_is_claimed_if_the_schedule_is_not_made_small():
    assert explore(construct("nonlocal_"), small=False, explain=True).why is None


def test_a_claim_needs_no_search_for_races_and_is_the_same_again():
    said = {
        explore(construct("nonlocal_"), strategy="bounded", races=races, explain=True).why.text
        for races in ("off", "report")
        for _ in range(2)
    }
    assert len(said) == 1


def test_a_report_has_the_claim_under_the_failure(capsys):
    main(["explore", construct("nonlocal_"), "--explain"])
    out = capsys.readouterr().out
    assert "\nfails exactly when the write in `" in out
    assert out.index("AssertionError") < out.index("fails exactly") < out.index("schedule:")
