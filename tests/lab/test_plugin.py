"""The pytest plugin, in a stranger's project: inert until asked, and then a good guest."""

import json
import re

import pytest

from tests.lab.project import SHOP, Run, write

RACE = """
    import unittest

    from shop import Shop, sells
    from threadlab import explore, interleaved

    @interleaved
    def test_race():
        shop = Shop()
        sells(shop, 2)
        assert len(shop.sold) == 1

    def scenario():
        shop = Shop()
        sells(shop, 2)
        assert len(shop.sold) == 1

    def test_explores():
        explore(scenario).check()

    class ShopTest(unittest.TestCase):
        def test_unit(self):
            explore(scenario).check()

    def test_passes():
        pass
"""


@pytest.mark.once
def test_files_and_lines_in_a_package_from_another_folder_with_workers(tmp_path):
    tests = tmp_path / "tests"
    tests.mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    write(tests, shop=SHOP, test_shop=RACE, conftest=MAKEREPORT)
    files = ["--race-report=race.html", "--race-trace=race.json"]
    nodes = ["test_shop.py::test_race", "test_shop.py::test_explores"]
    for options in (["-n2", "--count=2"], ["-p", "no:terminal", *nodes]):
        run = Run(tests, *files, *options)
        assert run.status == 1, run.out
        page = (tests / "race.html").read_text("utf-8")
        assert json.loads((tests / "race.json").read_text("utf-8"))
        for file in ("race.html", "race.json"):
            (tests / file).unlink()
        if "no:terminal" in options:
            assert "tests/test_shop.py::test_race" in page
            continue
        assert page.index("::ShopTest::test_unit") < page.index("::test_race[2-2]")
        assert run.outcomes == {
            "test_race[1-2]": "failed",
            "test_race[2-2]": "failed",
            "test_explores[1-2]": "failed",
            "test_explores[2-2]": "failed",
            "ShopTest::test_unit": "failed",
            "test_passes[1-2]": "passed",
            "test_passes[2-2]": "passed",
        }
        assert run.out.count("the project's own section") == 4 + 1
        (token,) = set(re.findall(r"under the schedule (\S+)", run.of("test_race[1-2]")))
        again = f"Again: pytest 'test_shop.py::test_race[1-2]' --count=2 --schedule={token}\n"
        assert again in run.of("test_race[1-2]")
        again = rf"^Again: threadlab explore test_shop\.py:scenario --replay {re.escape(token)}$"
        assert re.search(again, run.of("ShopTest.test_unit"), re.MULTILINE)
        assert "--race-report: race.html, 5 executions that failed" in run.out


MAKEREPORT = """
    import pytest

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(item, call):
        report = yield
        if report.failed:
            report.sections.append(("the project's own section", ""))
        return report
"""


@pytest.mark.once
@pytest.mark.parametrize("options", [["-q"], ["--tb=no"], ["--tb=short"], ["-p", "no:threadlab"]])
def test_however_it_is_told_to_report(tmp_path, options):
    write(tmp_path, shop=SHOP, test_shop=RACE)
    run = Run(tmp_path, *options, "-k", "race or passes")
    assert run.outcomes == {"test_race": "failed", "test_passes": "passed"}, run.out
    shown = "--tb=no" not in options and "no:threadlab" not in options
    assert ("execution under the schedule" in run.out) == shown
    assert ("Again: pytest" in run.out) == shown


FOREIGN = """
    import pytest

    def pytest_addoption(parser):
        parser.addoption("--schedule", default="daily")
        parser.addoption("--race-report", action="store_true")

    @pytest.fixture
    def schedule(request):
        return request.config.getoption("--schedule")
"""

OWN_OPTIONS = """
    def test_has_its_own_option(schedule):
        assert schedule == "weekly"
"""


@pytest.mark.once
def test_it_gives_way_to_options_of_the_project(tmp_path):
    write(tmp_path, shop=SHOP, test_shop=RACE, conftest=FOREIGN, test_own=OWN_OPTIONS)
    run = Run(tmp_path, "--schedule=weekly", "--lab-race-report=race.html", "-k", "race or own")
    assert run.outcomes == {"test_race": "failed", "test_has_its_own_option": "passed"}, run.out
    assert (tmp_path / "race.html").exists()
    assert "Again: pytest 'test_shop.py::test_race' --lab-schedule=" in run.out
    run = Run(tmp_path, "--lab-schedule=-", "-k", "race")
    assert run.outcomes == {"test_race": "passed"}, run.out


LEAKS = """
    import threading
    import pytest

    gate = threading.Event()

    def leak(daemon=True):
        threading.Thread(target=gate.wait, name="Fred", daemon=daemon).start()

    def test_plain():
        leak()

    @pytest.mark.lab_leaks(grace=0.01)
    def test_marked():
        leak()

    @pytest.mark.lab_leaks(False)
    def test_off():
        leak()

    def test_keeps_the_process_if_it_may():
        leak(daemon=False)

    def test_last():
        if OPENS:
            gate.set()
"""


ALL = {"test_marked", "test_plain", "test_keeps_the_process_if_it_may"}


@pytest.mark.parametrize(
    ("ini", "option", "failing"),
    [
        ("", [], {"test_marked"}),
        ("", ["--lab-leaks"], ALL),
        ("lab_leaks = true", [], ALL),
    ],
)
def test_leaks_where_it_is_asked_to(tmp_path, ini, option, failing):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
    # What is reported does not keep the process; what is not is the project's own affair.
    write(tmp_path, test_leaks=LEAKS + f"\n    OPENS = {failing != ALL}\n")
    run = Run(tmp_path, *option)
    assert {name for name, outcome in run.outcomes.items() if outcome == "failed"} == failing
    assert run.status == 1
    assert "thread 'Fred'" in run.of("test_marked")


HUNGRY = """
    import sys

    def test_what_is_loaded():
        assert "threadlab.plugin" in sys.modules
        loaded = {name.partition(".")[0] for name in sys.modules}
        assert not loaded & {"greenlet", "rich", "threadprims"}
        assert {name for name in sys.modules if name.startswith("threadlab")} == {
            "threadlab", "threadlab.plugin"
        }

    def test_fails():
        assert 0
"""


def test_it_does_nothing_until_it_is_asked(tmp_path):
    write(tmp_path, test_hungry=HUNGRY)
    run = Run(tmp_path, "-p", "no:hypothesispytest")
    assert run.outcomes == {"test_what_is_loaded": "passed", "test_fails": "failed"}, run.out


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--schedule=1.x", "argument --schedule/--lab-schedule: not a schedule: '1.x'"),
        (
            "--race-trace=no/such.json",
            "argument --race-trace/--lab-race-trace: cannot write no/such.json",
        ),
    ],
)
def test_a_wrong_option_is_one_line(tmp_path, option, message):
    run = Run(tmp_path, option)
    assert run.status == 4
    assert message in run.out
    assert "Traceback" not in run.out
