"""Nodes of a syntax tree: what can be asked of them, and how new ones are made at a place."""

import ast
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)
T = TypeVar("T")


def names_in(*targets: ast.expr) -> list[ast.Name]:
    """The names that an assignment to ``targets`` binds."""
    return [
        node
        for target in targets
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def has_call(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


def last_argument(call: ast.Call) -> ast.expr:
    """The one that is evaluated last."""
    last = call.keywords[-1] if call.keywords else call.args[-1]
    return last.value if isinstance(last, ast.keyword | ast.Starred) else last


def set_last_argument(call: ast.Call, value: ast.expr) -> None:
    last = call.keywords[-1] if call.keywords else call.args[-1]
    if isinstance(last, ast.keyword | ast.Starred):
        last.value = value
    else:
        call.args[-1] = value


def is_plain(node: ast.expr) -> bool:
    """Whether it can be evaluated twice."""
    if isinstance(node, ast.UnaryOp):
        return is_plain(node.operand)
    return isinstance(node, ast.Constant | ast.Name)


def is_chain(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and is_chain(node.value))


def has_slice(node: ast.Subscript) -> bool:
    return any(isinstance(part, ast.Slice) for part in ast.walk(node.slice))


def call(function: str, place: ast.expr | ast.stmt, *arguments: ast.expr) -> ast.expr:
    made = ast.Call(ast.Name(function, ast.Load()), list(arguments), keywords=[])
    for node in (made.func, *(a for a in arguments if isinstance(a, ast.Constant))):
        at(node, place)
    return at(made, place)


def at(node: N, place: ast.AST) -> N:
    return ast.copy_location(node, place)


def copied(tree: T) -> T:
    """A copy of a node with all that is in it, or of a list of such.

    `copy.deepcopy` takes ten times as long, which tells when a package is loaded.
    """
    if isinstance(tree, list):
        return type(tree)(map(copied, tree))
    if not isinstance(tree, ast.AST):
        return tree
    made = type(tree).__new__(type(tree))
    vars(made).update((name, copied(value)) for name, value in vars(tree).items())
    return made
