"""What pytest does for the soak: new draws in a new order, an end in time, a line for each test.

The lines are JSON, appended to a file as the tests end, so that they can be counted while pytest
runs, and however it ends. What a test took stands in its report's ``user_properties``, which xdist
brings from its workers.
"""

import json
import random
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from threadlab import World

OVER = "the time is up"
begun = pytest.StashKey[bool]()
in_world = pytest.StashKey[World]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak")
    group.addoption("--soak-seed", metavar="N", type=int, help="what all is drawn with")
    group.addoption("--soak-log", metavar="FILE", type=Path, help="where the lines go")
    group.addoption("--soak-until", metavar="TIME", type=float, help="when no test begins any more")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Log(config.option.soak_log))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each round has an order of its own, so that one that is cut short favours no law.

    And draws of its own. ``--hypothesis-seed`` and ``@seed`` would turn off the database.
    """
    seed = config.option.soak_seed
    random.Random(seed).shuffle(items)
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item.obj, "hypothesis"):
            item.obj._hypothesis_internal_use_seed = seed


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """However short the time, each process runs one test."""
    if time.time() > item.config.option.soak_until and item.config.stash.get(begun, False):
        pytest.skip(OVER)
    item.config.stash[begun] = True


@pytest.fixture(autouse=True)
def _know_the_world(request: pytest.FixtureRequest) -> None:
    if hasattr(request.node, "callspec") and "world" in request.node.callspec.params:
        request.node.stash[in_world] = request.getfixturevalue("world")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    world = item.stash.get(in_world, None)
    if world is None:  # a test of the real interpreter, with processes of its own
        return (yield)
    executions, seconds = world.executions, world.virtual_seconds
    try:
        return (yield)
    finally:
        item.user_properties += [
            ("world", repr(world)),
            ("executions", world.executions - executions),
            ("virtual_seconds", world.virtual_seconds - seconds),
        ]


class _Log:
    def __init__(self, path: Path) -> None:
        self._path = path

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._write(tests=len(session.items))

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self._write(tests=len(ids))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            over = report.skipped and OVER in str(report.longrepr)
            self._write(
                test=report.nodeid,
                outcome="over" if over else report.outcome,
                text=report.longreprtext if report.failed else "",
                sections=dict(report.sections) if report.failed else {},
                **dict(report.user_properties),
            )

    def _write(self, **record: object) -> None:
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")
