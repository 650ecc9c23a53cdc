"""A thread that is started by the import, for all the timers that may be made one day.

Law: G1
Failure: AssertionError
In production: a process that forks after the import waits for a thread that it does not have.
Mend: start a thread when it is asked for.
"""

import threading
from contextlib import suppress

import _sound
from _sound import TimerStopped as TimerStopped

with suppress(RuntimeError):  # where none is to be had, as in the simulated world
    threading.Thread(target=threading.Event().wait, daemon=True).start()


class PeriodicTimer(_sound.PeriodicTimer):
    pass
