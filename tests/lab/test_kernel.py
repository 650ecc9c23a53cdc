"""How an execution ends that goes wrong, and that it leaves nothing behind."""

import gc
import json
import sys
import threading

import pytest
from greenlet import getcurrent, greenlet

from tests.lab.searching import run
from tests.lab.threads import started
from threadlab import errors
from threadlab.search.explore import explore
from threadlab.simulation.kernel import CARRIERS, KEPT


def test_a_deadlock_says_who_holds_what_and_since_when(world):
    def scenario():
        one, other = world.threading.Lock(), world.threading.Lock()

        def take(first, second):
            with first:
                world.time.sleep(1)
                with second:
                    pass

        for thread in started(world, lambda: take(one, other), lambda: take(other, one)):
            thread.join()

    with pytest.raises(errors.Deadlock) as caught:
        world.execute(scenario)
    message = str(caught.value)
    assert "at 1 s" in message
    assert "waits for a lock held by Thread-2 (<lambda>) since 1 s" in message
    assert "waits for a lock held by Thread-1 (<lambda>) since 1 s" in message
    assert "with second:" in message


def test_a_thread_left_over_is_named(world):
    def scenario():
        world.threading.Thread(target=world.threading.Event().wait, name="Fred").start()

    with pytest.raises(errors.LeakedThread, match="Fred waits for"):
        world.execute(scenario)


@pytest.mark.parametrize(
    "loop",
    [
        "for item in itertools.repeat(None, 30_000): len(box)",
        "end = time.monotonic() + 10\n            while time.monotonic() < end: len(box)",
    ],
)
def test_a_long_loop_that_ends_is_no_livelock_though_its_progress_cannot_be_seen(script, loop):
    text = f"""
        import itertools, time

        box = []

        def scenario():
            {loop}
    """
    result = explore(script(text), executions=1, small=False, races="off")
    assert (result.failure, result.cut_off) == (None, 0)


def test_a_daemon_left_over_that_waits_for_nothing_does_not_run_for_ever(script):
    text = """
        import threading

        def work(event, seen):
            while event.wait(1):
                seen.append(1)

        def scenario():
            event = threading.Event()
            event.set()
            threading.Thread(target=work, args=(event, []), daemon=True).start()
    """
    failure = explore(script(text), executions=1, small=False, races="off").failure
    assert failure.kind == "leak"
    assert "go on and on" in failure.message


def test_an_exception_in_any_thread_is_raised_at_its_line(world):
    with pytest.raises(ValueError, match="on line 25") as caught:
        world.execute(lambda: started(world, world.subject.fail)[0].join())
    assert caught.traceback[-1].lineno == 25 - 1
    assert caught.value.__notes__ == ["in thread Thread-1 (fail)"]


def test_spinning_for_another_thread_or_for_the_time_is_no_livelock(world):
    def scenario():
        event = world.threading.Event()
        threads = started(world, lambda: world.subject.spin(event), event.set)
        world.subject.spin_until(world.time.monotonic() + 5)
        threads += started(world, lambda: world.time.sleep(6))
        for thread in threads:
            thread.join()

    def helper_sleeps():
        started(world, lambda: world.time.sleep(10))
        scenario()
        world.time.sleep(10)

    world.execute(helper_sleeps)


def test_several_that_spin_for_one_that_sleeps_are_no_livelock(world):
    def scenario():
        event = world.threading.Event()
        started(world, *2 * [lambda: world.subject.spin(event)])
        world.time.sleep(1)
        event.set()

    world.execute(scenario)


def test_spinning_for_what_never_comes_is_a_livelock(world):
    with pytest.raises(errors.Livelock, match="no thread makes progress"):
        world.execute(lambda: world.subject.spin(world.threading.Event()))


def test_a_thousand_failures_leave_nothing_behind(world):
    def deadlock():
        world.threading.Event().wait()

    def leak():
        started(world, deadlock, deadlock)

    def fail():
        leak()
        raise ValueError

    def stubborn():
        while True:
            try:
                deadlock()
            except BaseException:
                world.time.sleep(1)

    scenarios = [deadlock, leak, fail, lambda: (started(world, stubborn), fail())]

    def living():
        return [one for one in gc.get_objects() if isinstance(one, greenlet) and not one.dead]

    before = living()  # those that other worlds keep
    threads = threading.enumerate()
    for number in range(1000):
        with pytest.raises((errors.Failure, ValueError)):
            world.execute(scenarios[number % len(scenarios)])
    gc.collect()
    assert set(living()) <= {*before, *CARRIERS.of_thread.idle, getcurrent()}
    assert threading.enumerate() == threads
    assert world.execute(lambda: started(world, lambda: None)[0].name) == "Thread-1 (<lambda>)"


def test_recursion_does_not_add_up_over_executions(world):
    def depth():
        depths = []

        def descend(level):
            try:
                descend(level + 1)
            except RecursionError:
                depths.append(level)

        for thread in started(world, lambda: descend(0)):
            thread.join()
        return max(depths)

    def nested(level=0):
        if level < KEPT + 10:
            for thread in started(world, lambda: nested(level + 1)):
                thread.join()

    first = world.execute(depth)
    for _ in range(50):
        world.execute(nested)
    assert world.execute(depth) >= first - 20


RECURSES = """
    import threading

    def down():
        down()

    def scenario():
        threads = [threading.Thread(target=down) for _ in range(3)]
        threads[0].start()
        threads[0].join()
        threading.Thread(target=print).start()
        down()
"""


def test_everybody_recurses_as_deep_in_each_execution_and_each_process(script):
    """Each call of `down` is a step, so that the steps say how deep it was."""
    spec = script(RECURSES)

    def steps(depth):
        return steps(depth - 1) if depth else explore(spec, replay="-").steps

    told = json.loads(run(spec, "--replay", "-", "--json").stdout.splitlines()[-1])
    assert told["failure"]["message"].startswith("RecursionError: maximum recursion depth")
    assert told["failure"]["thread"] == "Thread-1 (down)"
    assert 1900 < told["steps"] < 2010
    assert {steps(depth) for depth in range(0, 60, 7)} == {told["steps"]}
    assert explore(spec, executions=50).failure.thread == "Thread-1 (down)"


def test_the_recursion_limit_is_put_back(world):
    limit = sys.getrecursionlimit()
    world.execute(lambda: None)
    assert sys.getrecursionlimit() == limit


def test_a_recursion_limit_of_the_programs_own_is_of_its_execution(world):
    limit = sys.getrecursionlimit()

    def scenario():
        sys.setrecursionlimit(limit + 5000)
        return sys.getrecursionlimit()

    try:
        assert world.execute(scenario) == limit + 5000
        assert sys.getrecursionlimit() == limit
    finally:
        sys.setrecursionlimit(limit)
