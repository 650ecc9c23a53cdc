"""Which object is which: in one execution by its id, as long as it lives; in others by its label.

An object's *label* is the task that touched it first, and how many that task had touched before.
Which task that is may depend on the schedule, so that a label says nothing about an object that is
touched for the first time; then its type stands for it, unless it has just been created.
"""

from collections.abc import Hashable

from threadlab.simulation.inspection import identity
from threadlab.simulation.recording.happens_before import Variable
from threadlab.simulation.recording.lives import Lives


class Known:
    """An object that has been touched: its label, its variables, and when it was first touched."""

    __slots__ = ("birth", "label", "variables")

    def __init__(self, label: Hashable, birth: int) -> None:
        self.label = label
        self.birth = birth  # the transition; -1 if nobody else knew it then
        self.variables: dict[Hashable, Variable] = {}


class Objects:
    """Those that are known in the present execution, as ``by_id``."""

    def __init__(self, lives: Lives) -> None:
        self._lives = lives
        self.begin()

    def begin(self) -> None:
        """A new execution."""
        self.by_id: dict[int, Known] = {}
        self._lives.tables.append(self.by_id)
        self._labels: dict[tuple[int, ...], int] = {}

    def add(self, owner: object, path: tuple[int, ...], birth: int) -> Known:
        """One that the task at ``path`` is the first to touch."""
        number = self._labels[path] = self._labels.get(path, 0) + 1
        self._lives.watch(owner)
        known = self.by_id[identity(owner)] = Known((path, number), birth)
        return known
