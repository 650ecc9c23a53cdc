"""Be the scheduler: what is told to come of a choice comes of it; the page, and the terminal."""

import functools
import os
import random
import subprocess
import sys

import pytest

from tests.lab import tour
from tests.lab.browsing import MISPLACED, WIDTHS
from tests.lab.reported import ROOT
from threadlab import cli
from threadlab.errors import ProgramError
from threadlab.play.explore import game
from threadlab.play.game import End
from threadlab.play.page import page
from threadlab.play.terminal import play
from threadlab.program import Program
from threadlab.reports.observer import observe
from threadlab.schedule import Schedule
from threadlab.search.explore import explore

BANK = """
import threading

class Account:
    def __init__(self):
        self.balance = 10
        self.lock = threading.Lock()

def transfer(source, target):
    with source.lock:
        with target.lock:
            source.balance -= 1
            target.balance += 1

def scenario():
    one, other = Account(), Account()
    threads = [threading.Thread(target=transfer, args=(one, other)),
               threading.Thread(target=transfer, args=(other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


@functools.cache
def of_race(name):
    """The game of a race of the tour, as far as a few executions show it."""
    return game(Program.parse(f"tests/races/{name}.py:scenario"), executions=120)


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    file = tmp_path_factory.mktemp("bank") / "bank.py"
    file.write_text(BANK)
    return game(Program.parse(f"{file}:scenario"))


def walk(game, choose):
    """The options that ``choose`` takes, the end, and the schedule."""
    place, taken, delays = game.end or 0, [], []
    while not isinstance(place, End):
        decision = game.decisions[place]
        option = choose([one for one in decision.options if one.to is not None])
        if option.skip:
            delays.append((decision.step, decision.turn, option.skip))
        taken.append(option)
        place = option.to
    return taken, place, Schedule(delays)


def to_failure(options):
    return min(options, key=lambda one: 99 if one.fewest is None else one.fewest)


def to_passing(options):
    return next(one for one in options if one.passes)


# What is known


def test_what_is_told_to_come_of_choices_comes_of_them():
    made = of_race("lost_wake_up")
    simulation, scenario = Program.parse(made.title).load(recording=True)
    draw, ends = random.Random(0), set()
    for _ in range(25):
        _, end, schedule = walk(made, draw.choice)
        events = observe(simulation, scenario, schedule).events
        assert any(event.kind == "fail" for event in events) == bool(end.failure), schedule
        ends.add(bool(end.failure))
    assert ends == {True, False}


def test_a_small_scenario_is_known_as_a_whole(bank):
    assert bank.complete is None
    assert bank.known().startswith("All that can happen is here")
    assert all(one.to is not None for decision in bank.decisions for one in decision.options)


def test_the_fewest_delays_are_those_that_a_search_finds(bank):
    assert bank.fewest == 2
    assert not explore(bank.title, strategy="bounded", bound=1).found
    taken, end, schedule = walk(bank, to_failure)
    assert sum(one.delays for one in taken) == len(schedule) == 2
    assert explore(bank.title, replay=schedule).failure.kind == "deadlock"
    assert (
        end.failure
        == "Deadlock: MainThread, Thread-1 (transfer) and Thread-2 (transfer) can never go on"
    )


def test_what_each_choice_can_lead_to_is_told(bank):
    leads = {one.leads for decision in bank.decisions for one in decision.options}
    assert leads == {"can still break", "can only pass", "breaks in any case"}
    taken, *_ = walk(bank, to_passing)
    assert taken[-1].leads == "can only pass"


def test_of_a_large_scenario_is_told_what_is_known(script):
    part = game(Program.parse(script(BANK)), executions=60)
    assert part.complete == 2
    assert "too large" in part.known()
    assert "at most 2 delays is here" in part.known()
    leads = {one.leads for decision in part.decisions for one in decision.options}
    assert leads >= {"not looked into", "can still break"}


@pytest.mark.once  # who can run while a thread starts depends on how `threading` waits for it
def test_what_fails_by_itself_says_so():
    made = of_race("started_never_comes")
    assert (made.fewest, made.passes) == (0, False)
    assert made.task() == "Whatever you choose, it breaks. Find out why."


def test_nothing_to_choose(script):
    made = game(Program.parse(script("def scenario():\n    pass\n")))
    assert made.decisions == ()
    assert made.task().startswith("There is nothing to choose")


def test_what_is_too_long_to_play_is_refused(script):
    source = "def scenario():\n    for n in range(2000):\n        last = n\n"
    with pytest.raises(ProgramError, match="too large to be played"):
        game(Program.parse(script(source)))


# In a terminal


def played(game, *lines):
    left, said = list(lines), []
    play(game, lambda: f"{left.pop(0)}\n" if left else "", said.append)
    return said


def test_a_terminal_plays_to_the_failure_back_and_to_the_end(bank):
    taken, _, schedule = walk(bank, to_failure)
    place, keys = 0, []
    for one in taken:
        keys.append(str(bank.decisions[place].options.index(one) + 1))
        place = one.to
    said = played(bank, *keys, "u", "r", "e", "nonsense", "q")
    failed = said.index("It broke. " + taken[-1].to.failure)
    assert said[failed + 1] == "With 2 delays. It cannot be done with fewer."
    assert said[failed + 2].endswith(f"--replay {schedule}")
    assert said.index("Taken back.") > failed
    passed = said.index("It passed: nothing failed.")
    assert passed > failed
    assert any(line.startswith("There is no 'nonsense' here") for line in said[passed:])


def test_the_command_reads_choices_from_a_pipe(script):
    run = subprocess.run(
        [sys.executable, "-P", "-m", "threadlab", "play", script(BANK), "--terminal"],
        input="1\ne\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "Decision 1, no delay so far. Who goes on?" in run.stdout
    assert "It passed: nothing failed." in run.stdout


def test_the_command_writes_a_page(script, tmp_path, capsys):
    file = tmp_path / "play.html"
    assert cli.main(["play", script(BANK), "-o", str(file), "--executions", "20"]) == 0
    assert "open it in a browser" in capsys.readouterr().out
    assert file.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nowhere.py:scenario"], "there is no such file"),
        (["nowhere.py:scenario", "-o", "no/such/folder.html"], "there is no folder"),
    ],
)
def test_what_cannot_be_played_is_told_in_a_line(arguments, why, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["play", *arguments])
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert why in said
    assert said.count("\n") == 1


def test_no_text_of_the_program_ends_an_element(script):
    hostile = "</script><b id=hostile>"
    source = f"def scenario():\n    said = '{hostile}'\n    raise ValueError(said)\n"
    made = page(game(Program.parse(script(source))))
    assert made.count("</script>") == 2
    assert "<b id" not in made


@pytest.mark.once
def test_the_same_program_gives_the_same_page(script, tmp_path):
    made = set()
    for seed in ("1", "2"):
        file = tmp_path / f"{seed}.html"
        arguments = ["play", script(BANK), "-o", str(file), "--executions", "30"]
        subprocess.run(
            [sys.executable, "-P", "-m", "threadlab", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        made.add(file.read_text("utf-8"))
    assert len(made) == 1


# In a browser


@pytest.fixture
def opened(browser, show):
    """A page that is played by clicks."""

    class Opened:
        def __init__(self, game):
            show(page(game))

        def text(self, css):
            return browser.find_element("css selector", css).text

        def click(self, css):
            browser.find_element("css selector", css).click()

        def follow(self, game, choose):
            """Click the options that are chosen so, and compare what is said of each."""
            place, taken = game.end or 0, []
            while not isinstance(place, End):
                options = game.decisions[place].options
                option = choose([one for one in options if one.to is not None])
                button = f'[data-choose="{options.index(option)}"]'
                assert option.leads in self.text(button)
                self.click(button)
                taken.append(option)
                place = option.to
            return taken, place

    return Opened


@pytest.mark.once
@pytest.mark.parametrize("name", tour.names())
def test_a_race_of_the_tour_is_played_to_its_failure_and_to_a_good_end(name, opened):
    made = of_race(name)
    played = opened(made)
    assert played.text(".task") == made.task()
    taken, end = played.follow(made, to_failure)
    assert played.text(".how") == f"It broke. {end.failure}"
    assert "It cannot be done with fewer." in played.text(".score")
    assert played.text(".result code").startswith(f"threadlab explore {made.title} --replay ")
    played.click("[data-do=undo]")
    assert played.text(".choose h2") == "Who goes on?"
    assert taken[-1].leads in played.text(".options")
    played.click("[data-do=restart]")
    if made.passes:
        played.follow(made, to_passing)
        assert played.text(".how") == "It passed: nothing failed."
    else:
        assert made.task() == "Whatever you choose, it breaks. Find out why."


@pytest.mark.once
def test_the_page_is_played_by_keys(browser, opened, bank):
    played = opened(bank)
    body = browser.find_element("css selector", "body")
    body.send_keys("1e")
    assert played.text(".how") == "It passed: nothing failed."
    body.send_keys("r2u")
    assert played.text(".so-far") == "Decision 1, no delay so far."
    assert len(browser.find_elements("css selector", ".options .leads")) == 2
    played.click(".hints")
    assert browser.find_elements("css selector", ".options .leads") == []


@pytest.mark.once
def test_its_page_is_in_its_place_and_accessible(browser, opened, resize, axe, bank):
    for width in WIDTHS:
        resize(width)
        opened(bank)
        assert browser.execute_script(MISPLACED) == [], width
        assert axe(browser) == []
        browser.find_element("css selector", "body").send_keys("e")
        assert browser.execute_script(MISPLACED) == [], width
