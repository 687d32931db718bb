"""A submission: what a student handed in for a lesson, as it lay there."""

import hashlib
import os
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.utils import parse_utc

from grader.autograde.other_names import Found, look_for
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
        if self.notes:  # such as of a name that was mended since
            total.update(repr(self.notes).encode("utf-8", "backslashreplace"))
        return total.hexdigest()


def read_submission(
    course: Course,
    student: str,
    lesson: str,
    cells: Mapping[str, Collection[str]],
    max_bytes: int,
) -> Submission:
    """Read the notebooks of a submission; one by another name is taken where it is unmistakable.

    Parameters
    ----------
    cells : mapping
        The lesson's notebooks by name, each with its cells' ``grade_id``.
    max_bytes : int
        A larger notebook is not read.
    """
    try:
        with own_folder(course.folder("submitted", student, lesson)) as folder:
            notebooks, unreadable = _read(folder, cells, max_bytes)
            missing = [name for name in unreadable if not _is_there(folder, name)]
            other = look_for(missing, cells, folder, max_bytes) if missing else {}
            found = {name: one for name, one in other.items() if isinstance(one, Found)}
            notebooks |= {name: one.content for name, one in found.items()}
            unreadable |= {name: one for name, one in other.items() if isinstance(one, str)}
            timestamp, notes = _timestamp(folder)
            notes += [_renamed(name, one.path) for name, one in found.items()]
            notes += _extra(folder, [*cells, *(one.stem for one in found.values())])
            left = {name: why for name, why in unreadable.items() if name not in found}
            return Submission(student, notebooks, left, timestamp, tuple(notes))
    except Unreadable as error:
        return Submission(student, unreadable=dict.fromkeys(cells, str(error)))


def _read(
    folder: int, names: Collection[str], max_bytes: int
) -> tuple[dict[str, bytes], dict[str, str]]:
    notebooks, unreadable = {}, {}
    for name in names:
        try:
            notebooks[name] = read_file(f"{name}.ipynb", folder, max_bytes)
        except Unreadable as error:
            unreadable[name] = str(error)
    return notebooks, unreadable


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(f"{name}.ipynb", dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def _renamed(name: str, path: str) -> str:
    return f"Graded is {path!r}, as its cells are the lesson's; expected is {name}.ipynb."


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
