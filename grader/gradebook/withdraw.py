"""Withdrawn students: gone from every list, and nothing of their work lost."""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook

from grader.course.course import Course

STEPS = ("submitted", "autograded", "feedback")
_GRADES = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
_COMMENTS = ("auto_comment", "manual_comment")


def withdrawn_folder(course: Course, student: str) -> Path:
    """Return where a withdrawn student's work is kept."""
    return course.classroom / "withdrawn" / student


def is_withdrawn(course: Course, student: str) -> bool:
    """Whether a student was withdrawn and can be restored."""
    return _copy(course, student).is_file()


def withdraw(course: Course, gradebook: Any, student: str) -> None:
    """Copy a student's grades to a file and move their work below ``withdrawn/``.

    The gradebook still has the student: `unlist` comes last, so that a command which was stopped
    can be given again.
    """
    file = _copy(course, student)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(grades_of(gradebook, student), indent=1), encoding="utf-8")
    os.replace(fresh, file)
    for here, there in _places(course, student):
        _move(here, there)


def unlist(database: Any, student: str) -> None:
    """Delete a student's rows from the gradebook, without a commit."""
    submissions = database.query(SubmittedAssignment.id).filter_by(student_id=student)
    of_submissions = SubmittedNotebook.assignment_id.in_(submissions.scalar_subquery())
    notebooks = database.query(SubmittedNotebook.id).filter(of_submissions)
    for part in (Grade, Comment):
        found = database.query(part).filter(part.notebook_id.in_(notebooks.scalar_subquery()))
        found.delete(synchronize_session=False)
    database.query(SubmittedNotebook).filter(of_submissions).delete(synchronize_session=False)
    database.query(SubmittedAssignment).filter_by(student_id=student).delete()
    database.query(Student).filter_by(id=student).delete()


def restore(course: Course, gradebook: Any, student: str) -> None:
    """Bring back what `withdraw` moved and wrote down; the gradebook has the student again."""
    for lesson in json.loads(_copy(course, student).read_text(encoding="utf-8"))["submissions"]:
        if any(known.name == lesson["lesson"] for known in gradebook.assignments):
            _restore_grades(gradebook, student, lesson)
    for here, there in _places(course, student):
        _move(there, here)
    _copy(course, student).unlink()
    folder = withdrawn_folder(course, student)
    for left in sorted(folder.rglob("*"), reverse=True):
        if left.is_dir() and not any(left.iterdir()):
            left.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()


def _copy(course: Course, student: str) -> Path:
    return withdrawn_folder(course, student) / "gradebook.json"


def _places(course: Course, student: str) -> Iterator[tuple[Path, Path]]:
    """Give each of a student's folders and files, and its place when they are withdrawn."""
    away = withdrawn_folder(course, student)
    for step in STEPS:
        yield course.folder(step, student, "."), away / step
    outcomes = course.classroom / "outcomes"
    lessons = {path.name for path in outcomes.glob("*")}
    lessons |= {path.stem for path in (away / "outcomes").glob("*.json")}
    for lesson in sorted(lessons):
        yield course.outcome_file(student, lesson), away / "outcomes" / f"{lesson}.json"


def _move(here: Path, there: Path) -> None:
    """Move a file or a folder; what is there already is kept beside it."""
    if not os.path.lexists(here):
        return
    if here.is_dir() and not here.is_symlink() and there.is_dir():
        for entry in sorted(here.iterdir()):
            _move(entry, there / entry.name)
        here.rmdir()
        return
    there.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(there):
        earlier = next(
            place
            for number in range(1, 10**6)
            if not os.path.lexists(place := there.with_name(f"{there.name}.earlier-{number}"))
        )
        there.rename(earlier)
    here.rename(there)


def grades_of(gradebook: Any, student: str) -> dict[str, Any]:
    """Return all that the gradebook knows of a student, as JSON has it."""
    row = gradebook.find_student(student)
    names = ("id", "first_name", "last_name", "email", "lms_user_id")
    return {
        **{name: getattr(row, name) for name in names},
        "submissions": [_submission(one) for one in row.submissions],
    }


def _submission(row: Any) -> dict[str, Any]:
    extra = row.extension
    return {
        "lesson": row.assignment.name,
        "timestamp": row.timestamp and row.timestamp.isoformat(),
        "extension": extra.total_seconds() if extra else None,
        "notebooks": [_notebook(one) for one in row.notebooks],
    }


def _notebook(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "late_submission_penalty": row.late_submission_penalty,
        "grades": {one.name: {key: getattr(one, key) for key in _GRADES} for one in row.grades},
        "comments": {
            one.name: {key: getattr(one, key) for key in _COMMENTS} for one in row.comments
        },
    }


def _restore_grades(gradebook: Any, student: str, kept: dict[str, Any]) -> None:
    with gradebook.db.no_autoflush:  # a half-made submission is not to be written
        submission = gradebook.update_or_create_submission(kept["lesson"], student)
    when, extra = kept["timestamp"], kept["extension"]
    submission.timestamp = when and datetime.fromisoformat(when)
    submission.extension = None if extra is None else timedelta(seconds=extra)
    notebooks = {notebook["name"]: notebook for notebook in kept["notebooks"]}
    for row in submission.notebooks:
        notebook = notebooks.get(row.name)
        if notebook is None:
            continue
        row.late_submission_penalty = notebook["late_submission_penalty"]
        # A cell that the lesson no longer has is left out; one that it has now waits for grading.
        for kind, rows in (("grades", row.grades), ("comments", row.comments)):
            for one in rows:
                for key, value in notebook[kind].get(one.name, {}).items():
                    setattr(one, key, value)
    gradebook.db.commit()
