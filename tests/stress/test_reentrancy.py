"""Calls in the middle of the primitive's own code, as signal handlers and finalisers make them.

Such code runs between any two operations of a thread, in that thread. A profile function
does so too, at every call and return, and can be put at each of them in turn.
"""

import sys

import pytest

pytestmark = pytest.mark.reference


def at_event(number, call):
    """A profile function that makes ``call`` at the event of that number, and counts them."""
    seen = [0]

    def profile(frame, event, argument):
        seen[0] += 1
        if seen[0] == number:
            call()

    return profile, seen


def run_interrupted(world, number):
    """Interrupt a run at event ``number`` by a termination; return how many events there were."""
    task = world.subject.CountdownTask(interval=0.0001, emit=lambda value: None)
    profile, seen = at_event(number, task.terminate)

    def scenario():
        sys.setprofile(profile)
        try:
            task.run(2)
            task.terminate()
        finally:
            sys.setprofile(None)

    world.run(scenario)
    assert task.terminated
    return seen[0]


def test_T6_terminate_in_the_middle_of_run_or_of_terminate(world):
    number = 1
    while run_interrupted(world, number) >= number:
        number += 1
    assert number > 10


def test_P5_stop_from_the_timers_own_thread(world):
    def scenario():
        for number in range(1, 40):
            timer = world.subject.PeriodicTimer(0.0001)
            profile, _seen = at_event(number, timer.stop)
            world.threading.setprofile(profile)
            try:
                timer.start()
                with pytest.raises(world.subject.TimerStopped):
                    while True:
                        timer.wait_for_tick()
            finally:  # not before, or the new thread may not have seen it yet
                world.threading.setprofile(None)
            timer.stop()

    world.run(scenario)
