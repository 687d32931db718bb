"""The formgrader's list of submissions: it tells of those that are damaged.

nbgrader knows three states of a submission and shows the points of a damaged one as a green grade.
"""

from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

from grader.course.course import Course
from grader.pages.templating import TEMPLATES

_SUBMISSION, _SUBMISSIONS = NbGraderAPI.get_submission, NbGraderAPI.get_submissions
_INIT_SETTINGS = FormgradeExtension.init_tornado_settings


def tell_of_damaged() -> None:
    """Let nbgrader's list say which submissions are damaged, and why."""
    NbGraderAPI.get_submission = _submission
    NbGraderAPI.get_submissions = _submissions
    FormgradeExtension.init_tornado_settings = _init_settings


def _submissions(self: Any, assignment_id: str) -> list[dict[str, Any]]:
    reasons = _reasons(self, assignment_id)
    found = _SUBMISSIONS(self, assignment_id)
    return [one | {"damaged": reasons.get(one["student"], "")} for one in found]


def _submission(self: Any, assignment_id: str, student_id: str, *args: Any, **more: Any) -> Any:
    found = _SUBMISSION(self, assignment_id, student_id, *args, **more)
    if args or more or not found:  # asked for by the list, which looks once for all
        return found
    return found | {"damaged": _reasons(self, assignment_id).get(student_id, "")}


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
