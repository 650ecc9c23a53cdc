"""How long a thread is held up while time passes: it is bounded, said, and made short."""

import math

import pytest

from tests.lab.searching import main
from threadlab.errors import ProgramError
from threadlab.search.explore import STRATEGIES, explore

pytestmark = pytest.mark.once

LATE = """
    import threading
    import time

    def scenario():
        done = []
        thread = threading.Thread(target=done.append, args=(1,))
        thread.start()
        time.sleep({})
        assert done
        thread.join()
"""
"""The thread has as long as main sleeps."""


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
@pytest.mark.parametrize(("seconds", "stall"), [(0.3, 0.3), (0.3, 0.29), (30, 0.5), (30, math.inf)])
def test_nobody_is_held_up_for_longer_than_the_stall(script, strategy, seconds, stall):
    result = explore(script(LATE.format(seconds)), strategy=strategy, executions=300, stall=stall)
    assert result.found == (seconds <= stall)
    if result.found:
        assert result.stall == seconds
    else:
        assert result.longest_stall == stall


def test_what_says_that_nothing_is_left_says_within_which_stall(script, capsys):
    _, out, _ = main(capsys, script(LATE.format(30)))
    assert "nothing left to try with no thread preempted for longer than 0.5 s: " in out
    _, out, _ = main(capsys, script(LATE.format(30)), "--stall", "0")
    assert "nothing left to try with no thread preempted for longer than 0 s: " in out
    _, out, _ = main(capsys, script(LATE.format(30)), "--strategy=bounded", "--bound=1")
    assert "nothing left to try with so few delays (--bound): " in out
    _, out, _ = main(capsys, script("def scenario(): pass"))
    assert "nothing left to try: " in out


def test_a_report_says_how_long_a_stall_is_needed_and_the_token_says_it_all(script, capsys):
    spec = script(LATE.format(30))
    status, out, _ = main(capsys, spec, "--stall", "inf")
    assert status == 1
    assert "; it preempts a thread for 30 s" in out
    token = out.split("--replay ")[1].strip()
    again = explore(spec, replay=token)
    assert (again.found, again.stall, again.as_json()["stall"]) == (True, 30, 30)


TICKING = """
    import threading
    import time

    def scenario():
        done = threading.Event()

        def work():
            for number in range(100):
                number += 1
            done.set()

        def tick():
            for _ in range(100):
                time.sleep(0.3)

        threads = [threading.Thread(target=target) for target in (work, tick)]
        for thread in threads:
            thread.start()
        assert done.wait({})
        for thread in threads:
            thread.join()
"""


@pytest.mark.parametrize(("timeout", "found"), [(0.7, False), (0.4, True)])
def test_stalls_of_one_thread_that_goes_on_without_blocking_add_up(script, timeout, found):
    """Three times 0.3 s are more than a thread is held up for, if it does not block between."""
    spec = script(TICKING.format(timeout))
    assert explore(spec, strategy="random", executions=300, small=False).found is found


TWO_WAYS = """
    import threading
    import time

    def scenario():
        balance = [0]

        def late():
            time.sleep(0.4)
            balance[0] += 1

        def add():
            before = balance[0]
            time.sleep(0)
            balance[0] = before + 1

        threads = [threading.Thread(target=target) for target in (add, add, late)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert balance[0] == 3
"""


def test_the_stall_is_made_as_short_as_it_can_be(script):
    """It fails if `add` is held up until `late` is there, and without any stall, too."""
    spec = script(TWO_WAYS)
    for seed in range(5):
        result = explore(spec, strategy="random", seed=seed)
        assert result.found
        assert result.stall == 0
        assert explore(spec, replay=result.schedule).stall == 0


SEVERAL = """
    import threading
    import time

    def scenario():
        done = []
        sleepers = [threading.Thread(target=time.sleep, args=(s,)) for s in (0.1, 0.2, 0.4)]
        thread = threading.Thread(target=done.append, args=(1,))
        for one in (*sleepers, thread):
            one.start()
        time.sleep(0.15)
        assert done
        for one in (*sleepers, thread):
            one.join()
"""


def test_a_longer_stall_than_is_needed_is_made_shorter(script):
    spec = script(SEVERAL)
    for seed in range(5):
        assert explore(spec, strategy="random", seed=seed).stall == 0.15


def test_a_replay_stalls_as_its_token_says(script):
    spec = script(LATE.format(30))
    found = explore(spec, stall=math.inf)
    assert explore(spec, replay=str(found.schedule), stall=0).found


def test_a_wrong_stall_is_refused(script, capsys):
    spec = script("def scenario(): pass")
    with pytest.raises(ValueError, match="stall=-1"):
        explore(spec, stall=-1)
    status, _, err = main(capsys, spec, "--stall", "-1")
    assert (status, "-1 is not at least 0" in err) == (2, True)


def test_a_decorated_test_takes_a_stall_too():
    from threadlab import interleaved

    with pytest.raises(ProgramError, match="stall=-1 is not at least 0"):
        interleaved(stall=-1)
