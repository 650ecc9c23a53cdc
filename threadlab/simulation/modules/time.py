"""``time`` on the virtual clock. Computing takes no time; sleeping takes exactly what it says.

All clocks are this one, also those of the processor, so that nobody waits for one that stands
still. The time zone is UTC and stays so, whatever that of the machine is: a token found in one
country must replay in another. `datetime` takes both from here; see `_datetime`.
"""

import math
import operator
import re
import sys
import time
from types import ModuleType
from typing import Any, NoReturn

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import STATE

TAKEN = (
    *("strptime", "struct_time"),
    *(name for name in dir(time) if name.startswith(("CLOCK_", "_STRUCT"))),
)
"""What is asked about a given time, and the numbers of the clocks."""

REFUSED = ("clock_settime", "clock_settime_ns")

EPOCH = 1_000_000_000
"""What ``time.time()`` says at the beginning, in seconds; a whole number for exact sums."""

ZONE = "UTC"

LONGEST = 2**63 / 1e9
"""Seconds that a sleep may last."""

LOOKS = 100
"""Looks at the clock in a row, in code without steps, after which it moves on. Such a loop waits
until a deadline is past, and nothing else would ever move the clock there: `as_completed` asks
whether less than no time is left, and at the deadline that is not so yet."""

TICK = 1e-6
"""Seconds by which it moves on at first; then twice as many each time."""

NO_SUCH_THREAD = 3
"""``errno.ESRCH``."""


def number_of(value: Any) -> float:
    """``value`` as a number of seconds. Raises `TypeError` if it is none."""
    if isinstance(value, float):
        return value
    if sys.version_info >= (3, 15) and not hasattr(type(value), "__index__"):
        if not hasattr(type(value), "__float__"):
            raise TypeError(f"{type(value).__name__!r} object is not a number of seconds")
        return float(value)
    return operator.index(value)


def seconds_of(value: Any) -> float:
    """How long a ``sleep`` of ``value`` is. Raises what it raises."""
    seconds = number_of(value)
    if math.isnan(seconds):
        raise ValueError("Invalid value NaN (not a number)")
    if abs(seconds) >= LONGEST:
        raise OverflowError("timestamp out of range for platform time_t")
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    return seconds


def make(kernel: Kernel) -> ModuleType:
    """A ``time`` whose clocks are ``kernel.now``."""

    def sleep(seconds: object, /) -> None:
        length = seconds_of(seconds)
        if length == 0:
            kernel.pause()
        else:
            deadline = kernel.now + length
            while kernel.park(f"{length:g} s to pass", deadline):
                pass  # it was interrupted

    state = {"steps": 0, "looks": 0, "time": 0.0}

    def monotonic() -> float:
        if kernel.recorder is not None:
            kernel.recorder.timed(passes=False)
        if state["steps"] != kernel.steps or state["time"] != kernel.now:
            state["steps"], state["looks"] = kernel.steps, 0
        state["looks"] += 1
        kernel.looked = True
        if not state["looks"] % LOOKS and kernel.running:
            kernel.pause()
            kernel.now += TICK * 2 ** (state["looks"] // LOOKS)
        state["time"] = kernel.now
        return kernel.now

    def monotonic_ns() -> int:
        return round(monotonic() * 1e9)

    def now() -> float:
        return EPOCH + monotonic()

    def now_ns() -> int:
        return EPOCH * 10**9 + monotonic_ns()

    def clock_gettime(clk_id: int, /) -> float:
        time.clock_gettime(clk_id)  # raises if there is none
        return now() if clk_id == time.CLOCK_REALTIME else monotonic()

    def clock_gettime_ns(clk_id: int, /) -> int:
        time.clock_gettime(clk_id)
        return now_ns() if clk_id == time.CLOCK_REALTIME else monotonic_ns()

    def clock_getres(clk_id: int, /) -> float:
        time.clock_getres(clk_id)
        return 1e-9

    def pthread_getcpuclockid(thread_id: int, /) -> int:
        if thread_id not in kernel.tasks:
            raise OSError(NO_SUCH_THREAD, "No such process")
        return time.CLOCK_THREAD_CPUTIME_ID

    def get_clock_info(name: Any, /) -> Any:
        info: Any = time.get_clock_info(name)
        info.implementation, info.resolution = "the virtual clock", 1e-9
        return info

    def gmtime(seconds: float | None = None, /) -> time.struct_time:
        return time.gmtime(now() if seconds is None else seconds)

    def localtime(seconds: float | None = None, /) -> time.struct_time:
        return time.struct_time((*gmtime(seconds), ZONE, 0))

    def ctime(seconds: float | None = None, /) -> str:
        return time.asctime(gmtime(seconds))

    def asctime(*given: Any) -> str:
        return time.asctime(*(given or (gmtime(),)))

    def strftime(format: str, *given: Any) -> str:
        parts = given[0] if given else localtime()
        if isinstance(parts, tuple) and len(parts) == 9 and not getattr(parts, "tm_zone", None):
            parts = time.struct_time((*parts, ZONE, 0))

        def seconds_since_epoch(match: re.Match[str]) -> str:  # which C counts in its own zone
            return str(int(mktime(parts))) if match[0] == "%s" else match[0]

        if isinstance(format, str) and "%s" in format:
            format = re.sub("%.", seconds_since_epoch, format)
        return time.strftime(format, parts, *given[1:])

    def mktime(parts: Any, /) -> float:
        if not isinstance(parts, tuple):
            raise TypeError("Tuple or struct_time argument required")
        year, month, day, hour, minute, second = map(operator.index, time.struct_time(parts)[:6])
        year, month = year + (month - 1) // 12, (month - 1) % 12
        minutes = (_days_before(year, month) + day - 1) * 1440 + hour * 60 + minute
        if abs(year) >= 2**31 or abs(minutes) >= 2**57:
            raise OverflowError("mktime argument out of range")
        return float(minutes * 60 + second)

    def tzset() -> None:
        pass

    def refused(name: str) -> Any:
        def refuse(*args: object) -> NoReturn:
            kernel.refuse(f"time.{name} cannot be simulated: it sets the clock of the system")

        return refuse

    module = ModuleType("time", "The virtual clock.")
    vars(module)[STATE] = state
    for name in TAKEN:
        setattr(module, name, getattr(time, name))
    for name in REFUSED:
        setattr(module, name, refused(name))
    vars(module).update(
        altzone=0,
        asctime=asctime,
        clock_getres=clock_getres,
        clock_gettime=clock_gettime,
        clock_gettime_ns=clock_gettime_ns,
        ctime=ctime,
        daylight=0,
        get_clock_info=get_clock_info,
        gmtime=gmtime,
        localtime=localtime,
        mktime=mktime,
        pthread_getcpuclockid=pthread_getcpuclockid,
        sleep=sleep,
        strftime=strftime,
        time=now,
        time_ns=now_ns,
        timezone=0,
        tzname=(ZONE, ZONE),
        tzset=tzset,
    )
    for clock in ("monotonic", "perf_counter", "process_time", "thread_time"):
        vars(module)[clock] = monotonic
        vars(module)[f"{clock}_ns"] = monotonic_ns
    return module


_BEFORE_MONTH = (306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275)
"""Days of the year that begins in March which are before this month."""


def _days_before(year: int, month: int) -> int:
    """Days from 1970 to the first of ``month``, 0 for January, in the Gregorian calendar."""
    year -= month < 2
    return 365 * year + year // 4 - year // 100 + year // 400 + _BEFORE_MONTH[month] - 719_468
