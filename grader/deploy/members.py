"""Who belongs to which course: the graders by the hub's settings, the students by the gradebook."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from grader.deploy.hub import Hub, HubCourse
from grader.deploy.roles import graders, students

FRESH_SECONDS = 30.0
_ASK_SECONDS = 60.0
_log = logging.getLogger("jupyterhub")

Ask = Callable[[HubCourse], Sequence[str]]


class Members:
    """The members of all courses, asked for again when what is known is no longer fresh.

    Parameters
    ----------
    ask : callable
        Returns the ids of a course's students, or raises OSError or ValueError.
    """

    def __init__(self, hub: Hub, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        self._hub = hub
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[float, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def groups(self, user: str) -> list[str]:
        """Return the groups that a user is in."""
        with self._lock:
            return [
                group
                for course in self._hub.courses
                for group, members in (
                    (graders(course), course.graders),
                    (students(course), self._students(course)),
                )
                if user in members
            ]

    def _students(self, course: HubCourse) -> frozenset[str]:
        when, known = self._known.get(course.name, (float("-inf"), frozenset()))
        if self._clock() - when < FRESH_SECONDS:
            return known
        try:
            known = frozenset(self._ask(course))
        except (OSError, ValueError) as error:  # those who are known stay, and so do the graders
            _log.error("The students of %s are not known: %s", course.name, error)
        self._known[course.name] = self._clock(), known
        return known


def ask_course(course: HubCourse, *, as_account: bool = True) -> list[str]:
    """Return the ids of the students in a course's gradebook.

    Another process reads it, as the course's account: a course's nbgrader_config.py is a program,
    and the hub runs as root.
    """
    account: dict[str, Any] = {}
    if as_account:
        account = {"user": course.account, "group": course.account, "extra_groups": []}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader.deploy.class_list"],
        cwd=course.folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=_ASK_SECONDS,
        **account,
    )
    if done.returncode:
        raise ValueError(done.stderr.strip()[-500:])
    told = json.loads(done.stdout)
    if told["course"] != course.name:
        raise ValueError(
            f"its nbgrader_config.py calls it {told['course']!r}. Set c.CourseDirectory.course_id "
            f"to {course.name!r}, or name it so in jupyterhub_config.py."
        )
    return [str(student) for student in told["students"]]
