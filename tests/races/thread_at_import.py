"""A service thread that is started at the import, for all the timers that may be made one day.

Law: G1
Failure: AssertionError
In production: a process that forks after the import waits for a thread that was not forked.
Mend: start threads when they are asked for.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped

_never = threading.Event()
threading.Thread(target=_never.wait, daemon=True).start()


class PeriodicTimer(_sound.PeriodicTimer):
    pass
