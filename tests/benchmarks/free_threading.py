"""How fast threads start beside busy processes: ``python -m tests.benchmarks.free_threading``.

On a free-threaded CPython 3.13 the stress tests seemed to hang as soon as both cores were kept busy
by other processes. This is the same with nothing but the standard library: eight threads wait for a
condition that another one notifies twice a millisecond, twenty times over.
"""

import subprocess
import sys
import threading
import time

ROUNDS, THREADS = 20, 8
SPINNER = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    pass
"""


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
    spinners = [
        subprocess.Popen([sys.executable, "-c", SPINNER], stdin=subprocess.PIPE) for _ in range(2)
    ]
    try:
        beside = seconds()
    finally:
        for spinner in spinners:
            spinner.communicate()
    gil = "on" if getattr(sys, "_is_gil_enabled", lambda: True)() else "off"
    print(f"Python {sys.version.split()[0]}, GIL {gil}: {ROUNDS} rounds of {THREADS} threads")
    print(f"alone {alone:.2f} s, beside two busy processes {beside:.2f} s")


if __name__ == "__main__":
    main()
