"""Which of nbgrader's tools each role is shown, and where its exchange is."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.deploy.folders import write
from grader.deploy.hub import Hub, HubCourse
from grader.deploy.jupyter_settings import member, settings

FOLDER = Path("/srv/hub")
HUB = Hub(FOLDER, [HubCourse("alibi", Path("/srv/alibi"), ["prof"])])


def shown(role: str) -> dict[str, set[str]]:
    """Return the tools that a role has, in JupyterLab and on the server."""
    files = settings(HUB)
    lab = files[HUB.jupyter(role) / "labconfig" / "page_config.json"]["disabledExtensions"]
    server = files[HUB.jupyter(role) / "jupyter_server_config.json"]["ServerApp"]
    return {
        "lab": {name.split(":")[1] for name, off in lab.items() if not off},
        "server": {
            name.rsplit(".", 1)[1] for name, on in server["jpserver_extensions"].items() if on
        },
    }


def test_students_have_what_they_work_with_and_nothing_of_an_instructor():
    assert shown("member") == {
        "lab": {"assignment-list", "validate-assignment"},
        "server": {"assignment_list", "validate_assignment"},
    }


def test_a_courses_account_has_the_formgrader_as_a_page_and_makes_assignments():
    assert shown("grader-alibi") == {
        "lab": {"create-assignment", "validate-assignment"},
        "server": {"formgrader", "validate_assignment"},
    }


def test_nbgrader_has_no_tool_that_is_not_spoken_of():
    """A tool that a later nbgrader brings would be on for everybody."""
    nbgrader = pytest.importorskip("nbgrader")
    there = Path(nbgrader.__file__).parent / "server_extensions"
    named = {
        name.rsplit(".", 1)[1]
        for name in settings(HUB)[HUB.jupyter("member") / "jupyter_server_config.json"][
            "ServerApp"
        ]["jpserver_extensions"]
    }

    assert {path.parent.name for path in there.glob("*/__init__.py")} == named


@pytest.mark.parametrize("role", ["member", "grader-alibi"])
def test_both_find_the_exchange(role: str):
    exchange = settings(HUB)[HUB.jupyter(role) / "nbgrader_config.json"]["Exchange"]

    assert exchange == {"root": "/srv/hub/exchange", "path_includes_course": True}


def test_nbgrader_asks_the_hub_which_courses_a_student_is_in():
    told: Any = settings(HUB)[HUB.jupyter("member") / "nbgrader_config.json"]

    assert told["Authenticator"] == {"plugin_class": "nbgrader.auth.JupyterHubAuthPlugin"}


def test_students_hand_in_as_their_own_only():
    told: Any = settings(HUB)[HUB.jupyter("grader-alibi") / "nbgrader_config.json"]

    assert told["ExchangeFactory"]["collect"] == "grader.deploy.collect.CollectFromOwners"


def test_a_trials_server_is_told_whose_it_is():
    files = member(HUB, HUB.jupyter("ada"), student_id="ada")

    assert files[HUB.jupyter("ada") / "nbgrader_config.json"]["CourseDirectory"] == {
        "student_id": "ada"
    }


def test_everybody_may_read_the_settings_and_nobody_else_change_them(tmp_path: Path):
    hub = Hub(tmp_path, HUB.courses)
    write(settings(hub))
    files = list(hub.jupyter("member").rglob("*.json"))

    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    assert {path.parent.stat().st_mode & 0o777 for path in files} == {0o755}
    assert json.loads(files[0].read_text())
