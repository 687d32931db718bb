"""Killed at any moment and run again, grading ends as if nothing had happened."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from state import everything
from tiny_course import write_notebook

import grader.gradebook.record
from grader.autograde.pool import close_pools
from grader.autograde.run import autograde
from grader.course.course import Course
from grader.gradebook.record import is_recorded, record
from grader.outcome import Outcome

# It stands in the first environment of every process that belongs here.
MARK = f"mark_{os.getpid()}_{time.monotonic_ns()}"
PAUSE = "import time\ntime.sleep(0.2)\n"
ANSWERS = {
    "right": {
        "square": f"{PAUSE}def square(x): return x * x",
        "answer": "answer = 42",
        "explain_square": "Four equal sides.",
    },
    "wrong": {"square": f"{PAUSE}def square(x): return x", "answer": f"{PAUSE}answer = 1"},
    "stub": {},
    "endless": {"square": "while True: pass", "answer": "answer = 42"},
    "damaged": None,
}
STUDENTS = [f"{kind}{number}" for number in range(2) for kind in ANSWERS]
SECONDS = 120


def hand_in(course: Course, student: str) -> None:
    answers = ANSWERS[student[:-1]]
    place = course.folder("submitted", student, "ps1") / "ps1.ipynb"
    notebook = nbformat.read(course.folder("release", ".", "ps1") / "ps1.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = (answers or {}).get(cell.id, cell.source)
    write_notebook(notebook, place)
    (place.parent / "timestamp.txt").write_text("2026-10-30 18:00:00 UTC")
    if answers is None:
        place.write_text("{")


@pytest.fixture(scope="module")
def handed_in(_released_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = shutil.copytree(_released_root, tmp_path_factory.mktemp("resume") / "course")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.Grader.cell_seconds = 0.5\n")
    course = Course(root)
    for student in STUDENTS:
        hand_in(course, student)
    return course


def copy(course: Course, folder: Path) -> Course:
    return Course(shutil.copytree(course.root, folder / "course"))


@pytest.fixture(scope="module")
def undisturbed(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course graded in one go."""
    course = copy(handed_in, tmp_path_factory.mktemp("undisturbed"))
    autograde(course, "ps1", jobs=1)
    return course


# Processes


def family(pid: int) -> set[int]:
    """Return a process with all its descendants."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = Path(f"/proc/{name}/stat").read_text()
        except OSError:
            continue
        parents[int(name)] = int(status.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def marked() -> set[int]:
    """Return the processes that were started with the mark, and those forked from them."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if MARK.encode() in Path(f"/proc/{name}/environ").read_bytes():
                found.add(int(name))
        except OSError:
            continue
    return found


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def wait_until(true: Callable[[], Any], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 a run; nothing of it may be left a few seconds later."""
    process.send_signal(signal.SIGSTOP)  # so that it starts nothing while we look
    mine = family(process.pid) - {process.pid}
    process.kill()
    process.wait()
    wait_until(lambda: not alive(mine) and not marked(), 10, "a process lives on")


def start(course: Course, jobs: int, errors: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "grader", "autograde", "ps1", "--jobs", str(jobs)]
    out, home = subprocess.DEVNULL, os.environ | {"HOME": str(marked_home(course))}
    return subprocess.Popen(command, cwd=course.root, stdout=out, stderr=errors, env=home)


def marked_home(course: Course) -> Path:
    """Return a home with the mark in its name: every process that grades is started with it."""
    home = course.root.with_name(MARK)
    if not home.exists():
        home.mkdir()
        (home / ".cache").symlink_to(Path.home() / ".cache")  # such as Matplotlib's, of fonts
    return home


def recorded(course: Course) -> dict[str, int]:
    """Return when each outcome was recorded, by file name."""
    folder = course.outcome_file("x", "ps1").parent
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.json")}


# The run that is killed


def wait_for(course: Course, run: subprocess.Popen[bytes], outcomes: int) -> None:
    """Wait until a run has recorded so many outcomes, or for 0 until it can begin."""

    def ready() -> bool:
        assert run.poll() is None, "it ended before it could be killed"
        return len(recorded(course)) >= outcomes if outcomes else bool(marked() - {run.pid})

    wait_until(ready, SECONDS, "it does not get on")


def test_a_run_killed_again_and_again_ends_as_one_that_was_not(handed_in, undisturbed, tmp_path):
    close_pools()  # the marked processes are now those of the killed runs only
    course, chance = copy(handed_in, tmp_path), random.Random(2026)
    kept: dict[str, int] = {}
    # How many outcomes there are when it is killed, and on how many processes it runs.
    for outcomes, jobs in ((None, 1), (0, 1), (1, 1), (4, 2), (8, 1)):
        run = start(course, jobs)
        if outcomes is not None:
            wait_for(course, run, outcomes)
        time.sleep(chance.uniform(0, 0.3))
        kill(run)
        now = recorded(course)
        assert kept.items() <= now.items(), "what was recorded is graded again"
        kept = now
    assert start(course, 1).wait(SECONDS) == 1  # as some submissions are damaged

    assert len(kept) >= 8
    assert kept.items() <= recorded(course).items()
    assert everything(course) == everything(undisturbed)
    wait_until(lambda: not marked(), 10, "a process lives on")


def test_a_run_stopped_by_hand_ends_at_once_and_says_how_to_go_on(handed_in, undisturbed, tmp_path):
    close_pools()
    course = copy(handed_in, tmp_path)
    run = start(course, 2, errors=subprocess.PIPE)
    wait_for(course, run, 1)
    run.send_signal(signal.SIGINT)
    begin = time.monotonic()
    told = run.communicate(timeout=SECONDS)[1].decode()

    assert time.monotonic() - begin < 5
    assert run.returncode == 130, told
    assert told.endswith("grader: stopped. The same command goes on from here.\n")
    assert "Traceback" not in told
    wait_until(lambda: not marked(), 10, "a process lives on")
    assert 1 <= len(recorded(course)) < len(STUDENTS)
    assert start(course, 1).wait(SECONDS) == 1
    assert everything(course) == everything(undisturbed)


# Killed amid a record

# Where it is killed, and the how manieth call of that place it is.
MOMENTS = {
    "the old outcome is gone": (grader.gradebook.record, "_lay_ready", 1),
    "the new folder is made": (grader.gradebook.record, "_write_grades", 1),
    "the student is there": (grader.gradebook.record, "_new_grades", 1),
    "the scores are not committed": (grader.gradebook.record, "_penalise", 1),
    "the scores are committed": (grader.gradebook.record, "_put_in_place", 1),
    "the old folder is gone": (Path, "rename", 1),
    "the outcome is written aside": (os, "replace", 1),
}


def killed(course: Course, outcome: Outcome, place: Any, name: str, call: int) -> None:
    """Record an outcome in a process that is killed at a moment."""
    original = getattr(place, name)
    child = os.fork()
    if child == 0:
        calls = [0]

        def die(*arguments: Any, **keywords: Any) -> Any:
            calls[0] += 1
            if calls[0] == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **keywords)

        setattr(place, name, die)
        try:
            with course.gradebook() as gradebook:
                record(course, gradebook, outcome, None)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


# Python warns of forking beside threads; the forked process only records.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("before", ["graded before", "new"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_amid_a_record_it_is_as_good_as_not_recorded(
    handed_in, undisturbed, tmp_path, moment, before
):
    first, outcome = undisturbed.outcomes("ps1")[-2:]
    first = Outcome(**vars(first) | {"student": outcome.student})
    course, other = copy(handed_in, tmp_path / "a"), copy(handed_in, tmp_path / "b")
    if before != "new":
        with course.gradebook() as gradebook:
            record(course, gradebook, first, None)
    killed(course, outcome, *MOMENTS[moment])

    with course.gradebook() as gradebook:
        assert course.outcomes("ps1") == []
        record(course, gradebook, outcome, None)
        assert is_recorded(course, gradebook, outcome)
    with other.gradebook() as gradebook:
        record(other, gradebook, outcome, None)
    assert everything(course) == everything(other)
