"""What an example of a property executes, and what it takes for a failure."""

import pytest

from tests.lab.specs import PROGRAMS
from tests.lab.threads import started
from threadlab.errors import DataRace, Nondeterministic
from threadlab.execution import execution_of
from threadlab.worlds.sampling import SCHEDULES
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject


def test_what_is_cut_off_has_not_failed_and_is_cut_off_sooner_the_next_time(world, monkeypatch):
    """Hypothesis executes it a few hundred times more."""
    monkeypatch.setattr("threadlab.worlds.sampling.STEPS", 20_000)
    monkeypatch.setattr("threadlab.worlds.sampling.STEPS_AGAIN", 5_000)

    def polls():
        while True:
            world.subject.Counter().add()
            world.time.sleep(1)

    for count, most in enumerate((20_000, 5_000), world.cut_off + 1):
        assert world.run(polls) is None
        assert world.cut_off == count
        assert most < world.kernel.steps < most + 2000


def test_a_scenario_that_depends_on_something_else_is_nondeterministic(world):
    runs = []

    def scenario():
        runs.append(1)
        counter = world.subject.Counter()
        threads = [counter.add] * (2 if len(runs) == 3 else 1)
        for thread in started(world, *threads):
            thread.join()

    with pytest.raises(Nondeterministic, match="from step"):
        world.run(scenario)


def test_an_example_is_executed_promptly_and_then_under_a_few_schedules(world):
    """The same ones each time, if nobody draws them; the first time twice more, to compare."""

    def scenario():
        counter = world.subject.Counter()
        for thread in started(world, counter.add, counter.add):
            thread.join()
        taken.append(tuple(world.kernel.taken))

    runs = []
    for _ in range(2):
        taken = []
        world.run(scenario)
        runs.append(taken)
    first, again = runs
    assert first[:3] == [(), (), ()]
    assert first[2:] == again
    assert len(again) == SCHEDULES + 1
    assert len(set(again)) > 3


def test_a_failure_carries_the_execution_that_it_was(world):
    def scenario():
        counter = world.subject.Counter()
        for thread in started(world, counter.add, counter.add):
            thread.join()
        assert not world.kernel.taken

    with pytest.raises(AssertionError) as caught:
        world.run(scenario)
    simulation, again, schedule = execution_of(caught.value)
    assert schedule
    assert f"under the schedule {schedule}" in caught.value.__notes__[-1]
    with pytest.raises(AssertionError):
        simulation.execute(again, schedule)
    assert execution_of(AssertionError()) is None


def test_a_data_race_is_a_failure_where_it_is_asked_for():
    subject = Subject.load(str(PROGRAMS / "racy.py"), ["Counter"])

    def adding(world):
        def scenario():
            counter = world.subject.Counter()
            for thread in started(world, counter.add, counter.add):
                thread.join()

        world.run(scenario)

    adding(SimulatedWorld(subject))
    with pytest.raises(DataRace, match=r"data race on Counter.n\n.* in Thread-1.*\n    racy"):
        adding(SimulatedWorld(subject, races=True))
