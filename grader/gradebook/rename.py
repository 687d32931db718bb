"""Another id for a student: in the gradebook, and in the names of their folders."""

import json
import os
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbgrader.api import Student, SubmittedAssignment

from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook.people import unusable
from grader.gradebook.received import read_received, write_received
from grader.gradebook.withdraw import STEPS, withdrawn_folder
from grader.outcome import Outcome
from grader.writing import write_whole


def rename(course: Course, old: str, new: str) -> list[Path]:
    """Give a student another id everywhere, and return the folders and files that were moved.

    A note of what is under way is kept until the end, so that a command which was stopped can be
    given again.

    Raises
    ------
    CourseError
        When there is no such student, or the new id is taken or cannot be one.
    """
    note = course.classroom / "renaming.json"
    with course.gradebook() as gradebook:
        begun = _begun(note)
        if begun != [old, new]:
            _refuse(course, gradebook, old, new, begun)
            write_whole(note, json.dumps([old, new]).encode())
        _rename_rows(gradebook.db, old, new)
    moved = [_moved(here, there) for here, there in _folders(course, old, new)]
    moved += [_rename_outcome(file, new) for file in _outcomes(course, old)]
    _rename_received(course, old, new)
    note.unlink()
    return [path for path in moved if path is not None]


def _begun(note: Path) -> list[str] | None:
    try:
        return list(json.loads(note.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _refuse(course: Course, gradebook: Any, old: str, new: str, begun: list[str] | None) -> None:
    if begun is not None:
        raise CourseError(
            f"`grader rename {' '.join(begun)}` was stopped before its end: give it again first."
        )
    if why := unusable(new):
        raise CourseError(f"{new!r} {why}.")
    if not _is_there(course, gradebook, old):
        raise CourseError(
            f"There is no student {old!r}, neither in the gradebook nor in the submitted folder."
        )
    taken = _is_there(course, gradebook, new) and not _moved_by_hand(course, gradebook, old, new)
    if taken or withdrawn_folder(course, new).exists():
        raise CourseError(
            f"There is a student {new!r} already, so nothing was renamed: the work of two "
            "students would be mixed. Give another id, or rename that student first."
        )


def _is_there(course: Course, gradebook: Any, student: str, steps: Collection[str] = STEPS) -> bool:
    known = gradebook.db.query(Student.id).filter_by(id=student).first() is not None
    folders = (course.folder(step, student, ".") for step in steps)
    outcomes = _outcomes(course, student)
    return known or any(map(os.path.lexists, folders)) or any(True for _ in outcomes)


def _moved_by_hand(course: Course, gradebook: Any, old: str, new: str) -> bool:
    """Whether only the folder of what was handed in has the new id already."""
    others = [step for step in STEPS if step != "submitted"]
    has_folder = os.path.lexists(course.folder("submitted", old, "."))
    return not has_folder and not _is_there(course, gradebook, new, others)


def _rename_rows(database: Any, old: str, new: str) -> None:
    row = database.query(Student).filter_by(id=old).one_or_none()
    if row is None:
        return
    kept = ("first_name", "last_name", "email", "lms_user_id")
    try:
        database.add(Student(id=new, **{name: getattr(row, name) for name in kept}))
        database.flush()
        submissions = database.query(SubmittedAssignment).filter_by(student_id=old)
        submissions.update({"student_id": new}, synchronize_session=False)
        database.query(Student).filter_by(id=old).delete(synchronize_session=False)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    finally:
        database.expunge_all()


def _folders(course: Course, old: str, new: str) -> Iterator[tuple[Path, Path]]:
    for step in STEPS:
        yield course.folder(step, old, "."), course.folder(step, new, ".")


def _moved(here: Path, there: Path) -> Path | None:
    if not os.path.lexists(here):
        return None
    here.rename(there)
    return there


def _outcomes(course: Course, student: str) -> Iterator[Path]:
    for lesson in sorted((course.classroom / "outcomes").glob("*")):
        file = course.outcome_file(student, lesson.name)
        if file.is_file():
            yield file


def _rename_outcome(file: Path, new: str) -> Path:
    outcome = replace(Outcome.from_json(file.read_text()), student=new)
    there = file.with_name(f"{new}.json")
    fresh = there.with_suffix(".new")
    fresh.write_text(outcome.to_json())
    os.replace(fresh, there)
    file.unlink()
    return there


def _rename_received(course: Course, old: str, new: str) -> None:
    for lesson in course.lessons():
        received = read_received(course, lesson)
        if any(one.student == old for one in received):
            renamed = [replace(one, student=new) if one.student == old else one for one in received]
            write_received(course, lesson, renamed)
