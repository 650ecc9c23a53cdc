"""Imports much that starts processes or waits, and uses none of it.

Racy: a flag is a bare turn.
"""

import ctypes
import multiprocessing
import select
import signal
import ssl
import subprocess
import threading

KINDS = (ctypes.Structure, multiprocessing.Process, select.select, signal.Signals)
ERRORS = (ssl.SSLError, subprocess.CalledProcessError)


class Turnstile:
    def __init__(self):
        self.free = True
        self.lock = threading.Lock()
        self.through = []

    def pass_through(self, name):
        if self.free:
            self.free = False
            self.through.append(name)

    def pass_alone(self, name):
        with self.lock:
            self.pass_through(name)


def crowd(stile, go):
    threads = [threading.Thread(target=go, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stile.through) == 1
    assert all(issubclass(error, Exception) for error in ERRORS)
    assert all(map(callable, KINDS))


def scenario():
    stile = Turnstile()
    crowd(stile, stile.pass_alone)


def racy():
    stile = Turnstile()
    crowd(stile, stile.pass_through)


if __name__ == "__main__":
    scenario()
