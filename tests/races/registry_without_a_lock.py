"""Waiters that enter and leave a registry without the lock, while ``stop`` goes through it.

Law: G4
Failure: RuntimeError
Shown by: test_G4_any_call_from_any_thread_at_any_time --schedule=1.1
In production: "Set changed size during iteration", from a shutdown that then stops half way.
Mend: enter and leave under the lock, or go through a copy that is made under it.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._readers = {}

    def wait_for_tick(self, timeout=None):
        thread = threading.current_thread()
        self._readers[thread] = "waits"
        try:
            return super().wait_for_tick(timeout)
        finally:
            del self._readers[thread]

    def stop(self):
        for thread in self._readers:
            self._readers[thread] = "is told to stop"
        super().stop()
