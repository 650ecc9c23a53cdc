"""What instrumented code and those whom it calls have in common: places in it, and the names.

Most of what a step costs is the call. So that has one argument that says all: a number, which is an
index of a list of sites.
"""

import ast
from typing import NamedTuple

# Each is called with the number of a `Site` as its last argument.
STEP = "__step__"  # before what is at the site
PASS_ON = "__pass_on__"  # (value): a step after the value is known; returns the value

# What a recorder offers, beside.
READ, WRITE = "__read__", "__write__"  # (object, attribute): returns the object
READ_ITEM, WRITE_ITEM = "__read_item__", "__write_item__"  # (object, key): returns the object
READ_NAME = "__read_name__"  # (closure, name): returns None
WROTE, WROTE_ITEM, WROTE_NAME = "__wrote__", "__wrote_item__", "__wrote_name__"  # (value, ...)
CALL = "__call_on__"  # (object, method): returns the object
CALL_AGAIN = "__call_again__"  # (value, object, attributes that lead on from it, method)
USE, CHANGE, ITERATE = "__use__", "__change__", "__iterate__"  # (value): returns the value
RECORDED = (
    *(READ, WRITE, WROTE, READ_ITEM, WRITE_ITEM, WROTE_ITEM, READ_NAME, WROTE_NAME),
    *(CALL, CALL_AGAIN, USE, CHANGE, ITERATE),
)


class Site(NamedTuple):
    """A place in the code at which there is a step, or something shared is accessed.

    ``text`` is that as it stands there. ``names`` is what is accessed right after the step, by the
    last name; several if it is not known which.
    """

    file: str
    line: int
    text: str
    names: frozenset[str]


NOWHERE = Site("", 0, "", frozenset())
"""Of no place in the code."""


class Places:
    """Numbers the sites of ``file``; ``sites`` may have those of others before."""

    def __init__(self, file: str, sites: list[Site]) -> None:
        self._file = file
        self.sites = sites

    def add(
        self, place: ast.expr | ast.stmt, names: frozenset[str], text: str = ""
    ) -> ast.Constant:
        """The number of a new site, as what instrumented code passes on."""
        self.sites.append(Site(self._file, place.lineno, text, names))
        return ast.Constant(len(self.sites) - 1)
