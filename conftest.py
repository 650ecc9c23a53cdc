"""Options, profiles, fixtures: how pytest is wired to the laboratory, and nothing else."""

import contextlib
import inspect
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.errors import FlakyStrategyDefinition

from tests import gil, laws, sharing
from tests.gate import Gate
from tests.properties import NAMES, TOGETHER, WORLDS
from threadlab import Nondeterministic, RealWorld, Subject, SubjectError, World, selected_world

REFERENCE = "threadprims"
STORAGE = Path(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis"))
LAWS = laws.read(Path(__file__).parent / "tests" / "contract.md")

# Real threads take the time that they take, so there is no deadline for an example; and they
# do not do the same thing twice, so there is nothing to explain by comparing runs.
phases = set(Phase) - {Phase.explain}
# Said, because on CI Hypothesis' default is the same examples every time, and to keep none.
kept: Any = {"derandomize": False, "database": sharing.database(STORAGE / "examples")}
shared = kept if sharing.is_asked_for() else {}
settings.register_profile("dev", max_examples=25, deadline=None, phases=phases, **shared)
settings.register_profile("ci", settings.get_profile("dev"), max_examples=50, print_blob=True)
settings.register_profile("deep", settings.get_profile("ci"), max_examples=1000, **kept)
settings.register_profile(  # the same for each mutant, and the first failure is enough
    "mutation",
    settings.get_profile("dev"),
    derandomize=True,
    database=None,
    phases={Phase.explicit, Phase.generate},
    report_multiple_bugs=False,
)
settings.load_profile("dev")

# Hypothesis makes an example small for up to five minutes, and no setting says otherwise. That is
# the whole time of a gate, and where each execution is a long one it gets little for it.
with contextlib.suppress(ImportError):  # it is not public
    from hypothesis.internal.conjecture import engine

    engine.MAX_SHRINKING_SECONDS = 20

if gil.can_be_off():
    gil.watch()

subject_key = pytest.StashKey[Subject]()
gils_key = pytest.StashKey[set[str | None]]()
worlds_key = pytest.StashKey[dict[str, World]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("threadprims")
    group.addoption(
        "--subject",
        metavar="MODULE|PATH",
        default=REFERENCE,
        help=f"the implementation under test, a module or a file (default: {REFERENCE})",
    )
    group.addoption(
        "--world",
        choices=[*WORLDS, "both"],
        default="real" if gil.can_be_off() else "both",
        help="where the laws are checked (default: both; on a free-threaded Python real, since the "
        "simulated world turns the GIL on, and real threads would no longer run in parallel)",
    )
    group.addoption(
        "--races",
        action="store_true",
        help=f"a data race of the subject is a failure in the simulated world, as it always is for "
        f"{REFERENCE}",
    )
    group.addoption(
        "--verdict-json",
        metavar="FILE",
        help="write the verdict on each law for other programs: see docs/reference/gate.md",
    )
    group.addoption(
        "--verdict-folder",
        metavar="FOLDER",
        default=".verdict",
        help="where a file for each failed test of a subject is written (default: .verdict)",
    )
    group.addoption(
        "--known",
        metavar="FILE.toml",
        help="laws that are known to be broken, each with a reason and an example; only that "
        "is tried, and the run fails when such a law holds",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*names): skipped unless the subject offers them all")
    config.addinivalue_line(
        "markers", f"reference: of {REFERENCE} alone, which promises more than the contract"
    )
    config.addinivalue_line(
        "markers", "once: the same on every Python; tox has it on one: see tests/README.md"
    )
    if refused := sharing.refusal():
        raise pytest.UsageError(refused)
    try:
        subject = config.stash[subject_key] = Subject.load(config.option.subject, NAMES)
        _refuse_half(subject)
        config.stash[worlds_key] = make_worlds(config, subject)
    except SubjectError as error:
        raise pytest.UsageError(str(error)) from None
    path = config.option.verdict_json
    if path and not Path(path).absolute().parent.is_dir():
        raise pytest.UsageError(f"--verdict-json: no folder for {path}")
    if path or config.option.known or subject.module.__name__ != REFERENCE:
        gate = Gate(config, subject, config.stash[worlds_key], LAWS)
        config.pluginmanager.register(gate, "threadprims-gate")


def _refuse_half(subject: Subject) -> None:
    """Raise `SubjectError` if laws would be skipped that the subject is likely meant to keep."""
    for name in subject.names:
        if not callable(getattr(subject.module, name)):
            raise SubjectError(f"subject {subject.spec!r}: {name} is no class and no function")
    there = [name for name in TOGETHER if name in subject.names]
    if there and len(there) < len(TOGETHER):
        missing = " and ".join(name for name in TOGETHER if name not in there)
        raise SubjectError(
            f"subject {subject.spec!r} offers {there[0]} and no {missing}, which its laws need"
        )


def pytest_report_header(config: pytest.Config) -> list[str]:
    subject = config.stash[subject_key]
    missing = [name for name in NAMES if name not in subject.names]
    return [
        f"subject: {subject.spec} {subject.version}, from {subject.module.__file__}",
        f"world: {', '.join(config.stash[worlds_key])}",
        *([f"GIL: {gil.words()}"] if gil.words() else []),
        f"names: {', '.join(subject.names)}"
        + (f"; not offered, their laws are skipped: {', '.join(missing)}" if missing else ""),
    ]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The tests of the laboratory say nothing of another subject, and are simulated; the stress
    tests are on real threads alone. Those that are named do run.
    """
    worlds, tests = config.stash[worlds_key], config.rootpath / "tests"
    other = config.stash[subject_key].module.__name__ != REFERENCE
    if collection_path == tests / "lab" and (other or (gil.can_be_off() and "real" in worlds)):
        return True
    return True if collection_path == tests / "stress" and "real" not in worlds else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    subject = config.stash[subject_key]
    for item in items:
        needed = [name for mark in item.iter_markers("needs") for name in mark.args]
        if missing := [name for name in needed if name not in subject.names]:
            item.add_marker(pytest.mark.skip(f"{subject.spec} offers no {', '.join(missing)}"))
        elif item.get_closest_marker("reference") and subject.module.__name__ != REFERENCE:
            item.add_marker(pytest.mark.skip(f"a promise of {REFERENCE} alone"))


def pytest_threadlab_law(item: pytest.Item) -> tuple[str, str] | None:
    law = laws.of_test(item.name)
    return (law, LAWS[law]) if law in LAWS else None


def pytest_threadlab_options(item: pytest.Item) -> str:
    races = " --races" if item.config.option.races else ""
    return f"--subject={shlex.quote(item.config.option.subject)}{races}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker of xdist is to be asked for."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["GIL"] = gil.words()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash.setdefault(gils_key, set()).add(getattr(node, "workeroutput", {}).get("GIL"))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """If the GIL was turned on meanwhile, for which the header was too early."""
    said = config.stash.setdefault(gils_key, set()) | {gil.words()}
    for words in sorted(words for words in said if words and words != "off"):
        terminalreporter.write_line(f"GIL: {words}", yellow=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note on its report whether most executions of a test were cut off: it has shown nothing.

    Nor has one whose schedules mean something else each time, such as where a set of objects is
    walked through, which is in the order of their addresses; but ours is to have none of that.
    """
    worlds = item.config.stash[worlds_key].values()
    before = [(world.executions, world.cut_off) for world in worlds]
    try:
        return (yield)
    except Exception as error:
        ours = item.config.stash[subject_key].module.__name__ == REFERENCE
        while isinstance(error, ExceptionGroup):  # Hypothesis', of what it finds flaky
            error = error.exceptions[0]
        if ours or not isinstance(error, Nondeterministic | FlakyStrategyDefinition):
            raise
        item.user_properties.append(("cut off", str(error)))
    finally:
        for world, (executions, cut_off) in zip(worlds, before, strict=True):
            cut, made = world.cut_off - cut_off, world.executions - executions
            if 2 * cut > made:
                item.user_properties.append(("cut off", f"{cut} of {made} executions"))


@pytest.fixture(scope="session")
def subject(request: pytest.FixtureRequest) -> Subject:
    """The implementation under test."""
    return request.config.stash[subject_key]


def make_worlds(config: pytest.Config, subject: Subject) -> dict[str, World]:
    replays = config.getoption("--lab-schedule") is not None  # which is in the simulated world
    chosen = "simulated" if replays else config.option.world
    races = config.option.races or subject.module.__name__ == REFERENCE
    made: dict[str, World] = {}
    if chosen in ("real", "both"):
        made["real"] = RealWorld(subject)
    if chosen in ("simulated", "both"):
        from threadlab import SimulatedWorld  # on greenlets, which turn the GIL on

        try:
            made["simulated"] = SimulatedWorld(subject, races=races)
        except SubjectError as error:
            raise SubjectError(f"{error}; --world=real judges it on real threads alone") from None
    return made


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A property that takes a world runs in each, whether as a fixture or as Hypothesis' draw."""
    test = getattr(metafunc.function, "hypothesis", None)
    arguments = inspect.signature(test.inner_test if test else metafunc.function).parameters
    if "world" in arguments and metafunc.module.__name__.startswith("tests.properties."):
        if "world" not in metafunc.fixturenames:
            metafunc.fixturenames.append("world")  # for Hypothesis' draw; see select_world
        chosen = metafunc.config.stash[worlds_key]
        metafunc.parametrize("world", list(chosen), indirect=True, scope="session")


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Each world in turn, which is then also what `example_worlds` draws."""
    world = request.config.stash[worlds_key][request.param]
    with selected_world(world):
        yield world


@pytest.fixture(autouse=True)
def select_world(request: pytest.FixtureRequest) -> None:
    """Selects the world of a property that draws it, and so does not ask for the fixture."""
    if hasattr(request.node, "callspec") and "world" in request.node.callspec.params:
        request.getfixturevalue("world")
