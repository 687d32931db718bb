"""A Dask cluster: a real scheduler and two workers, one of which is killed on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tiny_course import write_notebook

from grader.autograde.run import autograde
from grader.autograde.workers import dask_cluster
from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook.record import record

# distributed leaves event loops and sockets to the garbage collector when a cluster goes away.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

SLOW = "import time\ndef square(x):\n    time.sleep(0.1)\n    return x * x"
ANSWERS = {
    "right": {"square": SLOW, "answer": "answer = 42", "explain_square": "Four sides."},
    "half": {"square": SLOW.replace("x * x", "x + x"), "answer": "answer = 42"},
    "stub": {},
    "exits": {"square": "import os; os._exit(1)", "answer": "answer = 42"},
}
STUDENTS = {f"{kind}{number}": kind for number in range(4) for kind in ANSWERS}
SECONDS = 60


@dataclass
class Cluster:
    """A scheduler's address and its workers' processes."""

    address: str
    workers: list[subprocess.Popen[bytes]]


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    dask = Path(sys.executable).with_name("dask")
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([dask, *arguments], cwd=folder, stdout=log, stderr=log)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(ready: Any, what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def address_in(contact: Path) -> str:
    """Return where a scheduler answers, once it has written that down: an empty file is first."""
    wait_until(
        lambda: contact.exists() and contact.read_text() != "", "the scheduler did not start"
    )
    return str(json.loads(contact.read_text())["address"])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers of one thread, on this machine only."""
    folder = tmp_path_factory.mktemp("dask")
    contact = folder / "scheduler.json"
    here = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(contact)]
    with ExitStack() as stack:
        scheduler = start(folder, "scheduler", *here, "--port", "0")
        stack.callback(stop, scheduler)
        # No nanny: a worker that was killed stays dead.
        arguments = ["worker", *here, "--nthreads", "1", "--no-nanny", "--death-timeout", "60"]
        workers = [start(folder, *arguments) for _ in range(2)]
        for worker in workers:
            stack.callback(stop, worker)
        address = address_in(contact)
        wait_until(lambda: workers_of(address) == 2, (folder / "log").read_text())
        yield Cluster(address, workers)


def workers_of(address: str) -> int:
    try:
        with dask_cluster(address) as (_, workers):
            return workers
    except CourseError:
        return 0


@pytest.fixture
def course(released_course: Course) -> Course:
    """The tiny course with sixteen submissions."""
    for student, kind in STUDENTS.items():
        released = released_course.folder("release", ".", "ps1") / "ps1.ipynb"
        notebook = nbformat.read(released, as_version=4)
        for cell in notebook.cells:
            cell.source = ANSWERS[kind].get(cell.id, cell.source)
        place = released_course.folder("submitted", student, "ps1") / "ps1.ipynb"
        write_notebook(notebook, place)
    return released_course


def everything(course: Course) -> tuple[Any, Any]:
    """The gradebook's scores, and the outcomes without times."""
    with course.gradebook() as gradebook:
        scores = {
            (submission.student_id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
    outcomes = [
        (
            *(outcome.student, outcome.status, outcome.reason, outcome.notes, outcome.digest),
            *((result.cell, result.points, result.message) for result in outcome.results),
        )
        for outcome in course.outcomes("ps1")
    ]
    return scores, outcomes


def test_with_a_worker_killed_on_the_way_nothing_is_lost_and_nothing_recorded_twice(
    course, cluster, tmp_path, monkeypatch
):
    recorded: list[str] = []

    def count(course: Course, gradebook: Any, outcome: Any, timestamp: Any) -> None:
        record(course, gradebook, outcome, timestamp)
        recorded.append(outcome.student)
        if len(recorded) == 4:
            cluster.workers[0].send_signal(signal.SIGKILL)

    other = Course(shutil.copytree(course.root, tmp_path / "other"))
    with monkeypatch.context() as patch:
        patch.setattr("grader.autograde.run.record", count)
        outcomes = autograde(course, "ps1", scheduler=cluster.address)
    os.chdir(other.root)
    autograde(other, "ps1", jobs=1)

    assert cluster.workers[0].wait(5) == -signal.SIGKILL
    assert [outcome.student for outcome in outcomes] == sorted(STUDENTS)
    assert Counter(recorded) == dict.fromkeys(STUDENTS, 1)
    assert everything(course) == everything(other)
    assert workers_of(cluster.address) == 1


def test_on_the_worker_that_is_left_a_second_run_grades_what_is_new(course, cluster):
    autograde(course, "ps1", scheduler=cluster.address, students=["right0"])
    outcomes = autograde(course, "ps1", scheduler=cluster.address, students=["right0", "half0"])

    assert {
        outcome.student: [result.points for result in outcome.results] for outcome in outcomes
    } == {
        "half0": [0, 1, 0],
        "right0": [2, 1, None],
    }


def test_a_scheduler_without_workers_is_told_of(course, tmp_path):
    contact = tmp_path / "scheduler.json"
    arguments = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(contact)]
    scheduler = start(tmp_path, "scheduler", *arguments, "--port", "0")
    try:
        address = address_in(contact)
        with pytest.raises(CourseError, match="has no workers: start `dask worker`"):
            autograde(course, "ps1", scheduler=address)
    finally:
        stop(scheduler)
