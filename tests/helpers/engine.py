"""Lessons and submissions of a few lines, for the tests of the grading engine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

import grader.autograde.fork_client
from grader.autograde.grade import Terms, grade
from grader.autograde.pool import close_pools
from grader.course.cells import Delimiters
from grader.course.lesson import SourceCell, SourceNotebook
from grader.outcome import CellResult, GradedNotebook

# All these lessons import this, and nothing else: a process keeps one pair of warm processes, and
# one for other imports would take its place.
IMPORTS = "import contextlib\nimport io\nimport math\n\nimport numpy as np"
CHECKSUM = "0" * 32
STUB = 'raise NotImplementedError("write it")'


def _source_cell(name: str, source: str, kind: str = "code", **other: Any) -> SourceCell:
    plain = {"locked": False, "solution": False, "task": False, "points": None}
    released = Delimiters().released(source)
    return SourceCell(name, kind, source, released, checksum=CHECKSUM, **plain | other)


def locked(name: str, source: str) -> SourceCell:
    """Return a cell that students may read and not change."""
    return _source_cell(name, source, locked=True)


def answer(name: str, source: str = STUB, official: str = "") -> SourceCell:
    """Return a cell that students complete, with its official solution."""
    return _source_cell(name, source, solution=True, answer=official)


def check(name: str, source: str, points: float = 1.0) -> SourceCell:
    """Return a test cell."""
    return _source_cell(name, source, locked=True, points=points)


def written(name: str, source: str = "Write here.", points: float = 1.0) -> SourceCell:
    """Return a written answer, which a person grades."""
    return _source_cell(name, source, "markdown", solution=True, points=points)


def lesson(*cells: SourceCell, **other: Any) -> SourceNotebook:
    """Return a lesson of these cells, after one with the imports."""
    return SourceNotebook("ps1", "ps1", (locked("imports", IMPORTS), *cells), **other)


def defines(name: str, official: str = "") -> SourceCell:
    """Return the answer cell of one function."""
    return answer(name, f"def {name}(*given):\n    {STUB}", official)


def cell(known: SourceCell, source: str | None = None, **other: Any) -> dict[str, Any]:
    """Return a cell as a submission holds it; `other` replaces any of its fields."""
    text = known.released if source is None else source
    made = {"cell_type": known.cell_type, "metadata": {"nbgrader": known.metadata}, "source": text}
    if known.cell_type == "code":
        made |= {"execution_count": None, "outputs": []}
    return made | other


def cells(source: SourceNotebook, **answers: str) -> list[dict[str, Any]]:
    """Return a submission's cells; answers go by their cell's name."""
    return [cell(known, answers.get(known.cell)) for known in source.cells]


def notebook(cells: list[dict[str, Any]], **other: Any) -> bytes:
    """Return a submission of these cells as a file."""
    made = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(made | other).encode()


@contextmanager
def module_under_test(name: str, files: dict[str, str], folder: Path) -> Iterator[None]:
    """Let the grader, and nobody else, find a module."""
    for file, text in files.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / file).write_text(text)
    close_pools()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(grader.autograde.fork_client._ENVIRONMENT, "PYTHONPATH", str(folder))
        yield
        close_pools()


def graded(source: SourceNotebook, terms: Terms | None = None, **answers: str) -> GradedNotebook:
    """Hand these answers in and grade them."""
    return grade(notebook(cells(source, **answers)), source, terms or Terms())


def proved(source: SourceNotebook, **right: str) -> SourceNotebook:
    """Return a lesson that knows where these answers, the official ones, give tests an object."""
    found = graded(replace(source, handles=None), **right)
    assert [(one.cell, one.message) for one in found.results if not passed(one)] == []
    return replace(source, handles=found.handles)


def result(test: str, *before: SourceCell, points: float = 1.0, **answers: str) -> CellResult:
    """Return the verdict of one test that comes after some other cells."""
    source = lesson(*before, check("test", test, points))
    return next(found for found in graded(source, **answers).results if found.cell == "test")


def verdict(test: str, function: str, points: float = 1.0) -> CellResult:
    """Return the verdict of one test of the function ``f`` that a student wrote."""
    return result(test, defines("f"), points=points, f=function)


def output(found: GradedNotebook, place: int = -1) -> list[dict[str, Any]]:
    """Return the outputs of one cell of a graded notebook, by default of its last one."""
    shown = nbformat.reads(found.ipynb, as_version=4).cells[place].outputs
    return [dict(output) for output in shown]


def passed(found: CellResult) -> bool:
    """Whether a test gave all of its points."""
    return found.points == found.max_points and not found.message
