"""sched.scheduler, filled by one thread and run by another.

Racy: a call that is due is cancelled.
"""

import sched
import threading
import time


def ring(cancel):
    clock, rung, now = sched.scheduler(time.monotonic, time.sleep), [], time.monotonic()
    clock.enterabs(now + 0.001, 1, rung.append, ("breakfast",))
    clock.enterabs(now, 2, rung.append, ("coffee",))
    clock.enterabs(now, 1, rung.append, ("light",))
    alarm = clock.enterabs(now, 3, rung.append, kwargs={}, argument=("alarm",))
    bell = threading.Thread(target=clock.run)
    bell.start()
    cancel(clock, alarm)
    bell.join()
    assert clock.empty()
    assert [what for what in rung if what != "alarm"] == ["light", "coffee", "breakfast"]


def if_it_can_be(clock, alarm):
    try:
        clock.cancel(alarm)
    except ValueError:
        pass  # it has rung


def if_it_is_there(clock, alarm):
    if alarm in clock.queue:
        clock.cancel(alarm)


def scenario():
    ring(if_it_can_be)


def racy():
    ring(if_it_is_there)


if __name__ == "__main__":
    scenario()
