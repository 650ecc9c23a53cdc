import threading

import pytest

from threadlab.errors import Hang, Unrepeatable
from threadlab.worlds import watchdog


def test_result():
    assert watchdog.watchdog(lambda: 42) == 42


def test_exception():
    error = SystemExit()

    def fail():
        raise error

    with pytest.raises(SystemExit) as caught:
        watchdog.watchdog(fail)
    assert caught.value is error


def test_an_interrupt_of_the_scenario_does_not_interrupt_the_run():
    def fail():
        raise KeyboardInterrupt

    with pytest.raises(Unrepeatable):
        watchdog.watchdog(fail)


def test_a_hang_says_where_every_thread_is():
    gate, other = threading.Event(), threading.Event()

    def wait_for_the_other():
        other.wait()

    def scenario():
        threading.Thread(target=wait_for_the_other, name="Fred").start()
        gate.wait()

    before = set(threading.enumerate())
    try:
        with pytest.raises(Hang) as caught:
            watchdog.watchdog(scenario, patience=0.1)
    finally:
        gate.set()
        other.set()
        for thread in set(threading.enumerate()) - before:
            thread.join()
    message = str(caught.value)
    assert "no end after 0.1 s" in message
    assert "gate.wait()" in message
    assert "thread 'Fred'" in message
    assert "other.wait()" in message
    assert "thread 'MainThread'" in message
