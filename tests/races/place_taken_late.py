"""``__iter__`` is a generator: the place is taken at the first ``next()``, not at ``iter()``.

Law: P10
Failure: AssertionError
In production: the ticks that fall while the loop is being prepared are missing.
Mend: read the place in ``__iter__``, and hand it to the generator.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __iter__(self):
        yield from super().__iter__()
