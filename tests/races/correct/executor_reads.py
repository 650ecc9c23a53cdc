"""Tasks whose end is a future: a countdown waits for it, and a reader for it or for a chunk.

The chunks are the results of an executor's one thread, asked for one at a time.
"""

import time
from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, ThreadPoolExecutor, wait
from contextlib import suppress

from _arguments import count, function, having, seconds, tell


class Task:
    def __init__(self):
        self._end = Future()

    @property
    def terminated(self):
        return self._end.done()

    def terminate(self):
        with suppress(InvalidStateError):
            self._end.set_result(None)


class CountdownTask(Task):
    def __init__(self, *, interval=1.0, emit=print):
        super().__init__()
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
            while not self.terminated and (early := due - time.monotonic()) > 0:
                wait([self._end], early)
        return 0


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
            sock.settimeout(self._timeout / 2)
            with ThreadPoolExecutor(1) as reader:
                while not self.terminated:
                    chunk = reader.submit(self._receive, sock)
                    wait([chunk, self._end], return_when=FIRST_COMPLETED)
                    if not chunk.result():  # which comes within a timeout of the end
                        break
                    self._handle(chunk.result())
        finally:
            with suppress(OSError):
                sock.settimeout(before)

    def _receive(self, sock):
        while not self.terminated:
            try:
                return sock.recv(self._bufsize)
            except TimeoutError as error:
                if error.errno is not None:
                    raise
        return None
