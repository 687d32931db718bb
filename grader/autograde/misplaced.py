"""Folders below a student's that are no lesson: somebody handed in, and nobody would notice."""

import os
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from grader.course.course import Course
from grader.text import one_line

ALIKE = 0.8
MOST_ENTRIES = 100


def misplaced(course: Course, lesson: str) -> list[str]:
    """Return what lies below a student's folder and looks like a submission of a lesson.

    Parameters
    ----------
    lesson : str
        The lesson's full name. Who has handed it in by its own name is passed over.
    """
    submitted = course.root / course.directory.submitted_directory
    lessons, there = course.lessons(), set(course.students(lesson))
    return [
        f"{one_line(str(path.relative_to(course.root)))} is no lesson and is not graded. "
        f"If it is {lesson}, {_advice(path, lesson)}, and run the same command again."
        for student in _folders(submitted)
        if student.name not in there
        for path in _entries(student, MOST_ENTRIES)
        if path.name not in lessons and _resembles(path.name, lesson, lessons)
    ]


def _folders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.is_dir() and not path.is_symlink()]


def _entries(folder: Path, most: int | None = None) -> list[Path]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as scan:
        return sorted(folder / one.name for one in islice(scan, most) if one.name[0] != ".")


def _resembles(name: str, lesson: str, lessons: list[str]) -> bool:
    return max(lessons, key=lambda one: _likeness(name, one)) == lesson and (
        _likeness(name, lesson) >= ALIKE
    )


def _likeness(name: str, lesson: str) -> float:
    stem = name.removesuffix(".ipynb").removesuffix(".zip").lower()
    return SequenceMatcher(None, stem, lesson.lower()).ratio()


def _advice(path: Path, lesson: str) -> str:
    return f"rename the folder to {lesson}" if path.is_dir() else f"move it into a folder {lesson}"
