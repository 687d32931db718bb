"""What an instructor may not have meant: tests that always pass, and points in a text."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from grader.course.cells import grade_id, is_test, nbgrader_metadata
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


def stale_points(notebooks: Sequence[Path]) -> Iterator[str]:
    """Give a sentence for each number of points in a lesson's text that nothing has.

    It may be that of the lesson, a notebook, a section below a heading, or a cell.
    """
    lesson = [nbformat.read(notebook, as_version=4).cells for notebook in notebooks]
    most = sum(map(_points, (cell for cells in lesson for cell in cells)))
    for notebook, cells in zip(notebooks, lesson, strict=True):
        there = {most, *map(_points, cells), *_sections(cells)}
        texts = (
            cell.source for cell in cells if cell.cell_type == "markdown" and not _points(cell)
        )
        for said in dict.fromkeys(_SAID.findall("\n".join(texts))):
            if float(said) not in there:
                yield (
                    f"{notebook.name} says '{said} points' in its text, and no section and no cell "
                    f"has as many. The whole lesson has {most:g}."
                )


_SAID = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) points?\b")


def _points(cell: Any) -> float:
    return float(nbgrader_metadata(cell).get("points") or 0)


def _sections(cells: Sequence[Any]) -> list[float]:
    """Return the points of a notebook, and below each of its headings.

    Examples
    --------
    >>> def text(source):
    ...     return {"cell_type": "markdown", "source": source, "metadata": {}}
    >>> test = {"cell_type": "code", "metadata": {"nbgrader": {"points": 2}}}
    >>> _sections([text("# A lesson"), text("## One"), test, test, text("## Two"), test])
    [6.0, 6.0, 4.0, 2.0]
    """
    sums, above = [0.0], [(0, 0)]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for marks in re.findall(r"^(#{1,6}) ", cell["source"], re.MULTILINE):
                above = [*(one for one in above if one[0] < len(marks)), (len(marks), len(sums))]
                sums.append(0.0)
        for _, place in above:
            sums[place] += _points(cell)
    return sums


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
