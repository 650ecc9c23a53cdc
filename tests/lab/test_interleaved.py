"""``@interleaved``, in a stranger's project: what it executes, refuses and shows."""

import re

import pytest

from tests.lab.project import SHOP, Run, write
from threadlab import ProgramError, interleaved

FAILING = """
    import unittest

    import pytest

    from shop import Shop, sells
    from threadlab import interleaved

    @interleaved
    def test_function():
        shop = Shop()
        sells(shop, 2)
        assert len(shop.sold) == 1

    class TestShop:
        def setup_method(self, method):
            assert not hasattr(self, "shop")
            self.shop = Shop()

        def teardown_method(self):
            assert self.shop

        @interleaved(executions=200)
        @pytest.mark.parametrize("customers", [1, 2])
        def test_method(self, customers):
            sells(self.shop, customers)
            assert len(self.shop.sold) == 1

        @interleaved
        def test_prompt(self):
            raise KeyError("prompt")

    class TestHeir(TestShop):
        pass

    class ShopTest(unittest.TestCase):
        def setUp(self):
            self.shop = Shop()
            self.addCleanup(setattr, self, "shop", None)

        @interleaved
        def test_unit(self):
            sells(self.shop, 2)
            self.assertEqual(len(self.shop.sold), 1)

    @interleaved
    def test_deadlock():
        import threading
        threading.Lock().acquire()
        never = threading.Lock()
        never.acquire()
        never.acquire()

    @interleaved
    def test_interrupt():
        raise KeyboardInterrupt
"""


def test_what_fails_is_shown_as_its_author_wrote_it_and_replays(tmp_path):
    write(tmp_path, shop=SHOP, test_shop=FAILING)
    run = Run(tmp_path)
    assert run.status == 1, run.out
    passed = {name for name, outcome in run.outcomes.items() if outcome == "passed"}
    assert passed == {"TestShop::test_method[1]", "TestHeir::test_method[1]"}
    names = ["test_function", "TestShop.test_method[2]", "TestHeir.test_method[2]"]
    tokens = {}
    for name in [*names, "ShopTest.test_unit", "test_deadlock"]:
        text = run.of(name)
        assert "threadlab/" not in text, text  # no frame of ours
        node = "::".join(["test_shop.py", *name.split(".")])
        (token,) = re.findall(rf"^Again: pytest '{re.escape(node)}' --schedule=(\S+)$", text, re.M)
        assert f" execution under the schedule {token} ---" in text
        tokens[node] = token
    assert ">       assert len(shop.sold) == 1\n" in run.of("test_function")
    assert "AssertionError: 2 != 1" in run.of("ShopTest.test_unit")
    assert "KeyError: 'prompt'" in run.of("TestHeir.test_prompt")
    assert "Deadlock: all threads wait" in run.of("test_deadlock")
    assert "AssertionError: exception: KeyboardInterrupt()" in run.of("test_interrupt")

    node = "test_shop.py::test_function"
    again = Run(tmp_path, node, f"--schedule={tokens[node]}")
    assert again.outcomes == {"test_function": "failed"}
    assert f"Again: pytest '{node}' --schedule={tokens[node]}\n" in again.out
    prompt = Run(tmp_path, node, "--schedule=-")
    assert prompt.outcomes == {"test_function": "passed"}


OTHERS = """
    import threading
    from unittest import mock

    import pytest

    from shop import Item, Shop, sells
    from threadlab import interleaved

    @pytest.fixture
    def item():
        return Item("pen")

    @interleaved(executions=20)
    def test_is_carried_anew_for_each_execution(item, tmp_path):
        assert type(item) is Item
        assert item.name == "pen"
        assert tmp_path.name
        item.name = "used"

    @interleaved
    def test_raises():
        with pytest.raises(ZeroDivisionError), pytest.warns(UserWarning):
            import warnings
            warnings.warn("so", UserWarning)
            1 / 0

    @interleaved
    def test_skips():
        pytest.skip("not today")

    @interleaved
    def test_xfails():
        pytest.xfail("not yet")

    @interleaved
    def test_fails():
        pytest.fail("for a reason")

    @pytest.fixture(params=[threading.Lock, threading.Thread, lambda: lambda: 0])
    def thing(request):
        return request.param()

    @interleaved
    def test_refuses(thing):
        pass

    @interleaved
    def test_refuses_pytests_own(monkeypatch):
        pass

    @interleaved(races=True)
    def test_race():
        shop = Shop()
        sells(shop, 2)

    @interleaved(strategy="no such")
    def test_strategy():
        pass

    @interleaved
    async def test_later():
        pass

    @interleaved
    @mock.patch("shop.sells")
    @mock.patch("time.sleep")
    def test_patched(sleep, sells):
        import shop
        import time
        assert shop.sells is sells
        assert time.sleep is sleep

    @mock.patch("shop.sells", new=print)
    @interleaved
    def test_patched_above():
        pass

    @pytest.fixture
    def patched(monkeypatch):
        monkeypatch.setattr("shop.sells", print)

    @interleaved
    def test_patched_by_a_fixture(patched):
        pass
"""


def test_what_it_is_called_with_and_how_it_ends(tmp_path):
    write(tmp_path, shop=SHOP, test_shop=OTHERS)
    run = Run(tmp_path)
    words = {
        "passed": ["test_is_carried_anew_for_each_execution", "test_raises", "test_patched"],
        "xfail": ["test_xfails"],
        "failed": [
            "test_fails",
            *(f"test_refuses[{name}]" for name in ("Lock", "Thread", "<lambda>")),
            "test_refuses_pytests_own",
            "test_race",
            "test_strategy",
            "test_later",
            "test_patched_above",
            "test_patched_by_a_fixture",
        ],
    }
    seen = {name: outcome for name, outcome in run.outcomes.items() if outcome != "skipped"}
    seen = {re.sub(r"allocate_lock|lock", "Lock", name): outcome for name, outcome in seen.items()}
    assert seen == {name: word for word, names in words.items() for name in names}, run.out
    assert "SKIPPED [1] test_shop.py:30: not today\n" in run.out
    refusals = re.findall(r"^E +threadlab.errors.ProgramError: (.*)$", run.out, re.MULTILINE)
    where = r"test_shop\.py:test_refuses\w*: argument \w+, of type \S+, cannot be carried into .*"
    assert len([line for line in refusals if re.fullmatch(where, line)]) == 4
    others = [line for line in refusals if not re.fullmatch(where, line)]
    assert [line.partition("; ")[0] for line in sorted(others)] == [
        "@interleaved: no strategy 'no such'",
        "test_shop.py:test_later: test_later is a generator or a coroutine",
        "test_shop.py:test_patched_above: a mock.patch above @interleaved acts on this process, "
        "not on the simulated world",
    ]
    assert "patches with monkeypatch.setattr" in run.of("test_patched_by_a_fixture")
    assert "DataRace" in run.of("test_race")
    assert "no strategy 'no such'" in run.of("test_strategy")


GIVEN = """
    from datetime import timedelta

    from hypothesis import assume, example, given, note, settings, target
    from hypothesis import strategies as st

    from shop import Shop, sells
    from threadlab import interleaved

    few = st.integers(0, 5)

    @settings(max_examples=1000)
    @given(customers=few)
    @interleaved
    def test_below(customers):
        shop = Shop()
        sells(shop, customers)
        assert len(shop.sold) <= 1

    class TestShop:
        @interleaved
        @settings(max_examples=1000)
        @given(customers=few)
        def test_above(self, customers):
            shop = Shop()
            sells(shop, customers)
            note(f"{len(shop.sold)} sold")
            assert len(shop.sold) <= 1

    @settings(max_examples=20, deadline=timedelta(microseconds=1))
    @example(customers=3)
    @given(customers=few)
    @interleaved(executions=3)
    def test_passes(customers):
        assume(customers != 1)
        target(float(customers))
        assert customers in (0, 2, 3, 4, 5)
        sells(Shop(9), customers)

    @example(customers=2)
    @settings(max_examples=1)
    @given(customers=few)
    @interleaved
    def test_example(customers):
        assert customers != 2

    @given(customers=few)
    @interleaved(seconds=1)
    def test_refused(customers):
        pass
"""


@pytest.mark.once
def test_under_given_the_schedule_is_drawn_with_the_data(tmp_path):
    write(tmp_path, shop=SHOP, test_shop=GIVEN)
    run = Run(tmp_path)
    failing = ["test_below", "TestShop::test_above", "test_example", "test_refused"]
    assert run.outcomes == dict.fromkeys(failing, "failed") | {"test_passes": "passed"}, run.out
    shown = {}
    for name, node in (("test_below", "test_below"), ("test_above", "TestShop.test_above")):
        text = run.of(node)
        assert re.search(r"customers=2,", text), text
        (token,) = re.findall(r"^Again: .* --schedule=(.*)$", text, re.MULTILINE)
        assert token.count(".") <= 2, text
        assert f" under the schedule {token}\n" in text
        assert "Draw 1" not in text  # among which there may be some that passed
        assert f" execution under the schedule {token} ---" in text
        shown[name] = token
    assert "2 sold" in run.of("TestShop.test_above")
    assert "customers=2," in run.of("test_example")
    assert "has no place under @given, where Hypothesis draws the schedules" in run.of(
        "test_refused"
    )
    # From the database at once, and under the schedule alone.
    for more in ([], [f"--schedule={shown['test_below']}"]):
        again = Run(tmp_path, "test_shop.py::test_below", "--hypothesis-show-statistics", *more)
        assert again.outcomes == {"test_below": "failed"}
        assert "customers=2," in again.of("test_below")
        assert "during reuse phase" in again.out


SET_UP = """
    import threading
    import unittest
    from dataclasses import dataclass

    import pytest

    from threadlab import interleaved

    def setup_module():
        global shop
        shop = []

    class TestSetUp:
        def setup_class(cls):
            cls.shared = ["class"]

        @pytest.fixture(autouse=True)
        def fixture(self):
            self.item, self.lock = ["fixture"], threading.Lock()

        def setup_method(self):
            self.lock = threading.Lock()

        @interleaved
        def test_all(self):
            with self.lock:
                for things in (shop, self.shared, self.item):
                    things.append("test")  # each execution has its own
                assert (shop, self.shared, self.item) == (
                    ["test"], ["class", "test"], ["fixture", "test"]
                )

        @classmethod
        @interleaved
        def test_of_class(cls):
            assert cls.shared == ["class"]

    class SetUpTest(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.shared = threading.Lock()

        @interleaved
        def test_unit(self):
            assert self.shared.acquire(timeout=1)

    class TestLeft:
        @pytest.fixture(autouse=True)
        def fixture(self):
            self.lock = threading.Lock()

        @interleaved
        def test_left(self):
            pass

    @dataclass(frozen=True)
    class Refused(Exception):
        number: int

    def refuse():
        raise Refused(3)

    @interleaved
    def test_thread():
        thread = threading.Thread(target=refuse)
        thread.start()
        thread.join()

    @interleaved
    def test_main():
        refuse()
"""


def test_each_execution_is_set_up_as_pytest_does(tmp_path):
    write(tmp_path, test_set_up=SET_UP)
    run = Run(tmp_path)
    passed = {"TestSetUp::test_all", "TestSetUp::test_of_class", "SetUpTest::test_unit"}
    assert {name for name, outcome in run.outcomes.items() if outcome == "passed"} == passed
    assert "ProgramError: test_set_up.py:TestLeft.test_left: self.lock cannot be carried" in run.out
    for name in ("test_thread", "test_main"):  # though it takes no note, and pytest chokes on it
        assert run.outcomes[name] == "failed"
        assert "Refused: 3" in run.of(name)


def test_a_token_that_does_not_fit_is_no_pass(tmp_path):
    write(tmp_path, test_sound="from threadlab import interleaved\n@interleaved\ndef test(): pass")
    run = Run(tmp_path, "--schedule=9999.1")
    assert run.outcomes == {"test": "failed"}
    assert "the schedule does not fit: its delay 9999.1 never came" in run.out


def test_what_is_no_plain_function_is_refused():
    async def later():
        pass

    def yields():
        yield

    for function in (later, yields):
        with pytest.raises(ProgramError, match="is neither a function of a module"):
            interleaved(function)()  # and not before, or the rest of its file would fail with it
    with pytest.raises(ProgramError, match="takes a function"):
        interleaved(staticmethod(later))
    with pytest.raises(ProgramError, match="executions=0 is not at least 1"):
        interleaved(executions=0)


def test_it_takes_what_a_module_has_at_its_top():
    @interleaved
    def inner():
        pass

    with pytest.raises(ProgramError, match="is neither a function of a module"):
        inner()


DAEMONS = """
    import queue
    import threading

    from threadlab import interleaved

    def left():
        threading.Thread(target=queue.Queue().get, daemon=True).start()

    @interleaved(executions=2)
    def test_fails():
        left()

    @interleaved(executions=2, daemons="allow", include=["queue"])
    def test_allows():
        left()
"""


def test_what_may_be_left_and_what_has_steps_is_as_of_the_command(tmp_path):
    write(tmp_path, test_daemons=DAEMONS)
    run = Run(tmp_path)
    assert run.outcomes == {"test_fails": "failed", "test_allows": "passed"}


def test_names_of_modules_and_ends_of_daemons_are_checked():
    with pytest.raises(ProgramError, match="include='queue' is not a list of names"):
        interleaved(include="queue")
    with pytest.raises(ProgramError, match="no daemons='kill'; there are fail, allow"):
        interleaved(daemons="kill")
