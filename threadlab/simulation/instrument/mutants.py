"""Marks in the syntax tree what can be left out, to learn what it is for.

What is a lock? Without types nobody can tell: ``with x:`` may be a file, ``x.join(y)`` be of a
string. So whatever looks like it is marked, and decided is when it is executed, in
`threadlab.simulation.mutation`: the code of every mutant is the same, and so are its steps, which
are put in before, and its lines.
"""

import ast
import os
import re
from collections import Counter
from typing import NamedTuple

from threadlab.simulation.instrument.nodes import at, call

MUTABLE = "__mutable__"  # (lock or method, place): returns that, or what stands in its place
ONCE = "__once__"  # (place): whether the loop is to end after this round

LEFT_OUT = "left out"
KINDS = {
    "with": "without the lock",
    "acquire": "left out, and so is its release",
    "release": LEFT_OUT,
    "notify": LEFT_OUT,
    "notify_all": LEFT_OUT,
    "one": "notify in place of notify_all",
    "while": "if in place of while",
    "wait_for": "waits once",
    "join": LEFT_OUT,
    "set": LEFT_OUT,
}
"""Of mutants, and what each does."""

METHODS = {"acquire", "release", "notify", "notify_all", "wait_for", "join", "set"}
FORM = "FILE.py:LINE:KIND"


class Mutant(NamedTuple):
    """A program with one thing left out: the ``number``th of this ``kind`` in this line.

    As a string it is ``FILE.py:LINE:KIND``, with ``.NUMBER`` behind it from the second on.
    """

    file: str
    line: int
    kind: str
    number: int = 1

    def __str__(self) -> str:
        file = os.path.relpath(self.file)
        file = self.file if file.startswith(os.pardir) else file
        return f"{file}:{self.line}:{self.kind}" + (f".{self.number}" if self.number > 1 else "")

    @classmethod
    def parse(cls, text: str) -> "Mutant":
        """The mutant that ``text`` names. Raises `ValueError` with one clear line."""
        match = re.fullmatch(r"(.+):(\d{1,9}):([a-z_]+)(?:\.(\d{1,9}))?", text, re.DOTALL)
        if match is None:
            raise ValueError(f"no mutant: {text!r}; one looks like {FORM}")
        file, line, kind, number = match.groups()
        if kind not in KINDS:
            raise ValueError(f"no mutant: {text!r}; kinds are {', '.join(KINDS)}")
        return cls(os.path.realpath(file), int(line), kind, int(number or 1))


class Mark(NamedTuple):
    """Something in a tree that may be left out.

    ``likely``: it looks so much like it that it is told of even if it has never been executed.
    """

    node: ast.withitem | ast.Call | ast.While
    mutant: Mutant
    likely: bool


def marks(tree: ast.Module, file: str) -> list[Mark]:
    """All in the functions of ``tree``, by lines; each with the mutant that leaves it out."""
    finder = _Finder()
    finder.visit(tree)
    file, counts, found = os.path.realpath(file), Counter[tuple[int, str]](), list[Mark]()
    loops: dict[ast.While, Mutant] = {}
    places = [(_place(node), kind, node, likely) for node, kind, likely in finder.found]
    for place, kind, node, likely in sorted(places, key=lambda one: one[0]):
        counts[place[0], kind] += 1
        mutant = Mutant(file, place[0], kind, counts[place[0], kind])
        if isinstance(node, ast.While):
            loops[node] = mutant
        found.append(Mark(node, mutant, likely))
    # A wait is no mutant of its own, but shows what the loop around it is.
    for wait, loop in finder.waits:
        wait_only = Mutant(file, wait.lineno, "wait")
        found.append(Mark(wait, wait_only if loop is None else loops[loop], False))
    return found


def apply(found: list[Mark]) -> None:
    """Let the marked nodes ask whether they are left out. They have been given steps before."""
    for node, mutant, _likely in found:
        place = ast.Constant(tuple(mutant))  # type: ignore[arg-type]  # compile takes it
        if isinstance(node, ast.withitem):
            node.context_expr = call(MUTABLE, node.context_expr, node.context_expr, place)
        elif isinstance(node, ast.Call):
            node.func = call(MUTABLE, node.func, node.func, place)
        else:
            once = at(ast.If(call(ONCE, node.test, place), [at(ast.Break(), node)], []), node)
            _Rounds(once).end(node)


def _place(node: ast.withitem | ast.Call | ast.While) -> tuple[int, int]:
    if isinstance(node, ast.Call):  # of a chain of calls over several lines, that of the name
        assert isinstance(node.func, ast.Attribute)
        line, column = node.func.end_lineno, node.func.end_col_offset
        return line or node.lineno, column or 0
    place = node.context_expr if isinstance(node, ast.withitem) else node
    return place.lineno, place.col_offset


class _Finder(ast.NodeVisitor):
    """Finds what may be left out: in functions, since only these have steps."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.withitem | ast.Call | ast.While, str, bool]] = []
        self.waits: list[tuple[ast.Call, ast.While | None]] = []
        self._depth = 0
        self._loops: list[ast.While] = []  # of the function, around what is visited

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node)

    def _function(self, node: ast.AST) -> None:
        loops, self._loops = self._loops, []
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1
        self._loops = loops

    def visit_With(self, node: ast.With) -> None:
        if self._depth:
            for item in node.items:
                likely = isinstance(item.context_expr, ast.Name | ast.Attribute | ast.Subscript)
                self.found.append((item, "with", likely and item.optional_vars is None))
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        waits = len(self.waits)
        self._loops.append(node)
        self.generic_visit(node)
        self._loops.pop()
        if any(loop is node for _wait, loop in self.waits[waits:]):
            self.found.append((node, "while", True))

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if not self._depth or not isinstance(node.func, ast.Attribute):
            return
        method = node.func.attr
        if method == "wait":
            self.waits.append((node, self._loops[-1] if self._loops else None))
        elif method in METHODS and not isinstance(node.func.value, ast.Constant | ast.JoinedStr):
            likely = method not in ("join", "set") or not node.args
            self.found.append((node, method, likely))


class _Rounds(ast.NodeTransformer):
    """Puts ``last`` at the end of each round of a loop."""

    def __init__(self, last: ast.If) -> None:
        self._last = last

    def end(self, loop: ast.While) -> None:
        loop.body = [*(self.visit(statement) for statement in loop.body), self._last]

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return at(ast.If(self._last.test, self._last.body, [node]), node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._another(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._another(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        return self._another(node)

    def _another(self, node: ast.While | ast.For | ast.AsyncFor) -> ast.AST:
        """A loop within, of which only what comes after it can go on with a round of ours."""
        node.orelse = [self.visit(statement) for statement in node.orelse]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node
