"""A small class in the tiny course, graded without running anything."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from nbgrader.api import Student
from sqlalchemy import event
from sqlalchemy.engine import Engine

from grader.course.course import Course
from grader.gradebook.record import record
from grader.outcome import CellResult, GradedNotebook, Outcome


def enrol(course: Course, *people: tuple[str, str, str, str, str]) -> None:
    """Put students into the gradebook: id, first name, last name, e-mail, the LMS's number."""
    with course.gradebook() as gradebook:
        for student, first, last, email, number in people:
            row = Student(id=student, first_name=first, last_name=last, email=email or None)
            row.lms_user_id = number or None
            gradebook.db.add(row)
        gradebook.db.commit()


def graded(
    student: str, square: float = 2.0, essay: float | None = 3.0, **square_said: Any
) -> Outcome:
    """Return an outcome of ps1."""
    results = (
        CellResult("test_square", square, 2.0, **square_said),
        CellResult("test_answer", 1.0, 1.0),
        CellResult("explain_square", essay, 3.0),
    )
    notebook = GradedNotebook("ps1", "graded", results=results, ipynb="{}\n")
    return Outcome(student, "ps1", "graded", notebooks=(notebook,), digest="1")


def hand_in_graded(course: Course, *outcomes: Outcome, when: datetime | None = None) -> None:
    """Record outcomes, with a submitted notebook and a feedback page for each."""
    with course.gradebook() as gradebook:
        for outcome in outcomes:
            submitted = course.folder("submitted", outcome.student, outcome.lesson)
            write(submitted / f"{outcome.lesson}.ipynb", outcome.student)
            record(course, gradebook, outcome, when)
            feedback = course.folder("feedback", outcome.student, outcome.lesson)
            write(feedback / f"{outcome.lesson}.html", f"page of {outcome.student}")


def write(path: Any, text: str) -> None:
    """Write a file, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def files_of(course: Course, student: str) -> set[str]:
    """Return the paths below the classroom that name a student, archives and notes aside."""
    paths: Iterable[str] = (
        str(path.relative_to(course.classroom))
        for path in course.classroom.rglob("*")
        if path.is_file()
    )
    return {path for path in paths if student in path.replace(".json", "").split("/")}


@contextmanager
def foreign_keys_enforced() -> Iterator[None]:
    """Let SQLite refuse a row whose parent is missing, as PostgreSQL does."""

    def switch_on(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    event.listen(Engine, "connect", switch_on)
    try:
        yield
    finally:
        event.remove(Engine, "connect", switch_on)
