"""What is right and what is known to be wrong in a lesson, as source texts of its answer cells."""

import importlib
from pathlib import Path

import nbformat

from grader import habits
from grader.course import Course, CourseError
from grader.habits import Task


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
    """Return the notebooks of a released lesson, by file name, with right and wrong answers.

    Raises
    ------
    CourseError
        When the lesson is not released.
    """
    released = sorted(course.folder("release", ".", lesson).glob("*.ipynb"))
    if not released:
        raise CourseError(f"{lesson} is not released. Run `grader release {lesson}` first.")
    wrong = _known_wrong_answers(course).get(lesson, {})
    return {
        path.name: _task(path, course.folder("source", ".", lesson), wrong) for path in released
    }


def _task(released: Path, source: Path, wrong: dict[str, dict[str, str]]) -> Task:
    right = {
        habits.grade_id(cell): answer(cell.source)
        for cell in nbformat.read(source / released.name, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    mine = {name: wrong[name] for name in right if name in wrong}
    return Task(nbformat.read(released, as_version=4), right, mine)


def _known_wrong_answers(course: Course) -> dict[str, dict[str, dict[str, str]]]:
    module = getattr(course.settings, "sample_answers", "")
    return dict(importlib.import_module(module).ANSWERS) if module else {}
