"""Tasks that sleep in slices, and look at a plain variable in between.

Nothing wakes them, so they are late by a slice when they are to end: a quarter of what they may be.
"""

import time
from contextlib import suppress

from _arguments import count, function, having, seconds, tell

SLICES = 4


class Task:
    def __init__(self):
        self._over = False

    @property
    def terminated(self):
        return self._over

    def terminate(self):
        self._over = True


class CountdownTask(Task):
    def __init__(self, *, interval=1.0, emit=print):
        super().__init__()
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)

    def run(self, n, *, started=None):
        left = count("n", n)
        tell(started)
        first, n = time.monotonic(), left
        while left and not self._over:
            self._emit(left)
            left -= 1
            due = first + (n - left) * self._interval
            while not self._over and (early := due - time.monotonic()) > 0:
                time.sleep(min(early, self._interval / SLICES))
        return left


class IOTask(Task):
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        super().__init__()
        self._handle = function("handle", handle)
        self._timeout = seconds("timeout", timeout)
        self._bufsize = count("bufsize", bufsize, least=1)

    def run(self, sock, *, started=None):
        having("sock", sock, "recv", "settimeout", "gettimeout")
        tell(started)
        before = sock.gettimeout()
        try:
            sock.settimeout(self._timeout / SLICES)
            while not self._over:
                try:
                    chunk = sock.recv(self._bufsize)
                except TimeoutError as error:
                    if error.errno is None:
                        continue
                    raise
                if not chunk:
                    break
                self._handle(chunk)
        finally:
            with suppress(OSError):
                sock.settimeout(before)
