"""Links from reports to students' feedback pages."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.course.course import Course


@dataclass(frozen=True)
class Link:
    """A page: what it is of, and where it is from the page that links to it."""

    name: str
    target: str


Links = Mapping[str, Sequence[Link]]


def feedback_links(course: Course, lesson: str, here: Path) -> dict[str, list[Link]]:
    """Return the feedback pages of a lesson that were written, by student.

    Parameters
    ----------
    here : Path
        The folder of the page that links to them.
    """
    students = [outcome.student for outcome in course.outcomes(lesson)]
    pages = {
        student: sorted(course.folder("feedback", student, lesson).glob("*.html"))
        for student in students
    }
    return {
        student: [Link(page.stem, _target(page, here)) for page in found]
        for student, found in pages.items()
        if found
    }


def _target(page: Path, here: Path) -> str:
    return quote(os.path.relpath(page, here).replace(os.sep, "/"))
