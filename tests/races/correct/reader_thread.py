"""A task that has a thread of its own to read, one chunk ahead of what is handled at most.

It reads on when a chunk has been handled, so that after the termination there is one more at most.
"""

import queue
import threading
from contextlib import suppress

from _arguments import count, function, having, seconds, tell


class IOTask:
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        self._handle = function("handle", handle)
        self._timeout = seconds("timeout", timeout)
        self._bufsize = count("bufsize", bufsize, least=1)
        self._over = threading.Event()

    @property
    def terminated(self):
        return self._over.is_set()

    def terminate(self):
        self._over.set()

    def run(self, sock, *, started=None):
        having("sock", sock, "recv", "settimeout", "gettimeout")
        tell(started)
        before = sock.gettimeout()
        sock.settimeout(self._timeout)
        read, wanted = queue.SimpleQueue(), queue.SimpleQueue()
        reader = threading.Thread(target=self._read, args=(sock, read, wanted))
        reader.start()
        try:
            while True:
                wanted.put(True)
                chunk, error = read.get()
                if error is not None:
                    raise error
                if not chunk:
                    return
                self._handle(chunk)
        finally:
            wanted.put(False)
            reader.join()
            with suppress(OSError):
                sock.settimeout(before)

    def _read(self, sock, read, wanted):
        while wanted.get():
            try:
                read.put((self._next(sock), None))
            except BaseException as error:
                read.put((None, error))

    def _next(self, sock):
        """A chunk; none when the peer has closed, or the task is over."""
        while not self.terminated:
            try:
                return sock.recv(self._bufsize)
            except TimeoutError as error:
                if error.errno is not None:
                    raise
        return None
