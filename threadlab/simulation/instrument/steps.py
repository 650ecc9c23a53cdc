"""Puts steps into the code under test, as pytest puts introspection into its asserts.

In each function there is a step before each statement, in each round of a loop or comprehension
over what others may have, and before each
further read or write within a statement of what threads could share: attributes, subscripts,
those globals and closure cells that are ever rebound, what a method is called on, and what is
looked into: is it empty, how long is it, is something in it.
``x.n += 1`` is a read, a step, and a write. The first access of a statement has the statement's
own step; that of another comes when the object and the key are known, right before the access.

Steps are calls that are added to the syntax tree, at the line of what they precede, so that
tracebacks stay true. Module and class bodies run once, at the import, and get none.

On demand, each of these accesses is also told to a recorder, at the same steps: see `records`. Here
is decided when, there how.
"""

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType

from threadlab.simulation.instrument import mutants
from threadlab.simulation.instrument.mutants import Mark
from threadlab.simulation.instrument.nodes import (
    N,
    at,
    call,
    copied,
    has_call,
    has_slice,
    is_chain,
    is_plain,
    last_argument,
    names_in,
    set_last_argument,
)
from threadlab.simulation.instrument.records import (
    KEY,
    OBJECT,
    Records,
    bound_for_records,
)
from threadlab.simulation.instrument.shared_names import bound_in, rebound_names
from threadlab.simulation.instrument.sites import (
    CALL,
    CHANGE,
    ITERATE,
    NOWHERE,
    PASS_ON,
    READ,
    STEP,
    USE,
    WRITE,
    WROTE,
    WROTE_ITEM,
    Places,
    Site,
)

PURE = {
    *("all", "any", "bool", "dict", "enumerate", "filter", "frozenset", "id", "isinstance", "iter"),
    *("len", "list", "map", "max", "min", "print", "repr", "reversed", "set", "sorted", "str"),
    *("sum", "tuple", "type", "zip"),
}
"""Builtins that do not change what they are given."""

ABOUT_ITSELF = {"id", "isinstance", "print", "type"}
"""Those of them that do not look into it, or of which it makes no difference when."""

WRITING = {"delattr", "next", "setattr"}
"""Builtins that do."""

FRESH = {"dict", "frozenset", "list", "range", "set", "sorted", "str", "tuple"}
"""Builtins that return what nobody else has."""

ATTRIBUTES = {"getattr": READ, "hasattr": READ, "setattr": WRITE, "delattr": WRITE}

VALUES = ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.IfExp | ast.NamedExpr
"""What can be a container of somebody else's."""

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

_SIMPLE = ast.AnnAssign | ast.Assert | ast.Assign | ast.AugAssign | ast.Delete | ast.Expr


def compile_with_steps(
    source: str,
    file: str,
    sites: list[Site],
    *,
    recording: bool = False,
    marked: Callable[[list[Mark]], object] | None = None,
) -> CodeType:
    """The code of ``source`` with steps, which expects `STEP` and `PASS_ON` as globals.

    With ``recording`` it is told what is accessed, and `RECORDED` are expected, too. All of these
    are called with an index of ``sites``, to which those of this source are added. If there is
    somebody to be told of what is ``marked``, that is done, and expects what `mutants` says.
    """
    code, its_own, marks = _compiled(source, file, len(sites), recording, marked is not None)
    sites += its_own
    if marked is not None:
        marked(marks)
    return code


@lru_cache(maxsize=256)  # one world after the other is of the same files
def _compiled(
    source: str, file: str, first: int, recording: bool, marking: bool
) -> tuple[CodeType, Sequence[Site], list[Mark]]:
    """The code, its sites, which are to be numbered from ``first`` on, and its marks."""
    sites = [NOWHERE] * first  # which are those of others
    tree = ast.parse(source, file)
    marks = mutants.marks(tree, file) if marking else []
    _Stepper(rebound_names(tree), file, sites, recording).visit(tree)
    mutants.apply(marks)
    code = compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)
    return code, sites[first:], marks


class _Stepper(ast.NodeTransformer):
    def __init__(self, rebound: set[str], file: str, sites: list[Site], recording: bool) -> None:
        self._rebound = rebound
        self._bound: set[str] = set()  # names that the function binds, but for its arguments
        self._sites = sites
        self._places = places = Places(file, sites)
        self._tell = Records(rebound, places, recording)
        self._depth = 0  # of functions
        self._fresh = False  # a step has just been, and nothing shared has been touched since
        self._steps = 0
        self._last = 0  # the site of the last step before a statement
        self._in_conditions = 0  # steps in those of the comprehension that was visited last
        self._can_bind = True  # not where a comprehension says what it runs over

    # Statements

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: N) -> N:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self._depth += 1
        bound, self._bound = self._bound, bound_in(node)
        docstring = node.body[: _has_docstring(node)]
        node.body = docstring + self._statements(node.body[len(docstring) :])
        self._bound = bound
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
                result.append(at(ast.Expr(self._step(statement)), statement))
                self._fresh = True
                self._last = len(self._sites) - 1
            if isinstance(statement, ast.AugAssign) and self._tell.wanted:
                result += self._simplified(statement)
            result.append(self.visit(statement))
            if isinstance(statement, _SIMPLE) and (bound := bound_for_records(result)):
                result.append(at(ast.Assign(bound, ast.Constant(None)), statement))
        return result

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, field, self._statements(value))
            elif isinstance(value, list):
                value[:] = [self._part(node, v) if isinstance(v, ast.AST) else v for v in value]
            elif isinstance(value, ast.AST):
                setattr(node, field, self._part(node, value, field))
        return node

    def _part(self, node: ast.AST, part: ast.AST, field: str = "") -> ast.AST:
        used = isinstance(
            node,
            ast.Compare | ast.UnaryOp | ast.BoolOp | ast.BinOp | ast.Starred | ast.FormattedValue,
        ) or (isinstance(node, ast.Dict) and None in node.keys)
        stored = isinstance(getattr(node, "ctx", None), ast.Store)  # a starred target
        used = used or field in ("test", "subject")
        if used and isinstance(part, ast.expr) and not stored:
            looks = field == "test" or isinstance(node, ast.BoolOp)
            looks = looks or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
            return self._used(part, looks)
        return self.visit(part)  # type: ignore[no-any-return]

    def visit_While(self, node: ast.While) -> ast.AST:
        if self._depth:
            step = self._step(node.test)
            self._fresh = True
            self._last = len(self._sites) - 1
            node.test = self._after(step, self._used(node.test, looks=True))
            node.body = self._statements(node.body)
            node.orelse = self._statements(node.orelse)
            return node
        return super().generic_visit(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        iterated = copied(node.iter)
        node.iter = self._iterated(node.iter)
        bound = self._tell.bound(node.target)
        node.target = self.visit(node.target)
        if _may_be_shared(iterated) and not any(map(_makes_step, node.body)):
            bound.append(at(ast.Expr(self._step(iterated)), iterated))
        node.body = [*bound, *self._statements(node.body)]
        node.orelse = self._statements(node.orelse)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        can_bind, self._can_bind = self._can_bind, False
        node.iter = self._iterated(node.iter)
        self._can_bind = can_bind
        node.target = self.visit(node.target)
        steps = self._steps
        node.ifs = [self._used(condition, looks=True) for condition in node.ifs]
        self._in_conditions = self._steps - steps
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        targets = []
        for item in node.items:
            steps, fresh, place = self._steps, self._fresh, copied(item.context_expr)
            item.context_expr = self.visit(item.context_expr)
            if isinstance(place, ast.Name) and fresh:
                self._touch(place)  # it is likely a lock
            if not fresh and self._steps == steps:
                item.context_expr = self._passed_on(item.context_expr, place)
            self._fresh = False  # it has been entered
            if item.optional_vars is not None:
                targets.append(item.optional_vars)
                item.optional_vars = self.visit(item.optional_vars)
        node.body = [*self._tell.bound(*targets), *self._statements(node.body)]
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        node.value = self.visit(node.value)
        if self._depth and node.target.id in self._rebound:
            if self._fresh:
                self._touch(node.target)
            else:
                node.value = self._passed_on(node.value, node.target)
            node.value = self._tell.wrote_name(node.value, node.target)
            self._fresh = False
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        unpacks = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
        node.value = self._used(node.value) if unpacks else self.visit(node.value)
        if any(self._is_shared(target) for target in node.targets):
            if self._fresh:
                self._touch(*node.targets)
            else:
                node.value = self._passed_on(node.value, *node.targets)
        for name in names_in(*node.targets):
            node.value = self._tell.wrote_name(node.value, name)
        self._fresh = True  # the write's own step has been
        node.targets = [self.visit(target) for target in node.targets]
        self._fresh = False
        return node

    def _simplified(self, node: ast.AugAssign) -> list[ast.stmt]:
        """Statements to precede ``node``, whose target can be named twice without them."""
        target = node.target
        before: list[ast.stmt] = []
        if isinstance(target, ast.Name):
            if target.id in self._rebound:
                before.append(ast.Expr(self._tell.read_name(target)))
        elif not is_plain(target.value):
            self._tell.object = copied(target.value)
            name = ast.Name(OBJECT, ast.Store())
            before.append(ast.Assign([name], self.visit(target.value)))
            target.value = at(ast.Name(OBJECT, ast.Load()), target)
        if (
            isinstance(target, ast.Subscript)
            and not is_plain(target.slice)
            and not has_slice(target)
        ):
            before.append(ast.Assign([ast.Name(KEY, ast.Store())], self.visit(target.slice)))
            target.slice = at(ast.Name(KEY, ast.Load()), target)
        return [at(statement, node) for statement in before]

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        # The target is read before the value is evaluated, and written after it.
        target = node.target
        shared = self._is_shared(target)
        plain = copied(target)
        if isinstance(target, ast.Name):
            self._touch(target)
        else:
            node.target = self._accessed(target, reads=True)
        self._fresh = False
        node.value = self._used(node.value)
        if shared:
            node.value = self._passed_on(node.value, plain)
        if isinstance(plain, ast.Attribute):
            name = ast.Constant(plain.attr)
            node.value = self._tell.call(WROTE, plain, node.value, plain.value, name)
        elif isinstance(plain, ast.Subscript):
            key = ast.Constant(None) if has_slice(plain) else plain.slice
            node.value = self._tell.call(WROTE_ITEM, plain, node.value, plain.value, key)
        else:
            known = at(ast.Name(plain.id, ast.Load()), plain)
            node.value = self._tell.used_after(node.value, known, "")
            node.value = self._tell.wrote_name(node.value, plain)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if self._depth and node.value is not None:
            node.value = self.visit(node.value)
            if self._is_shared(node.target):
                if self._fresh:
                    self._touch(node.target)
                else:
                    node.value = self._passed_on(node.value, node.target)
            if isinstance(node.target, ast.Name):
                node.value = self._tell.wrote_name(node.value, node.target)
            else:
                self._fresh = True
                node.target = self.visit(node.target)
        return node

    def visit_TypeAlias(self, node: ast.AST) -> ast.AST:
        return node  # nothing of it is evaluated here

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        if node.guard is not None:  # patterns have no place for calls
            node.guard = self.visit(node.guard)
        node.body = self._statements(node.body) if self._depth else node.body
        return node

    # Expressions

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        fresh, self._fresh = self._fresh, False
        can_bind, self._can_bind = self._can_bind, True
        self._depth += 1
        node.body = self.visit(node.body)
        self._depth -= 1
        self._fresh = fresh
        self._can_bind = can_bind
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self._comprehension(node)

    def _comprehension(self, node: N) -> N:
        assert isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp)
        last = node.generators[-1]
        iterated = copied(last.iter)
        node.generators = [self.visit(generator) for generator in node.generators]
        self._fresh = False  # what follows is evaluated any number of times
        steps = self._steps - self._in_conditions
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        if self._depth and self._steps == steps and _may_be_shared(iterated):
            if last.ifs:
                last.ifs[0] = self._passed_on(last.ifs[0], iterated)
            elif isinstance(node, ast.DictComp):
                node.value = self._passed_on(node.value, iterated)
            else:
                node.elt = self._passed_on(node.elt, iterated)
        self._fresh = False
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        pure = function in PURE
        method = node.func if isinstance(node.func, ast.Attribute) else None
        receiver = copied(method.value) if method else None
        calls = any(map(has_call, (*node.args, *node.keywords)))
        fresh = self._fresh
        if isinstance(receiver, ast.Name) and fresh:
            self._touch(receiver)
        if method:
            method.value = self.visit(method.value)
        else:
            node.func = self.visit(node.func)
        first = copied(node.args[0]) if node.args else None
        steps, before = self._steps, self._fresh
        used: list[tuple[ast.expr, int]] = []  # again at the call, and how many steps precede it
        for number, plain in enumerate(copied(node.args)):
            node.args[number] = self._argument(node.args[number], function)
            if is_chain(plain):
                used.append((plain, self._steps))
        for keyword in node.keywords:
            plain = copied(keyword.value)
            keyword.value = self._argument(keyword.value, function)
            if is_chain(plain):
                used.append((plain, self._steps))
        late = self._steps > steps or self._fresh != before or calls
        if method:
            # Which method it is, is hardly ever what threads race for.
            name = ast.Constant(method.attr)
            assert receiver is not None
            if isinstance(receiver, ast.Name) and not (fresh or late or self._is_shared(receiver)):
                method.value = self._passed_on(method.value, receiver)
            plain = at(ast.Attribute(receiver, method.attr, ast.Load()), method)
            method.value = self._tell.call(CALL, plain, method.value, name)
            if late and not isinstance(receiver, ast.Constant | ast.JoinedStr):
                set_last_argument(node, self._passed_on(last_argument(node), receiver))
        elif late and function in WRITING:
            set_last_argument(node, self._passed_on(last_argument(node)))
        if late and self._tell.wanted:
            if method and not isinstance(receiver, ast.Name) and self._can_bind:
                # Not the same name as in a call within this one.
                bound = f"{OBJECT}{len(self._sites)}"
                method.value = at(
                    ast.NamedExpr(at(ast.Name(bound, ast.Store()), node), method.value), node
                )
                receiver = at(ast.Name(bound, ast.Load()), node)
            if method and receiver and is_chain(receiver):
                self._tell.use_again(node, receiver, method.attr)
            for plain, then in used:
                if then < self._steps:
                    self._tell.use_again(node, plain, "copy" if pure else "")
        if function in ATTRIBUTES and first is not None and len(node.args) > 1:
            self._tell.by_name(node, ATTRIBUTES[function], first, self._can_bind)
        if function == "vars" and len(node.args) == 1 and not isinstance(first, ast.Starred):
            owner = node.args[0]
            node.args[0] = self._tell.call(READ, owner, owner, ast.Constant("__dict__"))
        self._fresh = False
        if function == "next" and used:  # a generator may make steps
            return self._tell.used_after(node, used[0][0], "")
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        left = copied(node.left)
        node.left = self._used(node.left)
        steps = self._steps
        node.right = self._used(node.right)
        if self._steps > steps and is_chain(left):
            node.right = self._tell.used_after(node.right, left, "copy")
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        left = copied(node.left)
        node.left = self._used(node.left)
        for number, right in enumerate(node.comparators):
            steps, plain = self._steps, copied(right)
            looks = isinstance(node.ops[number], ast.In | ast.NotIn)
            node.comparators[number] = self._used(right, looks)
            if self._steps > steps and is_chain(left):
                compared = node.comparators[number]
                node.comparators[number] = self._tell.used_after(compared, left, "copy")
            left = plain
        return node

    def _argument(self, node: ast.expr, function: str) -> ast.expr:
        if function in PURE:
            return self._used(node, looks=function not in ABOUT_ITSELF)
        known = isinstance(node, VALUES)
        place, visited = copied(node) if known else node, self.visit(node)
        return self._tell.call(CHANGE, place, visited) if known else visited

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._accessed(node, reads=isinstance(node.ctx, ast.Load))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return self._accessed(node, reads=isinstance(node.ctx, ast.Load))

    def _accessed(self, node: N, reads: bool) -> N:
        """``node`` with a step when object and key are known, if it needs one of its own."""
        assert isinstance(node, ast.Attribute | ast.Subscript)
        place = copied(node) if self._depth else node
        node.value = self.visit(node.value)
        if isinstance(node, ast.Subscript):
            node.slice = self.visit(node.slice)
        if not self._depth:
            return node
        fresh, self._fresh = self._fresh, False
        if fresh:
            self._touch(place)
        if isinstance(node, ast.Attribute):
            if reads and not fresh:
                node.value = self._passed_on(node.value, place)
            name = ast.Constant(node.attr)
            node.value = self._tell.call(READ if reads else WRITE, place, node.value, name)
            return node
        assert isinstance(node, ast.Subscript)
        assert isinstance(place, ast.Subscript)
        if reads and not fresh:
            if has_slice(node):
                node.value = self._passed_on(node.value, place)
            else:
                node.slice = self._passed_on(node.slice, place)
        self._tell.item(node, place, reads, self._can_bind)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not self._depth or node.id not in self._rebound or not isinstance(node.ctx, ast.Load):
            return node
        fresh, self._fresh = self._fresh, False
        if fresh:
            self._touch(node)
        before = [] if fresh else [self._step(node)]
        if self._tell.wanted:
            before.append(self._tell.read_name(node))
        return self._after(*before, node)

    def _used(self, node: ast.expr, looks: bool = False) -> ast.expr:
        """``node``, of which the contents are used, if it is a container.

        If it ``looks`` into it, threads that share it race for what it sees, by whatever name.
        """
        known = isinstance(node, VALUES)
        known = known and not isinstance(getattr(node, "ctx", None), ast.Store)  # a starred target
        place = copied(node) if known else node
        visited: ast.expr = self.visit(node)
        if looks and isinstance(node, ast.Name) and self._may_be_a_container(node.id):
            fresh, self._fresh = self._fresh, False
            if fresh:
                self._touch(node)
            else:
                visited = self._after(self._step(node), visited)
        return self._tell.call(USE, place, visited) if known else visited

    def _may_be_a_container(self, name: str) -> bool:
        """Of others, too; one that is rebound has a step already."""
        return bool(self._depth) and name not in self._rebound and name not in self._bound

    def _iterated(self, node: ast.expr) -> ast.expr:
        place = copied(node)
        return self._tell.call(ITERATE, place, self.visit(node))

    def _is_shared(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Starred):
            return self._is_shared(node.value)
        if isinstance(node, ast.Tuple | ast.List):
            return any(self._is_shared(element) for element in node.elts)
        if isinstance(node, ast.Name):
            return node.id in self._rebound
        return isinstance(node, ast.Attribute | ast.Subscript)

    # What is added

    def _step(self, place: ast.expr | ast.stmt) -> ast.expr:
        self._steps += 1
        names = self._names(place) if isinstance(place, ast.expr) else frozenset[str]()
        return call(STEP, place, self._places.add(place, names))

    def _passed_on(self, node: ast.expr, *accessed: ast.expr) -> ast.expr:
        """``node`` and then a step, before what is ``accessed`` is."""
        self._steps += 1
        names = frozenset[str]().union(*map(self._names, accessed))
        return call(PASS_ON, node, node, self._places.add(node, names))

    def _touch(self, *accessed: ast.expr) -> None:
        """These are accessed right after the step before the statement."""
        site = self._sites[self._last]
        names = site.names.union(*map(self._names, accessed))
        self._sites[self._last] = site._replace(names=names)

    def _names(self, accessed: ast.expr) -> frozenset[str]:
        if isinstance(accessed, ast.Attribute):
            return frozenset({accessed.attr})
        if isinstance(accessed, ast.Name):
            return frozenset({accessed.id})
        if isinstance(accessed, ast.Subscript):
            return self._names(accessed.value)
        if isinstance(accessed, ast.Tuple | ast.List):
            return frozenset[str]().union(*map(self._names, accessed.elts))
        return frozenset()

    def _after(self, *nodes: ast.expr) -> ast.expr:
        """The last, after those before it, which have no value."""
        return at(ast.BoolOp(ast.Or(), list(nodes)), nodes[-1]) if nodes[1:] else nodes[0]


def _has_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Not asked of `ast`, which imports modules for that; it may be these that get steps."""
    first = function.body[0]
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )


def _may_be_shared(iterated: ast.expr) -> bool:
    """Whether what a loop runs over may be what another thread has as well."""
    function = iterated.func if isinstance(iterated, ast.Call) else None
    return isinstance(iterated, VALUES) and not (
        isinstance(function, ast.Name) and function.id in FRESH
    )


def _makes_step(statement: ast.stmt) -> bool:
    """Whether there is a step when it is executed, or begun."""
    if isinstance(statement, ast.Try | ast.TryStar):
        return any(map(_makes_step, (*statement.body, *statement.orelse, *statement.finalbody)))
    return isinstance(statement, ast.While) or not isinstance(statement, _WITHOUT_STEP)
