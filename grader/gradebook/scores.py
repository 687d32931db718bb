"""What the gradebook says of a lesson's submissions: points, comments, how late they were."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)


@dataclass(frozen=True)
class CellScore:
    """The points of one graded cell.

    Attributes
    ----------
    points : float or None
        Extra credit included; None while nobody has given any.
    by_hand : bool
        Whether a person set the points.
    again : bool
        Whether a person has to look again: it was graded anew since they gave the points. Until
        then the points count as they are.
    """

    cell: str
    points: float | None
    max_points: float
    by_hand: bool = False
    again: bool = False

    @property
    def waits(self) -> bool:
        """Whether the formgrader lists it under Manual Grading."""
        return self.points is None or self.again


@dataclass(frozen=True)
class NotebookScores:
    """The gradebook's entry for one submitted notebook.

    Attributes
    ----------
    marks, comments : mapping
        By the cell's ``grade_id``.
    penalty : float
        Points taken off because the submission was late.
    seconds_late : float
        0 when it was in time or had no due date.
    """

    marks: Mapping[str, CellScore] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    seconds_late: float = 0.0


@dataclass(frozen=True)
class _Lesson:
    """Asks for columns of a lesson's submitted notebooks; student and notebook come first."""

    gradebook: Any
    lesson: str
    student: str | None

    def ask(self, *columns: Any) -> Any:
        query = self.gradebook.db.query(SubmittedAssignment.student_id, Notebook.name, *columns)
        query = query.select_from(SubmittedNotebook)
        query = query.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        query = query.join(
            SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id
        )
        query = query.join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        if self.student is not None:
            query = query.filter(SubmittedAssignment.student_id == self.student)
        return query.filter(Assignment.name == self.lesson)


def _marks(lesson: _Lesson) -> dict[tuple[str, str], dict[str, CellScore]]:
    query = lesson.ask(
        BaseCell.name,
        Grade.score,
        Grade.max_score,
        Grade.needs_manual_grade,
        Grade.auto_score,
        Grade.manual_score,
    )
    query = query.join(Grade, Grade.notebook_id == SubmittedNotebook.id)
    found: dict[tuple[str, str], dict[str, CellScore]] = defaultdict(dict)
    for student, notebook, cell, score, most, needs, auto, manual in query.join(
        BaseCell, Grade.cell_id == BaseCell.id
    ):
        nothing = auto is None and manual is None
        found[student, notebook][cell] = CellScore(
            cell,
            None if nothing else float(score),
            float(most),
            by_hand=manual is not None,
            again=bool(needs) and not nothing,
        )
    return found


def _comments(lesson: _Lesson) -> dict[tuple[str, str], dict[str, str]]:
    query = lesson.ask(BaseCell.name, Comment.comment)
    query = query.join(Comment, Comment.notebook_id == SubmittedNotebook.id)
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for student, notebook, cell, comment in query.join(BaseCell, Comment.cell_id == BaseCell.id):
        if comment:
            found[student, notebook][cell] = comment
    return found


def seconds_late(
    handed_in: datetime | None, due: datetime | None, extra: timedelta | None
) -> float:
    """Return how late a submission is, as nbgrader counts it.

    Examples
    --------
    >>> seconds_late(datetime(2030, 1, 2), datetime(2030, 1, 1), timedelta(hours=23))
    3600.0
    """
    if handed_in is None or due is None:
        return 0.0
    return max((handed_in - due - (extra or timedelta())).total_seconds(), 0.0)


def lesson_scores(
    gradebook: Any, lesson: str, student: str | None = None
) -> dict[tuple[str, str], NotebookScores]:
    """Return what the gradebook knows of a lesson, by student and notebook.

    Parameters
    ----------
    student : str, optional
        Only this student's; everybody's by default.

    Notes
    -----
    Three queries for a whole class; nbgrader's objects would need some twenty for each student.
    """
    asked = _Lesson(gradebook, lesson, student)
    marks, comments = _marks(asked), _comments(asked)
    query = asked.ask(
        SubmittedNotebook.late_submission_penalty,
        SubmittedAssignment.timestamp,
        Assignment.duedate,
        SubmittedAssignment.extension,
    )
    return {
        (name, notebook): NotebookScores(
            marks.get((name, notebook), {}),
            comments.get((name, notebook), {}),
            float(penalty or 0),
            seconds_late(handed_in, due, extra),
        )
        for name, notebook, penalty, handed_in, due, extra in query
    }


def student_names(gradebook: Any) -> dict[str, str]:
    """Return each enrolled student's name, as far as the gradebook knows it."""
    query = gradebook.db.query(Student.id, Student.first_name, Student.last_name)
    return {name: " ".join(part for part in parts if part) for name, *parts in query}
