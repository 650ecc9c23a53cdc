"""What a world reports beside the exceptions of the scenario itself.

These are `BaseException` for Hypothesis' sake. It shrinks an `Exception` by running the test
a few hundred times more. In the real world each of those runs would cost the patience of the
watchdog or the grace of the leak guard, and leave one more thread behind. What is not an
`Exception` ends the test at once, as a failure like any other; its arguments stand in
pytest's traceback.
"""

import traceback


class Unrepeatable(BaseException):
    """A failure that is not to be provoked again only to shrink it."""


class Hang(Unrepeatable):
    """A scenario that did not end; the message has the stack of every thread."""


class Leak(Unrepeatable):
    """Threads that outlive what started them; the message says which, from where, and where."""


def headline(error: BaseException) -> str:
    """Its type, and the first line of its message."""
    return " ".join("".join(traceback.format_exception_only(error)).split("\n")[0].split())
