"""Puts steps into the code under test, as pytest puts introspection into its asserts.

In each function there is a step before each statement, in each round of a loop, and before each
further read or write within a statement of what threads could share: attributes, subscripts,
and those globals and closure cells that are ever rebound. ``x.n += 1`` is a read, a step, and
a write. The first access of a statement has the statement's own step.

Steps are calls that are added to the syntax tree, at the line of what they precede, so that
tracebacks stay true. Module and class bodies run once, at the import, and get none.
"""

import ast
from types import CodeType
from typing import TypeVar

STEP = "__step__"
"""Called with a line number before what is on that line."""

PASS_ON = "__pass_on__"
"""Called with a value and a line number: a step after the value is known; returns the value."""

N = TypeVar("N", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_WITHOUT_STEP = (
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.FunctionDef,
    ast.Global,
    ast.Import,
    ast.ImportFrom,
    ast.Nonlocal,
    ast.Pass,
    ast.Break,
    ast.Continue,
    ast.Try,
    ast.TryStar,
    ast.While,  # has one in its test
)


def compile_with_steps(source: str, file: str, name: str = "") -> CodeType:
    """The code of ``source`` with steps, which expects `STEP` and `PASS_ON` as globals."""
    tree = ast.parse(source, file)
    _Stepper(_rebound_names(tree)).visit(tree)
    return compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)


def _rebound_names(tree: ast.AST) -> set[str]:
    """Names of globals and cells that some function binds anew. By name, which is plenty."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global | ast.Nonlocal):
            names.update(node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            stored: list[str] = []
            inner: set[str] = set()
            for child in _own_nodes(node):
                if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                    stored.append(child.id)
                elif isinstance(child, Function):
                    inner.update(n.id for n in ast.walk(child) if isinstance(n, ast.Name))
            names.update(name for name in inner if stored.count(name) > 1)
    return names


def _own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    """The nodes in the body of ``function``, down to the functions in it, which are the last."""
    nodes: list[ast.AST] = list(function.body)
    for node in nodes:
        if not isinstance(node, Function):
            nodes.extend(ast.iter_child_nodes(node))
    return nodes


class _Stepper(ast.NodeTransformer):
    def __init__(self, rebound: set[str]) -> None:
        self._rebound = rebound
        self._depth = 0  # of functions
        self._fresh = False  # a step has just been, and nothing shared has been touched since

    # Statements

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: N) -> N:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self._depth += 1
        docstring = node.body[:1] if ast.get_docstring(node) is not None else []
        node.body = docstring + self._statements(node.body[len(docstring) :])
        self._depth -= 1
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        depth, self._depth = self._depth, 0
        node.body = [self.visit(statement) for statement in node.body]
        self._depth = depth
        return node

    def _statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in body:
            if not isinstance(statement, _WITHOUT_STEP):
                result.append(_at(ast.Expr(_call(STEP, statement)), statement))
                self._fresh = True
            result.append(self.visit(statement))
        return result

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, field, self._statements(value))
            elif isinstance(value, list):
                value[:] = [self.visit(v) if isinstance(v, ast.AST) else v for v in value]
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        if self._depth:
            self._fresh = True
            node.test = self._after_step(self.visit(node.test))
            node.body = self._statements(node.body)
            node.orelse = self._statements(node.orelse)
            return node
        return super().generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        node.value = self.visit(node.value)
        if any(self._is_shared(target) for target in node.targets) and not self._fresh:
            node.value = self._passed_on(node.value)
        self._fresh = True  # the write's own step has been
        node.targets = [self.visit(target) for target in node.targets]
        self._fresh = False
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        # The target is read before the value is evaluated, and written after it.
        shared = self._is_shared(node.target)
        node.target = self.visit(node.target)
        node.value = self.visit(node.value)
        if shared:
            node.value = self._passed_on(node.value)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if self._depth and node.value is not None:
            node.value = self.visit(node.value)
            if self._is_shared(node.target) and not self._fresh:
                node.value = self._passed_on(node.value)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        if node.guard is not None:  # patterns have no place for calls
            node.guard = self.visit(node.guard)
        node.body = self._statements(node.body) if self._depth else node.body
        return node

    # Expressions

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        fresh, self._fresh = self._fresh, False
        self._depth += 1
        node.body = self.visit(node.body)
        self._depth -= 1
        self._fresh = fresh
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if self._depth and isinstance(node.func, ast.Attribute):
            # Which method it is, is hardly ever what threads race for.
            node.func.value = self.visit(node.func.value)
        else:
            node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        if self._depth:
            self._fresh = False
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._access(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return self._access(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._access(node)

    def _access(self, node: ast.Attribute | ast.Subscript | ast.Name) -> ast.AST:
        shared = self._depth and self._is_shared(node)
        super().generic_visit(node)
        if not shared:
            return node
        fresh, self._fresh = self._fresh, False
        if fresh or not isinstance(node.ctx, ast.Load):
            return node
        return self._after_step(node)

    def _is_shared(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Tuple | ast.List):
            return any(self._is_shared(element) for element in node.elts)
        if isinstance(node, ast.Name):
            return node.id in self._rebound
        return isinstance(node, ast.Attribute | ast.Subscript)

    def _after_step(self, node: ast.expr) -> ast.expr:
        return _at(ast.BoolOp(ast.Or(), [_call(STEP, node), node]), node)

    def _passed_on(self, node: ast.expr) -> ast.expr:
        return _call(PASS_ON, node, node)


def _call(function: str, place: ast.expr | ast.stmt, *arguments: ast.expr) -> ast.expr:
    call = ast.Call(
        ast.Name(function, ast.Load()), [*arguments, ast.Constant(place.lineno)], keywords=[]
    )
    _at(call.func, place)
    _at(call.args[-1], place)
    return _at(call, place)


def _at(node: N, place: ast.AST) -> N:
    return ast.copy_location(node, place)
