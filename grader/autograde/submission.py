"""Read what students handed in, without following anything that leads elsewhere."""

import hashlib
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.utils import parse_utc

from grader.course.course import Course

MAX_TIMESTAMP = 200
_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Unreadable(Exception):
    """Something handed in cannot be read; the text says why."""


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
        with _folder(course, student, lesson) as folder:
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


@contextmanager
def _folder(course: Course, student: str, lesson: str) -> Iterator[int]:
    opened: list[int] = []
    path = course.folder("submitted", student, lesson)
    try:
        opened.append(os.open(path.parent.parent, os.O_RDONLY | os.O_DIRECTORY))
        for part in (path.parent.name, path.name):
            opened.append(os.open(part, _PLAIN | os.O_DIRECTORY, dir_fd=opened[-1]))
    except OSError as error:
        for descriptor in opened:
            os.close(descriptor)
        raise Unreadable(
            "The submission is not a folder of its own, so it was not opened: it is a link or "
            f"a file, or cannot be read ({error.strerror})."
        ) from None
    try:
        yield opened[-1]
    finally:
        for descriptor in opened:
            os.close(descriptor)


def read_file(name: str, folder: int, max_bytes: int) -> bytes:
    """Return the contents of a regular file in an open folder.

    Raises
    ------
    Unreadable
        When it is missing, a link, a pipe, a device, too large or not readable.
    """
    try:
        descriptor = os.open(name, _PLAIN, dir_fd=folder)
    except FileNotFoundError:
        raise Unreadable(f"The notebook {name} is missing.") from None
    except OSError as error:
        try:
            is_link = stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError:
            is_link = False
        why = (
            "is a link, and links are not followed"
            if is_link
            else f"cannot be read ({error.strerror})"
        )
        raise Unreadable(f"{name} {why}.") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(f"{name} is not a regular file, so it was not read.")
        if found.st_size > max_bytes:
            raise Unreadable(
                f"{name} has {found.st_size / 1e6:.1f} MB; the limit is {max_bytes / 1e6:.0f} MB."
            )
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(max_bytes)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read ({error.strerror}).") from None
    finally:
        os.close(descriptor)


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
