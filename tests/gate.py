"""The gate: what pytest does besides when it judges another implementation than our own.

It says what is broken in a screen, and writes all else to files; it runs only shortly what can only
confirm that a broken law is broken; and it knows which laws are known to be.
"""

import inspect
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests import gil, laws, verdict
from tests.known import Known, read
from threadlab import Subject, World, selected_world

OF_A_TEST = re.compile(r"[A-Z]\d+_[\w-]+\.txt")
"""The names of files in which stands all that a failed test has to say."""

SHORTLY = {"max_examples": 5, "phases": (Phase.explicit, Phase.reuse, Phase.generate)}
"""Settings for a test of a law that is broken already."""


class Gate:
    """A plugin for one run. ``contract`` has the laws; ``known`` those known to be broken."""

    def __init__(
        self,
        config: pytest.Config,
        subject: Subject,
        worlds: Mapping[str, World],
        contract: Mapping[str, str],
    ) -> None:
        self._config = config
        self._subject = subject
        self._worlds = worlds
        self._contract = contract
        self._known: dict[str, Known] = {}
        if path := config.option.known:
            self._known = read(path, contract)
        self._folder = Path(config.option.verdict_folder)
        self._marks = Path(
            config.workerinput["broken laws"]  # type: ignore[attr-defined]
            if hasattr(config, "workerinput")
            else tempfile.mkdtemp(prefix="verdict-")
        )
        self._reports: list[pytest.TestReport] = []
        self._terminal: Any = None  # on which is told how far it is
        self._all = 0
        self._written = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker of xdist is told where they note for each other which laws are broken."""
        node.workerinput["broken laws"] = str(self._marks)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._all = len(getattr(session, "items", ()))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        self._all = len(ids)

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        if not hasattr(config, "workerinput"):
            shutil.rmtree(self._marks, ignore_errors=True)

    # Before and while a test runs

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Of a law that is known to be broken, only the test that shows it, and that only once.

        If there is no such test, the law is judged as the others are.
        """
        shown = {item.nodeid for item in items} & {known.test for known in self._known.values()}
        chosen, left = [], []
        for item in items:
            known = self._known.get(laws.of_test(item.name) or "")
            if known is None or known.test not in shown:
                chosen.append(item)
            elif item.nodeid == known.test:
                self._replay(item, known)
                chosen.append(item)
            else:
                left.append(item)
        # First where what fails replays: what is broken there is not tried on real threads.
        items[:] = sorted(chosen, key=lambda item: _world(item) != "simulated")
        config.hook.pytest_deselected(items=left)

    def _replay(self, item: Any, known: Known) -> None:
        """Let ``item`` be one execution, of which we know that it fails."""
        from threadlab import SimulatedWorld

        given = getattr(item.obj, "hypothesis", None)
        test = item.obj if given is None else given.inner_test
        races = self._config.option.races
        world = SimulatedWorld(self._subject, known.schedule, races=races)
        drawn = {} if given is None else {"world": world, **known.example}
        names = set(inspect.signature(test).parameters) - set(item.fixturenames)
        if names != set(drawn) - set(item.fixturenames):
            wanted = ", ".join(sorted(names - {"world"}))
            words = f"--known: {known.law}: the example is to say what these are: {wanted}"
            if "data" in names:
                words += "; and data is drawn as the test goes on, so that it cannot be known"
            if not hasattr(self._config, "workerinput"):  # who has no way to end the run
                raise pytest.UsageError(words)
            item.obj = lambda **fixtures: pytest.fail(words, pytrace=False)
            return

        def replay(**fixtures: object) -> None:
            __tracebackhide__ = True
            with selected_world(world):
                test(**fixtures | drawn)

        item.obj = replay
        item.add_marker(pytest.mark.xfail(reason=known.reason, strict=True))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        law = laws.of_test(item.name)
        replays = self._config.getoption("--lab-schedule") is not None
        if law is None or replays or law in self._known or not self._is_broken(law, _world(item)):
            return
        test: Any = getattr(item, "obj", None)
        if _world(item) == "real" or not hasattr(test, "hypothesis"):
            pytest.skip(f"{law} is broken already")
        now = test._hypothesis_internal_use_settings
        test._hypothesis_internal_use_settings = settings(now, **SHORTLY)

    def _is_broken(self, law: str, *worlds: str) -> bool:
        """As this process, or another worker of xdist, has found; there, or in the simulated world.

        What real threads have shown does not replay, and is looked for there all the same.
        """
        return any((self._marks / f"{law} {world}").exists() for world in {"simulated", *worlds})

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        report: Any = yield  # type: ignore[misc]
        law = laws.of_test(item.name)
        if law in self._contract and hasattr(report, "threadlab_failure"):
            (self._marks / f"{law} {_world(item)}").touch()
            report.threadlab_finding = self._finding(item, report.threadlab_failure)
        return report  # type: ignore[return-value]

    def _finding(self, item: pytest.Item, told: Mapping[str, Any]) -> Mapping[str, object]:
        place, inside = self._place(told["places"])
        shown = place if inside else self._definition(item)
        return verdict.Finding(
            test=item.nodeid,
            world=_world(item),
            error=told["error"],
            file=self._relative(place[0]),
            line=place[1],
            inside=inside,
            to_show=(self._relative(shown[0]), shown[1]),
            example=_arguments(told["example"]),
            token=told.get("schedule", ""),
            again=told["again"],
        )._asdict()

    def _place(self, lines: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], bool]:
        """The innermost of ``lines`` that is one of the subject, or else of the tests."""
        own = self._files()
        if inside := [line for line in lines if line[0] in own]:
            return inside[-1], True
        tests = str(self._config.rootpath / "tests") + os.sep
        in_tests = [line for line in lines if line[0].startswith(tests)]
        return (in_tests or list(lines) or [("", 0)])[-1], False

    def _files(self) -> set[str]:
        """Those of the subject's own modules, as far as they are loaded."""
        names = self._subject.own_names()
        return {
            file
            for name, module in sys.modules.copy().items()
            if name.partition(".")[0] in names
            and isinstance(file := getattr(module, "__file__", None), str)
        }

    def _definition(self, item: pytest.Item) -> tuple[str, int]:
        """Where what the test is of begins, in the code of the subject."""
        names = [name for mark in item.iter_markers("needs") for name in mark.args]
        for name in names:
            thing = getattr(self._subject.module, name, None)
            try:
                thing = inspect.unwrap(thing)  # type: ignore[arg-type]
                return str(inspect.getsourcefile(thing)), inspect.getsourcelines(thing)[1] or 1
            except (TypeError, OSError, ValueError):
                continue
        return str(self._subject.module.__file__), 1

    def _relative(self, file: str) -> str:
        """``file`` as one would write it where pytest was called, if that is shorter."""
        try:
            return min(file, os.path.relpath(file, self._config.invocation_params.dir), key=len)
        except ValueError:  # on another drive
            return file

    # What is told

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """On a terminal, which law is being tried."""
        if self._terminal is not None:
            self._terminal.rewrite(self._progress(nodeid), erase=True)

    def _progress(self, nodeid: str) -> str:
        law = laws.of_test(nodeid.rpartition("::")[2])
        broken = sum(self._is_broken(law, "real") for law in self._contract)
        laws_broken = f"{broken} law{'s'[: broken != 1]} broken"
        return f"{law or 'tests'}: {len(self._reports)} of {self._all} tests, {laws_broken}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        if self._terminal is None or not isinstance(report, pytest.TestReport):
            return None
        if report.when == "call" and not hasattr(report, "wasxfail"):
            return report.outcome, "", ""
        return None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and terminal.isatty and self._config.get_verbosity() == 0:
            self._terminal = terminal
            terminal.showfspath = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            self._reports.append(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """What pytest would print of each failed test is in a file, but if that was asked for."""
        option = self._config.option
        if hasattr(self._config, "workerinput"):
            return
        self._write()
        if option.tbstyle == "auto":
            option.tbstyle = "no"
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and option.reportchars == "fE":  # the default
            terminal.reportchars = terminal.reportchars.replace("f", "").replace("E", "")

    def _write(self) -> None:
        """All that pytest would print, a file for each test.

        It is in place of what an earlier run said of a law that was tried again.
        """
        failed = [report for report in self._reports if report.failed]
        names = {report.nodeid.rpartition("::")[2] for report in self._reports}
        tried = tuple(f"{laws.of_test(name)}_" for name in names if laws.of_test(name))
        with suppress(OSError):  # it is told where it is, or not at all
            for file in self._folder.glob("*.txt") if self._folder.is_dir() else ():
                if OF_A_TEST.fullmatch(file.name) and file.name.startswith(tried):
                    file.unlink()
            for report in failed:
                self._folder.mkdir(exist_ok=True)
                name = re.sub(r"\W+", "-", report.nodeid.rpartition("::")[2].removeprefix("test_"))
                parts = [report.nodeid, report.longreprtext]
                parts += [f"{f' {title} ':-^80}\n{text}" for title, text in report.sections]
                file = self._folder / f"{name.strip('-')}.txt"
                file.write_text("\n\n".join(parts) + "\n", "utf-8")
                self._written += 1

    def judged(self) -> list[verdict.Law]:
        """All laws, and what is to be said of them."""
        outcomes = []
        findings: dict[str, list[verdict.Finding]] = {}
        for report in self._reports:
            name = report.nodeid.rpartition("::")[2]
            outcomes.append((name, _outcome(report)))
            law = laws.of_test(name)
            if law and (found := getattr(report, "threadlab_finding", None)):
                findings.setdefault(law, []).append(verdict.Finding(**found))
        reasons = {law: known.reason for law, known in self._known.items()}
        said = laws.verdict(self._contract, outcomes)
        return verdict.laws(self._contract, said, findings, reasons)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        config, subject = self._config, self._subject
        judged = self.judged()
        if self._terminal is not None:
            terminalreporter.rewrite("", erase=True)
        terminalreporter.section(f"verdict on {subject.spec}")
        width = config.get_terminal_writer().fullwidth if terminalreporter.isatty else 100
        for line in verdict.as_text(judged, width):
            terminalreporter.write_line(line)
        if self._written:
            terminalreporter.write_line(
                f"\nAll that they say is in {self._relative(str(self._folder))}{os.sep}, "
                "a file for each test that failed"
            )
        if path := config.option.verdict_json:
            terminalreporter.write_line(self._save(path, judged))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for command in verdict.annotations(judged, subject.spec):
                terminalreporter.write_line(command)

    def _save(self, path: str, judged: Sequence[verdict.Law]) -> str:
        import threadprims

        config, subject = self._config, self._subject
        seed = config.getoption("hypothesis_seed", None)
        about = {
            "subject": {
                "name": subject.spec,
                "version": subject.version,
                "file": subject.module.__file__,
                "offers": list(subject.names),
            },
            "threadprims": threadprims.__version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "gil": not gil.is_off(),
            "worlds": list(self._worlds),
            "profile": settings.get_current_profile_name(),
            "seed": int(seed) if str(seed).isdecimal() else seed,
        }
        try:
            Path(path).write_text(verdict.as_json(about, judged), "utf-8")
        except OSError as error:
            return f"--verdict-json: cannot write {path}: {error.strerror}"
        return f"--verdict-json: {path}"


def _world(item: Any) -> str:
    call = getattr(item, "callspec", None)
    return "real" if call is None else str(call.params.get("world", "real"))


def _outcome(report: Any) -> str:
    """As pytest has it; or that it has shown nothing, or fails as is known, or does so no more."""
    if hasattr(report, "wasxfail"):
        return "known"
    if report.failed and str(report.longrepr).startswith("[XPASS(strict)]"):
        return "fixed"
    if report.passed and "cut off" in dict(report.user_properties):
        return "cut off"
    return str(report.outcome)


def _arguments(example: str) -> str:
    """``test_P2_x(world=simulated, interval=1.0)`` as ``interval=1.0``."""
    inside = re.sub(r"^\w+\((.*)\)$", r"\1", " ".join(example.split()), flags=re.DOTALL)
    inside = re.sub(r"\bworld=\w+,? ?", "", inside)
    return inside.strip().rstrip(",")
