"""Students with points whose folder is gone: it was renamed by hand, or taken away."""

import os
from typing import Any

from nbgrader.api import SubmittedAssignment

from grader.course.course import Course
from grader.text import first_of


def gone(course: Course, gradebook: Any, lesson: str) -> list[str]:
    """Return who has points of a lesson in the gradebook, but no folder of submissions."""
    left = _without_folder(course, lesson)
    rows = gradebook.db.query(SubmittedAssignment).filter(SubmittedAssignment.student_id.in_(left))
    known = {row.student_id for row in rows if row.name == lesson} if left else set()
    return [student for student in left if student in known]


def _without_folder(course: Course, lesson: str) -> list[str]:
    submitted = course.root / course.directory.submitted_directory
    files = (course.classroom / "outcomes" / lesson).glob("*.json")
    return sorted(file.stem for file in files if not os.path.lexists(submitted / file.stem))


def gone_told(course: Course, lesson: str) -> list[str]:
    """Return a sentence about those whose folder is gone; none where there are none."""
    if not _without_folder(course, lesson):
        return []
    with course.gradebook() as gradebook:
        students = gone(course, gradebook, lesson)
    if not students:
        return []
    have = "has" if len(students) == 1 else "have"
    return [
        f"{first_of(students)} {have} points of {lesson}, but no folder in "
        f"{course.directory.submitted_directory} any more. Was it renamed? Then give `grader "
        "rename OLD NEW`, and nobody counts twice. Who has left is withdrawn by `grader roster`."
    ]
