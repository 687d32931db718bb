"""The students' codes as CSV, for the instructor to send out."""

from collections.abc import Iterable

from grader.course.student_code import student_code
from grader.gradebook.people import Person
from grader.pages.scores_csv import as_csv

HEAD = ("id", "name", "email", "code")


def codes_csv(students: Iterable[Person], secret: str) -> str:
    """Return one line a student, with the code that their own numbers follow from."""
    lines = ((one.id, one.name, one.email, student_code(secret, one.id)) for one in students)
    return as_csv([HEAD, *lines])
