"""What an official solution changes, and whether a function leaves alone what it is given."""

import ast
import builtins
from collections.abc import Iterable, Iterator

from grader.course.names import Function, binds, imported, root

# Methods of lists, dicts, sets, arrays and tables that change them.
_METHODS = frozenset(
    [
        "add",
        "append",
        "clear",
        "difference_update",
        "discard",
        "extend",
        "fill",
        "fit",
        "insert",
        "intersection_update",
        "itemset",
        "pop",
        "popitem",
        "put",
        "remove",
        "resize",
        "reverse",
        "setdefault",
        "setflags",
        "sort",
        "symmetric_difference_update",
        "update",
    ]
)
# Functions that change the first thing they are given.
_CHANGERS = frozenset(
    [
        "copyto",
        "delattr",
        "fill_diagonal",
        "heapify",
        "heappop",
        "heappush",
        "heappushpop",
        "heapreplace",
        "insort",
        "insort_left",
        "insort_right",
        "place",
        "put",
        "put_along_axis",
        "putmask",
        "setattr",
        "shuffle",
    ]
)
# A statement that calls one of these methods only shows something.
_SHOWING = frozenset(["describe", "head", "hist", "info", "plot", "sample", "show", "tail"])
# What these return shares nothing with what they are given.
_FRESH = frozenset(
    [
        "array",
        "bool",
        "copy",
        "deepcopy",
        "dict",
        "float",
        "frozenset",
        "int",
        "len",
        "list",
        "max",
        "mean",
        "min",
        "range",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tolist",
        "tuple",
    ]
)


def alters(tree: ast.AST) -> set[str]:
    """Return the names whose things some code changes, also in its functions, without binding them.

    `grader.course.names.changes` says what may be changed; this says what surely is, as it gives
    a name of the instructor's to the student.

    Examples
    --------
    >>> sorted(alters(ast.parse("a[0] = 1\\nb.append(2)\\nc.copy()[0]\\ndef f(d): d[0] = e = 1")))
    ['a', 'b']
    """
    return set(_altered([tree], frozenset())) - imported([tree])


def _altered(nodes: Iterable[ast.AST], local: frozenset[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Function):
            yield from _altered_by(node, local)
            continue
        inner = local | _parameters(node) if isinstance(node, ast.Lambda) else local
        yield from (name for name in _altered_here(node) if name not in local)
        yield from _altered(ast.iter_child_nodes(node), inner)


def _altered_by(function: Function, local: frozenset[str]) -> Iterator[str]:
    """Return what a function changes that is not its own, whenever it is called."""
    outer = {
        name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names
    }
    own = binds(ast.Module(function.body, []))
    yield from own & outer
    yield from _altered(function.body, local | _parameters(function) | (own - outer))


def _altered_here(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield from root(node)
    if isinstance(node, ast.Call):
        yield from _altered_by_call(node)
    match node:
        case ast.Expr(ast.Call(ast.Attribute(_, method) as called)) if method not in _SHOWING:
            yield from root(called)


def _altered_by_call(call: ast.Call) -> Iterator[str]:
    in_place = any(
        keyword.arg == "inplace" and getattr(keyword.value, "value", True)
        for keyword in call.keywords
    )
    if isinstance(call.func, ast.Attribute) and (in_place or call.func.attr in _METHODS):
        yield from root(call.func)
    for keyword in call.keywords:
        if keyword.arg == "out":  # NumPy puts the result there
            yield from root(keyword.value)
    if call.args and _last_name(call.func) in _CHANGERS:
        yield from root(call.args[0])


def _last_name(function: ast.AST) -> str:
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _parameters(function: Function | ast.Lambda) -> frozenset[str]:
    given = function.args
    all_of_them = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return frozenset(one.arg for one in all_of_them if one)


def leaves_arguments(function: Function) -> bool:
    """Whether a function surely leaves the lists and arrays that it is given as they are.

    False where that cannot be seen: such as where another function gets them.

    Examples
    --------
    >>> def leaves(code): return leaves_arguments(ast.parse(code).body[0])
    >>> leaves("def f(X): return X - X.mean(axis=0)")
    True
    >>> leaves("def f(xs):\\n  ys = xs\\n  ys.sort()\\n  return ys")
    False
    >>> leaves("def f(xs): return helper(xs)")
    False
    """
    shared = set(_parameters(function))
    nodes = list(ast.walk(function))
    while more := {name for node in nodes for name in _new_names(node, shared)} - shared:
        shared |= more
    return not any(_may_alter(node, shared) for node in nodes)


def _new_names(node: ast.AST, shared: set[str]) -> Iterator[str]:
    """Return the names that a statement gives to what may be an argument, or a part of one."""
    value = getattr(node, "iter", getattr(node, "value", None))
    if isinstance(node, _BINDERS) and value is not None and _shares(value, shared):
        targets = getattr(node, "targets", None) or [node.target]  # type: ignore[union-attr]
        yield from (
            name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
        )


_BINDERS = ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.For | ast.comprehension


def _shares(value: ast.AST, shared: set[str]) -> bool:
    """Whether a value may be an argument, or have one within."""
    if isinstance(value, ast.BinOp | ast.UnaryOp | ast.Compare | ast.Constant | ast.JoinedStr):
        return False
    if isinstance(value, ast.Call) and _last_name(value.func) in _FRESH:
        return False
    if isinstance(value, ast.Name):
        return value.id in shared
    return any(_shares(child, shared) for child in ast.iter_child_nodes(value))


def _may_alter(node: ast.AST, shared: set[str]) -> bool:
    if isinstance(node, ast.AugAssign):
        return bool(set(root(node.target)) & shared)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if not hasattr(builtins, node.func.id) and any(_shares(one, shared) for one in given):
            return True
    return bool(set(_altered_here(node)) & shared)
