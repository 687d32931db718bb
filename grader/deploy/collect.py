"""Collect from an exchange in which each student writes with an account of their own.

nbgrader believes the name of a submission's folder, and follows the links in it. So a student could
hand in for another, or have the solution collected by a link to it.
"""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns

_PIECE = 2**20


class CollectFromOwners(ExchangeCollect):  # type: ignore[misc]
    """Takes a submission as its owner's, whatever its name says, and only files that are theirs."""

    def _path_to_record(self, path: str) -> dict[str, Any]:
        record: dict[str, Any] = super()._path_to_record(path)
        uid = os.lstat(path).st_uid
        owner = name_of(uid)
        if owner != record["username"]:
            self.log.warning(
                "%s says that it is of %s, but it is of %s: it is collected as theirs.",
                record["filename"],
                record["username"],
                owner,
            )
        return record | {"username": owner}

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission."""
        if self.get_size(src) > 1000 * self.coursedir.max_dir_size:
            raise RuntimeError(f"{src} is larger than CourseDirectory.max_dir_size allows.")
        ignored = ignore_patterns(
            exclude=self.coursedir.ignore,
            include=self.coursedir.include,
            max_file_size=self.coursedir.max_file_size,
            log=self.log,
        )
        for refused in copy_what_is_theirs(Path(src), Path(dest), ignored):
            self.log.warning("%s is a link or another's file: it is not collected.", refused)


def name_of(uid: int) -> str:
    """Return the name of an account, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def copy_what_is_theirs(source: Path, to: Path, ignored: Any) -> Iterator[Path]:
    """Copy the plain files of a folder's owner, and give the paths of what was not copied.

    The owner may change the folder meanwhile, so each file is opened first, and then looked at.
    """
    owner = os.lstat(source).st_uid
    to.mkdir(parents=True, exist_ok=True)
    for folder, folders, files, descriptor in os.fwalk(source):
        left_out = ignored(folder, [*folders, *files])
        folders[:] = [name for name in folders if name not in left_out]
        place = to / Path(folder).relative_to(source)
        place.mkdir(exist_ok=True)
        for name in files:
            if name not in left_out and not _copied(name, descriptor, owner, place / name):
                yield Path(folder) / name


def _copied(name: str, folder: int, owner: int, to: Path) -> bool:
    """Whether it was a plain file of the owner's, and is copied now."""
    try:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return False
    with open(file, "rb") as source:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != owner:
            return False
        with to.open("wb") as copy:
            while piece := source.read(_PIECE):
                copy.write(piece)
    return True
