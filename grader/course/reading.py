"""Read files that students handed in, without following anything that leads elsewhere."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Unreadable(Exception):
    """Something handed in cannot be read; the text says why."""


@contextmanager
def own_folder(path: Path) -> Iterator[int]:
    """Open the folder of one student's lesson, ``.../<student>/<lesson>``, for `read_file`.

    Raises
    ------
    Unreadable
        When the student's folder or the lesson's is a link, is no folder or cannot be read.
    """
    opened: list[int] = []
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


@dataclass(frozen=True)
class Entry:
    """A name in an open folder.

    Attributes
    ----------
    path : str
        Relative to the submission, for people.
    """

    path: str
    name: str
    folder: int
    is_folder: bool


MOST_ENTRIES = 200


@contextmanager
def entries(folder: int) -> Iterator[list[Entry]]:
    """Give what lies in an open folder and in its folders, without following links."""
    with ExitStack() as stack:
        found = _listed(folder, "")
        for one in [entry for entry in found if entry.is_folder]:
            with suppress(OSError):
                inner = os.open(one.name, _PLAIN | os.O_DIRECTORY, dir_fd=folder)
                stack.callback(os.close, inner)
                found += _listed(inner, f"{one.name}/")
        yield [entry for entry in found if not entry.is_folder]


def _listed(folder: int, path: str) -> list[Entry]:
    with os.scandir(folder) as scan:
        some = list(islice((one for one in scan if one.name[0] != "."), MOST_ENTRIES))
    return [
        Entry(path + one.name, one.name, folder, one.is_dir(follow_symlinks=False))
        for one in sorted(some, key=lambda one: one.name)
    ]


def read_file(
    name: str, folder: int, max_bytes: int, *, one_name: bool = False, owner: int | None = None
) -> bytes:
    """Return the contents of a regular file in an open folder.

    Parameters
    ----------
    one_name : bool
        Whether a file with further names is refused: it may be somebody else's.
    owner : int, optional
        The user id whose file it has to be; by default it may be anybody's.

    Raises
    ------
    Unreadable
        When it is missing, a link, a pipe, a device, another's, too large or not readable.
    """
    descriptor = _opened(name, folder)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(f"{name} is not a regular file, so it was not read.")
        if one_name and found.st_nlink > 1:
            raise Unreadable(
                f"{name} is a hard link: the file has other names, so it was not read."
            )
        if owner not in (None, found.st_uid):
            raise Unreadable(f"{name} belongs to another account, so it was not read.")
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


def _opened(name: str, folder: int) -> int:
    try:
        return os.open(name, _PLAIN, dir_fd=folder)
    except FileNotFoundError:
        raise Unreadable(f"The notebook {name} is missing.") from None
    except OSError as error:
        why = f"cannot be read ({error.strerror})"
        if _is_link(name, folder):
            why = "is a link, and links are not followed"
        raise Unreadable(f"{name} {why}.") from None


def _is_link(name: str, folder: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False
