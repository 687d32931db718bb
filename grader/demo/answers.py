"""What is right and what is known to be wrong in a lesson, as source texts of its answer cells."""

import importlib

import nbformat

from grader.course.course import Course
from grader.course.release import rendered
from grader.course.source import official_answers
from grader.demo.submissions import Task


def tasks(course: Course, lesson: str) -> dict[str, Task]:
    """Return a lesson's notebooks as students get them, by file name, and how they answer.

    Raises
    ------
    CourseError
        When the lesson cannot be released.
    """
    wrong = _known_wrong_answers(course).get(lesson, {})
    return {
        f"{name}.ipynb": _task(released, official_answers(course, lesson, name), wrong)
        for name, released in rendered(course, lesson).released.items()
    }


def _task(released: bytes, right: dict[str, str], wrong: dict[str, dict[str, str]]) -> Task:
    mine = {name: wrong[name] for name in right if name in wrong}
    return Task(nbformat.reads(released.decode(), as_version=4), right, mine)


def _known_wrong_answers(course: Course) -> dict[str, dict[str, dict[str, str]]]:
    module = getattr(course.settings, "sample_answers", "")
    return dict(importlib.import_module(module).ANSWERS) if module else {}
