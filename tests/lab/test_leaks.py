import _thread
import threading

import pytest

from threadlab.errors import Hang, Leak
from threadlab.worlds import leaks


@pytest.fixture
def gate():
    """Threads of a test wait here; it opens when the test has ended, and they end too."""
    gate = threading.Event()
    started = set(threading.enumerate())
    yield gate
    gate.set()
    for thread in set(threading.enumerate()) - started:
        thread.join()
    leaks.abandoned.clear()


def wait_at_the_gate(gate):
    gate.wait()


def start_at_the_gate(gate):
    threading.Thread(target=wait_at_the_gate, args=(gate,), name="Fred").start()


def test_a_thread_that_ends_is_no_leak():
    with leaks.leak_guard():
        threading.Thread(target=lambda: None).start()


def test_a_thread_that_was_there_before_is_no_leak(gate):
    with pytest.raises(Leak):
        with leaks.leak_guard(grace=0):
            start_at_the_gate(gate)
        pytest.fail("not reported")
    with leaks.leak_guard(grace=0):
        pass
    gate.set()


def test_a_leak_says_who_from_where_and_where(gate):
    with pytest.raises(Leak) as caught, leaks.leak_guard(grace=0.01):
        start_at_the_gate(gate)
    message = str(caught.value)
    assert "1 thread\n" in message
    assert "thread 'Fred'\n" in message
    started, now = message.split("is now at")
    assert "in start_at_the_gate" in started
    assert "in wait_at_the_gate" in now
    assert "gate.wait()" in now
    gate.set()


def test_a_raw_thread_leaks_too():
    begun, blocked, ended = (threading.Lock() for _ in range(3))
    for lock in (begun, blocked, ended):
        lock.acquire()

    def body():
        begun.release()
        blocked.acquire()
        ended.release()

    with pytest.raises(Leak, match="not made by threading"), leaks.leak_guard(grace=0.01):
        _thread.start_new_thread(body, ())
        begun.acquire()
    blocked.release()
    ended.acquire()


def test_what_the_block_raised_propagates():
    with pytest.raises(ValueError), leaks.leak_guard():
        raise ValueError


def test_what_the_block_raised_is_the_cause_of_a_leak(gate):
    error = ValueError()
    with pytest.raises(Leak) as caught, leaks.leak_guard(grace=0):
        start_at_the_gate(gate)
        raise error
    assert caught.value.__cause__ is error
    gate.set()


@pytest.mark.parametrize("kind", [Hang, Leak, KeyboardInterrupt])
def test_a_hang_a_leak_or_an_interrupt_within_is_not_reported_as_a_leak(gate, kind):
    error = kind()
    with pytest.raises(kind) as caught, leaks.leak_guard(grace=0):
        start_at_the_gate(gate)
        raise error
    assert caught.value is error
    assert [thread.name for thread in leaks.abandoned] == ["Fred"]
    gate.set()


def test_nothing_stays_patched():
    before = threading.Thread.start
    with leaks.leak_guard(), leaks.leak_guard():
        assert threading.Thread.start is not before
    assert threading.Thread.start is before
