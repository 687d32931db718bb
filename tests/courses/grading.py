"""The lessons released, handed in and graded by the grader, all through one pool."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.autograde.prove import prepared, release_proved
from grader.autograde.run import autograde
from grader.course.course import Course
from grader.course.proof import Proof
from grader.course.release import Rendered
from grader.outcome import Outcome
from tests.courses.lessons import Lesson
from tests.helpers.tiny_course import CONFIG, write_notebook


@dataclass(frozen=True)
class Graded:
    """What the grader made of one lesson: its proof, and each student's outcome."""

    proof: Proof
    outcomes: dict[str, Outcome]

    @property
    def points(self) -> dict[str, dict[str, float | None]]:
        """Each student's points, by test; None where a person has to grade."""
        return {
            student: {one.cell: one.points for one in outcome.results}
            for student, outcome in self.outcomes.items()
        }


def grade(lessons: Iterable[Lesson], root: Path) -> dict[str, Graded]:
    """Make a course of lessons in a folder and grade all that is handed in; return it by lesson."""
    (root / "nbgrader_config.py").write_text(CONFIG)
    course = Course(root)
    known = {lesson.name: lesson for lesson in lessons}
    for lesson in known.values():
        lesson.write(course.folder("source", ".", lesson.name))
    with prepared(course, [*known]) as given:
        return {name: _grade(course, known[name], given[name]) for name in known}


def _grade(course: Course, lesson: Lesson, given: Rendered) -> Graded:
    # By force, so that what the proof finds is told with the points.
    _, proof = release_proved(course, lesson.name, force=True, given=given)
    released = course.folder("release", ".", lesson.name) / f"{lesson.name}.ipynb"
    _hand_in(course, lesson, nbformat.read(released, as_version=4))
    outcomes = autograde(course, lesson.name, jobs=2)
    return Graded(proof, {outcome.student: outcome for outcome in outcomes})


def _hand_in(course: Course, lesson: Lesson, released: Any) -> None:
    for student, notebook in lesson.handed_in(released).items():
        folder = course.folder("submitted", student, lesson.name)
        write_notebook(notebook, folder / f"{lesson.name}.ipynb")
