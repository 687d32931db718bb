"""The students' codes: where a lesson asks for numbers of one's own, they follow from the code.

A code follows from the student's id and the course's secret. Students write theirs into their
notebooks, so that the checks there know it; grading takes the one of who handed in.
"""

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from nbformat.v4 import new_code_cell

from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.course.course import Course

# The environment variable that tests find the code in.
STUDENT_CODE = "STUDENT_CODE"
LENGTH = 8
CELL = f"""# Some questions have numbers of your own. Write the code that your teacher has sent you
# between the quotes. The check below such a question tells you your numbers.
import os

os.environ["{STUDENT_CODE}"] = ""
"""


def student_code(secret: str, student: str) -> str:
    """Return a student's code; its last two letters follow from the others and show a slip.

    Examples
    --------
    >>> student_code("this term", "ada") == student_code("this term", "alan")
    False
    """
    word = hmac.new(secret.encode(), f"code/{student}".encode(), hashlib.sha256)
    code = f"s{word.hexdigest()[:LENGTH]}"  # a letter first: no spreadsheet takes it for a number
    return code + hashlib.sha256(code.encode()).hexdigest()[:2]


def lessons_with_own_numbers(course: "Course") -> tuple[str, ...]:
    """Return the lessons in which students have numbers of their own.

    Raises
    ------
    CourseError
        When there is no such lesson, or the course has no secret.
    """
    lessons = tuple(course.lesson(name) for name in course.settings.own_numbers)
    if lessons and not course.settings.secret:
        raise CourseError(
            "c.Grader.own_numbers needs a secret: without one everybody could compute the codes. "
            "Set c.Grader.secret."
        )
    return lessons


def ask_for_code(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Give a released notebook a cell for the code, below its title."""
    notebook.cells.insert(1, new_code_cell(CELL.strip(), id="student-code"))
    return notebook, resources
