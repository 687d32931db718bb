"""What the gradebook says of one submission: points, comments, how late it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import MissingEntry


@dataclass(frozen=True)
class Mark:
    """The points of one graded cell.

    Attributes
    ----------
    points : float or None
        Extra credit included; None while a person has to grade.
    by_hand : bool
        Whether a person set the points.
    """

    cell: str
    points: float | None
    max_points: float
    by_hand: bool = False


@dataclass(frozen=True)
class Marks:
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

    marks: Mapping[str, Mark] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    seconds_late: float = 0.0


def _mark(grade: Any) -> Mark:
    waits = grade.needs_manual_grade or (grade.auto_score is None and grade.manual_score is None)
    return Mark(
        grade.name,
        None if waits else float(grade.score),
        float(grade.cell.max_score),
        grade.manual_score is not None,
    )


def read_marks(gradebook: Any, notebook: str, lesson: str, student: str) -> Marks | None:
    """Return what the gradebook knows of one submitted notebook; None where it knows nothing."""
    try:
        found = gradebook.find_submission_notebook(notebook, lesson, student)
    except MissingEntry:
        return None
    return Marks(
        marks={grade.name: _mark(grade) for grade in found.grades},
        comments={entry.name: entry.comment for entry in found.comments if entry.comment},
        penalty=float(found.late_submission_penalty or 0),
        seconds_late=float(found.assignment.total_seconds_late or 0),
    )
