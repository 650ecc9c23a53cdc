"""What a user of `PeriodicTimer` may rely on, where that rests on a lock.

It notices each lock, notification, loop and join that is left out of ``threadprims/timer.py``, but
for one: those who wait for a tick need not look again when they are woken, since nobody is woken
for anything that is not what all wait for.
"""

import threading
import time
from contextlib import suppress

from threadprims import PeriodicTimer, TimerStopped

INTERVAL = 10.0


def scenario():
    stopped_while_it_starts()
    in_use()


def stopped_while_it_starts():
    timer = PeriodicTimer(INTERVAL)
    starter = threading.Thread(target=start, args=[timer, []])
    starter.start()
    timer.stop()
    assert not ticking()
    starter.join()


def in_use():
    timer = PeriodicTimer(INTERVAL)
    begun = time.monotonic()
    starts = []

    def consume():
        last = 0
        with suppress(TimerStopped):
            while True:
                tick = timer.wait_for_tick()
                assert tick == last + 1
                assert is_in_time(tick)
                last = tick

    def iterate():
        for tick in timer:
            assert is_in_time(tick)

    def is_in_time(tick):
        return time.monotonic() < begun + (tick + 0.5) * INTERVAL

    starters = [threading.Thread(target=start, args=[timer, starts]) for _ in range(2)]
    others = [threading.Thread(target=function) for function in (consume, iterate)]
    for thread in (*others, *starters):
        thread.start()
    time.sleep(INTERVAL)
    fallen = timer.ticks
    tick = timer.wait_for_tick(timeout=5 * INTERVAL)
    assert tick > fallen
    assert is_in_time(tick)
    timer.stop()
    assert not ticking()
    for thread in (*others, *starters):
        thread.join()
    assert starts == [timer]


def start(timer, starts):
    with suppress(RuntimeError):
        timer.start()
        starts.append(timer)


def ticking():
    return [thread for thread in threading.enumerate() if thread.name == "PeriodicTimer"]


if __name__ == "__main__":
    scenario()
