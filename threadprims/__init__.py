"""Thread primitives done right: minimal, exact, standard library only.

Tasks that can be told to stop, an I/O loop that listens for it, a thread that has
started when you are told that it has, and a periodic timer that several threads wait on.
Each public docstring names the laws that it keeps (``P2``, ``T3``, ...); their texts are in
``tests/contract.md``, and the suite beside it checks every one.
"""

from threadprims.tasks import CountdownTask, IOTask, countdown
from threadprims.threads import running, start
from threadprims.timer import PeriodicTimer, TimerStopped

__all__ = [
    "CountdownTask",
    "IOTask",
    "PeriodicTimer",
    "TimerStopped",
    "countdown",
    "running",
    "start",
]

__version__ = "0.1.0"
