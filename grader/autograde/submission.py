"""A submission: what a student handed in for a lesson, as it lay there."""

import hashlib
import os
import warnings
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.utils import parse_utc

from grader.course.course import Course
from grader.course.reading import Unreadable, own_folder, read_file

MAX_TIMESTAMP = 200


@dataclass(frozen=True)
class Submission:
    """One student's submission of one lesson, as it lay there.

    Attributes
    ----------
    notebooks : dict of str to bytes
        The files' contents by the notebook's name.
    unreadable : dict of str to str
        Why a notebook could not be read.
    timestamp : datetime or None
        When it was handed in, in UTC.
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    timestamp: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same contents."""
        total = hashlib.sha256(repr((self.timestamp, sorted(self.unreadable.items()))).encode())
        for name, content in sorted(self.notebooks.items()):
            total.update(f"{name}\0{len(content)}\0".encode() + content)
        return total.hexdigest()


def read_submission(
    course: Course, student: str, lesson: str, names: list[str], max_bytes: int
) -> Submission:
    """Read the notebooks of a submission that are called `names`.

    Parameters
    ----------
    max_bytes : int
        A larger notebook is not read.
    """
    try:
        with own_folder(course.folder("submitted", student, lesson)) as folder:
            notebooks, unreadable = {}, {}
            for name in names:
                try:
                    notebooks[name] = read_file(f"{name}.ipynb", folder, max_bytes)
                except Unreadable as error:
                    unreadable[name] = str(error)
            timestamp, notes = _timestamp(folder)
            notes += _extra(folder, names)
            return Submission(student, notebooks, unreadable, timestamp, tuple(notes))
    except Unreadable as error:
        return Submission(student, unreadable=dict.fromkeys(names, str(error)))


def _timestamp(folder: int) -> tuple[datetime | None, list[str]]:
    try:
        text = read_file("timestamp.txt", folder, MAX_TIMESTAMP).decode("ascii", "replace").strip()
    except Unreadable as error:
        return None, [] if "missing" in str(error) else [str(error)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of a time zone that is not known
            return parse_utc(text), []
    except (ValueError, OverflowError, TypeError, AttributeError, Warning):
        return None, [f"timestamp.txt does not hold a time: {text[:40]!r}."]


def _extra(folder: int, names: list[str]) -> list[str]:
    known = {f"{name}.ipynb" for name in names}
    extra = sorted(set(os.listdir(folder)) - known - {"timestamp.txt", ".ipynb_checkpoints"})
    # A name that is no text could be neither stored nor printed.
    texts = (os.fsencode(name).decode("utf-8", "replace") for name in extra)
    notebooks = [name[:80] for name in texts if name.endswith(".ipynb")]
    if not notebooks:
        return []
    return [f"Other notebooks were handed in and not graded: {', '.join(notebooks[:5])}."]
