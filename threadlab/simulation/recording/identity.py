"""Which object is which: in one execution by its id, as long as it lives; in others by its label.

An object's *label* is the task that touched it first, and how many that task had touched before.
Which task that is may depend on the schedule, so that a label says nothing about an object that is
touched for the first time; then its type stands for it, unless it has just been created.

No object is kept alive only because it was touched, if it can be referred to weakly: that would
change what the program does.
"""

import weakref
from collections.abc import Callable, Hashable
from typing import Any

from threadlab.simulation.recording.happens_before import Variable


class _Reference(weakref.ref[Any]):
    __slots__ = ("key",)
    key: int


class Known:
    """An object that has been touched: its label, its variables, and when it was first touched."""

    __slots__ = ("birth", "keep", "label", "variables")

    def __init__(self, keep: object, label: Hashable, birth: int) -> None:
        self.keep = keep  # so that its id is its own
        self.label = label
        self.birth = birth  # the transition; -1 if nobody else knew it then
        self.variables: dict[Hashable, Variable] = {}


class Objects:
    """Those that are known in the present execution, as ``by_id``."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new execution."""
        self.by_id: dict[int, Known] = {}
        self._labels: dict[tuple[int, ...], int] = {}

    def add(self, owner: object, path: tuple[int, ...], birth: int) -> Known:
        """One that the task at ``path`` is the first to touch."""
        key = id(owner)
        number = self._labels[path] = self._labels.get(path, 0) + 1
        try:
            keep = _Reference(owner, self._forget)
            keep.key = key
        except TypeError:
            keep = owner  # type: ignore[assignment]  # one without weak references
        known = self.by_id[key] = Known(keep, (path, number), birth)
        return known

    def _forget(self, reference: _Reference) -> None:
        known = self.by_id.get(reference.key)
        if known is not None and known.keep is reference:
            del self.by_id[reference.key]


def weakly(known: Known) -> Callable[[], object]:
    """Returns that object, or none when it is gone; keeps it alive only if ``known`` must."""
    keep = known.keep
    return keep if type(keep) is _Reference else lambda: keep
