"""What students do with a notebook: small pure functions that the sample class is made of.

A habit takes a `Task` and returns what is handed in: a notebook, a text in its place, or None.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from grader.course.cells import grade_id, is_code_answer, is_test

Notebook = Any  # nbformat's NotebookNode, which is untyped
Answers = Mapping[str, str]
HandedIn = Notebook | str | None


@dataclass(frozen=True)
class Task:
    """One notebook of a lesson, as those see it who have to solve it.

    Attributes
    ----------
    released : NotebookNode
        The notebook that students get.
    right : mapping of str to str
        The right source of each answer cell, by its ``grade_id``, in the notebook's order.
    wrong : mapping of str to mapping of str to str
        Known wrong sources: by answer cell, then by the mistake's slug.
    """

    released: Notebook
    right: Answers
    wrong: Mapping[str, Answers] = field(default_factory=dict)


Habit = Callable[[Task], HandedIn]


def filled(notebook: Notebook, answers: Answers) -> Notebook:
    """Return the notebook with these answers, by ``grade_id``, in their cells."""
    notebook = deepcopy(notebook)
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source)
    return notebook


def perfect(task: Task) -> Notebook:
    """Answer all as the instructor would."""
    return filled(task.released, task.right)


def empty(task: Task) -> Notebook:
    """Hand in the notebook as it came."""
    return deepcopy(task.released)


def halfway(task: Task) -> Notebook:
    """Answer the first half and leave the rest."""
    half = list(task.right)[: (len(task.right) + 1) // 2]
    return filled(task.released, {name: task.right[name] for name in half})


def mistaken(turn: int, of: int) -> Habit:
    """Return the habit of every so-many-th known mistake, beginning with the one at `turn`.

    Of two mistakes in one cell the later one stays; everything else is right.
    """

    def habit(task: Task) -> Notebook:
        known = [(name, source) for name in task.wrong for source in task.wrong[name].values()]
        return filled(task.released, {**task.right, **dict(known[turn::of])})

    return habit


def noisy(task: Task) -> Notebook:
    """Answer rightly, with prints and a warning on the way."""
    notebook = perfect(task)
    for cell in filter(is_code_answer, notebook.cells):
        noise = 'import warnings\n\nprint("testing, testing")\nwarnings.warn("is this right?")'
        cell.source = f"{cell.source}\n\n{noise}"
    return notebook


def tests_skipped(task: Task) -> Notebook:
    """Answer nothing, and tag the tests so that Jupyter's tools do not run them."""
    notebook = empty(task)
    for cell in filter(is_test, notebook.cells):
        cell.metadata.tags = ["skip-execution"]
    return notebook


def a_test_gone(task: Task) -> Notebook:
    """Answer all and delete the last test cell."""
    notebook = perfect(task)
    for cell in list(filter(is_test, notebook.cells))[-1:]:
        notebook.cells.remove(cell)
    return notebook


def answer_copied(task: Task) -> Notebook:
    """Answer all, but leave a copy of the first answer cell behind, as copy and paste makes it."""
    notebook = perfect(task)
    for cell in list(filter(is_code_answer, notebook.cells))[:1]:
        copy = deepcopy(cell)
        copy.id = f"{cell.id}-copy"
        notebook.cells.insert(notebook.cells.index(cell) + 1, copy)
    return notebook


def _first_answer_ends_in(task: Task, lines: str) -> Notebook:
    notebook = perfect(task)
    for cell in list(filter(is_code_answer, notebook.cells))[:1]:
        cell.source = f"{cell.source}\n\n{lines}"
    return notebook


def line_unfinished(task: Task) -> Notebook:
    """Answer all, with a line that Python cannot read at the end of the first answer."""
    return _first_answer_ends_in(task, "print(")


def endless_loop(task: Task) -> Notebook:
    """Answer all, with a loop without end after the first answer."""
    return _first_answer_ends_in(task, "while True:\n    pass")


def kernel_ended(task: Task) -> Notebook:
    """Answer all, and end the Python process after the first answer."""
    return _first_answer_ends_in(task, "import os\n\nos._exit(0)")


def file_cut_off(task: Task) -> str:
    """Hand in a file that stops in the middle, as a full disk makes it."""
    return '{\n "cells": [\n  {\n   "cell_type": "mark'


def notebook_missing(task: Task) -> None:
    """Hand in a folder without the notebook."""
    return
