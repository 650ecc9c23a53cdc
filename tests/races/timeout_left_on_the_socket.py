"""The timeout that polling needs stays on the socket, for whoever has it next.

Law: I5
Failure: AssertionError
In production: an upload that is handed the connection fails after five seconds, now and then.
Mend: put the timeout back, however ``run`` ends.
"""

import _sound


class IOTask(_sound.IOTask):
    def run(self, sock, *, started=None):
        _sound.methods("sock", sock, "recv", "settimeout", "gettimeout")
        _sound.signal(started)
        sock.settimeout(self._timeout)
        self._receive(sock)
