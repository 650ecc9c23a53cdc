"""Whose variable ``owner.name`` is, and what else there is to know of a type, without calling it.

What is looked up in a class is a variable of that class. Methods, and what works through a
descriptor, are no variables: they are code, which is seen by itself. What is found out about a type
is kept, since the same is asked at each access.
"""

import sys
from collections import deque
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    ModuleType,
    NoneType,
    WrapperDescriptorType,
)

from threadlab.simulation import modules
from threadlab.simulation.inspection import bases, is_a, is_descriptor, variables
from threadlab.simulation.instrument import sites

CONTAINERS = (list, dict, set, deque, bytearray)
VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
READING = {"copy", "count", "get", "index", "items", "keys", "values"} | {
    name for name in dir(set) if name.startswith(("is", "union", "inter", "diff", "symm"))
} - {"intersection_update", "difference_update", "symmetric_difference_update"}
"""Methods of containers that change nothing."""

IMMUTABLE = (str, bytes, int, float, complex, tuple, frozenset, range, type, NoneType, *VIEWS)
SEEN = {"threading", "queue", "concurrent.futures._base", "concurrent.futures.thread", "sched"}
"""Modules that do what they do under locks which are seen."""

METHODS = (
    *(FunctionType, BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType),
    *(GetSetDescriptorType, property, classmethod, staticmethod),
)
CLASS = "class"
"""The kind of a variable that is its object's own, or of a class: each time anew."""


class Variables:
    """``local`` is the class of what each thread has its own of, which is no variable."""

    def __init__(self, local: type) -> None:
        self._local = local
        self._kinds: dict[tuple[type, str], str | bool] = {}
        self._containers: dict[type, bool] = {}
        self._foreign: dict[tuple[type, str], bool] = {}

    def read(self, owner: object, name: str) -> object:
        """Whose variable ``owner.name`` is when it is read; none if it is no variable."""
        cls = type(owner)
        kind = self._kinds.get((cls, name))
        if kind is None:
            kind = self._kinds[cls, name] = self._kind(cls, name)
        if kind is True:
            return owner
        if kind is False:
            return None
        if is_a(owner, ModuleType):
            return _module(owner)
        if not is_a(owner, type):
            if name in variables(owner):
                return owner
            owner = cls
        for base in bases(owner):
            if name in variables(base):
                return None if issubclass(type(variables(base)[name]), METHODS) else base
        return None

    def written(self, owner: object, name: str) -> object:
        """Whose variable ``owner.name`` is when it is written."""
        if is_a(owner, ModuleType):
            return _module(owner)
        if is_a(owner, type):
            return owner
        at = self.read(owner, name)
        kind = self._kinds[type(owner), name]
        return owner if kind is CLASS else at

    def _kind(self, cls: type, name: str) -> str | bool:
        """Whether each of ``cls`` has a variable ``name`` of its own, or it depends."""
        if issubclass(cls, self._local) or name.startswith("__"):
            return False
        if issubclass(cls, ModuleType | type):
            return CLASS
        for base in cls.__mro__:
            if name in vars(base):
                value = vars(base)[name]
                if type(value) is MemberDescriptorType:
                    return True
                # What is looked up through a descriptor is code, and records by itself.
                computed = issubclass(type(value), METHODS) or is_descriptor(value)
                return False if computed else CLASS
        return True

    def is_container(self, value: object) -> bool:
        """Whether it is a built-in one, of which the items are reached as in that."""
        cls = type(value)
        known = self._containers.get(cls)
        if known is None:
            known = issubclass(cls, CONTAINERS) and not isinstance(
                getattr(cls, "__getitem__", None), FunctionType
            )
            self._containers[cls] = known
        return known

    def is_foreign(self, owner: object, name: str) -> bool:
        """Whether nothing is seen of the method ``name``, which may change ``owner``."""
        if is_a(owner, ModuleType):
            return owner.__name__ == "random"
        key = type(owner), name
        known = self._foreign.get(key)
        if known is None:
            method = getattr(type(owner), name, None)
            module = getattr(method, "__globals__", {}).get("__name__", "")
            known = not (
                issubclass(type(owner), IMMUTABLE)
                or sites.STEP in getattr(method, "__globals__", {})
                or module in SEEN
                or module.startswith(modules.__name__)
            )
            self._foreign[key] = known
        return known


def _module(module: ModuleType) -> object:
    names = variables(module)  # not asked of it: there are modules that load when they are asked
    return sys.intern(str(names.get("__file__") or "")) if sites.STEP in names else None


def is_iterator(value: object) -> bool:
    return hasattr(type(value), "__next__")


def is_constant(key: object) -> bool:
    """Whether it is the same in each execution, and comparing it calls nothing."""
    if isinstance(key, tuple):
        return all(map(is_constant, key))
    return isinstance(key, int | str | float | bytes | type(None))
