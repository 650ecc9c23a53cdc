"""``interval <= 0`` is false for NaN, and a bool is an int: both are taken for intervals.

Law: G3
Failure: AssertionError
In production: a division of 0.0 by 0.0 in the configuration, and a timer that never ticks.
Mend: ask for what must hold, ``0 < interval < inf``, and refuse a bool by its type.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        if interval <= 0:
            raise ValueError(f"interval must be positive, not {interval!r}")
        super().__init__(1.0)
        self._interval = interval
