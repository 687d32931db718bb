"""Who may what: groups, roles and services of the hub."""

import sys
from pathlib import Path
from typing import Any

from grader.deploy.hub import Hub, HubCourse

IDLE = "idle-servers"
# A service ends with the hub, also with one that was killed: the next hub starts its own.
_WITH_THE_HUB = ["setpriv", "--pdeathsig", "TERM", "--"]


def students(course: HubCourse) -> str:
    """Return the group of a course's students; nbgrader knows it by this name."""
    return f"nbgrader-{course.name}"


def graders(course: HubCourse) -> str:
    """Return the group of a course's graders; nbgrader knows it by this name."""
    return f"formgrade-{course.name}"


def roles(hub: Hub) -> list[dict[str, Any]]:
    """Return the roles, each with what it may.

    Examples
    --------
    >>> hub = Hub(Path("/srv/hub"), [HubCourse("alibi", Path("/srv/alibi"), ["prof"])])
    >>> [role["name"] for role in roles(hub)]
    ['server', 'idle-servers', 'formgrade-alibi']
    """
    server = {
        "name": "server",
        "description": "A user's own server; nbgrader asks which courses its user is in.",
        "scopes": ["users:activity!server", "access:servers!server", "read:users:groups!user"],
    }
    idle = {
        "name": IDLE,
        "description": "Stops servers that nobody uses.",
        "services": [IDLE],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
    return [server, idle, *(_formgrade(course) for course in hub.courses)]


def _formgrade(course: HubCourse) -> dict[str, Any]:
    return {
        "name": graders(course),
        "description": f"Opens the formgrader of {course.name}.",
        "groups": [graders(course)],
        "scopes": [f"access:services!service={course.name}"],
    }


def services(hub: Hub, *, as_accounts: bool = True) -> list[dict[str, Any]]:
    """Return the services: each course's formgrader, and the one that stops idle servers.

    Parameters
    ----------
    as_accounts : bool
        Whether each course runs as its own account; only root can do that.
    """
    formgraders = [
        _formgrader(hub, course, hub.inner_port + 2 + number)
        | ({"user": course.account} if as_accounts else {})
        for number, course in enumerate(hub.courses)
    ]
    watches = [
        _watch(hub, course) | ({"user": course.account} if as_accounts else {})
        for course in hub.courses
        if course.grade_on_submit
    ]
    return [*formgraders, *watches, _idle(hub)]


def _watch(hub: Hub, course: HubCourse) -> dict[str, Any]:
    """Return the service that grades on submit; it asks the hub nothing, so it has no role."""
    return {
        "name": f"watch-{course.name}",
        "command": [*_WITH_THE_HUB, sys.executable, "-P", "-m", "grader", "watch"],
        "cwd": str(course.folder),
        "environment": {"JUPYTER_CONFIG_PATH": str(hub.jupyter(course.account))},
        "display": False,
    }


def _formgrader(hub: Hub, course: HubCourse, port: int) -> dict[str, Any]:
    return {
        "name": course.name,
        "url": f"http://127.0.0.1:{port}",
        "command": [*_WITH_THE_HUB, program("jupyterhub-singleuser")],
        "cwd": str(course.folder),
        "environment": {
            # A page of its own. JupyterHub lets no page of a server stand inside another page.
            "JUPYTERHUB_DEFAULT_URL": "/formgrader/",
            "JUPYTER_CONFIG_PATH": str(hub.jupyter(course.account)),
        },
        "oauth_no_confirm": True,
    }


def _idle(hub: Hub) -> dict[str, Any]:
    seconds = 60 * hub.idle_minutes
    culler = [sys.executable, "-P", "-m", "jupyterhub_idle_culler"]
    return {
        "name": IDLE,
        "command": [*_WITH_THE_HUB, *culler, f"--timeout={seconds}"],
        "display": False,
    }


def program(name: str) -> str:
    """Return the path of a program that was installed with this Python."""
    return str(Path(sys.executable).parent / name)
