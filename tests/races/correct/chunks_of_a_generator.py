"""A reader in two halves: a generator of chunks, and a loop over it.

It waits a third of the timeout at a time.
"""

from contextlib import closing, suppress

from _arguments import count, function, having, seconds, tell


class IOTask:
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        self._handle = function("handle", handle)
        self._timeout = seconds("timeout", timeout)
        self._bufsize = count("bufsize", bufsize, least=1)
        self._ended = []

    @property
    def terminated(self):
        return bool(self._ended)

    def terminate(self):
        self._ended.append(True)

    def run(self, sock, *, started=None):
        having("sock", sock, "recv", "settimeout", "gettimeout")
        tell(started)
        with closing(self._chunks(sock)) as chunks:
            for chunk in chunks:
                self._handle(chunk)

    def _chunks(self, sock):
        before = sock.gettimeout()
        sock.settimeout(self._timeout / 3)
        try:
            while not self._ended:
                with suppress_the_poll():
                    chunk = sock.recv(self._bufsize)
                    if not chunk:
                        return
                    yield chunk
        finally:
            with suppress(OSError):
                sock.settimeout(before)


class suppress_the_poll:
    """Of the errors in it, the one that says that there was nothing in time."""

    def __enter__(self):
        pass

    def __exit__(self, kind, error, traceback):
        return isinstance(error, TimeoutError) and error.errno is None
