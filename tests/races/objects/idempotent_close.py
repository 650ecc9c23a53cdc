"""Whoever closes looks whether it is closed, and says so only afterwards: the hook runs twice.

In production: at shutdown, now and then, ``double free`` from the driver's library.
Mend: look and say so under a lock, and let the others wait until it is done.
"""

import threading

from threadlab import Operations, operation


class Resource:
    def __init__(self, hook):
        self._hook = hook
        self._closed = False

    def close(self):
        if not self._closed:
            self._hook()
            self._closed = True

    def closed(self):
        return self._closed


class SoundResource(Resource):
    def __init__(self, hook):
        super().__init__(hook)
        self._lock = threading.Lock()

    def close(self):
        with self._lock:
            super().close()

    def closed(self):
        with self._lock:
            return super().closed()


class Faulty(Operations):
    resource = Resource

    def __init__(self):
        self.runs = []
        self.made = self.resource(lambda: self.runs.append("closed"))

    @operation()
    def close(self):
        """How often the hook has run by then."""
        self.made.close()
        return len(self.runs)

    @operation()
    def closed(self):
        return self.made.closed()


class Sound(Faulty):
    resource = SoundResource
