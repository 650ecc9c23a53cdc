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
    timer = PeriodicTimer(INTERVAL)
    begun = time.monotonic()
    starts = []

    def start():
        with suppress(RuntimeError):
            timer.start()
            starts.append(timer)

    def consume():
        last = 0
        with suppress(TimerStopped):
            while True:
                tick = timer.wait_for_tick()
                assert tick == last + 1
                last = tick

    def iterate():
        for tick in timer:
            assert is_in_time(tick)

    def is_in_time(tick):
        return time.monotonic() < begun + (tick + 0.5) * INTERVAL

    threads = [threading.Thread(target=target) for target in (consume, iterate, start, start)]
    for thread in threads:
        thread.start()
    time.sleep(INTERVAL)
    fallen = timer.ticks
    tick = timer.wait_for_tick(timeout=5 * INTERVAL)
    assert tick > fallen
    assert is_in_time(tick)
    timer.stop()
    assert not any(thread.name == "PeriodicTimer" for thread in threading.enumerate())
    for thread in threads:
        thread.join()
    assert starts == [timer]


if __name__ == "__main__":
    scenario()
