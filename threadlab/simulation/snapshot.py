"""Modules as they were after their import, so that each execution begins with the same."""

import itertools
import operator
from collections.abc import MutableMapping, MutableSet, Sequence
from types import ModuleType
from typing import Any


class Snapshot:
    """What the standard library's modules know of threads, to be put back after an execution.

    ``states`` are those of the fakes.
    """

    def __init__(
        self,
        modules: list[ModuleType],
        counters: list[tuple[Any, int]],
        states: Sequence[MutableMapping[str, Any]] = (),
    ) -> None:
        self._names = [(vars(module), dict(vars(module))) for module in modules]
        expected = {
            id(module): names for module, (_, names) in zip(modules, self._names, strict=True)
        }
        self._counters = [(owner, first, expected.get(id(owner), {})) for owner, first in counters]
        self._mappings: list[tuple[MutableMapping[Any, Any], dict[Any, Any]]] = [
            (state, dict(state)) for state in states
        ]
        self._sets: list[tuple[MutableSet[Any], list[Any]]] = []
        self._locks: list[Any] = []
        for module in modules:
            for name, value in vars(module).items():
                if name.startswith("__"):
                    continue
                if isinstance(value, MutableMapping):
                    self._mappings.append((value, dict(value)))
                elif isinstance(value, MutableSet):
                    self._sets.append((value, list(value)))
                elif hasattr(value, "_at_fork_reinit") and not isinstance(value, type):
                    self._locks.append(value)
                    if module.__name__ == "threading":  # nobody blocks while one of these is held
                        value.silence()

    def restore(self) -> None:
        # Every name and not only those that the modules themselves rebind, because a scenario
        # may rebind any; they are as they were nearly always, and that is quick to see.
        for owner, first, expected in self._counters:
            owner._counter = itertools.count(first).__next__
            if "_counter" in expected:
                expected["_counter"] = owner._counter
        for variables, expected in self._names:
            if len(variables) < len(expected) or not all(
                map(operator.is_, variables.values(), expected.values())
            ):
                for name, value in expected.items():
                    if variables.get(name) is not value:
                        variables[name] = value
        for mapping, pairs in self._mappings:
            if mapping or pairs:
                mapping.clear()
                mapping.update(pairs)
        for members, values in self._sets:
            if len(members) != len(values) or not all(value in members for value in values):
                members.clear()
                members |= set(values)
        for lock in self._locks:
            lock._at_fork_reinit()
