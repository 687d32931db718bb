"""The hub's folders: whose they are, and a course that is refused."""

import getpass
from pathlib import Path

import pytest

from grader.deploy.folders import check_course, make_exchange
from grader.deploy.hub import Hub, HubCourse
from grader.errors import CourseError


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_students_can_hand_in_and_not_see_what_others_handed_in(tmp_path: Path):
    hub = Hub(tmp_path, [HubCourse("alibi", tmp_path, [])])

    make_exchange(hub, as_accounts=False)

    course = hub.exchange / "alibi"
    assert mode(hub.exchange) == 0o1777  # nbgrader wants it open; nobody removes what is another's
    assert mode(course) == mode(course / "outbound") == 0o755
    assert mode(course / "inbound") == 0o3733
    assert mode(course / "feedback") == 0o711


def test_a_course_that_others_can_look_into_is_refused(tmp_path: Path):
    tmp_path.chmod(0o755)
    course = HubCourse("alibi", tmp_path, [], account=getpass.getuser())

    with pytest.raises(CourseError, match=f"Close it: chown .* chmod 700 {tmp_path}"):
        check_course(course)
    tmp_path.chmod(0o700)
    check_course(course)


def test_a_course_without_its_account_is_refused(tmp_path: Path):
    course = HubCourse("alibi", tmp_path, [], account="no-such-account")

    with pytest.raises(CourseError, match="useradd --create-home no-such-account"):
        check_course(course)
