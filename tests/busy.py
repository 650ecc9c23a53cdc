"""Processes that keep a CPU busy each, for what is to be tried or measured beside them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Spins until its standard input ends, so that it cannot outlive what started it.
SPINNER = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    pass
"""


@contextmanager
def processes(count: int) -> Iterator[None]:
    """Within the block there are ``count`` of them."""
    command = [sys.executable, "-c", SPINNER]
    spinners = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(count)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.communicate()
