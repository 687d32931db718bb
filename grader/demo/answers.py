"""What is right and what is known to be wrong in a lesson, as source texts of its answer cells."""

import importlib
import tempfile
from pathlib import Path

import nbformat

from grader.course.course import Course
from grader.course.release import render
from grader.demo import submissions
from grader.demo.submissions import Task


def answer(source: str) -> str:
    """Return a solution cell's source without nbgrader's marks and the mark scheme.

    Examples
    --------
    >>> print(answer("def one():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION"))
    def one():
        return 1
    """
    kept = []
    in_scheme = False
    for line in source.splitlines():
        in_scheme = in_scheme or "BEGIN MARK SCHEME" in line
        if not in_scheme and not any(f"{edge} SOLUTION" in line for edge in ("BEGIN", "END")):
            kept.append(line)
        in_scheme = in_scheme and "END MARK SCHEME" not in line
    return "\n".join(kept).rstrip()


def tasks(course: Course, lesson: str) -> dict[str, Task]:
    """Return a lesson's notebooks as students get them, by file name, and how they answer.

    Raises
    ------
    CourseError
        When the lesson cannot be released.
    """
    wrong = _known_wrong_answers(course).get(lesson, {})
    source = course.folder("source", ".", lesson)
    with tempfile.TemporaryDirectory() as scratch:
        made = render(course, lesson, Path(scratch))
        return {path.name: _task(path, source, wrong) for path in made if path.suffix == ".ipynb"}


def _task(released: Path, source: Path, wrong: dict[str, dict[str, str]]) -> Task:
    right = {
        submissions.grade_id(cell): answer(cell.source)
        for cell in nbformat.read(source / released.name, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    mine = {name: wrong[name] for name in right if name in wrong}
    return Task(nbformat.read(released, as_version=4), right, mine)


def _known_wrong_answers(course: Course) -> dict[str, dict[str, dict[str, str]]]:
    module = getattr(course.settings, "sample_answers", "")
    return dict(importlib.import_module(module).ANSWERS) if module else {}
