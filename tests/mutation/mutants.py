"""The mutants: cosmic-ray's operators, and two for what it leaves alone.

Used as a library, since ``cosmic-ray exec`` knows one command for all mutants and one process,
and its workers know one tree. Decided against mutmut, which compiles all mutants of a function
into the module and chooses at run time: the simulated world would instrument all of that.
"""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Keyword
from parso.tree import NodeOrLeaf

from tests.mutation.equivalents import Change

Position = tuple[int, int]
"""Line, from 1, and column, from 0."""


@dataclass(frozen=True)
class Mutant:
    """A file with the text ``source``."""

    change: Change
    source: str


class RemoveStatement(Operator):
    """Puts ``pass`` in the place of a statement: a notification, a join, a release."""

    KEPT = ("string", "import_name", "import_from", "operator")  # docstrings, imports, ``...``

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Position, Position]]:
        in_function = node.type == "simple_stmt" and node.search_ancestor("funcdef")
        if in_function and node.children[0].type not in self.KEPT:
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        node.children[0] = _keyword("pass", node)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class RemoveWith(Operator):
    """Puts ``if True`` in the place of a ``with``: the block without the lock."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Position, Position]]:
        if node.type == "with_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        node.children[:-2] = [_keyword("if", node), Keyword("True", node.start_pos, " ")]
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def _keyword(word: str, instead_of: NodeOrLeaf) -> Keyword:
    return Keyword(word, instead_of.start_pos, instead_of.get_first_leaf().prefix)


def operators() -> list[Operator]:
    """All that need no arguments, which are made up for one program in particular."""
    classes = [get_operator(name) for name in operator_names()]
    return [
        *(operator() for operator in classes if not operator.arguments()),
        RemoveStatement(),
        RemoveWith(),
    ]


def mutants(path: Path, root: Path) -> list[Mutant]:
    """Every mutant of ``path``, by lines; those that are the same program once.

    Annotations stay as they are: from Python 3.14 on, nobody evaluates them.
    """
    source = path.read_text(encoding="utf-8")
    nodes = list(ast_nodes(get_ast(source)))
    annotations = list(_annotations(source))
    seen = {ast.dump(ast.parse(source))}
    found: list[tuple[Position, Mutant]] = []
    for operator in operators():
        positions = [position for node in nodes for position in operator.mutation_positions(node)]
        for occurrence, (at, _end) in enumerate(positions):
            if any(begin <= at < end for begin, end in annotations):
                continue
            text = mutate_code(source, operator, occurrence)
            try:
                program = ast.dump(ast.parse(text))
            except SyntaxError:  # ``*`` of a parameter list taken for an operator
                continue
            if program not in seen:
                seen.add(program)
                file = path.relative_to(root).as_posix()
                found.append((at, Mutant(Change(file, *difference(source, text)), text)))
    return [mutant for _at, mutant in sorted(found, key=lambda pair: pair[0])]


def difference(source: str, text: str) -> tuple[str, str, str]:
    """The definition in which they differ, and the lines that do, as one, in either."""
    old, new = source.splitlines(), text.splitlines()
    first = next(n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    while old[-1] == new[-1] and min(len(old), len(new)) > first:
        del old[-1], new[-1]
    return _definition(source, first + 1), _one_line(old[first:]), _one_line(new[first:])


def _one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


@functools.cache
def _definition(source: str, line: int) -> str:
    """The qualified name of the innermost function or class around ``line``."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):  # outer ones come first
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.end_lineno is not None:
            begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if begin <= line <= node.end_lineno:
                names.append(node.name)
    return ".".join(names)


def _annotations(source: str) -> Iterator[tuple[Position, Position]]:
    for node in ast.walk(ast.parse(source)):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.expr):
                yield (
                    (annotation.lineno, annotation.col_offset),
                    (annotation.end_lineno or 0, annotation.end_col_offset or 0),
                )
