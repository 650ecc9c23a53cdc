"""The pytest plugin: a failing test shows the simulated execution that failed, and replays it.

It is part of every pytest run where threadlab is installed, so it does nothing until it is asked,
by an option, a marker, or a test that uses the laboratory: it imports pytest alone, and the
rest of threadlab where that has something to say.

A project may have an option of the same name. So each is called ``--lab-...`` as well, and by its
short name only where that stands on the command line, or in the help, and nobody else has it: some
have a ``conftest.py`` further down, which comes later and would find the name taken.
"""

import argparse
import os
import re
import sys
import traceback
from collections.abc import Generator, Sequence

import pytest

SCHEDULE = "--schedule"
FILES = {"--race-report": "FILE.html", "--race-trace": "FILE.json"}

_spelling = pytest.StashKey[dict[str, str]]()
_status = pytest.StashKey[int]()


class Hooks:
    """What a project may tell of its tests, in its ``conftest.py``."""

    @pytest.hookspec(firstresult=True)
    def pytest_threadlab_law(self, item: pytest.Item) -> tuple[str, str] | None:
        """Name and text of the law that is broken if the test fails."""

    @pytest.hookspec(firstresult=True)
    def pytest_threadlab_options(self, item: pytest.Item) -> str | None:
        """Options without which the test would not fail so, for the line that runs it again."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("lab_leaks", "the same as --lab-leaks", type="bool", default=False)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, object, object]:
    """Add the options last, when all plugins and the project have theirs."""
    result = yield
    groups = [parser._anonymous, *parser._groups]  # nothing public says what is taken
    taken = {name for group in groups for option in group.options for name in option.names()}
    asked = {argument.partition("=")[0] for argument in args}
    spelling = early_config.stash[_spelling] = {}
    group = parser.getgroup("threadlab")

    def add(option: str, text: str, **how: object) -> None:
        prefixed = option if option.startswith("--lab-") else f"--lab-{option[2:]}"
        spelling[option] = prefixed if option in taken else option
        names = {prefixed: None}
        if option not in taken and asked & {option, "--help", "-h"}:
            names = {option: None, prefixed: None}
        dest = "threadlab_" + option.removeprefix("--").replace("-", "_")
        group.addoption(*names, dest=dest, help=text, **how)

    add(
        SCHEDULE,
        "execute each simulated scenario once, under this schedule: 12.1,40.2 as a failing test "
        "prints it, or - for the default schedule",
        metavar="TOKEN",
        type=_token,
    )
    add(
        "--race-report",
        "write a page that shows each simulated execution that failed",
        metavar=FILES["--race-report"],
        type=_writable,
    )
    add(
        "--race-trace",
        "write the same as a trace that Perfetto opens",
        metavar=FILES["--race-trace"],
        type=_writable,
    )
    add(
        "--lab-leaks",
        "a test fails if it leaves threads running; the marker lab_leaks does that for one test, "
        "and lab_leaks(False) excepts one",
        action="store_true",
    )
    return result


def _token(text: str) -> str:
    """As text, since an option goes to the workers of xdist."""
    from threadlab.schedule import Schedule

    try:
        return str(Schedule.parse(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _writable(path: str) -> str:
    from threadlab.reports import files

    return files.writable(path)


def _asked(config: pytest.Config, option: str) -> object:
    return config.getoption("threadlab_" + option.removeprefix("--").replace("-", "_"), None)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "lab_leaks(on=True, grace=2): the test fails if threads that it started still run grace "
        "seconds after its end",
    )
    token = _asked(config, SCHEDULE)
    if token is not None:
        from threadlab.schedule import Schedule
        from threadlab.worlds import sampling

        sampling.fixed = Schedule.parse(str(token))
    if any(_asked(config, option) for option in FILES) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Files(config))


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Without a deadline for examples that are simulated."""
    if "threadlab.decorator" not in sys.modules:
        return
    for item in items:
        test = getattr(item, "obj", None)
        if _test(item) is not test and hasattr(_test(item), "__interleaved__"):
            from threadlab.worlds.drawing import set_for_simulation

            set_for_simulation(getattr(test, "__func__", test))


def _test(item: pytest.Item) -> object:
    """The function that ``item`` is, below Hypothesis' decorator."""
    test = getattr(item, "obj", None)
    given = getattr(test, "hypothesis", None)
    return test if given is None else given.inner_test


def _is_patched(item: pytest.Item) -> bool:
    """Whether a fixture has set attributes by the fixture ``monkeypatch``."""
    patch = getattr(item, "funcargs", {}).get("monkeypatch")
    return bool(getattr(patch, "_setattr", ()))  # nothing public says it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    __tracebackhide__ = True
    if hasattr(_test(item), "__interleaved__") and _is_patched(item):
        pytest.fail(
            "a fixture patches with monkeypatch.setattr, which acts on this process and not on the "
            "simulated world; let the body of the test patch what it has imported",
            pytrace=False,
        )
    mark = item.get_closest_marker("lab_leaks")
    on = item.config.getini("lab_leaks") or _asked(item.config, "--lab-leaks")
    if mark is not None:
        on = mark.args[0] if mark.args else mark.kwargs.get("on", True)
    if not on:
        return (yield)
    from threadlab.worlds.leaks import leak_guard

    with leak_guard(mark.kwargs.get("grace") if mark is not None else None):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed and call.excinfo is not None:
        if "threadlab.simulation.simulation" not in sys.modules:  # there is no execution to show
            _explain(item, report, call.excinfo.value)
        else:
            from threadlab.simulation.interruption import interruptible

            with interruptible():  # it is made again, and drawn
                _explain(item, report, call.excinfo.value)
    return report


def _explain(item: pytest.Item, report: pytest.TestReport, error: BaseException) -> None:
    """Draw the execution that failed, and say which law is broken and how to see it again."""
    hook = item.config.hook
    said: dict[str, object] = _told(error)
    law, text = hook.pytest_threadlab_law(item=item) or ("", "")
    again = _again(item)
    example = ""
    if "threadlab.simulation.simulation" in sys.modules:  # or else there is no such execution
        from threadlab.reports import failed_test

        example = failed_test.example(error)
        if execution := failed_test.execution(error):
            token = execution.schedule
            again += f" {item.config.stash[_spelling].get(SCHEDULE, SCHEDULE)}={token}"
            again = failed_test.again(error) or again
            title = f"execution under the schedule {token}"
            drawn = _drawn(item, report, error, f"{law} {text}".strip(), again)
            report.sections.append((title, drawn if text else f"{drawn}\n\nAgain: {again}"))
            said["schedule"] = str(token)
    if text:
        lines = [text, *([f"Example: {example}"] if example else []), f"Again: {again}"]
        report.sections.append((f"law {law}", "\n\n".join(lines)))
    said.update(example=example, again=again)
    report.threadlab_failure = said  # type: ignore[attr-defined]  # for a plugin of the project


def _told(error: BaseException) -> dict[str, object]:
    """What was raised, and the lines at which: of the calls, or those that a failure speaks of."""
    from threadlab.errors import Failure, Hang, headline

    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, Failure | Hang):
        found = re.findall(r'File "(.+)", line (\d+)', str(error))
        places = [(file, int(line)) for file, line in found]
    else:
        calls = traceback.walk_tb(error.__traceback__)
        places = [(frame.f_code.co_filename, line) for frame, line in calls]
    return {"error": headline(error), "places": places}


def _again(item: pytest.Item) -> str:
    """The command that runs ``item`` again, as one would type it where pytest was called."""
    config = item.config
    file, colons, name = item.nodeid.partition("::")
    file = os.path.relpath(config.rootpath / file, config.invocation_params.dir)
    command = f"pytest '{file}{colons}{name}'"
    call = getattr(item, "callspec", None)
    if call is not None and "__pytest_repeat_step_number" in call.params:  # of pytest-repeat
        command += f" --count={config.getoption('count')}"  # or else there is no such test
    if options := config.hook.pytest_threadlab_options(item=item):
        command += f" {options}"
    return command


def _drawn(
    item: pytest.Item, report: pytest.TestReport, error: BaseException, law: str, again: str
) -> str:
    from threadlab.reports import failed_test

    config = item.config
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    width = None
    if terminal is not None and terminal.hasmarkup:
        width = config.get_terminal_writer().fullwidth
    try:
        shown = failed_test.report(error, item.nodeid, law, again)
        assert shown is not None
        if any(_asked(config, option) for option in FILES):
            report.threadlab_execution = failed_test.packed(shown)  # type: ignore[attr-defined]
        return failed_test.drawn(shown, width, config.option.verbose > 1)
    except Exception as failure:  # the test has failed with another
        return f"cannot be shown: {failure!r}"


class _Files:
    """Writes what the options ask for, with each execution that failed."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._packed: list[tuple[str, str]] = []
        self._said: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if packed := getattr(report, "threadlab_execution", None):
            self._packed.append((report.nodeid, packed))

    def pytest_sessionfinish(self) -> None:
        from threadlab.reports import failed_test, files

        reports = [failed_test.unpacked(packed) for _, packed in sorted(self._packed)]
        for option in FILES:
            if path := _asked(self._config, option):
                self._said.append(files.write(option, str(path), reports))

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        for line in self._said:
            terminalreporter.write_line(line)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_status] = exitstatus


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if leaks := sys.modules.get("threadlab.worlds.leaks"):
        leaks.exit_despite_abandoned(config.stash.get(_status, 0))
