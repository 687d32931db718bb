"""Which of the instructor's statements a test needs, found by the names they bind and read."""

import ast
from collections.abc import Iterable, Iterator

Statements = list[ast.stmt]


def reads(tree: ast.AST) -> set[str]:
    """Return the names that some code reads, wherever in it."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def binds(tree: ast.AST) -> set[str]:
    """Return the names that some code binds at its top level.

    Examples
    --------
    >>> sorted(binds(ast.parse("import numpy as np\\ndef f(x): y = 1\\na, b = 1, 2")))
    ['a', 'b', 'f', 'np']
    """
    return set(_bound(ast.iter_child_nodes(tree))) | set(_bound([tree]))


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp):
            yield from _bound(ast.iter_child_nodes(node))


def needed(cells: list[tuple[ast.Module, bool]]) -> list[Statements]:
    """Return, for each cell in order, the statements that tests need.

    A test is needed whole. Of another cell those statements are needed that bind a name which is
    read later on; a bare expression, such as one that shows a figure, never is.

    Parameters
    ----------
    cells : list of (module, is_test)
    """
    wanted: set[str] = set()
    kept: list[Statements] = []
    for module, is_test in reversed(cells):
        statements: Statements = []
        for statement in reversed(module.body):
            bare = isinstance(statement, ast.Expr) and not is_test
            if is_test or (not bare and binds(statement) & wanted):
                wanted |= reads(statement)
                statements.insert(0, statement)
        kept.insert(0, statements)
    return kept
