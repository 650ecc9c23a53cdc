"""``interval <= 0`` is false for NaN, and a bool is a number: both are taken for intervals.

Law: G3
Failure: AssertionError
In production: 0.0 / 0.0 in a configuration, and a timer that never ticks.
Mend: ask for what must hold, ``0 < interval < inf``, and refuse a bool by its type.
"""

import numbers

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        if not isinstance(interval, numbers.Real):
            raise TypeError(f"interval must be a number, not {interval!r}")
        if interval <= 0:
            raise ValueError(f"interval must be more than zero, not {interval!r}")
        super().__init__(1.0)
        self._interval = interval
