"""What files were called in the archive of the LMS: feedback goes back under these names."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.course.course import Course


@dataclass(frozen=True)
class Received:
    """One file that was collected.

    Attributes
    ----------
    system : str
        ``moodle`` or ``canvas``.
    file : str
        What it is called in the submission, such as ``ps1.ipynb``.
    original : str
        What it was called in the archive, with its folders.
    prefix : str
        The part of that name by which the LMS knows the student again.
    """

    student: str
    system: str
    file: str
    original: str
    prefix: str


def downloaded(course: Course, lesson: str) -> Path:
    """Return the folder of what came from the LMS for a lesson."""
    return course.classroom / "downloaded" / lesson


def read_received(course: Course, lesson: str) -> list[Received]:
    """Return the names of a lesson's collected files; none where nothing was collected."""
    try:
        text = (downloaded(course, lesson) / "names.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [Received(**entry) for entry in json.loads(text)]


def write_received(course: Course, lesson: str, received: Sequence[Received]) -> None:
    """Keep the names of a lesson's collected files."""
    file = downloaded(course, lesson) / "names.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    entries = sorted((asdict(one) for one in received), key=lambda one: one["original"])
    fresh.write_text(json.dumps(entries, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, file)
