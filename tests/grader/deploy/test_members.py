"""Who is in which group, and how long that is believed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.auth import Authenticator

from grader.course.course import Course
from grader.deploy.authenticator import members_only, with_passwords
from grader.deploy.hub import Hub, HubCourse
from grader.deploy.members import FRESH_SECONDS, Members, ask_course
from grader.gradebook.people import Person
from grader.gradebook.roster import set_roster

HUB = Hub(
    Path("/srv/hub"),
    [
        HubCourse("alibi", Path("/srv/alibi"), ["prof"]),
        HubCourse("other", Path("/srv/other"), ["otto"]),
    ],
)


class Asked:
    """Lists of students that change, a clock that is set, and how often they were asked for."""

    def __init__(self) -> None:
        self.students = {"alibi": ["ada", "otto"], "other": ["ada"]}
        self.times = 0
        self.now = 0.0
        self.members = Members(HUB, self.ask, lambda: self.now)

    def ask(self, course: HubCourse) -> list[str]:
        self.times += 1
        return self.students[course.name]


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.mark.parametrize(
    ("user", "groups"),
    [
        ("prof", ["formgrade-alibi"]),
        ("ada", ["nbgrader-alibi", "nbgrader-other"]),
        ("otto", ["nbgrader-alibi", "formgrade-other"]),
        ("mallory", []),
    ],
)
def test_graders_are_those_of_the_settings_and_students_those_of_the_gradebooks(
    asked: Asked, user: str, groups: list[str]
):
    assert asked.members.groups(user) == groups


def test_a_withdrawn_student_is_out_as_soon_as_what_is_known_is_old(asked: Asked):
    assert asked.members.groups("ada")
    asked.students = {"alibi": [], "other": []}

    asked.now = FRESH_SECONDS - 1
    assert asked.members.groups("ada")
    assert asked.times == 2
    asked.now = FRESH_SECONDS + 1
    assert asked.members.groups("ada") == []


def test_when_a_gradebook_cannot_be_read_those_who_are_known_stay(asked: Asked, caplog: Any):
    assert asked.members.groups("ada")
    asked.students = {}

    def broken(course: HubCourse) -> list[str]:
        raise ValueError("it is damaged")

    asked.members._ask = broken
    asked.now = FRESH_SECONDS + 1

    assert asked.members.groups("ada") == ["nbgrader-alibi", "nbgrader-other"]
    assert asked.members.groups("prof") == ["formgrade-alibi"]
    assert "The students of alibi are not known: it is damaged" in caplog.text


def test_the_students_of_a_gradebook_are_read_by_another_process(tiny_course: Course):
    set_roster(tiny_course, [Person("ada")], withdraw_missing=False, dry_run=False)
    course = HubCourse("course", tiny_course.root, [])

    assert ask_course(course, as_account=False) == ["ada"]


def test_a_course_of_another_name_is_no_course_of_the_hub(tiny_course: Course):
    course = HubCourse("alibi", tiny_course.root, [])

    with pytest.raises(ValueError, match=r"calls it 'course'\. Set c\.CourseDirectory\.course_id"):
        ask_course(course, as_account=False)


# Logging in

GROUPS = {"ada": ["nbgrader-alibi"]}


class Anybody(Authenticator):
    """Believes everybody."""

    async def authenticate(self, handler: Any, data: Any) -> Any:
        return data["username"]


def finished(work: Any) -> Any:
    """Return what a coroutine returns; a test that drives a browser has a loop in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def log_in(authenticator: Any, name: str, password: str = "") -> Any:
    data = {"username": name, "password": password}
    return finished(authenticator.get_authenticated_user(None, data))


@pytest.fixture
def members() -> Any:
    made = members_only(Anybody, lambda user: GROUPS.get(user, []))()
    made.admin_users = {"root-like"}
    return made


def test_a_member_logs_in_with_their_groups(members: Any):
    model = log_in(members, "ada")

    assert (model["name"], model["groups"]) == ("ada", ["nbgrader-alibi"])


def test_capital_letters_make_nobody_else(members: Any):
    assert log_in(members, "ADA")["name"] == "ada"


def test_who_is_in_no_course_does_not_log_in(members: Any):
    assert log_in(members, "mallory") is None


def test_an_administrator_need_be_in_no_course(members: Any):
    assert log_in(members, "root-like")["admin"]


def test_whoever_has_left_has_to_log_in_again(members: Any):
    def refreshed(name: str) -> Any:
        return finished(members.refresh_user(SimpleNamespace(name=name)))

    assert refreshed("ada")["groups"] == ["nbgrader-alibi"]
    assert refreshed("mallory") is False


@pytest.mark.parametrize(
    ("name", "password", "let_in"),
    [("ada", "secret", True), ("ada", "wrong", False), ("ben", "", False), ("ada", "", False)],
)
def test_a_trials_password_is_its_users_own(name: str, password: str, let_in: bool):
    authenticator = with_passwords({"ada": "secret"})()
    data = {"username": name, "password": password}

    assert (finished(authenticator.authenticate(None, data)) == name) == let_in
