"""``_datetime``: the real one, whose classes ask the world in place what time it is.

There are three ways to have a clock of one's own beneath ``datetime``, and none is without a price.

- Subclasses of the real classes, with a metaclass for `isinstance`, as freezegun has them. What
  is made in C is then not of the class that the program knows, and what asks for exactly that
  class (orjson, msgspec) does not take a subclass. The metaclass is in the way of any other: no
  ``class Holiday(date, Enum)``, and no freezegun.
- ``_pydatetime``, the same in Python: code in C that stands on the real classes, be it pydantic's,
  that of pandas or of sqlite3, neither takes what it makes nor makes what it takes.
- The real classes, with those of their methods exchanged that read the clock or the time zone, as
  time-machine does it. What is a date stays one for everybody. But the classes are the process's.

This is the third. The methods are exchanged once for a process. Each asks which ``time`` is in
`sys.modules`: if it is the real one, then nobody simulates, and the real method is called.
Otherwise it is in a simulated world, whose clock that module has and whose local time is UTC.
"""

import ctypes
import gc
import importlib
import math
import sys
import time as real_time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel

_datetime: Any = importlib.import_module("_datetime")  # of which mypy knows nothing

TAKEN = tuple(name for name in dir(_datetime) if not name.startswith("_"))
REFUSED: tuple[str, ...] = ()

START = datetime(1970, 1, 1)

LOCAL = timezone(timedelta(0), "UTC")
"""The local time zone, as ``astimezone()`` has it where it is UTC."""

_real: dict[str, Any] = {}
"""Methods as they were, by their names in full."""


def make(kernel: Kernel) -> ModuleType:
    """The ``_datetime`` of all worlds: each method asks which of them is in place."""
    if not _real:
        _exchange(date, classmethod, today=_today, fromtimestamp=_date_fromtimestamp)
        _exchange(datetime, classmethod, now=_now, utcnow=_utcnow, fromtimestamp=_fromtimestamp)
        _exchange(datetime, None, astimezone=_astimezone, timestamp=_timestamp)
        if sys.version_info < (3, 13):  # it keeps the _strptime of the world that it finds first
            _exchange(datetime, classmethod, strptime=_strptime)
    module = ModuleType("_datetime", _datetime.__doc__)
    for name in TAKEN:
        setattr(module, name, getattr(_datetime, name))
    return module


def _exchange(owner: type, kind: Any, **virtual: Callable[..., Any]) -> None:
    """Let methods of ``owner`` be ``virtual`` while another ``time`` than the real one is in place.

    A class that is written in C has no way to set an attribute; but what its ``__dict__`` is a view
    of can be had, and whoever changes that has to tell the interpreter, which remembers methods.
    """
    (namespace,) = gc.get_referents(vars(owner))
    for name, function in virtual.items():
        method = _asking(namespace[name], function)
        namespace[name] = method if kind is None else kind(method)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(owner))


def _asking(real: Any, virtual: Callable[..., Any]) -> Callable[..., Any]:
    _real[real.__qualname__] = real

    def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        clock = sys.modules.get("time", real_time)
        if clock is real_time:
            return real.__get__(None if isinstance(self, type) else self, self)(*args, **kwargs)
        return virtual(clock, self, *args, **kwargs)

    method.__name__, method.__qualname__ = real.__name__, real.__qualname__
    method.__module__, method.__doc__ = "datetime", real.__doc__
    return method


# In place of the real ones. ``clock`` is the ``time`` of the world that is in place.


def _today(clock: Any, cls: Any, /) -> Any:
    return cls.fromtimestamp(clock.time())


def _date_fromtimestamp(clock: Any, cls: Any, timestamp: Any, /) -> Any:
    seconds = math.floor(timestamp) if isinstance(timestamp, float) else timestamp
    moment = _in_utc(seconds)
    return cls(moment.year, moment.month, moment.day)


def _now(clock: Any, cls: Any, tz: tzinfo | None = None) -> Any:
    moment = START + timedelta(microseconds=clock.time_ns() // 1000)
    aware_or_not = _made(cls, moment, tz)
    return aware_or_not if tz is None else tz.fromutc(aware_or_not)


def _utcnow(clock: Any, cls: Any, /) -> Any:
    if sys.version_info >= (3, 12):
        warnings.warn(
            "datetime.datetime.utcnow() is deprecated, and will be removed: what it says is UTC"
            " and does not know it. There is datetime.datetime.now(datetime.UTC)",
            DeprecationWarning,
            stacklevel=3,
        )
    return _now(clock, cls)


def _fromtimestamp(clock: Any, cls: Any, timestamp: Any, tz: tzinfo | None = None) -> Any:
    if tz is not None:
        return _real["datetime.fromtimestamp"].__get__(None, cls)(timestamp, tz)
    return _made(cls, _in_utc(timestamp), None)


def _astimezone(clock: Any, self: datetime, tz: tzinfo | None = None) -> Any:
    if self.utcoffset() is None:
        self = self.replace(tzinfo=LOCAL)
    return _real["datetime.astimezone"](self, LOCAL if tz is None else tz)


def _timestamp(clock: Any, self: datetime, /) -> float:
    if self.tzinfo is not None:
        aware: float = _real["datetime.timestamp"](self)
        return aware
    days = self.toordinal() - START.toordinal()
    seconds = ((days * 24 + self.hour) * 60 + self.minute) * 60 + self.second
    return seconds + self.microsecond / 1e6


def _strptime(clock: Any, cls: Any, date_string: str, format: str, /) -> Any:
    in_place: Any = importlib.import_module("_strptime")
    return in_place._strptime_datetime(cls, date_string, format)


def _in_utc(timestamp: Any) -> datetime:
    moment: datetime = _real["datetime.fromtimestamp"].__get__(None, datetime)(timestamp, UTC)
    return moment


def _made(cls: Any, moment: datetime, tz: tzinfo | None) -> Any:
    """What ``cls`` makes of the parts of ``moment``, as the real one has it made."""
    if cls is datetime:
        return moment.replace(tzinfo=tz)
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return cls(*parts, moment.microsecond, tz)
