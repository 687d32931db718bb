"""The names that code binds, reads, imports and may change, read from its text."""

import ast
import symtable
from collections.abc import Iterable, Iterator

Statements = list[ast.stmt]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def reads(tree: ast.AST) -> set[str]:
    """Return the names that some code reads, wherever in it."""
    return set(_read(tree))


def _read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def reads_from_outside(tree: ast.Module) -> set[str]:
    """Return the names that some code reads and that are no variables of its functions.

    Examples
    --------
    >>> code = "def f(x):\\n  y = rate * x\\n  return helper(lambda z: z + y)\\nf(n)"
    >>> sorted(reads_from_outside(ast.parse(code)))
    ['f', 'helper', 'n', 'rate']
    """
    try:
        return set(_read_outside(symtable.symtable(ast.unparse(tree), "<code>", "exec")))
    except (SyntaxError, RecursionError):
        return set()


def _read_outside(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _read_outside(inner)


def binds(tree: ast.AST) -> set[str]:
    """Return the names that some code binds at its top level; ``*`` for all of a module's.

    Examples
    --------
    >>> sorted(binds(ast.parse("import numpy as np\\ndef f(x): y = 1\\na, b = 1, 2")))
    ['a', 'b', 'f', 'np']
    """
    return set(_bound(tree.body if isinstance(tree, ast.Module) else [tree]))


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    left = [*nodes]  # without recursion: Python reads code that is nested deeper than calls go
    while left:
        node = left.pop()
        if isinstance(node, _DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield _name(alias)
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id
        elif not isinstance(node, _SCOPES):
            names = (getattr(node, field, None) for field in ("name", "rest"))
            if isinstance(node, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
                yield from filter(None, names)
            left += ast.iter_child_nodes(node)


_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SCOPES = ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def changes(tree: ast.AST, modules: set[str]) -> set[str]:
    """Return the names that some code binds, or whose things it may change at its top level.

    It may change what it stores into, what it calls a method of, and what it hands to a call whose
    value nobody takes, other than to be shown. What it calls of a module changes the module only
    where nobody takes the value: such a call is made for its effect, as in seeding.

    Examples
    --------
    >>> code = "cases.append(1)\\nexpected[0] = 1\\nrng.shuffle(rows)\\ny = np.zeros(3)"
    >>> sorted(changes(ast.parse(code), {"np"}))
    ['cases', 'expected', 'rng', 'rows', 'y']
    """
    return binds(tree) | set(_changed(tree, modules))


def _changed(node: ast.AST, modules: set[str]) -> Iterator[str]:
    if isinstance(node, _DEFINITIONS | ast.Lambda):
        return
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield from root(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from (name for name in root(node.func) if name not in modules)
    if isinstance(node, ast.Expr) and isinstance(call := node.value, ast.Call):
        yield from root(call.func) if isinstance(call.func, ast.Attribute) else ()
        if not (isinstance(call.func, ast.Name) and call.func.id in _SHOWING):
            yield from (given.id for given in call.args if isinstance(given, ast.Name))
    for child in ast.iter_child_nodes(node):
        yield from _changed(child, modules)


_SHOWING = ("display", "print")


def root(node: ast.AST) -> Iterator[str]:
    """Give the name that an attribute or item is of; nothing where it is of something else."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def imported(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names that imports bind, anywhere in some code."""
    found = (node for tree in trees for node in ast.walk(tree))
    return {name for node in found if isinstance(node, _IMPORTS) for name in binds(node)}


_IMPORTS = ast.Import | ast.ImportFrom


def imports_of(tree: ast.Module) -> dict[str, ast.stmt]:
    """Return, by the name that each binds, the imports at the top level of some code.

    Examples
    --------
    >>> found = imports_of(ast.parse("import a.b, c as d"))
    >>> {name: ast.unparse(one) for name, one in found.items()}
    {'a': 'import a.b', 'd': 'import c as d'}
    """
    return dict(_imports(tree.body))


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.stmt]]:
    left = [*nodes][::-1]  # without recursion, and in the order of the text
    while left:
        node = left.pop()
        if isinstance(node, ast.Import):
            yield from ((_name(alias), ast.Import([alias])) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield _name(alias), ast.ImportFrom(node.module, [alias], node.level)
        elif not isinstance(node, _DEFINITIONS | ast.expr):
            left += [*ast.iter_child_nodes(node)][::-1]


def _name(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]
