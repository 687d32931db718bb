"""The students' codes as CSV, for the instructor to send out."""

import csv
import io
from collections.abc import Iterable

from grader.course.student_code import student_code
from grader.gradebook.people import Person
from grader.pages.scores_csv import cell


def codes_csv(students: Iterable[Person], secret: str) -> str:
    """Return one line a student, with the code that their own numbers follow from."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "name", "email", "code"])
    for one in students:
        code = student_code(secret, one.id)
        writer.writerow([cell(one.id), cell(one.name), cell(one.email), code])
    return file.getvalue()
