"""How long an object lives of which something is known by its id: no longer than without us.

To keep it alive would change what the program does. Most objects can be referred to weakly. A list,
a dict or the cell of a closure cannot, and is held, so that its id stays its own; before each step
the count of its references tells whether anybody else still has it, and if not it is let go of.
"""

import weakref
from collections.abc import Callable
from sys import getrefcount
from typing import Any

from threadlab.simulation.inspection import identity


class _Reference(weakref.ref[Any]):
    __slots__ = ("key",)
    key: int


class Lives:
    """Knows of objects by their ids for as long as they live, and forgets them in `tables`.

    ``held`` are those that cannot be referred to weakly.
    """

    def __init__(self) -> None:
        self.held: dict[int, object] = {}
        self.tables: list[dict[int, Any]] = []
        self._references: dict[int, _Reference] = {}

    def begin(self) -> None:
        """A new execution, of which nothing is known yet."""
        self.tables = []
        self._references = {}
        self.held.clear()

    def before(self, step: Callable[[int], None]) -> Callable[[int], None]:
        """``step``, before which is let go of what nobody else has."""
        held = self.held

        def let_go_and_step(site: int) -> None:
            if held and min(map(getrefcount, held.values())) <= _ALONE:
                self.let_go()
            step(site)

        return let_go_and_step

    def watch(self, owner: object) -> None:
        key = identity(owner)
        if key in self._references or key in self.held:
            return
        try:
            reference = _Reference(owner, self._died)
        except TypeError:
            self.held[key] = owner
        else:
            reference.key = key
            self._references[key] = reference

    def weakly(self, owner: object) -> Callable[[], object]:
        """Returns ``owner``, which is watched, or none when it is gone."""
        key = identity(owner)
        return self._references.get(key) or (lambda: self.held.get(key))

    def let_go(self) -> None:
        """Forget those held that nobody else has, and then those that only they had."""
        held = self.held
        while alone := [key for key in held if getrefcount(held[key]) <= _ALONE]:
            for key in alone:  # some of which a finaliser may have let go of meanwhile
                if key in held and getrefcount(held[key]) <= _ALONE:
                    self._forget(key)
                    del held[key]

    def _died(self, reference: _Reference) -> None:
        if self._references.get(reference.key) is reference:
            del self._references[reference.key]
            self._forget(reference.key)

    def _forget(self, key: int) -> None:
        for table in self.tables:
            table.pop(key, None)


_ALONE = max(map(getrefcount, {0: object()}.values()))
"""What is counted of an object that only the values of a dict have."""
