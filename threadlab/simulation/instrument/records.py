"""Has the instrumented code tell a recorder what it accesses.

Whatever uses a container as a whole (a method of it, a loop over it, a test) is told, too, though
it is no step of its own. An access itself stays where it is and as it is, ``x.n`` becomes
``__read__(x, "n", 7).n``, so that it raises what it raises at its own line.
"""

import ast

from threadlab.simulation.instrument.nodes import (
    at,
    call,
    copied,
    has_slice,
    is_plain,
    last_argument,
    names_in,
    set_last_argument,
)
from threadlab.simulation.instrument.sites import (
    CALL_AGAIN,
    CHANGE,
    READ_ITEM,
    READ_NAME,
    WRITE,
    WRITE_ITEM,
    WROTE,
    WROTE_NAME,
    Places,
)

KEY, OBJECT = "__key__", "__object__"
"""Locals that are added where an expression is needed twice."""


def bound_for_records(statements: list[ast.stmt]) -> list[ast.expr]:
    """Names bound by the last of these for records alone, which are to be unbound after it."""
    bound = {
        node.id: None
        for statement in statements[-3:]  # what is evaluated before it stands before it
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.id.startswith((OBJECT, KEY))
    }
    return [ast.Name(name, ast.Store()) for name in bound]


class Records:
    """Those of one file; none, and nothing changes, if they are not ``wanted``.

    ``object`` is what the local of that name is at present.
    """

    def __init__(self, rebound: set[str], places: Places, wanted: bool) -> None:
        self.wanted = wanted
        self._rebound = rebound
        self._places = places
        self.object: ast.expr = ast.Name(OBJECT)

    def call(self, function: str, place: ast.expr, *arguments: ast.expr) -> ast.expr:
        """A call of the recorder; without one, the first argument."""
        if not self.wanted:
            return arguments[0]
        what = place.value if isinstance(place, ast.Subscript) else place
        if isinstance(what, ast.Name) and what.id == OBJECT:
            what = self.object
        site = self._places.add(place, frozenset(), ast.unparse(what))
        return call(function, place, *arguments, site)

    def wrote_name(self, value: ast.expr, target: ast.Name) -> ast.expr:
        if target.id not in self._rebound:
            return value
        return self.call(WROTE_NAME, target, value, *self._cell(target))

    def _cell(self, name: ast.Name) -> list[ast.expr]:
        """The closure of a function that has no other variable than this, and its name."""
        empty = ast.arguments([], [], None, [], [], None, [])
        function = at(ast.Lambda(empty, at(ast.Name(name.id, ast.Load()), name)), name)
        return [
            at(ast.Attribute(function, "__closure__", ast.Load()), name),
            ast.Constant(name.id),
        ]

    def read_name(self, node: ast.Name) -> ast.expr:
        return self.call(READ_NAME, node, *self._cell(node))

    def bound(self, *targets: ast.expr) -> list[ast.stmt]:
        """Statements that tell that the names in ``targets`` have been bound."""
        return [
            at(ast.Expr(self.wrote_name(at(ast.Constant(None), name), name)), name)
            for name in names_in(*targets)
            if self.wanted and name.id in self._rebound
        ]

    def item(
        self,
        node: ast.Subscript,
        place: ast.Subscript,
        reads: bool,
        can_bind: bool,
    ) -> None:
        """Tell of an item, of which the key is evaluated once."""
        if not self.wanted:
            return
        function = READ_ITEM if reads else WRITE_ITEM
        if isinstance(node.ctx, ast.Del):  # what comes after the item moves
            node.value = self.call(CHANGE, place, node.value)
        if has_slice(node) or not (is_plain(place.slice) or can_bind):
            node.value = self.call(function, place, node.value, ast.Constant(None))
        elif is_plain(place.slice):
            again = copied(place.slice)
            node.value = self.call(function, place, node.value, node.slice)
            node.slice = again
        else:
            key = ast.NamedExpr(at(ast.Name(KEY, ast.Store()), place), node.slice)
            node.value = self.call(function, place, node.value, at(key, place))
            node.slice = at(ast.Name(KEY, ast.Load()), place)

    def by_name(self, node: ast.Call, access: str, first: ast.expr, can_bind: bool) -> None:
        """Tell of an attribute of which the name is given as a string."""
        owner, name = node.args[:2]
        if not isinstance(name, ast.Constant) or isinstance(owner, ast.Starred):
            return
        known = at(ast.Constant(name.value), name)
        if len(node.args) == 3 and access == WRITE and isinstance(first, ast.Name):
            node.args[2] = self.call(WROTE, owner, node.args[2], first, known)  # all is known
        elif len(node.args) == 3 and access == WRITE and can_bind and self.wanted:
            bound = f"{OBJECT}{len(self._places.sites)}"
            node.args[0] = at(ast.NamedExpr(at(ast.Name(bound, ast.Store()), owner), owner), owner)
            again = at(ast.Name(bound, ast.Load()), owner)
            node.args[2] = self.call(WROTE, owner, node.args[2], again, known)
        else:
            node.args[0] = self.call(access, owner, owner, known)

    def use_again(self, node: ast.Call, container: ast.expr, method: str) -> None:
        """Tell of ``container`` when all the arguments are known, right before the call."""
        set_last_argument(node, self.used_after(last_argument(node), container, method))

    def used_after(self, node: ast.expr, container: ast.expr, method: str) -> ast.expr:
        path: list[str] = []
        while isinstance(container, ast.Attribute):
            path.insert(0, container.attr)
            container = container.value
        attributes = at(ast.Tuple([ast.Constant(name) for name in path], ast.Load()), container)
        name = at(ast.Constant(method), container)
        return self.call(CALL_AGAIN, node, node, container, attributes, name)
