"""What the primitives beside it ask of their arguments, by law G3; no primitive itself."""

import math
import numbers
import operator
import threading


def seconds(name, value, *, zero=False):
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is a number of seconds, not {value!r}")
    least = value >= 0 if zero else value > 0
    if not (least and value < math.inf and value <= threading.TIMEOUT_MAX):
        raise ValueError(f"{name} cannot be {value!r}")
    return float(value)


def count(name, value, least=0):
    if isinstance(value, bool | type) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} is a whole number, not {value!r}")
    if value < least:
        raise ValueError(f"{name} cannot be {value!r}")
    return operator.index(value)


def function(name, value):
    if not callable(value):
        raise TypeError(f"{name} is to be called, and {value!r} cannot be")
    return value


def having(name, value, *methods):
    if isinstance(value, type) or not all(callable(getattr(value, m, None)) for m in methods):
        raise TypeError(f"{name} needs {', '.join(methods)}, unlike {value!r}")
    return value


def of_thread(name, daemon):
    if not isinstance(name, str | None):
        raise TypeError(f"name is a text, not {name!r}")
    if not isinstance(daemon, bool):
        raise TypeError(f"daemon is true or false, not {daemon!r}")


def tell(started):
    if started is not None:
        having("started", started, "set").set()


def of_start(target, name, daemon, timeout):
    """The timeout, when all of these are as they are to be."""
    function("target", target)
    of_thread(name, daemon)
    return None if timeout is None else seconds("timeout", timeout)
