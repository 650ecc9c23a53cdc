import dataclasses
import threading
import time
import types

import pytest

from threadlab.errors import Hang
from threadlab.worlds import leaks, real
from threadlab.worlds.real import RealWorld


@pytest.fixture
def world(subject):
    return RealWorld(subject)


def in_a_thread(function):
    thread = threading.Thread(target=function, name="Fred")
    thread.start()
    thread.join()


def fail():
    raise ValueError("in a thread")


def test_the_result_is_the_scenarios(world):
    assert world.run(lambda: 42) == 42


def test_an_unhandled_exception_in_any_thread_is_raised(world):
    with pytest.raises(ValueError, match="in a thread") as caught:
        world.run(lambda: in_a_thread(fail))
    assert caught.value.__notes__ == ["in thread Fred"]


def test_the_scenarios_own_exception_goes_before(world):
    def scenario():
        in_a_thread(fail)
        raise KeyError("the scenario's")

    with pytest.raises(KeyError) as caught:
        world.run(scenario)
    assert caught.value.__notes__ == ["beside it, in thread Fred: ValueError('in a thread')"]


def test_system_exit_ends_a_thread_and_is_no_failure(world):
    def leave():
        raise SystemExit

    world.run(lambda: in_a_thread(leave))


def test_the_excepthook_is_put_back(world):
    before = threading.excepthook
    world.run(lambda: None)
    assert threading.excepthook is before


def compute():
    end = time.monotonic() + 0.6
    while time.monotonic() < end:
        pass


def test_a_subject_that_has_hung_gets_less_patience_if_it_is_idle(subject, monkeypatch):
    monkeypatch.setattr(real, "IDLE", 1)
    monkeypatch.setattr(real, "IDLE_AGAIN", 0.2)
    world = RealWorld(dataclasses.replace(subject, module=types.ModuleType("hangs")), patience=2)
    gate = threading.Event()
    try:
        with pytest.raises(Hang, match=r"no end after 1(\.\d+)? s"):
            world.run(gate.wait)
        with pytest.raises(Hang, match=r"no end after 0\.\d+ s"):
            world.run(gate.wait)
        world.run(compute)
    finally:
        gate.set()
        for thread in leaks.abandoned:
            thread.join()
        leaks.abandoned.clear()
    RealWorld(subject, patience=1).run(lambda: threading.Event().wait(0.6))
