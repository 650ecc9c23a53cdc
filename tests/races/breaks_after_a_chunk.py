"""The loop is left after the first chunk, by the ``break`` that was to leave the polling.

Law: I1
Failure: AssertionError
In production: short messages work; what the kernel delivers in two pieces is cut.
Mend: handle the chunk, and go on until the peer closes.
"""


class IOTask:
    def __init__(self, handle, *, timeout=5.0, bufsize=8192):
        self._handle = handle
        self._timeout = timeout
        self._bufsize = bufsize
        self._running = True

    def terminate(self):
        self._running = False

    @property
    def terminated(self):
        return not self._running

    def run(self, sock, *, started=None):
        if started is not None:
            started.set()
        sock.settimeout(self._timeout)
        while self._running:
            try:
                data = sock.recv(self._bufsize)
                break
            except TimeoutError:
                continue
        else:
            return
        if data:
            self._handle(data)
