"""A hub to try on one machine, as an ordinary user: no system accounts, and no protection.

All servers run as the user who starts it, so each of them can read what all others do.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.deploy.configure import admit, keep, listen, serve_courses
from grader.deploy.folders import OWNER_ONLY, make_exchange, make_folder, write
from grader.deploy.hub import Hub, HubCourse
from grader.deploy.jupyter_settings import grader, member
from grader.deploy.members import Members
from grader.deploy.roles import program
from grader.errors import CourseError

INSTRUCTOR = "prof"
STUDENTS = {"ada": "Ada Lovelace", "emmy": "Emmy Noether", "alan": "Alan Turing"}
LESSONS = 2
_SIMPLE = "jupyterhub.spawner.SimpleLocalProcessSpawner"


def trial_hub(folder: Path, port: int = 8000) -> Hub:
    """Return the hub that is tried in a folder."""
    course = HubCourse("linbias", folder / "course", [INSTRUCTOR])
    return Hub(folder, [course], port=port, proxy=program("configurable-http-proxy"))


def configure_trial(c: Any, hub: Hub, passwords: Mapping[str, str]) -> None:
    """Configure a hub without system accounts: each user's home is a folder of the hub's."""
    from grader.deploy.authenticator import with_passwords

    listen(c, hub)
    keep(c, hub)
    serve_courses(c, hub, as_accounts=False)
    admit(c, hub, with_passwords(passwords), Members(hub, lambda _: list(STUDENTS)).groups)
    c.JupyterHub.spawner_class = _SIMPLE
    c.JupyterHub.cleanup_servers = True
    c.SimpleLocalProcessSpawner.home_dir_template = f"{hub.folder}/home/{{username}}"
    c.Spawner.cmd = [program("jupyterhub-singleuser")]
    c.Spawner.default_url = "/lab"
    c.Spawner.environment = {
        "JUPYTER_CONFIG_PATH": lambda spawner: str(hub.jupyter(spawner.user.name))
    }


def set_up(hub: Hub, source: Path) -> dict[str, str]:
    """Make a trial's course, class, folders and passwords, where they are not there yet.

    Parameters
    ----------
    source : Path
        The course to copy.

    Returns
    -------
    dict of str to str
        The password of each user.
    """
    (course,) = hub.courses
    for folder in (hub.folder, hub.private, hub.folder / "home"):
        make_folder(folder, OWNER_ONLY)
    make_exchange(hub, as_accounts=False)
    write(grader(hub, course))
    for user in (INSTRUCTOR, *STUDENTS):
        # All accounts are one to the system, so nbgrader has to be told who a server is for.
        write(member(hub, hub.jupyter(user), student_id=user))
    if not (course.folder / "nbgrader_config.py").exists():
        copy_course(source, course.folder)
        hand_out(course, hub.exchange)
    return passwords(hub.private / "passwords.json")


def copy_course(source: Path, to: Path) -> None:
    """Copy what a course is made of: its lessons and its settings."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source / "solutions", to / "solutions")
    shutil.copy(source / "nbgrader_config.py", to)


def hand_out(course: HubCourse, exchange: Path) -> None:
    """Put the class into the gradebook, and the first lessons into the exchange."""
    roster = course.folder / "students.csv"
    names = (f"{user},{name.replace(' ', ',')}" for user, name in STUDENTS.items())
    roster.write_text("\n".join(["id,first_name,last_name", *names, ""]))
    _run(course, ["grader", "roster", "students.csv"])
    for lesson in sorted(path.name for path in (course.folder / "solutions").iterdir())[:LESSONS]:
        _run(course, ["grader", "release", lesson])
        _run(course, ["nbgrader", "release_assignment", lesson, f"--Exchange.root={exchange}"])


def _run(course: HubCourse, words: Iterable[str]) -> None:
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True)
    if done.returncode:
        raise CourseError(f"{' '.join(words)} failed: {done.stderr.strip()[-500:]}")


def passwords(file: Path) -> dict[str, str]:
    """Return the users' passwords, made at random and kept where only we can read them."""
    if not file.exists():
        made = {user: secrets.token_urlsafe(9) for user in (INSTRUCTOR, *STUDENTS)}
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            json.dump(made, new)
    known: dict[str, str] = json.loads(file.read_text())
    return known


def welcome(hub: Hub, passwords: Mapping[str, str]) -> str:
    """Return what to say before the hub starts."""
    rows = [
        f"  {user:8}{word:16}{'instructor' if user == INSTRUCTOR else 'student'}"
        for user, word in passwords.items()
    ]
    return "\n".join(
        [
            f"The hub: http://{hub.address}:{hub.port}",
            "",
            "  name    password",
            *rows,
            "",
            "This hub is for trying. It does not protect one account from another: all of them run",
            "as you. For a class see docs/administrators.md. Ctrl+C ends it.",
            f"Its log: {hub.log}",
        ]
    )
