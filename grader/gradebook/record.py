"""The one writer: an outcome into the gradebook, in one transaction, and onto the disk."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.orm import contains_eager, selectinload

from grader.course.course import Course
from grader.gradebook.penalties import LatePenalty, apply_penalties
from grader.outcome import Outcome
from grader.session.files import lay_out


def record(course: Course, gradebook: Any, outcome: Outcome, timestamp: datetime | None) -> None:
    """Write what became of a submission; killed at any moment, doing it again ends the same.

    The outcome's file is written last: while it is missing or old, the submission counts as not
    graded.

    Raises
    ------
    OSError, ValueError
        When there is no place for a student of this name.
    """
    _refuse_unsafe(outcome.student)
    course.outcome_file(outcome.student, outcome.lesson).unlink(missing_ok=True)
    # First what may fail for want of space: then the scores are still those of before.
    fresh = _lay_ready(course, outcome, timestamp)
    _write_grades(course, gradebook, outcome, timestamp)
    _put_in_place(course, outcome, fresh)
    keep(course, outcome)


# nbgrader's formgrader has students' names in its pages and scripts as they are, and its export in
# a table of which a spreadsheet takes what begins so for a formula.
_ACTIVE = frozenset('"&<>\\')
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def _refuse_unsafe(student: str) -> None:
    if not student.isprintable() or _ACTIVE & set(student):
        where = "on nbgrader's pages"
    elif student.lstrip().startswith(_FORMULA_SIGNS):
        where = "in the table of `nbgrader export`, where it would be a formula"
    else:
        return
    raise ValueError(
        f"the folder's name {student!r} is not safe {where}; rename it, with letters, digits and "
        ". _ @ + -, a letter or a digit first"
    )


def keep(course: Course, outcome: Outcome) -> None:
    """Write the outcome's file, from which reports and feedback are made."""
    file = course.outcome_file(outcome.student, outcome.lesson)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(outcome.to_json())
    os.replace(fresh, file)


def is_recorded(course: Course, gradebook: Any, outcome: Outcome) -> bool:
    """Whether everything that `record` writes is there."""
    try:
        gradebook.find_submission(outcome.lesson, outcome.student)
    except MissingEntry:
        return False
    folder = course.folder("autograded", outcome.student, outcome.lesson)
    return all((folder / f"{notebook.name}.ipynb").is_file() for notebook in outcome.notebooks)


def _write_grades(
    course: Course, gradebook: Any, outcome: Outcome, timestamp: datetime | None
) -> None:
    database = gradebook.db
    database().expire_on_commit = False  # what was read for a submission is not read again
    try:
        with database.no_autoflush:  # a half-made submission is not to be written
            submission = _find(database, outcome) or _make(gradebook, outcome)
            submission.timestamp = timestamp
            for notebook in submission.notebooks:
                _fill(notebook, outcome)
        database.flush()
        _penalise(course, database, outcome)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    finally:
        database.expunge_all()  # nothing of it is kept: a run may record thousands


def _find(database: Any, outcome: Outcome) -> Any:
    """Return a submission with all that is written of it, in a few queries."""
    notebooks = selectinload(SubmittedAssignment.notebooks)
    return (
        database.query(SubmittedAssignment)
        .join(SubmittedAssignment.assignment)
        .filter(Assignment.name == outcome.lesson)
        .filter(SubmittedAssignment.student_id == outcome.student)
        .options(
            contains_eager(SubmittedAssignment.assignment),
            notebooks.joinedload(SubmittedNotebook.notebook),
            notebooks.selectinload(SubmittedNotebook.grades).joinedload(Grade.cell),
            notebooks.selectinload(SubmittedNotebook.comments).joinedload(Comment.cell),
        )
        .populate_existing()
        .one_or_none()
    )


def _make(gradebook: Any, outcome: Outcome) -> Any:
    gradebook.update_or_create_student(outcome.student)
    return gradebook.add_submission(outcome.lesson, outcome.student)


def _fill(notebook: Any, outcome: Outcome) -> None:
    graded = next((found for found in outcome.notebooks if found.name == notebook.name), None)
    points = {result.cell: result.points for result in graded.results} if graded else {}
    for grade in notebook.grades:
        # A cell without a verdict has no points: an older submission's are never kept.
        grade.auto_score = points.get(grade.name, 0.0)
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
    for comment in notebook.comments:
        untouched = graded is not None and comment.name in graded.unchanged
        comment.auto_comment = "No response." if untouched else None


def _penalise(course: Course, database: Any, outcome: Outcome) -> None:
    """Apply the course's penalty for late work, as nbgrader does."""
    apply_penalties(database, LatePenalty(course), outcome.lesson, outcome.student)


def _lay_ready(course: Course, outcome: Outcome, timestamp: datetime | None) -> Path:
    """Write the autograded notebooks, and what they wrote, into a new folder beside the old one."""
    folder = course.folder("autograded", outcome.student, outcome.lesson)
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for notebook in outcome.notebooks:
        lay_out(notebook.files, fresh)
    for notebook in outcome.notebooks:
        file = fresh / f"{notebook.name}.ipynb"
        file.write_text(notebook.ipynb, encoding="utf-8")
        file.chmod(0o444)
    if timestamp is not None:
        (fresh / "timestamp.txt").write_text(f"{timestamp:%Y-%m-%d %H:%M:%S} UTC\n")
    return fresh


def _put_in_place(course: Course, outcome: Outcome, fresh: Path) -> None:
    folder = course.folder("autograded", outcome.student, outcome.lesson)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
