"""Looked at twice, as it should be, but the one that is made is shown before it is ready.

In production: the first request after a restart fails: ``None has no attribute 'query'``.
Mend: get it ready, then show it.
"""

import threading

from threadlab import Operations, operation


class Client:
    def __init__(self):
        self.address = None

    def connect(self):
        self.address = "localhost"


class Factory:
    def __init__(self):
        self._client = None
        self._lock = threading.Lock()

    def client(self):
        if self._client is None:
            with self._lock:
                if self._client is None:
                    self._client = Client()
                    self._client.connect()
        return self._client


class SoundFactory(Factory):
    def client(self):
        if self._client is None:
            with self._lock:
                if self._client is None:
                    client = Client()
                    client.connect()
                    self._client = client
        return self._client


class Faulty(Operations):
    factory = Factory

    def __init__(self):
        self.made = self.factory()

    @operation()
    def address(self):
        return self.made.client().address


class Sound(Faulty):
    factory = SoundFactory
