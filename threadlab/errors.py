"""Everything that the laboratory raises has one root, and stands here.

What is an `Exception` beside, Hypothesis shrinks, by running the test a few hundred times more,
and a program may handle. The rest are `BaseException` alone. In the real world each of those runs
would cost the patience of the watchdog or the grace of the leak guard, and leave one more thread
behind: an `Unrepeatable` ends the test at once, as a failure like any other. And what a
simulated world cannot do, no ``except Exception`` of the program may hide.
"""

from contextlib import suppress


class ThreadlabError(BaseException):
    """Whatever the laboratory raises, except a `ValueError` for a wrong argument."""


# Of the user


class ProgramError(ThreadlabError, Exception):
    """A program that cannot be explored; the message is one line for the user."""


class SubjectError(ThreadlabError, Exception):
    """A subject that cannot be used; the message is one line for the user."""


# Of a simulated world


class CannotSimulate(ThreadlabError):
    """What a simulated world cannot do was called; the message is one line."""


class CannotImport(CannotSimulate, ImportError):
    """A module that has no place in a simulated world. A program may do without it."""


class Nondeterministic(ThreadlabError, Exception):
    """The same schedule went two ways."""


class Interrupted(ThreadlabError, KeyboardInterrupt):
    """The user's Ctrl-C while a simulated world was at work, and no interrupt of the program's."""


# Of an execution


class Failure(ThreadlabError, Exception):
    """An execution that went wrong as a whole. The message says how, and where each task is.

    ``kind`` is what it is called in a report. ``tasks`` are those that had not finished, each with
    the line of the code under test that it is at, if any; ``daemons``: all of these are daemons.
    """

    kind = "failure"
    daemons = False
    tasks: tuple[tuple[str, str | None], ...] = ()


class Deadlock(Failure):
    """All tasks are blocked and none has a deadline."""

    kind = "deadlock"


class Livelock(Failure):
    """Tasks run, and no thread makes progress."""

    kind = "livelock"


class CutOff(Livelock):
    """An execution that has used up its steps: nobody knows whether it would have ended."""

    kind = "cut off"


class LeakedThread(Failure):
    """Tasks that have not finished when the scenario has: in the real world, a `Leak`."""

    kind = "leak"


class Unexplained(Failure):
    """Calls of an object that no order of them explains: see `threadlab.Operations`.

    The message says what is odd, and then all the calls; ``calls`` are the same as data: thread,
    call, when it was invoked and when it responded, and what came of it, or none.
    """

    kind = "unexplained"
    calls: tuple[dict[str, object], ...] = ()


class DataRace(ThreadlabError, Exception):
    """Two accesses to the same, one of them a write, and nothing that says which comes first."""


# Of the real world


class Unrepeatable(ThreadlabError):
    """A failure that is not to be provoked again only to shrink it."""


class Hang(Unrepeatable):
    """A scenario that did not end; the message has the stack of every thread."""


class Leak(Unrepeatable):
    """Threads that outlive what started them; the message says which, from where, and where."""


# In words

REQUIRED = ("greenlet", "hypothesis", "rich")
"""What the extra ``lab`` brings."""


def missing(error: ModuleNotFoundError) -> str:
    """What to do about it, if the extra is not installed; raises ``error`` if that is not why."""
    if error.name not in REQUIRED:
        raise error
    return f'threadlab needs {error.name}: pip install "threadprims[lab]"'


def note(error: BaseException, text: str) -> None:
    """Let ``error`` have ``text`` as a note, if it is of a class that takes any."""
    with suppress(Exception):
        error.add_note(text)


def headline(error: BaseException) -> str:
    """Its type, and the first line of its message.

    Without `traceback`, which, for an `AttributeError`, looks for what may have been meant: in the
    object that was asked, whose code runs then.
    """
    kind = type(error)
    plain = kind.__module__ in ("builtins", "__main__", __name__)
    name = kind.__qualname__ if plain else f"{kind.__module__}.{kind.__qualname__}"
    try:
        message = str(error).split("\n")[0]
    except Exception:
        message = "<exception str() failed>"
    return " ".join(f"{name}: {message}".split()) if message else name


_PLAIN = (str, bytes, int, float, complex, type(None))


def settle(error: AssertionError) -> None:
    """Let it say from here on what it says now: what it was given may be about to change."""
    with suppress(Exception):
        error.args = tuple(arg if type(arg) in _PLAIN else str(arg) for arg in error.args)


def in_one_line(error: BaseException) -> str:
    """What was raised and where, in one line. As `headline`, it does without `traceback`."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    if at is None or at.tb_frame.f_code.co_filename.startswith("<"):
        return headline(error)
    return f"{headline(error)} ({at.tb_frame.f_code.co_filename}:{at.tb_lineno})"
