"""What Jupyter is set to for each role: which of nbgrader's tools are shown, and the exchange."""

from pathlib import Path
from typing import Any

from grader.deploy.hub import Hub, HubCourse

MEMBER = "member"

# nbgrader's tools: the extension of JupyterLab, and of the server where there is one.
_LAB = {
    "assignment-list": "assignment_list",
    "course-list": "course_list",
    "create-assignment": "",
    "formgrader": "formgrader",
    "validate-assignment": "validate_assignment",
}
_MEMBERS_TOOLS = {"assignment-list", "validate-assignment"}
# The formgrader of a course is a page of its own, so JupyterLab does not show it a second time.
_GRADERS_TOOLS = {"create-assignment", "validate-assignment"}
_GRADERS_PAGES = {"formgrader"}

Files = dict[Path, Any]


def settings(hub: Hub) -> Files:
    """Return each file of Jupyter's configuration, with what stands in it as JSON."""
    files = member(hub, hub.jupyter(MEMBER))
    for course in hub.courses:
        files |= grader(hub, course)
    return files


def member(hub: Hub, folder: Path, **course_directory: str) -> Files:
    """Return the configuration of everybody's own server: fetch, validate, submit."""
    nbgrader = _exchange(hub)
    nbgrader["Authenticator"] = {"plugin_class": "nbgrader.auth.JupyterHubAuthPlugin"}
    if course_directory:
        nbgrader["CourseDirectory"] = course_directory
    return _files(folder, nbgrader, _MEMBERS_TOOLS, set())


def grader(hub: Hub, course: HubCourse) -> Files:
    """Return the configuration of a course's formgrader."""
    nbgrader = _exchange(hub)
    nbgrader["ExchangeFactory"] = {"collect": "grader.deploy.collect.CollectFromOwners"}
    return _files(hub.jupyter(course.account), nbgrader, _GRADERS_TOOLS, _GRADERS_PAGES)


def _exchange(hub: Hub) -> dict[str, Any]:
    return {"Exchange": {"root": str(hub.exchange), "path_includes_course": True}}


def _files(folder: Path, nbgrader: Any, tools: set[str], pages: set[str]) -> Files:
    return {
        folder / "nbgrader_config.json": nbgrader,
        folder / "jupyter_server_config.json": {
            "ServerApp": {"jpserver_extensions": _server(tools | pages)}
        },
        folder / "labconfig" / "page_config.json": {
            "disabledExtensions": _lab(tools),
            "lockedExtensions": {},
        },
    }


def _server(shown: set[str]) -> dict[str, bool]:
    return {
        f"nbgrader.server_extensions.{module}": name in shown
        for name, module in _LAB.items()
        if module
    }


def _lab(shown: set[str]) -> dict[str, bool]:
    # JupyterLab would look for news on the internet.
    news = {"@jupyterlab/apputils-extension:announcements": True}
    return news | {f"@jupyter/nbgrader:{name}": name not in shown for name in _LAB}
