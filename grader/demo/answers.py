"""What is right and what is known to be wrong in a lesson, as source texts of its answer cells."""

import importlib
import tempfile
from pathlib import Path

import nbformat

from grader.course.cells import Delimiters, grade_id, is_solution
from grader.course.course import Course
from grader.course.release import render
from grader.demo.submissions import Task


def tasks(course: Course, lesson: str) -> dict[str, Task]:
    """Return a lesson's notebooks as students get them, by file name, and how they answer.

    Raises
    ------
    CourseError
        When the lesson cannot be released.
    """
    wrong = _known_wrong_answers(course).get(lesson, {})
    source = course.folder("source", ".", lesson)
    with tempfile.TemporaryDirectory() as scratch:
        made = render(course, lesson, Path(scratch))
        return {
            path.name: _task(path, source, wrong, course.delimiters)
            for path in made
            if path.suffix == ".ipynb"
        }


def _task(
    released: Path, source: Path, wrong: dict[str, dict[str, str]], delimiters: Delimiters
) -> Task:
    right = {
        grade_id(cell): delimiters.answer(cell.source)
        for cell in nbformat.read(source / released.name, as_version=4).cells
        if is_solution(cell)
    }
    mine = {name: wrong[name] for name in right if name in wrong}
    return Task(nbformat.read(released, as_version=4), right, mine)


def _known_wrong_answers(course: Course) -> dict[str, dict[str, dict[str, str]]]:
    module = getattr(course.settings, "sample_answers", "")
    return dict(importlib.import_module(module).ANSWERS) if module else {}
