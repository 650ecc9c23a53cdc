"""A place for each thread ident: a new thread that gets the ident of a dead one gets its place.

Law: P2
Failure: AssertionError
In production: a worker that was replaced first works off all the ticks since its forerunner died.
Mend: ``threading.local``, which ends with its thread.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PlaceByIdent:
    def __init__(self):
        self._lasts = {}

    @property
    def last(self):
        try:
            return self._lasts[threading.get_ident()]
        except KeyError:
            raise AttributeError from None

    @last.setter
    def last(self, last):
        self._lasts[threading.get_ident()] = last


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._place = PlaceByIdent()
