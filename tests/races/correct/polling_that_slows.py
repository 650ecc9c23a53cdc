"""Tasks that poll and wait for nothing: ever longer naps, up to half of what is allowed.

The socket does not block meanwhile; that it has nothing yet is an error, which is the usual case.
"""

import time
from contextlib import suppress

from _arguments import count, function, having, seconds, tell


def naps(first, longest):
    nap = first
    while True:
        yield min(nap, longest)
        nap = min(2 * nap, longest)


class Polling:
    terminated = False

    def terminate(self):
        self.terminated = True


class CountdownTask(Polling):
    def __init__(self, *, interval=1.0, emit=print):
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)

    def run(self, n, *, started=None):
        n = count("n", n)
        tell(started)
        first = time.monotonic()
        for k in range(n):
            if self.terminated:
                return n - k
            self._emit(n - k)
            due = first + (k + 1) * self._interval
            for nap in naps(self._interval / 16, self._interval / 2):
                early = due - time.monotonic()
                if early <= 0 or self.terminated:
                    break
                time.sleep(min(nap, early))
        return 0


class IOTask(Polling):
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        self._handle = function("handle", handle)
        self._timeout = seconds("timeout", timeout)
        self._bufsize = count("bufsize", bufsize, least=1)

    def run(self, sock, *, started=None):
        having("sock", sock, "recv", "settimeout", "gettimeout")
        tell(started)
        before = sock.gettimeout()
        try:
            sock.settimeout(0)
            while chunk := self._next(sock):
                self._handle(chunk)
        finally:
            with suppress(OSError):
                sock.settimeout(before)

    def _next(self, sock):
        nap = naps(0.001, self._timeout / 2)  # no longer than it has been silent
        while not self.terminated:
            try:
                return sock.recv(self._bufsize)
            except BlockingIOError:
                time.sleep(next(nap))
            except TimeoutError as error:
                if error.errno is not None:
                    raise
        return None
