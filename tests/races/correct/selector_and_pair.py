"""A reader that selects: on its socket, and on one of a pair that hears of the termination.

What only looks like a socket, and has no number to select by, is polled with its timeout.
"""

import selectors
import socket
import threading
from contextlib import ExitStack, suppress

from _arguments import count, function, having, seconds, tell


class IOTask:
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        self._handle = function("handle", handle)
        self._timeout = seconds("timeout", timeout)
        self._bufsize = count("bufsize", bufsize, least=1)
        self._lock = threading.RLock()
        self._bells = []
        self._over = False

    @property
    def terminated(self):
        return self._over

    def terminate(self):
        with self._lock:
            self._over = True
            while self._bells:
                self._bells.pop().send(b"!")

    def run(self, sock, *, started=None):
        having("sock", sock, "recv", "settimeout", "gettimeout")
        tell(started)
        before = sock.gettimeout()
        with ExitStack() as stack:
            stack.callback(self._give_back, sock, before)
            sock.settimeout(self._timeout)
            ready = self._selection(sock, stack) if hasattr(sock, "fileno") else lambda: True
            while not self._over:
                if ready():
                    try:
                        chunk = sock.recv(self._bufsize)
                    except TimeoutError as error:
                        if error.errno is None:
                            continue
                        raise
                    if not chunk:
                        return
                    self._handle(chunk)

    def _give_back(self, sock, before):
        with suppress(OSError):
            sock.settimeout(before)

    def _selection(self, sock, stack):
        """What waits until there is something, and says whether it is of ``sock``."""
        heard, bell = (stack.enter_context(one) for one in socket.socketpair())
        selector = stack.enter_context(selectors.DefaultSelector())
        selector.register(heard, selectors.EVENT_READ)
        selector.register(sock, selectors.EVENT_READ)
        with self._lock:
            if self._over:
                return lambda: False
            self._bells.append(bell)
        stack.callback(self._forget, bell)

        def ready():
            found = selector.select(min(self._timeout, 1e6))
            return any(key.fileobj is sock for key, _ in found)

        return ready

    def _forget(self, bell):
        with self._lock:
            if bell in self._bells:
                self._bells.remove(bell)
