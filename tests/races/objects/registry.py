"""A dictionary is iterated while another thread adds to it.

In production: ``dictionary changed size during iteration``, from the page that shows the status.
Mend: iterate under the lock, or over a copy that is made under it.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Registry:
    def __init__(self):
        self._services = {}
        self._lock = threading.Lock()

    def register(self, name, port):
        with self._lock:
            self._services[name] = port

    def remove(self, name):
        with self._lock:
            del self._services[name]  # a KeyError is the caller's mistake

    def names(self, least):
        return sorted(name for name, port in self._services.items() if port >= least)


class SoundRegistry(Registry):
    def names(self, least):
        with self._lock:
            return super().names(least)


NAMES, PORTS = st.sampled_from("abc"), st.integers(0, 3)
OPERATIONS = {"register": [NAMES, PORTS], "remove": [NAMES], "names": [PORTS]}
Faulty = Operations.of(Registry, OPERATIONS)
Sound = Operations.of(SoundRegistry, OPERATIONS)
