"""``_signal``: signals that a program sends to itself, by hand or by the clock.

As in the real one a handler runs in the main thread alone: at once if that has raised the signal
itself, otherwise at its next step, or when it blocks; and what it raises comes out there. Timers
are those of the virtual clock. Nothing comes from outside: what Ctrl-C does to the process is no
signal of the program's.

A signal that nobody handles and that would end or stop the process is refused when it is sent.
At the beginning all are handled as in a new interpreter.
"""

import errno
import importlib
import math
import operator
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from types import FrameType, ModuleType
from typing import Any

from threadlab.simulation.frames import LABORATORY
from threadlab.simulation.kernel import FIRST, Kernel, Task
from threadlab.simulation.modules import STATE
from threadlab.simulation.modules._thread import INHERITED

_signal: Any = importlib.import_module("_signal")  # of which mypy knows nothing

TAKEN = (
    *("default_int_handler", "strsignal", "valid_signals", "ItimerError", "struct_siginfo"),
    *(name for name in dir(_signal) if name.isupper()),
)
REFUSED = ("pidfd_send_signal", "sigtimedwait", "sigwaitinfo")

IGNORED = tuple(
    getattr(_signal, name)
    for name in ("SIGCHLD", "SIGCLD", "SIGCONT", "SIGURG", "SIGWINCH")
    if hasattr(_signal, name)
)
"""What does nothing if nobody handles it."""

UNHANDLED = tuple(
    getattr(_signal, name) for name in ("SIGKILL", "SIGSTOP") if hasattr(_signal, name)
)
"""What nobody can handle."""


def _at_the_beginning() -> dict[Any, Any]:
    """How signals are handled, by their numbers; and what else there is."""
    state: dict[Any, Any] = dict.fromkeys(range(1, _signal.NSIG), _signal.SIG_DFL)
    for name in "SIGPIPE", "SIGXFSZ":
        if hasattr(_signal, name):
            state[getattr(_signal, name)] = _signal.SIG_IGN
    state[_signal.SIGINT] = _signal.default_int_handler
    return state | {
        "due": None,  # the timer, if there is one
        "interval": 0.0,
        "deadline": 0.0,
        "pending": frozenset(),  # sent, and blocked by all who could receive it
        "tripped": frozenset(),  # sent, and not handled yet
        "waiting": (),  # tasks in sigwait
        "wakeup": -1,
    }


def make(kernel: Kernel) -> ModuleType:
    """A ``_signal`` whose handlers run in the first task of ``kernel``."""
    state = _at_the_beginning()
    module = ModuleType("_signal", "Signals to oneself.")
    for name in TAKEN:
        if hasattr(_signal, name):
            setattr(module, name, getattr(_signal, name))
    functions = {**_handlers(kernel, state), **_timers(kernel, state), **_threads(kernel, state)}
    vars(module).update({name: f for name, f in functions.items() if hasattr(_signal, name)})
    vars(module)[STATE] = state
    for name in REFUSED:
        vars(module)[name] = partial(
            kernel.refuse, f"signal.{name} cannot be simulated: it is about other processes"
        )
    return module


def _number(value: Any) -> int:
    number = operator.index(value)
    if not 0 < number < _signal.NSIG:
        raise ValueError("signal number out of range")
    return number


def _frame() -> FrameType | None:
    """Where the running task is, outside of the laboratory."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(LABORATORY):
        frame = frame.f_back
    return frame


def _send(kernel: Kernel, state: dict[Any, Any], number: int, now: bool = True) -> None:
    """Let the signal be handled, by who has raised it if that is the main thread, and ``now``."""
    handler = state[number]
    if handler == _signal.SIG_IGN or (handler == _signal.SIG_DFL and number in IGNORED):
        return
    if handler == _signal.SIG_DFL:
        name = _signal.strsignal(number)
        kernel.refuse(f"signal {number} ({name}) cannot be simulated: nobody handles it")
    if state["wakeup"] != -1:
        with suppress(OSError):
            importlib.import_module("os").write(state["wakeup"], bytes([number]))
    if number in state["tripped"]:
        return
    state["tripped"] |= {number}
    if kernel.recorder is not None:
        kernel.recorder.release(state)
    handle = partial(_handle, kernel, state, number)
    if now and kernel.current.ident == FIRST:
        handle()
    else:
        kernel.interrupt(handle)


def _handle(kernel: Kernel, state: dict[Any, Any], number: int) -> None:
    state["tripped"] -= {number}
    if kernel.recorder is not None:
        kernel.recorder.acquire(state)
    if callable(state[number]):
        state[number](number, _frame())


def _handlers(kernel: Kernel, state: dict[Any, Any]) -> dict[str, Callable[..., Any]]:
    def only_in_main(what: str) -> None:
        if kernel.current.ident != FIRST:
            raise ValueError(f"{what} only works in main thread of the main interpreter")

    def signal(signalnum: int, handler: Any, /) -> Any:
        if not callable(handler) and handler not in (_signal.SIG_IGN, _signal.SIG_DFL):
            raise TypeError(
                "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
            )
        only_in_main("signal")
        number = _number(signalnum)
        if number in UNHANDLED:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        before, state[number] = state[number], handler
        return before

    def getsignal(signalnum: int, /) -> Any:
        return state[_number(signalnum)]

    def siginterrupt(signalnum: int, flag: object, /) -> None:
        _number(signalnum)

    def set_wakeup_fd(fd: int, /, *, warn_on_full_buffer: bool = True) -> int:
        only_in_main("set_wakeup_fd")
        if fd != -1:
            world = importlib.import_module("os")
            world.fstat(fd)
            if world.get_blocking(fd):
                raise ValueError(f"the fd {fd} must be in non-blocking mode")
        before: int = state["wakeup"]
        state["wakeup"] = fd
        return before

    return {
        "getsignal": getsignal,
        "set_wakeup_fd": set_wakeup_fd,
        "siginterrupt": siginterrupt,
        "signal": signal,
    }


def _timers(kernel: Kernel, state: dict[Any, Any]) -> dict[str, Callable[..., Any]]:
    def ring() -> None:
        state["due"] = None
        if state["interval"]:
            start(state["interval"])
        _send(kernel, state, _signal.SIGALRM, now=False)

    def start(seconds: float) -> None:
        state["deadline"] = kernel.now + seconds
        state["due"] = kernel.call_at(state["deadline"], ring)

    def timer() -> tuple[float, float]:
        if state["due"] is None:
            return 0.0, 0.0
        return state["deadline"] - kernel.now, state["interval"]

    def set_timer(seconds: float, interval: float) -> tuple[float, float]:
        before = timer()
        if state["due"] is not None:
            state["due"].cancel()
            state["due"] = None
        state["interval"] = interval
        if seconds:
            start(seconds)
        return before

    def setitimer(which: int, seconds: float, interval: float = 0.0, /) -> tuple[float, float]:
        if not (math.isfinite(seconds) and math.isfinite(interval) and min(seconds, interval) >= 0):
            raise _signal.ItimerError(errno.EINVAL, os.strerror(errno.EINVAL))
        if getitimer(which) is not None and which != _signal.ITIMER_REAL and seconds:
            kernel.refuse("signal.setitimer cannot be simulated: computing takes no time here")
        return set_timer(seconds, interval)

    def getitimer(which: int, /) -> tuple[float, float]:
        if which not in (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF):
            raise _signal.ItimerError(errno.EINVAL, os.strerror(errno.EINVAL))
        return timer() if which == _signal.ITIMER_REAL else (0.0, 0.0)

    def alarm(seconds: int, /) -> int:
        return math.ceil(set_timer(operator.index(seconds), 0.0)[0])

    return {"alarm": alarm, "getitimer": getitimer, "setitimer": setitimer}


def _threads(kernel: Kernel, state: dict[Any, Any]) -> dict[str, Callable[..., Any]]:
    def mask(task: Task) -> frozenset[int]:
        blocked: Any = task.locals.get(INHERITED, {}).get("blocked", ())
        return frozenset(blocked)

    def numbers(given: Iterable[int]) -> frozenset[int]:
        return frozenset(_number(one) for one in given)

    def send(number: int, receivers: Iterable[Task]) -> None:
        if all(number in mask(task) for task in receivers):
            state["pending"] |= {number}
            waiting, state["waiting"] = state["waiting"], ()
            for task in waiting:
                kernel.unpark(task)
        else:
            _send(kernel, state, number)

    def raise_signal(signalnum: int, /) -> None:
        send(_number(signalnum), [kernel.current])

    def pthread_kill(thread_id: int, signalnum: int, /) -> None:
        task = kernel.tasks.get(thread_id)
        if task is None:
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
        if signalnum:
            send(_number(signalnum), [task])

    def pthread_sigmask(how: int, mask_: Iterable[int], /) -> set[int]:
        given, before = numbers(mask_), mask(kernel.current)
        after = {
            _signal.SIG_BLOCK: before | given,
            _signal.SIG_UNBLOCK: before - given,
            _signal.SIG_SETMASK: given,
        }
        if how not in after:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        kernel.current.locals.setdefault(INHERITED, {})["blocked"] = after[how]
        for number in sorted(state["pending"] - after[how]):
            state["pending"] -= {number}
            _send(kernel, state, number)
        return set(before)

    def sigpending() -> set[int]:
        return set(state["pending"])

    def sigwait(sigset: Iterable[int], /) -> int:
        awaited = numbers(sigset)
        while not state["pending"] & awaited:
            state["waiting"] += (kernel.current,)
            kernel.park("a signal")
        number: int = min(state["pending"] & awaited)
        state["pending"] -= {number}
        return number

    def pause() -> None:
        kernel.park("a signal")

    return {
        "pause": pause,
        "pthread_kill": pthread_kill,
        "pthread_sigmask": pthread_sigmask,
        "raise_signal": raise_signal,
        "sigpending": sigpending,
        "sigwait": sigwait,
    }
