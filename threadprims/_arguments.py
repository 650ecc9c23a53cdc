"""What the public functions say of a wrong argument, naming it and showing its value (G3).

``True`` is an ``int`` to Python, but an interval of ``True`` is a mistake.
"""

import math
import numbers
import operator


def seconds(name: str, value: object, *, zero: bool = False) -> float:
    """``value`` as a finite number of seconds above zero, or from zero on if ``zero``."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number of seconds, not {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (0 < number < math.inf or (zero and number == 0)):
        least = "zero or more" if zero else "more than zero"
        raise ValueError(f"{name} must be finite and {least}, not {value!r}")
    return number


def count(name: str, value: object, *, least: int = 0) -> int:
    """``value`` as an integer of at least ``least``."""
    if isinstance(value, bool | type) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if (number := operator.index(value)) < least:
        raise ValueError(f"{name} must be at least {least}, not {value!r}")
    return number


def methods(name: str, value: object, *needed: str) -> None:
    for method in needed:
        if isinstance(value, type) or not callable(getattr(value, method, None)):
            raise TypeError(f"{name} must have a method {method}(), unlike {value!r}")


def kind(name: str, value: object, fits: bool, what: str) -> None:
    if not fits:
        raise TypeError(f"{name} must be {what}, not {value!r}")
