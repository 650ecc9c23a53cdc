"""What a strategy may not do, whichever it is, and what those are for that learn."""

import math

import pytest

from tests.benchmarks.yardstick.programs import PROGRAMS
from threadlab.search.explore import STRATEGIES, explore
from threadlab.strategies.pos import FREE, Pos

pytestmark = pytest.mark.once

WITHOUT_END = sorted({*STRATEGIES} - {"exhaustive"})

POLITE = """
import threading, time

class State:
    def __init__(self):
        self.started = self.finished = False
        self.turns = 0

def scenario():
    state = State()

    def wait_for_it():
        state.started = True
        while not state.finished:
            time.sleep(0)

    def finish():
        state.turns += 1
        state.finished = True

    threads = [threading.Thread(target=f) for f in (wait_for_it, wait_for_it, finish)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
IMPOLITE = POLITE.replace("time.sleep(0)", "pass")
COUNTING = IMPOLITE.replace("pass", "state.turns")


@pytest.mark.parametrize("program", [POLITE, IMPOLITE, COUNTING])
@pytest.mark.parametrize("strategy", WITHOUT_END)
def test_who_waits_without_blocking_keeps_nobody_from_what_it_waits_for(script, program, strategy):
    result = explore(script(program), strategy=strategy, executions=30, races="off")
    assert (result.failure, result.cut_off) == (None, 0)


SLEEPER = """
import threading, time

def scenario():
    done = []

    def work():
        time.sleep(1)
        done.append(1)

    def poll():
        end = time.monotonic() + 5
        while not done:
            assert time.monotonic() < end
            time.sleep(0)

    threads = [threading.Thread(target=f) for f in (work, SECOND)]
    for thread in threads:
        thread.start()
    poll()
    for thread in threads:
        thread.join()
"""


@pytest.mark.parametrize("second", ["poll", "list", "work"])
@pytest.mark.parametrize("strategy", WITHOUT_END)
def test_time_passes_for_who_lets_others_go_first_and_waits_for_one_that_sleeps(
    script, strategy, second
):
    program = SLEEPER.replace("SECOND", second)
    result = explore(script(program), strategy=strategy, executions=4, races="off")
    assert (result.failure, result.cut_off) == (None, 0)


POLLING = """
import threading, time

exec(compile(
    "def poll(done):\\n"
    "    while not done: sleep(0)\\n",
    "/library.py", "exec"
), globals() | {"sleep": time.sleep}, names := {})
poll = names["poll"]

def scenario():
    done = []
    threads = [threading.Thread(target=poll, args=(done,)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    END
    for thread in threads:
        thread.join()
"""
DONE = "time.sleep(1); done.append(1)"


@pytest.mark.parametrize(
    ("threads", "end", "ends"),
    [("1", DONE, True), ("2", DONE, True), ("1", "pass", False)],
)
def test_who_polls_in_code_without_steps_is_as_any_that_polls(script, threads, end, ends):
    text = POLLING.replace("THREADS", threads).replace("END", end)
    result = explore(script(text), strategy="bounded", executions=2, small=False, races="off")
    assert result.cut_off == 0
    assert result.found is not ends


TRYING = """
import threading

def scenario():
    lock, done = threading.Lock(), [0]

    def count():
        for _ in range(3):
            while not lock.acquire(blocking=False):
                pass
            done[0] += 1
            lock.release()

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [9]
"""


@pytest.mark.parametrize("strategy", WITHOUT_END)
def test_those_that_try_for_a_lock_let_its_holder_go_on(script, strategy):
    result = explore(script(TRYING), strategy=strategy, executions=30, races="off")
    assert (result.failure, result.cut_off) == (None, 0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["reorder_50", "twostage_50"])
def test_feedback_holds_back_as_many_threads_as_there_are(name, seed):
    """One after another they pass, in any random walk; it takes one pair to hold them all."""
    result = explore(
        PROGRAMS[name].spec, strategy="feedback", seed=seed, executions=60, races="off", small=False
    )
    assert result.found


class Checked(Pos):
    """Sees that what it knows of those that are ready is of each of them, and not of another."""

    def next(self):
        self.places = {}
        return super().next()

    def choose(self, ready, clock, reason):
        index = super().choose(ready, clock, reason)
        at = index or int(reason == "spin")
        paths = [task.path for task in ready]
        self.places = dict(zip(paths[at:] + paths[:at], self._round, strict=False))
        return index

    def _bring_up_to_date(self, ready, reason):
        super()._bring_up_to_date(ready, reason)
        assert self._round == [self.places.get(task.path, FREE) for task in ready]


@pytest.mark.once
@pytest.mark.parametrize("program", [IMPOLITE, SLEEPER.replace("SECOND", "poll"), TRYING])
def test_pos_follows_who_is_ready(script, monkeypatch, program):
    """It does not ask for each of them at each choice."""
    monkeypatch.setitem(STRATEGIES, "pos", Checked)
    result = explore(script(program), strategy="pos", executions=20, races="off", stall=math.inf)
    assert (result.failure, result.executions) == (None, 20)


ORDERS = """
import threading

def scenario():
    order = []
    threads = [threading.Thread(target=order.append, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order != {order}
"""


@pytest.mark.parametrize("strategy", ["pos", "feedback"])
@pytest.mark.parametrize("order", ["[2, 1, 0]", "[0, 1, 2]", "[1, 2, 0]"])
def test_threads_begin_in_any_order_at_once(script, strategy, order):
    """There is one of six, and 40 executions miss it once in 1,500 searches."""
    spec = script(ORDERS.replace("{order}", order))
    assert explore(spec, strategy=strategy, executions=40, races="off", stall=math.inf).found


PROFILED = """
import threading

seen = threading.local()

def profile(frame, event, arg):
    seen.calls = getattr(seen, "calls", 0) + 1

def scenario():
    count = 0

    def work():
        nonlocal count
        count += 1

    threading.setprofile(profile)
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    threading.setprofile(None)
    assert count == 2
"""


@pytest.mark.parametrize("strategy", WITHOUT_END)
def test_what_a_strategy_calls_is_not_profiled_by_the_program(script, strategy):
    """What is found is executed again, where there is no strategy."""
    assert explore(script(PROFILED), strategy=strategy, executions=200, races="off").found
