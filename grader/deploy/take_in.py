"""Collect a submission: copy it from the exchange without following anything that leads elsewhere.

nbgrader's own collecting follows links, and the course's account may read what students may not.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from grader.course.course import Course
from grader.course.reading import Unreadable, entries, own_folder, read_file
from grader.deploy.inbound import HandedIn

_IDENTITY = ("timestamp.txt", "submission_secret.txt")
KB = 1000


def is_taken_in(course: Course, one: HandedIn) -> bool:
    """Whether this very submission lies in the course's submitted folder."""
    with suppress(Unreadable):
        return identity(course.folder("submitted", one.student, one.lesson)) == identity(one.path)
    return False


def identity(folder: Path) -> tuple[bytes, bytes]:
    """Return a submission's time and secret, which tell it from all others.

    Raises
    ------
    Unreadable
        When one of them cannot be read.
    """
    with own_folder(folder) as opened:
        time, secret = (read_file(name, opened, KB) for name in _IDENTITY)
        return time, secret


def take_in(one: HandedIn, folder: Path, directory: CourseDirectory) -> None:
    """Put a submission in the place of the student's older one; all of it or nothing.

    Parameters
    ----------
    folder : Path
        Where the student's submission of this lesson belongs.
    directory : CourseDirectory
        It tells how large a submission may be.

    Raises
    ------
    Unreadable
        When something in it cannot be read, is another's, or it is too large.
    OSError
        When the course's folder cannot be written.
    """
    identity(one.path)  # without it there could be no feedback
    contents = _read(one.path, directory)
    fresh, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    for path, content in contents.items():
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).write_bytes(content)
    with suppress(FileNotFoundError):
        os.rename(folder, old)
    os.rename(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)


def _read(folder: Path, directory: CourseDirectory) -> dict[str, bytes]:
    """Return the files of a submission, within nbgrader's own limits."""
    most, each = (KB * limit for limit in (directory.max_dir_size, directory.max_file_size))
    contents = {}
    with own_folder(folder) as opened, entries(opened) as found:
        owner = os.fstat(opened).st_uid
        for entry in found:
            contents[entry.path] = read_file(entry.name, entry.folder, min(each, most), owner=owner)
            most -= len(contents[entry.path])
    if not contents:
        raise Unreadable("The submission holds no files.")
    return contents
