"""The hub's folders on disk, with the right owners and permissions."""

import json
import os
import pwd
from pathlib import Path
from typing import Any

from grader.deploy.hub import Hub, HubCourse
from grader.deploy.jupyter_settings import Files, settings
from grader.errors import CourseError

EVERYBODY_READS, OWNER_ONLY = 0o755, 0o700
# All may write in these, and with the sticky bit nobody can rename or remove what is another's.
EXCHANGE, INBOUND, FEEDBACK = 0o1777, 0o3733, 0o711


def prepare(hub: Hub) -> None:
    """Make what the hub needs, as root; refuse a course that other accounts could look into."""
    for course in hub.courses:
        check_course(course)
    make_folder(hub.folder, EVERYBODY_READS)
    make_folder(hub.private, OWNER_ONLY)
    make_exchange(hub)
    write(settings(hub))


def check_course(course: HubCourse) -> None:
    """Refuse a course whose account or folder is not as it has to be."""
    try:
        account = pwd.getpwnam(course.account)
    except KeyError:
        raise CourseError(
            f"The course {course.name} runs as {course.account}, and there is no such account. "
            f"Make it: useradd --create-home {course.account}"
        ) from None
    about = os.stat(course.folder)
    if about.st_uid != account.pw_uid or about.st_mode & 0o077:
        raise CourseError(
            f"{course.folder} holds solutions and marks, and others than {course.account} can look "
            f"into it. Close it: chown -R {course.account}: {course.folder}; "
            f"chmod 700 {course.folder}"
        )


def make_exchange(hub: Hub, *, as_accounts: bool = True) -> None:
    """Make nbgrader's exchange: each course's part belongs to its account.

    Students can put a submission into inbound, and neither list nor remove those of others.
    """
    make_folder(hub.exchange, EXCHANGE)
    for course in hub.courses:
        owner = pwd.getpwnam(course.account) if as_accounts else None
        top = hub.exchange / course.name
        make_folder(top, EVERYBODY_READS, owner)
        make_folder(top / "outbound", EVERYBODY_READS, owner)
        make_folder(top / "inbound", INBOUND, owner)
        make_folder(top / "feedback", FEEDBACK, owner)


def make_folder(path: Path, mode: int, owner: pwd.struct_passwd | None = None) -> None:
    """Make a folder, or set the owner and mode of one that is there."""
    path.mkdir(parents=True, exist_ok=True)
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    path.chmod(mode)


def write(files: Files) -> None:
    """Write files of Jupyter's configuration, which hold no secret."""
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n")
        path.chmod(0o644)
        for folder in (path.parent, path.parent.parent):
            folder.chmod(EVERYBODY_READS)


def close_home(spawner: Any) -> None:
    """Close a student's home to others before their server starts: their answers lie there."""
    home = Path(pwd.getpwnam(spawner.user.name).pw_dir)
    home.chmod(OWNER_ONLY)
