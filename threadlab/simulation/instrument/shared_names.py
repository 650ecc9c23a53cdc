"""Which names stand for variables that threads could share.

A name that is bound once, before anybody else can use it, is a constant: nothing races for it, and
a step before it would only make the search longer.
"""

import ast
from collections import Counter

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def rebound_names(tree: ast.AST) -> set[str]:
    """Names of globals and cells that some function binds anew. By name, which is plenty.

    A cell is bound anew where a function that uses it may exist already: by a second binding, in a
    loop, or further down than that function.
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global | ast.Nonlocal):
            names.update(node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = _own_nodes(node)
            bound = Counter(a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg))
            for loop in own:
                repeats = 1 + isinstance(loop, LOOPS)
                for child in _own_nodes(loop) if repeats > 1 else [loop]:
                    if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                        bound[child.id] += repeats
            places = [n for n in own if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            last = {name.id: name.lineno for name in sorted(places, key=lambda n: n.lineno)}
            for function in own:
                if isinstance(function, FUNCTIONS):
                    for name in ast.walk(function):
                        if isinstance(name, ast.Name) and (
                            bound[name.id] > 1 or last.get(name.id, 0) > function.lineno
                        ):
                            names.add(name.id)
    return names


def bound_in(function: ast.AST) -> set[str]:
    """Names that ``function`` binds, other than its arguments."""
    nodes = _own_nodes(function)
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _own_nodes(parent: ast.AST) -> list[ast.AST]:
    """The nodes in ``parent``, down to the functions in it, into which it does not go."""
    nodes = list(ast.iter_child_nodes(parent))
    for node in nodes:
        if not isinstance(node, FUNCTIONS):
            nodes.extend(ast.iter_child_nodes(node))
    return nodes
