"""The formgrader's lists: points after late penalties, and which submissions are damaged.

nbgrader lists points before penalties, though it exports them after, and knows three states of a
submission: it shows the points of a damaged one as a green grade.
"""

from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

from grader.course.course import Course
from grader.gradebook.totals import TakenOff, taken_off
from grader.pages.templating import TEMPLATES

Listed = dict[str, Any]

_ASSIGNMENT, _NOTEBOOKS = NbGraderAPI.get_assignment, NbGraderAPI.get_notebooks
_STUDENT, _STUDENTS = NbGraderAPI.get_student, NbGraderAPI.get_students
_SUBMISSION, _SUBMISSIONS = NbGraderAPI.get_submission, NbGraderAPI.get_submissions
_OF_NOTEBOOK = NbGraderAPI.get_notebook_submissions
_OF_STUDENT = NbGraderAPI.get_student_notebook_submissions
_INIT_SETTINGS = FormgradeExtension.init_tornado_settings


def mend_lists() -> None:
    """Let nbgrader's lists show points after late penalties, and say what is damaged, and why."""
    NbGraderAPI.get_assignment = _assignment
    NbGraderAPI.get_notebooks = _notebooks
    NbGraderAPI.get_student = _student
    NbGraderAPI.get_students = _students
    NbGraderAPI.get_submission = _submission
    NbGraderAPI.get_submissions = _submissions
    NbGraderAPI.get_notebook_submissions = _of_notebook
    NbGraderAPI.get_student_notebook_submissions = _of_student
    FormgradeExtension.init_tornado_settings = _init_settings


def _assignment(self: Any, assignment_id: str, released: Any = None) -> Listed | None:
    found: Listed | None = _ASSIGNMENT(self, assignment_id, released)
    if not found:
        return found
    mean = _mean(_off(self, assignment_id).lessons.values())
    return found | {"average_score": found["average_score"] - mean}


def _notebooks(self: Any, assignment_id: str) -> list[Listed]:
    off = _off(self, assignment_id).notebooks

    def mean(notebook: str) -> float:
        return _mean(points for (*_, name), points in off.items() if name == notebook)

    found = _NOTEBOOKS(self, assignment_id)
    return [one | {"average_score": one["average_score"] - mean(one["name"])} for one in found]


def _student(self: Any, student_id: str, submitted: Any = None) -> Listed | None:
    found: Listed | None = _STUDENT(self, student_id, submitted)
    return _less(found, _off(self).students.get(student_id)) if found else found


def _students(self: Any) -> list[Listed]:
    off = _off(self).students
    return [_less(one, off.get(one["id"])) for one in _STUDENTS(self)]


def _submission(self: Any, assignment_id: str, student_id: str, *args: Any, **more: Any) -> Any:
    found = _SUBMISSION(self, assignment_id, student_id, *args, **more)
    if args or more or not found:  # asked for by the list, which looks once for all
        return found
    found = _less(found, _off(self, assignment_id).lessons.get((student_id, assignment_id)))
    return found | {"damaged": _reasons(self, assignment_id).get(student_id, "")}


def _submissions(self: Any, assignment_id: str) -> list[Listed]:
    reasons, off = _reasons(self, assignment_id), _off(self, assignment_id).lessons
    return [
        _less(one, off.get((one["student"], assignment_id)))
        | {"damaged": reasons.get(one["student"], "")}
        for one in _SUBMISSIONS(self, assignment_id)
    ]


def _of_notebook(self: Any, assignment_id: str, notebook_id: str) -> list[Listed]:
    off = _off(self, assignment_id).notebooks
    return [
        _less(one, off.get((one["student"], assignment_id, notebook_id)))
        for one in _OF_NOTEBOOK(self, assignment_id, notebook_id)
    ]


def _of_student(self: Any, student_id: str, assignment_id: str) -> list[Listed]:
    off = _off(self, assignment_id).notebooks
    return [
        _less(one, off.get((student_id, assignment_id, one["name"])))
        for one in _OF_STUDENT(self, student_id, assignment_id)
    ]


def _off(api: Any, lesson: str | None = None) -> TakenOff:
    with api.gradebook as gradebook:
        return taken_off(gradebook, lesson)


def _less(one: Listed, points: float | None) -> Listed:
    """Return what nbgrader lists, with points taken off; it has none where nothing is graded."""
    return one | {"score": max(one["score"] - (points or 0.0), 0.0)}


def _mean(points: Iterable[float]) -> float:
    return fmean([*points] or [0.0])


def _reasons(api: Any, lesson: str) -> dict[str, str]:
    outcomes = Course(Path(api.coursedir.root)).outcomes(lesson)
    return {one.student: one.reason for one in outcomes if not one.complete}


def _init_settings(self: Any, webapp: Any) -> None:
    """Set the formgrader up as nbgrader does, with our templates before its own."""
    _INIT_SETTINGS(self, webapp)
    environment = webapp.settings["nbgrader_jinja2_env"]
    theirs = environment.loader
    ours = FileSystemLoader(TEMPLATES / "formgrader")
    environment.loader = ChoiceLoader([ours, theirs, PrefixLoader({"nbgrader": theirs})])
