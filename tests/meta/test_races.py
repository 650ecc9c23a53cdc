"""Each broken primitive of ``tests/races`` is caught by the law that it names, none that is correct.

The properties run here without pytest, which would take a process for each race, with what
Hypothesis draws fixed: the same examples in every run, as many as the dev profile has.
"""

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import Phase, settings

import tests.properties
from tests.harness import laws, subjects, worlds
from tests.harness.simulation import schedule
from tests.meta import gallery
from tests.meta.test_gate import run_pytest
from tests.properties import NAMES

FIXED = settings(
    settings.get_profile("dev"),
    derandomize=True,
    database=None,  # the examples of a race are no examples for the subject
    phases=[Phase.generate],
    report_multiple_bugs=False,
)

PROPERTIES = [
    (module, name, function)
    for info in pkgutil.iter_modules(tests.properties.__path__)
    if info.name.startswith("test_")
    for module in [importlib.import_module(f"tests.properties.{info.name}")]
    for name, function in vars(module).items()
    if name.startswith("test_")
]


def marks(module, function, kind):
    of_module = getattr(module, "pytestmark", [])
    of_module = of_module if isinstance(of_module, list) else [of_module]
    of_function = getattr(function, "pytestmark", [])
    return [mark for mark in [*of_module, *of_function] if mark.name == kind]


def cases(module, function) -> Iterator[dict[str, object]]:
    """The arguments that pytest parametrizes ``function`` with."""
    axes = []
    for mark in marks(module, function, "parametrize"):
        names, values = mark.args
        names = (names,) if isinstance(names, str) else names
        axes.append([dict(zip(names, v if len(names) > 1 else (v,), strict=True)) for v in values])
    for combination in itertools.product(*axes):
        yield {name: value for case in combination for name, value in case.items()}


def in_the_simulated_world(function) -> bool:
    test = getattr(function, "hypothesis", None)
    return "world" in inspect.signature(test.inner_test if test else function).parameters


@contextmanager
def fixed(function):
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(function, "hypothesis"):
            # There is no public way to change the settings of a property for a while.
            assert hasattr(function, "_hypothesis_internal_use_settings")
            patch.setattr(function, "_hypothesis_internal_use_settings", FIXED)
        yield


def failures(subject, world, chosen=lambda name: True) -> Iterator[tuple[str, BaseException]]:
    """The name of each property that ``subject`` fails in ``world``, and what it raised."""
    for module, name, function in PROPERTIES:
        needed = {n for mark in marks(module, function, "needs") for n in mark.args}
        if (
            not chosen(name)
            or not needed <= set(subject.names)
            or marks(module, function, "reference")
            or not in_the_simulated_world(function)
        ):
            continue
        for case in cases(module, function):
            if "world" in inspect.signature(function).parameters:
                case["world"] = world
            try:
                with worlds.selected(world), fixed(function):
                    function(**case)
            except pytest.skip.Exception:
                pass
            except (Exception, pytest.fail.Exception) as error:
                yield name, error
                break


def loaded(path):
    return subjects.load(str(path), NAMES)


@pytest.mark.parametrize("race", gallery.races(), ids=lambda race: race.name)
def test_a_race_is_caught_by_the_law_that_it_names(race):
    properties = [
        function for _, name, function in PROPERTIES if laws.of_test(name) == race.law
    ]
    if not any(map(in_the_simulated_world, properties)):
        run = run_pytest(f"--subject={race.path}", "tests/properties", "-k", f"test_{race.law}_")
        assert run.returncode == 1, run.stdout
        assert race.failure in run.stdout
        return
    subject = loaded(race.path)
    world = worlds.simulated(subject)
    caught = list(failures(subject, world, lambda name: laws.of_test(name) == race.law))
    assert race.failure in {type(error).__name__ for _name, error in caught}, caught
    if race.token is not None:
        world = worlds.simulated(subject, schedule.parse(race.token))
        shown = list(failures(subject, world, lambda name: name == race.shown_by))
        assert race.failure in {type(error).__name__ for _name, error in shown}, shown


@pytest.mark.parametrize("path", gallery.correct(), ids=lambda path: path.stem)
def test_what_is_correct_breaks_no_law(path):
    subject = loaded(path)
    assert list(failures(subject, worlds.simulated(subject))) == []
