"""``time`` on the virtual clock. Computing takes no time; sleeping takes exactly what it says."""

import time
from types import ModuleType

from threadlab.simulation.kernel import Kernel

TAKEN = (
    *("asctime", "ctime", "get_clock_info", "gmtime", "localtime", "mktime"),
    *("strftime", "strptime", "struct_time"),
)
"""What only formats, or is asked about a given time."""

REFUSED = (
    *("altzone", "daylight", "tzset"),  # it is UTC, and stays so
    *("clock_getres", "clock_gettime", "clock_gettime_ns", "clock_settime", "clock_settime_ns"),
    *("pthread_getcpuclockid",),
    *(name for name in dir(time) if name.startswith("CLOCK_")),
)

EPOCH = 1_000_000_000
"""What ``time.time()`` says at the beginning, in seconds; a whole number for exact sums."""


def make(kernel: Kernel) -> ModuleType:
    """A ``time`` whose clocks are ``kernel.now``; what only formats is that of the real one."""

    def sleep(seconds: float) -> None:
        if seconds != seconds:
            raise ValueError("Invalid value NaN (not a number)")
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if seconds == 0:
            kernel.pause()
        else:
            kernel.park(f"{seconds:g} s to pass", kernel.now + seconds)

    def monotonic() -> float:
        if kernel.recorder is not None:
            kernel.recorder.timed(passes=False)
        return kernel.now

    def now() -> float:
        return EPOCH + monotonic()

    def nanoseconds() -> int:
        return round(monotonic() * 1e9)

    module = ModuleType("time", "The virtual clock.")
    for name in TAKEN:
        setattr(module, name, getattr(time, name))
    vars(module).update(
        sleep=sleep,
        time=now,
        time_ns=lambda: EPOCH * 10**9 + nanoseconds(),
        timezone=0,
        tzname=("UTC", "UTC"),
    )
    for clock in ("monotonic", "perf_counter", "process_time", "thread_time"):
        vars(module)[clock] = monotonic
        vars(module)[f"{clock}_ns"] = nanoseconds
    return module
