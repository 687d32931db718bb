"""Tests that an instructor may not have meant: those that pass whatever the answer is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat

from grader.course.cells import grade_id, is_test
from grader.course.lesson import parse


def doubts(notebook: Path) -> Iterator[str]:
    """Give a sentence for each comparison in a test that nothing comes of.

    As with nbgrader, a test that only shows whether two things are equal has run to its end, and
    gives its points either way.
    """
    cells = nbformat.read(notebook, as_version=4).cells
    for cell in (cell for cell in cells if cell.cell_type == "code" and is_test(cell)):
        for line in without_effect(cell.source):
            yield (
                f"{grade_id(cell)} in {notebook.name} gives its points whether or not `{line}`: "
                f"write `assert {line}`."
            )


def without_effect(source: str) -> list[str]:
    """Return the comparisons that stand alone on a line, or in a pair, which always counts as true.

    Examples
    --------
    >>> without_effect("x == 3\\nassert (x < 4, 'x is small')\\nassert x\\nx")
    ['x == 3', 'x < 4']
    """
    alone = [_alone(one) for one in parse(source).body]
    return [ast.unparse(value) for value in alone if value is not None and _decides(value)]


def _alone(statement: ast.stmt) -> ast.expr | None:
    """Return what a statement shows, or asserts as part of a tuple."""
    match statement:
        case ast.Assert(ast.Tuple([first, *_])) | ast.Expr(ast.Tuple([first, *_])):
            return first
        case ast.Expr(value):
            return value
    return None


def _decides(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.Not)
    return isinstance(value, ast.Compare | ast.BoolOp)
