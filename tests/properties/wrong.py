"""Wrong arguments and what they raise, for the tests of law G3."""

import math
from collections.abc import Callable

import pytest

from threadlab import World

Cases = list[tuple[object, type[Exception]]]


class WithoutParentheses:
    """A class where an instance is meant."""

    def set(self): ...
    def run(self): ...
    def terminate(self): ...
    def recv(self, bufsize): ...
    def settimeout(self, timeout): ...
    def gettimeout(self): ...


TIMEOUT_OR_ZERO: Cases = [
    *((value, TypeError) for value in (True, "1", 1j, [1.0])),
    *((value, ValueError) for value in (math.nan, math.inf, -math.inf, -1, -1e-9)),
    (float("inf"), ValueError),  # another object than `math.inf`
]
TOO_LARGE: Cases = [(10**400, ValueError)]
"""For a ``float``, of which the contract says nothing."""

TIMEOUT: Cases = [*TIMEOUT_OR_ZERO, (0, ValueError), (0.0, ValueError)]
SECONDS: Cases = [*TIMEOUT, (None, TypeError)]
COUNT: Cases = [*((value, TypeError) for value in (True, 1.0, "1", None, int)), (-1, ValueError)]
FUNCTION: Cases = [(value, TypeError) for value in (None, 1, "print")]
NAME: Cases = [(value, TypeError) for value in (1, b"name")]
FLAG: Cases = [(value, TypeError) for value in (None, 1, "yes")]
OBJECT: Cases = [(value, TypeError) for value in (1, "set", object(), WithoutParentheses)]
"""Has none of the methods that are asked for."""


def arguments(**cases: Cases) -> pytest.MarkDecorator:
    """Parametrize a test by the ``name`` of an argument and its wrong ``cases``."""
    return pytest.mark.parametrize(("name", "cases"), list(cases.items()), ids=list(cases))


def not_refused(world: World, call: Callable[..., object], name: str, cases: Cases) -> list[str]:
    """The cases in which ``call(name=value)`` does not raise as it should, and what it does.

    The message must name the argument and the value. What does not raise may hang: that is for
    ``world`` to end.
    """
    passed = world.run(
        lambda: [
            f"{name}={value!r}: {fault}"
            for value, error in cases
            if (fault := _fault(call, name, value, error))
        ]
    )
    return passed or []  # or it was cut off


def _fault(
    call: Callable[..., object], name: str, value: object, error: type[Exception]
) -> str | None:
    try:
        call(**{name: value})
    except error as raised:
        if name in str(raised) and repr(value) in str(raised):
            return None
        return f"{raised!r} does not say which argument and which value"
    except Exception as raised:
        return f"{raised!r}, not {error.__name__}"
    return f"no {error.__name__}"
