"""Who may what on a hub with system accounts, tried from each role's own account."""

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from real_hub import (
    PROXY,
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

SECRET = "nobody-shall-know-this"


@dataclass
class Class:
    """A hub with two courses, and who is in them."""

    hub: Running
    folder: Path
    prof: Account
    other_prof: Account
    ada: Account
    ben: Account
    course: Account
    sessions: dict[str, requests.Session]


@pytest.fixture(scope="module")
def a_class(_released_root: Path) -> Iterator[Class]:
    if why_not():
        pytest.skip(why_not())
    names = ("prof", "otherprof", "ada", "ben", "course", "other")
    with site() as folder, accounts(*names) as (prof, other_prof, ada, ben, course, other):
        hub = _hub(folder, prof, other_prof, course, other)
        _give(hub.courses, _released_root, [ada, ben])
        at = hub.courses[0].folder
        course.python("-m", "grader", "roster", "students.csv", cwd=at)
        with running(hub, folder) as it, ThreadPoolExecutor() as together:
            exchange = f"--Exchange.root={hub.exchange}"
            course.python("-m", "nbgrader", "release_assignment", "ps1", exchange, cwd=at)
            people = (prof, other_prof, ada, ben)
            logged_in = together.map(it.session, people)
            sessions = {one.name: session for one, session in zip(people, logged_in, strict=True)}
            made = Class(it, folder, prof, other_prof, ada, ben, course, sessions)
            list(together.map(lambda student: _hand_in(made, student), (ada, ben)))
            yield made


def _hub(folder: Path, prof: Account, other_prof: Account, course: Account, other: Account) -> Hub:
    port = free_ports(5)
    return Hub(
        folder / "hub",
        [
            HubCourse("course", folder / "course", [prof.name], course.name),
            HubCourse("other", folder / "other", [other_prof.name], other.name),
        ],
        port=port,
        inner_port=port + 1,
        proxy=PROXY,
        memory_mb=1500,
        processes=150,
    )


def _give(courses: Sequence[HubCourse], released: Path, students: list[Account]) -> None:
    """Give the first course a lesson that is released, and a class; the second has neither."""
    first, second = courses
    listed = "\n".join(["id", *(one.name for one in students), ""])
    config = released / "nbgrader_config.py"
    parts = [released / "solutions", released / "notebooks", released / "classroom", config]
    give(first, parts, {"students.csv": listed, "secret.txt": SECRET}, root=released)
    give(second, [config], {}, root=released)


def _hand_in(it: Class, student: Account) -> None:
    """Fetch and submit ps1 as the Assignment List does: by the student's own server."""
    it.hub.start_server(it.sessions[student.name], student)
    for step in ("fetch", "submit"):
        told = it.hub.ask(it.sessions[student.name], student, step, "course", "ps1")
        assert told["success"], told


def inbound(it: Class) -> Path:
    return it.hub.hub.exchange / "course" / "inbound"


def submission_of(it: Class, student: Account) -> Path:
    uid = student.home.stat().st_uid
    (found,) = [
        path for path in inbound(it).glob(f"{student.name}+ps1+*") if path.stat().st_uid == uid
    ]
    return found


# Pages of a course's formgrader


@pytest.mark.parametrize(
    ("who", "status"), [("prof", 200), ("other_prof", 403), ("ada", 403)], ids=str
)
def test_only_a_courses_own_graders_open_its_formgrader(a_class: Class, who: str, status: int):
    session = a_class.sessions[getattr(a_class, who).name]

    page = session.get(f"{a_class.hub.base}/services/course/formgrader/manage_assignments")

    assert page.status_code == status
    assert ("Add new assignment" in page.text) == (status == 200)


@pytest.mark.parametrize("page", ["formgrader/", "formgrader/api/assignments", "formgraders"])
def test_a_students_own_server_has_no_instructors_tools(a_class: Class, page: str):
    session = a_class.sessions[a_class.ada.name]

    assert session.get(f"{a_class.hub.base}/user/{a_class.ada.name}/lab").ok
    assert session.get(f"{a_class.hub.base}/user/{a_class.ada.name}/{page}").status_code == 404


def test_a_students_jupyterlab_shows_no_instructors_tools(a_class: Class):
    page = a_class.sessions[a_class.ada.name].get(f"{a_class.hub.base}/user/{a_class.ada.name}/lab")
    disabled = re.search(r'"disabledExtensions": \[(.*?)\]', page.text, re.DOTALL)

    assert disabled
    for tool in ("formgrader", "create-assignment", "course-list"):
        assert f"@jupyter/nbgrader:{tool}" in disabled[1]
    assert "assignment-list" not in disabled[1]


# Servers, and the hub's API


@pytest.mark.parametrize("who", ["ben", "prof", "other_prof"])
@pytest.mark.parametrize("page", ["lab", "api/contents", "api/status", "files/x"])
def test_nobody_opens_the_server_of_another(a_class: Class, who: str, page: str):
    session = a_class.sessions[getattr(a_class, who).name]

    answer = session.get(f"{a_class.hub.base}/user/{a_class.ada.name}/{page}")

    assert answer.status_code == 403


ASKED = [
    ("get", "users"),
    ("get", "users/{ben}"),
    ("get", "users/{ben}/tokens"),
    ("post", "users/{ben}/tokens"),
    ("post", "users/{ben}/server"),
    ("delete", "users/{ben}/server"),
    ("post", "users/mallory"),
    ("patch", "users/{ada}"),
    ("get", "groups"),
    ("post", "groups/formgrade-course/users"),
    ("get", "services/course"),
    ("get", "proxy"),
    ("post", "shutdown"),
]


@pytest.mark.parametrize("by", ["cookie", "server's token"])
@pytest.mark.parametrize(("method", "path"), ASKED, ids=lambda value: value)
def test_a_student_asks_the_hub_for_nothing_beyond_their_own(
    a_class: Class, method: str, path: str, by: str
):
    url = f"{a_class.hub.base}/hub/api/" + path.format(ada=a_class.ada.name, ben=a_class.ben.name)
    ask: Any = a_class.sessions[a_class.ada.name].request
    headers = {}
    if by != "cookie":
        ask, headers = requests.request, {"Authorization": f"token {token_of(a_class.ada)}"}

    answer = ask(method, url, json={"users": [a_class.ada.name]}, headers=headers)

    assert answer.status_code in (403, 404), answer.text


def test_their_own_they_may_ask_for(a_class: Class):
    me = a_class.sessions[a_class.ada.name].get(f"{a_class.hub.base}/hub/api/user").json()

    assert me["name"] == a_class.ada.name
    assert me["groups"] == ["nbgrader-course"]
    assert not me["admin"]


def token_of(account: Account) -> str:
    """Return the token that an account's server has in its environment."""
    return environments(account)["JUPYTERHUB_API_TOKEN"]


def environments(account: Account) -> dict[str, str]:
    found: dict[str, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.owner() == account.name:
                words = (process / "environ").read_text().split("\0")
                found |= dict(word.split("=", 1) for word in words if "=" in word)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("token", ["", "wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/hub/api/users/{ada}/tokens"),
        ("delete", "/hub/api/users/{ada}/server"),
        ("put", "/user/{ada}/api/contents/x.txt"),
        ("post", "/user/{ada}/assignments/submit"),
    ],
)
def test_what_changes_something_needs_the_pages_own_token(
    a_class: Class, method: str, path: str, token: str
):
    session = a_class.sessions[a_class.ada.name]
    url = a_class.hub.base + path.format(ada=a_class.ada.name)

    answer = session.request(method, url, json={}, headers={"X-XSRFToken": token})

    assert answer.status_code == 403
    assert "xsrf" in answer.text.lower()


def test_the_formgraders_changes_need_the_pages_own_token(a_class: Class):
    session = a_class.sessions[a_class.prof.name]
    url = f"{a_class.hub.base}/services/course/formgrader/api/assignment/ps1"

    answer = session.put(url, json={}, headers={"X-XSRFToken": "wrong"})

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["ada", "prof"])
def test_a_wrong_password_lets_nobody_in(a_class: Class, name: str):
    somebody = replace(getattr(a_class, name), password="wrong")

    with pytest.raises(AssertionError):
        a_class.hub.session(somebody)


def test_who_is_in_no_course_does_not_get_in(a_class: Class):
    with pytest.raises(AssertionError):
        a_class.hub.session(a_class.course)


# Files and processes

LOOK = """
import os, sys
for top in sys.argv[1:]:
    for folder, below, files in os.walk(top):
        for path in [os.path.join(folder, name) for name in files]:
            if os.access(path, os.R_OK):
                print(path)
"""


def readable(account: Account, *tops: Path) -> list[Path]:
    """Return the files that an account finds and can read."""
    return [Path(line) for line in account.python("-c", LOOK, *map(str, tops)).splitlines()]


def test_a_student_reads_released_lessons_and_jupyters_settings_only(a_class: Class):
    home = a_class.folder
    seen = readable(a_class.ada, home / "hub", home / "course", home / "other", a_class.ben.home)
    lessons = home / "hub" / "exchange" / "course" / "outbound"

    assert lessons / "ps1" / "ps1.ipynb" in seen
    others = [path for path in seen if lessons not in path.parents]
    assert {path.relative_to(home / "hub").parts[0] for path in others} == {"jupyter"}


@pytest.mark.parametrize(
    "path",
    [
        "course/solutions/ps1/ps1.ipynb",
        "course/classroom/gradebook.db",
        "course/secret.txt",
        "course/nbgrader_config.py",
        "hub/private/jupyterhub.sqlite",
        "hub/private/cookie_secret",
        "hub.log",
    ],
)
@pytest.mark.parametrize("who", ["ada", "other_prof", "prof"])
def test_what_is_the_courses_and_the_hubs_own_is_closed(a_class: Class, path: str, who: str):
    file = a_class.folder / path
    assert file.exists()

    told = getattr(a_class, who).run("/usr/bin/head", "-c1", str(file))

    assert "Permission denied" in told.stderr


def test_a_student_cannot_list_or_take_away_what_others_handed_in(a_class: Class):
    theirs = submission_of(a_class, a_class.ben)

    told = [
        a_class.ada.run("/usr/bin/ls", str(inbound(a_class))),
        a_class.ada.run("/usr/bin/mv", str(theirs), str(a_class.ada.home)),
        a_class.ada.run("/usr/bin/rmdir", str(theirs.parent)),
        a_class.ada.run("/usr/bin/mv", str(theirs.parents[1]), str(theirs.parents[2] / "away")),
        a_class.ada.run("/usr/bin/ls", str(theirs.parents[1] / "feedback")),
        a_class.ada.run("/usr/bin/touch", str(theirs.parents[1] / "outbound" / "mine")),
    ]

    assert [one.returncode for one in told] != [0] * len(told)
    assert all(one.returncode for one in told), [one.args for one in told if not one.returncode]
    assert theirs.exists()


FORGE = """
import os, sys
inbound, student, solution = sys.argv[1:]
folder = f"{inbound}/{student}+ps1+2099-01-01 00:00:00 UTC+forged"
os.mkdir(folder)
os.symlink(solution, f"{folder}/ps1.ipynb")
for name in ("timestamp.txt", "submission_secret.txt"):
    open(f"{folder}/{name}", "w").write("2099-01-01 00:00:00 UTC")
os.mkdir(f"{inbound}/{student}+ps1+soon+forged")
"""


def test_a_student_hands_in_for_nobody_else_and_no_link_to_the_solution(a_class: Class):
    """Ada forges a later submission of Ben's, which links to the solution, and a name of none."""
    course = a_class.hub.hub.courses[0].folder
    solution = course / "solutions" / "ps1" / "ps1.ipynb"
    a_class.ada.python("-c", FORGE, str(inbound(a_class)), a_class.ben.name, str(solution))

    collect = "import os; os.environ['JUPYTER_CONFIG_PATH'] = os.sys.argv[1];"
    collect += "from nbgrader.apps import CollectApp; CollectApp.launch_instance(['ps1'])"
    settings = a_class.hub.hub.jupyter(a_class.course.name)
    a_class.course.python("-c", collect, str(settings), cwd=course)

    submitted = course / "classroom" / "submitted"
    for student in (a_class.ben, a_class.ada):
        taken = submitted / student.name / "ps1"
        assert "2099" not in (taken / "timestamp.txt").read_text()
        assert (taken / "ps1.ipynb").read_bytes() != solution.read_bytes()


def test_the_folder_of_a_submission_cannot_be_guessed(a_class: Class):
    name = submission_of(a_class, a_class.ben).name

    assert re.fullmatch(r"[^+]+\+ps1\+[^+]+\+.{10,}", name)


def test_no_secret_stands_in_the_list_of_processes(a_class: Class):
    secrets = [one.password for one in (a_class.prof, a_class.ada)]
    secrets += [(a_class.folder / "hub/private/cookie_secret").read_text().strip(), SECRET]
    pids = processes_below(a_class.hub.pid)
    for pid in pids:
        words = told_of(pid, "environ").split("\0")
        secrets += [word.split("=", 1)[1] for word in words if "TOKEN=" in word.split("=")[0] + "="]

    told = "\n".join(told_of(pid, "cmdline") for pid in pids)

    assert len(pids) > 5
    assert len(secrets) > 6
    assert [secret for secret in secrets if secret and secret in told] == []


def test_all_of_the_hub_listens_on_loopback_only(a_class: Class):
    pids = processes_below(a_class.hub.pid)
    addresses = listening(pids)

    assert len(addresses) >= 7, addresses
    assert set(addresses.values()) == {"127.0.0.1"}


def listening(pids: set[int]) -> dict[int, str]:
    """Return the ports on which processes listen, with the address."""
    sockets = {link for pid in pids for link in _links(pid)}
    found = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                address, port = fields[1].split(":")
                mine = address in ("0100007F", "00000000000000000000000001000000")
                found[int(port, 16)] = "127.0.0.1" if mine else address
    return found


def _links(pid: int) -> list[str]:
    links = []
    for one in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            links.append(os.readlink(one))
        except OSError:
            continue
    return links


def test_a_students_server_has_its_limits(a_class: Class):
    (pid,) = [
        pid
        for pid in processes_below(a_class.hub.pid)
        if "singleuser" in told_of(pid, "cmdline")
        and f"JUPYTERHUB_USER={a_class.ada.name}\0" in told_of(pid, "environ")
    ]
    limits = SimpleNamespace(text=told_of(pid, "limits"))

    assert re.search(rf"Max data size +{1500 * 2**20} +{1500 * 2**20} ", limits.text)
    assert re.search(r"Max processes +150 +150 ", limits.text)


def test_the_home_of_a_student_with_a_server_is_closed(a_class: Class):
    assert a_class.ada.home.stat().st_mode & 0o077 == 0
