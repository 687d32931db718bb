"""The lessons as the grader grades them: proved as for a release, then all that is handed in.

All through one pool, and without a gradebook: what is recorded is not asked here.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.autograde.grade import grade, terms_of
from grader.autograde.prove import prepared, prove
from grader.course.course import Course
from grader.course.proof import Proof
from grader.course.release import Rendered
from grader.course.source import rendered_lesson
from grader.outcome import GradedNotebook
from tests.courses.lessons import Lesson
from tests.helpers.tiny_course import CONFIG

AT_ONCE = 2


@dataclass(frozen=True)
class Graded:
    """What the grader made of one lesson: its proof, and each student's graded notebook."""

    proof: Proof
    notebooks: dict[str, GradedNotebook]

    @property
    def points(self) -> dict[str, dict[str, float | None]]:
        """Each student's points, by test; None where a person has to grade."""
        return {
            student: {one.cell: one.points for one in notebook.results}
            for student, notebook in self.notebooks.items()
        }


def grade_all(lessons: Sequence[Lesson], root: Path) -> dict[str, Graded]:
    """Make a course of lessons in a folder and grade what is handed in; return it by lesson."""
    (root / "nbgrader_config.py").write_text(CONFIG)
    course = Course(root)
    for lesson in lessons:
        lesson.write(course.folder("source", ".", lesson.name))
    names = [lesson.name for lesson in lessons]
    with prepared(course, names) as given, ThreadPoolExecutor(AT_ONCE) as threads:
        graded = threads.map(lambda lesson: _grade(course, lesson, given[lesson.name]), lessons)
        return dict(zip(names, graded, strict=True))


def _grade(course: Course, lesson: Lesson, given: Rendered) -> Graded:
    (source,) = rendered_lesson(course, given)
    proof = prove(course, given, [source])
    placed = proof.notebooks[0].applied(source)
    released = nbformat.reads(given.released[lesson.name].decode(), as_version=4)
    handed_in = lesson.handed_in(released)
    notebooks = {
        student: grade(_bytes(notebook), placed, terms_of(course))
        for student, notebook in handed_in.items()
    }
    return Graded(proof, notebooks)


def _bytes(notebook: Any) -> bytes:
    return json.dumps(notebook).encode()
