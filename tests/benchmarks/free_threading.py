"""How fast threads start beside busy processes: ``python -m tests.benchmarks.free_threading``.

On a free-threaded CPython 3.13 the stress tests seemed to hang as soon as both cores were kept busy
by other processes. This is the same with nothing but the standard library: eight threads wait for a
condition that another one notifies twice a millisecond, twenty times over.
"""

import sys
import threading
import time

from tests import busy, gil

ROUNDS, THREADS = 20, 8


def seconds() -> float:
    changed, over = threading.Condition(), threading.Event()

    def notify() -> None:
        while not over.is_set():
            with changed:
                changed.wait(0.0005)
                changed.notify_all()

    def wait(off: threading.Event) -> None:
        off.wait()
        for _ in range(4):
            with changed:
                changed.wait()

    notifier = threading.Thread(target=notify)
    notifier.start()
    before = time.perf_counter()
    for _ in range(ROUNDS):
        off = threading.Event()
        threads = [threading.Thread(target=wait, args=(off,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        off.set()
        for thread in threads:
            thread.join()
    spent = time.perf_counter() - before
    over.set()
    notifier.join()
    return spent


def main() -> None:
    alone = seconds()
    with busy.processes(2):
        beside = seconds()
    on = "off" if gil.is_off() else "on"
    print(f"Python {sys.version.split()[0]}, GIL {on}: {ROUNDS} rounds of {THREADS} threads")
    print(f"alone {alone:.2f} s, beside two busy processes {beside:.2f} s")


if __name__ == "__main__":
    main()
