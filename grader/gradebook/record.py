"""The one writer: an outcome into the gradebook, in one transaction, and onto the disk."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
)
from sqlalchemy import bindparam, select

from grader.course.course import Course
from grader.gradebook.penalties import LatePenalty, apply_penalties
from grader.gradebook.rows import with_rows_of
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
            before = _find(database, outcome) or _make(gradebook, outcome)
        if before.timestamp != timestamp:
            key = {"id": before.id, "timestamp": timestamp}
            database.bulk_update_mappings(SubmittedAssignment, [key])
        database.bulk_update_mappings(Grade, list(_new_grades(database, before.id, outcome)))
        database.bulk_update_mappings(Comment, list(_new_comments(database, before.id, outcome)))
        _penalise(course, database, outcome)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    finally:
        database.expunge_all()  # nothing of it is kept: a run may record thousands


# Statements are built once: that takes longer than to run one.
_FIND = (
    select(SubmittedAssignment.id, SubmittedAssignment.timestamp)
    .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    .where(Assignment.name == bindparam("lesson"))
    .where(SubmittedAssignment.student_id == bindparam("student"))
)


def _find(database: Any, outcome: Outcome) -> Any:
    """Return a submission's id and timestamp, if it is in the gradebook."""
    whose = {"lesson": outcome.lesson, "student": outcome.student}
    return database.execute(_FIND, whose).one_or_none()


def _make(gradebook: Any, outcome: Outcome) -> Any:
    gradebook.update_or_create_student(outcome.student)
    return gradebook.add_submission(outcome.lesson, outcome.student)


def _new_grades(database: Any, submission: str, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Give the grades of a submission that are others now."""
    columns = (Grade.auto_score, Grade.needs_manual_grade, Grade.manual_score)
    points = {
        (notebook.name, result.cell): result.points
        for notebook in outcome.notebooks
        for result in notebook.results
    }
    for id_, *cell, auto, needs, manual in _cells(database, submission, Grade, *columns):
        # A cell without a verdict has no points: an older submission's are never kept.
        score = points.get(tuple(cell), 0.0)
        by_hand = score is None or manual is not None
        if (auto, needs) != (score, by_hand):
            yield {"id": id_, "auto_score": score, "needs_manual_grade": by_hand}


def _new_comments(database: Any, submission: str, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Give the comments of a submission that are others now."""
    untouched = {
        (notebook.name, cell) for notebook in outcome.notebooks for cell in notebook.unchanged
    }
    for id_, *cell, before in _cells(database, submission, Comment, Comment.auto_comment):
        comment = "No response." if tuple(cell) in untouched else None
        if comment != before:
            yield {"id": id_, "auto_comment": comment}


def _cells(database: Any, submission: str, table: Any, *columns: Any) -> Any:
    """Return the id of each grade or comment of a submission, its notebook, its cell, and more."""
    # Columns alone: objects of what is written take ten times as long.
    found = database.execute(_rows(table, *columns), {"submission": submission})
    return [row for row in found if row[0] is not None]


@cache
def _rows(table: Any, *columns: Any) -> Any:
    query = select(table.id, Notebook.name, BaseCell.name, *columns)
    query = with_rows_of(table, query.select_from(SubmittedAssignment))
    return query.where(SubmittedAssignment.id == bindparam("submission"))


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
