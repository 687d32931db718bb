"""A class at once on a hub on loopback: log in, fetch, submit, wait for the feedback."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import requests

from grader.course.course import Course
from grader.deploy import trial
from grader.deploy.hub import Hub
from grader.deploy.limits import take_turns
from grader.deploy.roles import services
from grader.gradebook.totals import totals_of
from tests.bench.figures import Figure
from tests.bench.machine import below, memory_below

CONFIG = """
import sys

sys.path.insert(0, {root!r})

from tests.bench.load import configure_load

configure_load(get_config(), {folder!r}, {port}, {students})
"""
PATIENCE = 1800.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Visit:
    """One student's way: seconds from the beginning to each step's end."""

    student: str
    ready: float
    fetched: float
    submitted: float
    feedback: float


def load_hub(folder: Path, port: int, students: int) -> Hub:
    """Return a trial hub for a class of this size, which grades on submit."""
    trial.STUDENTS = {f"s{number:03}": f"Student {number}" for number in range(students)}
    hub = trial.trial_hub(folder, port)
    (course,) = hub.courses
    return replace(hub, courses=[replace(course, grade_on_submit=True)], inner_port=port + 1)


def configure_load(c: Any, folder: str, port: int, students: int) -> None:
    """Configure the hub: grade on submit is measured, and not the formgrader."""
    hub = load_hub(Path(folder), port, students)
    trial.configure_trial(c, hub, trial.passwords(hub.private / "passwords.json"))
    formgraders = {course.name for course in hub.courses}
    c.JupyterHub.services = [
        one for one in services(hub, as_accounts=False) if one["name"] not in formgraders
    ]
    take_turns(c)
    if os.geteuid() == 0:
        c.Spawner.args = ["--allow-root"]


def load(here: Course, folder: Path, students: int, port: int = 18_700) -> Iterator[Figure]:
    """Measure a class that does all of it at once."""
    hub = load_hub(folder, port, students)
    passwords = trial.set_up(hub, here.root)
    lesson = here.lessons()[0]
    answered = json.loads(
        next((hub.courses[0].folder / "notebooks" / lesson).glob("*")).read_text()
    )
    with _running(hub, students) as process:
        base, begin = f"http://127.0.0.1:{port}", time.monotonic()
        with memory_below(process.pid) as megabytes, ThreadPoolExecutor(students) as crowd:
            visits = list(
                crowd.map(
                    lambda name: _visit(base, name, passwords[name], lesson, answered, begin),
                    trial.STUDENTS,
                )
            )
        seconds = time.monotonic() - begin
        yield from _figures(hub, lesson, visits, seconds, megabytes())


def _figures(
    hub: Hub, lesson: str, visits: Sequence[Visit], seconds: float, megabytes: float
) -> Iterator[Figure]:
    (course,) = hub.courses
    inbound = (hub.exchange / course.name / "inbound").iterdir()
    handed_in = Counter(path.name.split("+")[0] for path in inbound)
    recorded = totals_of(Course(course.folder), lesson)
    count = len(visits)
    yield Figure("students with feedback", len({one.student for one in visits}), "", count, count)
    yield Figure("submissions that arrived", handed_in.total(), "", count, count)
    yield Figure("the most of one student", max(handed_in.values()), "", 1, 1)
    yield Figure("students in the gradebook", len(recorded), "", count, count)
    yield _spread("log in until the server is ready", [one.ready for one in visits])
    yield _spread("from fetch to submit", [one.submitted - one.ready for one in visits])
    yield _spread("submit until the feedback", [one.feedback - one.submitted for one in visits])
    yield Figure("all of it", seconds, "s")
    yield Figure("memory of hub and servers", megabytes, "MB", seen=f"{megabytes / count:.0f} each")


def _spread(what: str, seconds: Sequence[float]) -> Figure:
    ninth = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return Figure(
        what, median(seconds), "s", seen=f"90 % below {ninth:.1f}, all {max(seconds):.1f}"
    )


@contextmanager
def _running(hub: Hub, students: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the hub, and end it with all that it started."""
    log, config = hub.private / "log", hub.private / "jupyterhub_config.py"
    place = {"root": str(ROOT), "folder": str(hub.folder), "port": hub.port}
    config.write_text(CONFIG.format(students=students, **place))
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", str(config), "--log-level=WARN"],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _until(lambda: _answers(hub, process, log))
        yield process
    finally:
        for one in (process.pid, *below(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.wait()


def _answers(hub: Hub, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"The hub ended: {log.read_text()[-1000:]}")
    return requests.get(f"http://127.0.0.1:{hub.port}/hub/api", timeout=5).ok


def _until(true: Any, pause: float = 0.5) -> Any:
    """Ask again and again; a busy hub may refuse, or be slow to answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(requests.RequestException):
            if answer := true():
                return answer
        time.sleep(pause)
    raise TimeoutError(f"nothing came within {PATIENCE:.0f} s")


def _visit(base: str, name: str, password: str, lesson: str, answered: Any, begin: float) -> Visit:
    session = _log_in(base, name, password)
    _until(lambda: _started(session, base, name))
    ready = time.monotonic() - begin
    where = {"course_id": "linbias", "assignment_id": lesson}
    server = _Server(session, f"{base}/user/{name}", name)
    server.post("assignments/fetch", where)
    fetched = time.monotonic() - begin
    server.save(f"linbias/{lesson}/{lesson}.ipynb", answered, name)
    server.post("assignments/submit", where)
    submitted = time.monotonic() - begin
    _until(lambda: server.has_feedback(lesson), pause=1.0)
    server.post("assignments/fetch_feedback", where)
    return Visit(name, ready, fetched, submitted, time.monotonic() - begin)


def _log_in(base: str, name: str, password: str) -> requests.Session:
    session = requests.Session()
    _until(lambda: session.get(f"{base}/hub/login", timeout=60).ok)
    form = {"username": name, "password": password, "_xsrf": session.cookies["_xsrf"]}
    done = session.post(f"{base}/hub/login", {"next": "/hub/home"} | form, timeout=300)
    assert done.ok, done.text[:300]
    return session


def _started(session: requests.Session, base: str, name: str) -> bool:
    """Ask for the server, as often as the hub says that it has too much to do; tell when it is."""
    me = session.get(f"{base}/hub/api/users/{name}", timeout=60).json()
    if me["server"]:
        return session.get(f"{base}/user/{name}/lab", timeout=300).ok
    if not me["pending"]:
        token = session.cookies.get("_xsrf", path="/hub/")
        url = f"{base}/hub/api/users/{name}/server"
        session.post(url, json={}, headers={"X-XSRFToken": token or ""}, timeout=300)
    return False


class _Server:
    """A student's own server."""

    def __init__(self, session: requests.Session, base: str, name: str) -> None:
        self._session, self._base = session, base
        token = session.cookies.get("_xsrf", path=f"/user/{name}/") or ""
        self._headers = {"X-XSRFToken": token}

    def post(self, path: str, data: dict[str, str]) -> None:
        done = self._session.post(
            f"{self._base}/{path}", data=data, headers=self._headers, timeout=300
        )
        assert done.ok, done.text[:300]
        assert done.json()["success"], done.text[:300]

    def save(self, path: str, notebook: Any, name: str) -> None:
        """Save the notebook with something of the student's own in it."""
        cell = {"cell_type": "code", "id": f"own-{name}", "metadata": {}, "outputs": []}
        own = cell | {"execution_count": None, "source": f"# {name} {secrets.token_hex(4)}"}
        content = notebook | {"cells": [*notebook["cells"], own]}
        done = self._session.put(
            f"{self._base}/api/contents/{path}",
            json={"type": "notebook", "format": "json", "content": content},
            headers=self._headers,
            timeout=300,
        )
        assert done.ok, done.text[:300]

    def has_feedback(self, lesson: str) -> bool:
        listed = self._session.get(
            f"{self._base}/assignments", params={"course_id": "linbias"}, timeout=300
        ).json()
        return any(
            submission["has_exchange_feedback"]
            for one in listed["value"]
            if one["assignment_id"] == lesson
            for submission in one.get("submissions", [])
        )
