"""The sample class's wrong answers: each is taken for what it is, by the lesson's own check."""

from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from grader.course.cells import Delimiters, grade_id, is_code_answer
from linbias import check
from linbias.sample_answers import ANSWERS

SOURCE = Path(__file__).parents[2] / "solutions"

WRONG = [
    pytest.param(lesson, cell, mistake, id=f"{lesson[:2]}-{cell}-{mistake}")
    for lesson, cells in ANSWERS.items()
    for cell, mistakes in cells.items()
    for mistake in mistakes
]


def cells_of(lesson: str) -> list[Any]:
    notebook = nbformat.read(SOURCE / lesson / f"{lesson}.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_wrong_answers_for_every_lesson_and_every_function():
    asked = {
        (path.stem, grade_id(cell))
        for path in SOURCE.glob("*/*.ipynb")
        for cell in filter(is_code_answer, cells_of(path.stem))
        if not grade_id(cell).startswith("quiz_")
    }
    given = {
        (lesson, cell)
        for lesson, cells in ANSWERS.items()
        for cell, mistakes in cells.items()
        if mistakes
    }

    assert asked <= given


def run_lesson(lesson: str, name: str, source: str) -> None:
    """Answer one cell with this source and all others rightly, then run the cell's test."""
    scope: dict[str, Any] = {"np": np, **vars(check)}
    for cell in cells_of(lesson):
        if grade_id(cell) == name:
            exec(source, scope)
        elif is_code_answer(cell) or grade_id(cell) == f"test_{name}":
            exec(Delimiters().answer(cell.source), scope)


@pytest.mark.parametrize(("lesson", "name", "mistake"), WRONG)
def test_a_wrong_answer_is_told_by_its_mistake(lesson, name, mistake):
    with pytest.raises(check.CheckFailed) as failed:
        run_lesson(lesson, name, ANSWERS[lesson][name][mistake])

    assert failed.value.mistake == mistake
