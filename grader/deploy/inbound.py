"""What students have handed in through nbgrader's exchange, and may be collected."""

import os
import pwd
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.deploy.pod_users import uid_of

# nbgrader opens a submission's folder to all as its last step.
_ALL = 0o777
# A submission that nobody has written to for so long is whole, whoever put it there.
SETTLED_SECONDS = 60.0


@dataclass(frozen=True)
class HandedIn:
    """A submission in the exchange.

    Attributes
    ----------
    path : Path
        Its folder, named STUDENT+LESSON+TIME+LETTERS.
    """

    student: str
    lesson: str
    time: datetime
    path: Path


def newest(inbound: Path) -> list[HandedIn]:
    """Return the newest whole submission of each student and lesson, those first that came first.

    Raises
    ------
    OSError
        When the folder cannot be read.
    """
    found: dict[tuple[str, str], HandedIn] = {}
    for one in sorted(_submissions(inbound), key=lambda one: (one.time, one.path.name)):
        found[one.student, one.lesson] = one
    return sorted(found.values(), key=lambda one: (one.time, one.path.name))


def _submissions(inbound: Path) -> Iterator[HandedIn]:
    now = time.time()
    with os.scandir(inbound) as scan:
        for entry in scan:
            one = named(Path(entry.path))
            if one and entry.is_dir(follow_symlinks=False):
                about = entry.stat(follow_symlinks=False)
                settled = now - about.st_mtime > SETTLED_SECONDS
                if settled or about.st_mode & _ALL == _ALL:
                    yield one


def named(path: Path) -> HandedIn | None:
    """Return what a folder's name says; None where nbgrader does not name one so.

    Examples
    --------
    >>> named(Path("ada+ps1+2026-11-25 09:00:00.000001 UTC+ab_c")).student
    'ada'
    >>> named(Path("ada+ps1"))
    """
    parts = path.name.rsplit("+", 3)
    if len(parts) < 3 or not (parts[0] and parts[1]):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of a time zone that is not known
            return HandedIn(parts[0], parts[1], parse_utc(parts[2]), path)
    except (ValueError, OverflowError, TypeError, AttributeError, Warning):
        return None


def foreign(one: HandedIn) -> str:
    """Return why a submission is not of the student whose name it has; empty where it is.

    Everybody can make a folder of any name in the exchange, but only as its owner. Where all
    servers run as one account, which is ours too, the owner tells nothing.
    """
    owner = one.path.stat(follow_symlinks=False).st_uid
    if owner in (os.geteuid(), _account(one.student), uid_of(one.student)):
        return ""
    return f"it belongs to {_name(owner)}, and not to {one.student}"


def _account(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except (KeyError, ValueError):
        return None


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"the account {user}"
