"""Penalties for late work: the course's plugin, asked anew for every submission of a lesson."""

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    Grade,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import bindparam, func, select
from traitlets.utils.importstring import import_item

from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook.rows import with_rows_of
from grader.gradebook.scores import seconds_late

DAY = 24 * 3600.0


class PenaltyError(CourseError):
    """The course's plugin for late work cannot be used."""


class LatePenalty:
    """What the course's plugin takes off for late work.

    Raises
    ------
    PenaltyError
        When the plugin cannot be loaded.
    """

    def __init__(self, course: Course) -> None:
        self._root = course.root
        self._name = _name_of(course.config)
        self._ask: Callable[[str, float, float], Any]
        try:
            with _importable(course.root):
                _check(course.config)
                preprocessor = AssignLatePenalties(config=course.config)
                preprocessor.init_plugin()
                self._ask = preprocessor.plugin_inst.late_submission_penalty
        except Exception as error:
            raise PenaltyError(
                f"The plugin for late work, {self._name}, cannot be loaded: {_said(error)}. Put "
                f"its file into the course's folder {course.root}, or mend "
                "c.AssignLatePenalties.plugin_class in nbgrader_config.py."
            ) from error

    def of(self, student: str, score: float, late: float) -> float | None:
        """Return the points to take off one notebook, between nothing and all; None for no penalty.

        Raises
        ------
        PenaltyError
            When the plugin fails, or what it returns is no number.
        """
        if late <= 0:
            return None
        try:
            with _importable(self._root):
                penalty = self._ask(student, score, late)
            if penalty is None:
                return None
            if not math.isfinite(number := float(penalty)):
                raise ValueError(f"it returned {penalty!r}")
        except Exception as error:
            raise PenaltyError(
                f"The plugin for late work, {self._name}, fails for {student!r} with {score:g} "
                f"points, {late:.0f} s late: {_said(error)}. Mend it in the course's folder "
                f"{self._root}, and run the same command again."
            ) from error
        return min(max(number, 0.0), score)

    def rehearse(self, students: Iterable[str], score: float) -> None:
        """Ask for each student, as if a day late: what fails is to fail before anything is graded.

        Raises
        ------
        PenaltyError
            When the plugin fails for one of them.
        """
        for student in students:
            self.of(student, score, DAY)


def _name_of(config: Any) -> str:
    plugin = config.AssignLatePenalties.get("plugin_class", "nbgrader's own")
    return plugin if isinstance(plugin, str) else str(getattr(plugin, "__name__", plugin))


def _check(config: Any) -> None:
    """Raise what is wrong with the plugin; traitlets only says that it is not to be had."""
    plugin = config.AssignLatePenalties.get("plugin_class", BasePlugin)
    found = import_item(plugin) if isinstance(plugin, str) else plugin
    if not (isinstance(found, type) and issubclass(found, BasePlugin)):
        raise TypeError("it is no class below nbgrader.plugins.BasePlugin")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(". ")


@contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let a course's own plugin be found in its folder, as nbgrader lets it."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))


def apply_penalties(
    database: Any, penalty: LatePenalty, lesson: str, student: str | None = None
) -> list[str]:
    """Set the penalties of a lesson to what is due now, and return whose were changed.

    One query for a whole class, as each run asks for all; without a commit.

    Parameters
    ----------
    student : str, optional
        Only this student's; everybody's by default.
    """
    changed, fresh = set(), []
    for notebook, name, score, before, *times in _entries(database, lesson, student):
        due = penalty.of(name, float(score or 0), seconds_late(*times))
        if due != before:
            fresh.append({"id": notebook, "late_submission_penalty": due})
            if (due or 0.0) != (before or 0.0):
                changed.add(name)
    if fresh:
        database.bulk_update_mappings(SubmittedNotebook, fresh)
    return sorted(changed)


def renew_penalties(course: Course, lesson: str) -> list[str]:
    """Let a lesson have the penalties that are due now, such as after marks given by hand.

    Returns
    -------
    list of str
        Whose penalty was changed.

    Raises
    ------
    PenaltyError
        When the course's plugin fails; no penalty is changed then.
    """
    penalty = LatePenalty(course)
    with course.gradebook() as gradebook:
        changed = apply_penalties(gradebook.db, penalty, lesson)
        gradebook.db.commit()
    return changed


def _entries(database: Any, lesson: str, student: str | None) -> Any:
    """Return each submitted notebook: id, student, score, penalty, and what its lateness is of."""
    whose = {"lesson": lesson} if student is None else {"lesson": lesson, "student": student}
    found = database.execute(_scored(student is not None), whose)
    return [entry for entry in found if entry[0] is not None]


@cache
def _scored(of_one: bool) -> Any:
    columns = (
        SubmittedNotebook.id,
        SubmittedAssignment.student_id,
        SubmittedNotebook.late_submission_penalty,
        SubmittedAssignment.timestamp,
        Assignment.duedate,
        SubmittedAssignment.extension,
    )
    of_notebook, name, before, *times = columns
    query = select(of_notebook, name, func.sum(Grade.score), before, *times)
    query = query.select_from(Assignment)
    query = query.join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
    query = with_rows_of(Grade, query)
    if of_one:
        query = query.where(SubmittedAssignment.student_id == bindparam("student"))
    return query.where(Assignment.name == bindparam("lesson")).group_by(*columns)
