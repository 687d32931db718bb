"""Hub, proxy and grade on submit are killed while students work and submit; nothing is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from real_hub import (
    PROXY,
    START_SECONDS,
    Account,
    Running,
    accounts,
    free_ports,
    give,
    processes_below,
    running,
    site,
    told_of,
    why_not,
)

from grader.deploy.hub import Hub, HubCourse

RIGHT = {"square": "def square(x):\n    return x * x"}
SUM = {"square": "def square(x):\n    return x + x"}
# Long enough to be killed amid it.
SLOW = {"answer": "import time\ntime.sleep(4)\nanswer = 41"}
# It prints what the gradebook has of ps1: student, the points that tests gave, those given by hand.
GRADEBOOK = """
from grader.course.course import Course
with Course.here().gradebook() as gradebook:
    for one in gradebook.assignment_submissions("ps1"):
        grades = one.notebooks[0].grades
        print(one.student_id, sum(each.auto_score or 0 for each in grades),
              *(each.manual_score for each in grades if each.manual_score is not None))
"""


@dataclass
class Class:
    """A class at work, and what was seen of it."""

    it: Running
    prof: Account
    students: Sequence[Account]
    course: Account
    sessions: dict[str, requests.Session] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    def together(self, do: Callable[[Account], Any]) -> list[Any]:
        """Let all students do the same at once."""
        with ThreadPoolExecutor() as crowd:
            return list(crowd.map(do, self.students))

    def work(self, student: Account, answers: dict[str, str]) -> bool:
        """Save answers in the notebook, by the student's own server; return whether it is saved."""
        session, server = self.sessions[student.name], f"{self.it.base}/user/{student.name}"
        address = f"{server}/api/contents/course/ps1/ps1.ipynb"
        notebook = session.get(address).json()["content"]
        for cell in notebook["cells"]:
            cell["source"] = answers.get(cell["id"], cell["source"])
        token = session.cookies.get("_xsrf", path=f"/user/{student.name}/")
        saved = session.put(
            address,
            json={"type": "notebook", "format": "json", "content": notebook},
            headers={"X-XSRFToken": token},
        )
        return saved.ok

    def submit(self, student: Account) -> bool:
        """Submit; return whether the student is told that it is done."""
        told = self.it.ask(self.sessions[student.name], student, "submit", "course", "ps1")
        return bool(told["success"])

    def started(self, student: Account) -> str:
        """Return when a student's server was started, which tells one from the next."""
        url = f"{self.it.base}/user/{student.name}/api/status"
        return str(self.sessions[student.name].get(url).json()["started"])

    def has_feedback(self, student: Account) -> bool:
        """Fetch feedback; return whether there is any to the student's newest submission."""
        self.it.ask(self.sessions[student.name], student, "fetch_feedback", "course", "ps1")
        names = [path.name for path in self.inbound if path.name.startswith(f"{student.name}+")]
        newest = max(name.split("+")[2] for name in names)
        return (student.home / "course/ps1/feedback" / newest / "ps1.html").exists()

    @property
    def inbound(self) -> list[Path]:
        """All that was handed in."""
        return list((self.it.hub.exchange / "course" / "inbound").iterdir())

    @property
    def pages(self) -> list[Path]:
        """The feedback in the exchange."""
        return list((self.it.hub.exchange / "course" / "feedback").iterdir())

    @property
    def gradebook(self) -> dict[str, list[list[float]]]:
        """What the gradebook has of each student, once for each submission that it knows."""
        found: dict[str, list[list[float]]] = {one.name: [] for one in self.students}
        told = self.course.python("-P", "-c", GRADEBOOK, cwd=self.it.hub.courses[0].folder)
        for name, *points in map(str.split, told.splitlines()):
            found[name].append([float(each) for each in points])
        return found

    def amid_grading(self) -> None:
        """Wait until students' code runs, of which there is no feedback yet."""
        until(lambda: len(processes_below(self.watch)) > 2, self.it)

    @property
    def watch(self) -> int:
        """The process of grade on submit; the ones below it bear its name, too."""
        words = "-m\0grader\0watch\0"
        pids = [pid for pid in processes_below(self.it.pid) if words in told_of(pid, "cmdline")]
        return min(pids, default=0)


def until(true: Callable[[], Any], it: Running) -> None:
    """Wait until something is true; what is down answers nothing."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(requests.RequestException):
            if true():
                return
        time.sleep(0.1)
    raise TimeoutError(it.log.read_text()[-5000:])


@pytest.fixture(scope="module")
def story(_released_root: Path) -> Iterator[Class]:
    """Kill one after the other, once; the tests look at what was seen."""
    if why_not():
        pytest.skip(why_not())
    names = ("prof", "ada", "ben", "course")
    with site() as folder, accounts(*names) as (prof, ada, ben, course):
        hub = _hub(folder, prof, course)
        _give(hub.courses[0], course, _released_root, [ada, ben])
        with running(hub, folder) as it:
            exchange = f"--Exchange.root={hub.exchange}"
            course.python(
                "-m", "nbgrader", "release_assignment", "ps1", exchange, cwd=folder / "course"
            )
            made = Class(it, prof, [ada, ben], course)
            made.together(lambda student: _begin(made, student))
            made.seen["started"] = made.together(made.started)
            kill_the_watch(made)
            kill_the_proxy(made)
            until(lambda: len(made.pages) == 2, it)
            mark_by_hand(made)
            kill_the_hub(made)
            made.seen["submitted"] = made.together(made.submit)
            until(lambda: all(made.together(made.has_feedback)), it)
            made.seen["handed in"] = len(made.inbound)
            made.seen["gradebook"] = made.gradebook
            yield made


def _hub(folder: Path, prof: Account, course: Account) -> Hub:
    port = free_ports(4)
    taught = HubCourse("course", folder / "course", [prof.name], course.name, grade_on_submit=True)
    return Hub(folder / "hub", [taught], port=port, inner_port=port + 1, proxy=PROXY)


def _give(taught: HubCourse, course: Account, released: Path, students: list[Account]) -> None:
    listed = "\n".join(["id", *(one.name for one in students), ""])
    parts = ("solutions", "notebooks", "classroom", "nbgrader_config.py")
    give(taught, [released / name for name in parts], {"students.csv": listed}, root=released)
    course.python("-m", "grader", "roster", "students.csv", cwd=taught.folder)


def _begin(made: Class, student: Account) -> None:
    session = made.sessions[student.name] = made.it.session(student)
    made.it.start_server(session, student)
    assert made.it.ask(session, student, "fetch", "course", "ps1")["success"]


def kill_the_watch(made: Class) -> None:
    """Both submit, and it is killed amid grading."""
    made.together(lambda student: made.work(student, SUM | SLOW) and made.submit(student))
    made.amid_grading()
    made.seen["pages then"] = len(made.pages)
    os.kill(made.watch, signal.SIGKILL)


def kill_the_proxy(made: Class) -> None:
    """The hub starts another one, and both students go on working."""
    proxy = made.it.hub.private / "proxy.pid"
    first = proxy.read_text()
    os.kill(int(first), signal.SIGKILL)
    until(lambda: proxy.exists() and proxy.read_text() != first, made.it)
    until(lambda: all(made.together(made.started)), made.it)
    made.seen["saved without the first proxy"] = made.together(lambda one: made.work(one, RIGHT))


def mark_by_hand(made: Class) -> None:
    """Give points to what students wrote, in the formgrader."""
    session = made.sessions["prof"] = made.it.session(made.prof)
    api = f"{made.it.base}/services/course/formgrader/api"
    for one in session.get(f"{api}/submitted_notebooks/ps1/ps1").json():
        for grade in session.get(f"{api}/grades", params={"submission_id": one["id"]}).json():
            if grade["name"] == "explain_square":
                token = session.cookies.get("_xsrf", path="/services/course/")
                given = session.put(
                    f"{api}/grade/{grade['id']}",
                    json={"manual_score": 2.5},
                    headers={"X-XSRFToken": token},
                )
                assert given.ok, given.text


def kill_the_hub(made: Class) -> None:
    """It is killed amid grading; the students' servers and the proxy go on without it."""
    made.together(made.submit)
    made.amid_grading()
    services = [
        pid
        for pid in processes_below(made.it.pid)
        if "JUPYTERHUB_SERVICE_NAME=" in told_of(pid, "environ")
    ]
    made.it.kill()
    made.seen["saved without a hub"] = made.together(
        lambda student: made.work(student, {"answer": "answer = 42"})
    )
    made.seen["submitted without a hub"] = made.together(made.submit)
    made.it.start()
    made.seen["started again"] = made.together(made.started)
    made.seen["services"] = len(services)
    made.seen["old services"] = [pid for pid in services if told_of(pid, "cmdline")]
    formgrader = f"{made.it.base}/services/course/formgrader/manage_assignments"
    made.seen["formgrader"] = made.sessions["prof"].get(formgrader).ok


def test_it_was_killed_while_it_graded(story: Class):
    assert story.seen["pages then"] == 0


def test_students_save_their_work_whatever_is_down(story: Class):
    assert story.seen["saved without the first proxy"] == [True, True]
    assert story.seen["saved without a hub"] == [True, True]
    for student in story.students:
        saved = (student.home / "course/ps1/ps1.ipynb").read_text()
        assert "return x * x" in saved
        assert "answer = 42" in saved


def test_who_submits_while_there_is_no_hub_is_told_and_submits_again(story: Class):
    assert story.seen["submitted without a hub"] == [False, False]
    assert story.seen["submitted"] == [True, True]


def test_a_hub_that_was_killed_finds_the_students_servers_running(story: Class):
    assert story.seen["started again"] == story.seen["started"]


def test_the_services_end_with_a_hub_that_was_killed_and_the_next_one_starts_its_own(story: Class):
    assert story.seen["services"] >= 3
    assert story.seen["old services"] == []
    assert story.seen["formgrader"]


def test_each_submission_that_was_told_to_be_done_lies_in_the_exchange(story: Class):
    assert story.seen["handed in"] == 3 * len(story.students)


def test_the_gradebook_has_each_student_once_with_all_points(story: Class):
    """Both tests' points, 2 and 1, and the 2.5 that were given by hand before the kill."""
    assert story.seen["gradebook"] == {one.name: [[3.0, 2.5]] for one in story.students}
