"""Each broken primitive of ``tests/races`` is caught by its law, and what is correct by none.

The properties are called here as they are, since a pytest for each race would take minutes. What
Hypothesis draws is fixed: the same examples in every run, as many as the dev profile has.
"""

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import Phase, settings

import tests.properties
from tests import laws
from tests.lab import gallery
from tests.lab.test_gate import run_pytest
from tests.properties import NAMES
from threadlab.schedule import Schedule
from threadlab.worlds.drawing import selected_world
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject
from threadlab.worlds.world import World

pytestmark = pytest.mark.once

FIXED = settings(
    settings.get_profile("dev"),
    derandomize=True,
    database=None,  # what fails here is no example for another subject
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
FEW = settings(FIXED, max_examples=3)
"""For what is correct, of which there is nothing to find; --subject takes all of them."""


@dataclass(frozen=True)
class Property:
    module: str
    name: str
    function: object
    marks: list[pytest.Mark]

    @property
    def law(self) -> str:
        return laws.of_test(self.name)

    @property
    def simulated(self) -> bool:
        test = getattr(self.function, "hypothesis", None)
        return "world" in inspect.signature(test.inner_test if test else self.function).parameters

    def offered_by(self, subject: Subject) -> bool:
        kinds = {mark.name for mark in self.marks}
        needed = {name for mark in self.marks if mark.name == "needs" for name in mark.args}
        return needed <= set(subject.names) and "reference" not in kinds

    def cases(self) -> Iterator[dict[str, object]]:
        """The arguments that pytest would parametrize it with."""
        axes = []
        for mark in self.marks:
            if mark.name == "parametrize":
                names, rows = mark.args
                if isinstance(names, str):
                    names, rows = (names,), [(row,) for row in rows]
                axes.append([dict(zip(names, row, strict=True)) for row in rows])
        for parts in itertools.product(*axes):
            yield {name: value for part in parts for name, value in part.items()}

    def failure(self, world: World, budget: settings) -> BaseException | None:
        """What it raises in ``world``, if anything."""
        for case in self.cases():
            if "world" in inspect.signature(self.function).parameters:
                case["world"] = world
            try:
                with selected_world(world), fixed(self.function, budget):
                    self.function(**case)
            except pytest.skip.Exception:
                pass
            except (Exception, pytest.fail.Exception) as error:
                return error
        return None


@contextmanager
def fixed(function, budget):
    """There is no public way to change the settings of a property for a while."""
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(function, "hypothesis"):
            patch.setattr(function, "_hypothesis_internal_use_settings", budget)
        yield


def properties() -> Iterator[Property]:
    for info in pkgutil.iter_modules(tests.properties.__path__):
        if info.name.startswith("test_"):
            module = importlib.import_module(f"tests.properties.{info.name}")
            of_module = getattr(module, "pytestmark", [])
            of_module = of_module if isinstance(of_module, list) else [of_module]
            for name, function in vars(module).items():
                if laws.of_test(name):
                    marks = [*of_module, *getattr(function, "pytestmark", [])]
                    yield Property(info.name, name, function, marks)


PROPERTIES = list(properties())


def loaded(path):
    return Subject.load(str(path), NAMES)


def failures(subject, world, chosen, budget=FIXED) -> dict[str, BaseException]:
    """What each of the ``chosen`` properties that ``subject`` fails raised."""
    found = {
        p.name: p.failure(world, budget)
        for p in PROPERTIES
        if p.simulated and p.offered_by(subject) and chosen(p)
    }
    return {name: error for name, error in found.items() if error is not None}


def kinds(found):
    return {type(error).__name__ for error in found.values()}


@pytest.mark.parametrize("path", gallery.correct(), ids=lambda path: path.stem)
def test_what_is_correct_breaks_no_law(path):
    subject = loaded(path)
    assert failures(subject, SimulatedWorld(subject), lambda p: True, FEW) == {}


@pytest.mark.parametrize("race", gallery.races(), ids=lambda race: race.name)
def test_a_race_is_caught_by_the_law_that_it_names(race, tmp_path):
    its_own = [p for p in PROPERTIES if p.law == race.law]
    if not any(p.simulated for p in its_own):  # in an interpreter of its own, then
        nodes = [f"tests/properties/{p.module}.py::{p.name}" for p in its_own]
        run = run_pytest(f"--subject={race.path}", f"--verdict-folder={tmp_path}", *nodes)
        assert run.returncode == 1, run.stdout
        assert f": {race.failure}" in run.stdout
        assert f"\n{race.law} " in run.stdout
        return
    subject = loaded(race.path)
    world = SimulatedWorld(subject)
    its_own.sort(key=lambda p: p.name != race.shown_by)
    found = {}
    for one in its_own:  # until the first that catches it
        found |= failures(subject, world, lambda p, one=one: p is one)
        if race.failure in kinds(found):
            return
    pytest.fail(f"not caught: {found}")


@pytest.mark.parametrize(
    "race", [race for race in gallery.races() if race.token], ids=lambda race: race.name
)
def test_the_schedule_that_a_race_names_shows_it(race):
    assert laws.of_test(race.shown_by) == race.law
    subject = loaded(race.path)
    for token, expected in ((race.token, {race.failure}), ("-", set())):
        world = SimulatedWorld(subject, Schedule.parse(token))
        assert kinds(failures(subject, world, lambda p: p.name == race.shown_by)) == expected


def test_every_law_is_broken_by_a_race():
    assert {race.law for race in gallery.races()} == {p.law for p in PROPERTIES}
