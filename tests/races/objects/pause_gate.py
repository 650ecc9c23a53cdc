"""Whoever is to go on is told before it may: it looks, finds the gate shut, and waits again.

In production: after *resume* the download stands still, until one presses it a second time.
Mend: open the gate, then tell, both under the lock.
"""

import threading

from threadlab import Operations


class Gate:
    def __init__(self):
        self._paused = False
        self._changed = threading.Condition()

    def pause(self):
        with self._changed:
            self._paused = True

    def resume(self):
        with self._changed:
            self._changed.notify_all()
        self._paused = False

    def wait(self):
        """Until it is not paused."""
        with self._changed:
            while self._paused:
                self._changed.wait()


class SoundGate(Gate):
    def resume(self):
        with self._changed:
            self._paused = False
            self._changed.notify_all()


Faulty = Operations.of(Gate, {"pause": [], "resume": [], "wait": []})
Sound = Operations.of(SoundGate, {"pause": [], "resume": [], "wait": []})
