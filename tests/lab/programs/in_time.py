"""A scheduler in a pool puts into a queue with one place, and what comes when is returned."""

import queue
import sched
import time
from concurrent.futures import ThreadPoolExecutor


def work():
    q = queue.Queue(1)
    log = []
    s = sched.scheduler(time.monotonic, time.sleep)
    s.enter(2, 1, q.put, ("later",))
    s.enter(1, 1, q.put, ("sooner",))
    with ThreadPoolExecutor(2) as executor:
        done = executor.submit(s.run)
        log += [q.get(), time.monotonic(), q.get(timeout=5), time.monotonic()]
        done.result()
    s = queue.SimpleQueue()
    s.put(1)
    return [*log, s.get()]
