"""Whether the result is there is looked at without the lock: a callback is added when all were run.

In production: one of ten thousand requests is never answered, and its connection stays open.
Mend: look and add under the lock under which the result is set.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations, operation


class Future:
    def __init__(self):
        self._done = False
        self._result = None
        self._callbacks = []
        self._lock = threading.Lock()

    def set_result(self, result):
        with self._lock:
            if self._done:
                raise RuntimeError("it has a result")
            self._result = result
            self._done = True
        for callback in self._callbacks:
            callback(result)

    def add_callback(self, callback):
        if not self._done:
            self._callbacks.append(callback)
        else:
            callback(self._result)


class SoundFuture(Future):
    def add_callback(self, callback):
        with self._lock:
            if not self._done:
                self._callbacks.append(callback)
                return
        callback(self._result)


class Faulty(Operations):
    future = Future

    def __init__(self):
        self.made = self.future()

    @operation(result=st.integers(0, 3))
    def set_result(self, result):
        self.made.set_result(result)

    @operation()
    def result(self):
        """Wait for it, by a callback."""
        called, results = threading.Event(), []
        self.made.add_callback(lambda result: (results.append(result), called.set()))
        called.wait()
        return results


class Sound(Faulty):
    future = SoundFuture
