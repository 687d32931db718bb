"""A gradebook on PostgreSQL: release, grade, grade again; a real server, on this machine only."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tiny_course import make_tiny_course, write_notebook

from grader.autograde.run import autograde
from grader.course.course import Course
from grader.course.release import release

WRONG = "def square(x): return x + x"
RIGHT = "def square(x): return x * x"


def programs() -> Path | None:
    """Return where PostgreSQL's server programs lie; Debian keeps them off the path."""
    found = shutil.which("initdb")
    places = [Path(found).resolve()] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1].parent if places else None


needs_server = pytest.mark.skipif(
    programs() is None, reason="PostgreSQL's server is not installed: apt-get install postgresql"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of its own with an empty database; gives the database's address."""
    binaries = programs()
    assert binaries
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    # It refuses to run as root, and its user has to get at its folder.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)

    def run(*command: str) -> None:
        done = subprocess.run(
            command,
            cwd=folder,
            user=user if os.geteuid() == 0 else None,
            group=pwd.getpwnam(user).pw_gid if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        log = folder / "log"
        assert done.returncode == 0, log.read_text() if log.exists() else command

    port, data = free_port(), str(folder / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", "grader", "--auth=trust", "--no-sync")
    listen = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -F"
    control = str(binaries / "pg_ctl")
    run(control, "-D", data, "-w", "-l", str(folder / "log"), "-o", listen, "start")
    try:
        run(
            str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "grader", "course"
        )
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}/course"
    finally:
        run(control, "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def course(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The tiny course with its gradebook on the server."""
    root = make_tiny_course(tmp_path / "course")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {server!r}\n")
    monkeypatch.chdir(root)
    return Course(root)


def hand_in(course: Course, student: str, square: str) -> None:
    notebook = nbformat.read(course.folder("release", ".", "ps1") / "ps1.ipynb", as_version=4)
    next(cell for cell in notebook.cells if cell.id == "square").source = square
    write_notebook(notebook, course.folder("submitted", student, "ps1") / "ps1.ipynb")


def kept(course: Course) -> dict[str, Any]:
    """By student: the scores in the gradebook, and the whole."""
    with course.gradebook() as gradebook:
        assert gradebook.db.get_bind().dialect.name == "postgresql"
        return {
            submission.student_id: (
                {grade.name: grade.auto_score for grade in submission.notebooks[0].grades},
                submission.score,
            )
            for submission in gradebook.assignment_submissions("ps1")
        }


@needs_server
def test_a_gradebook_on_postgresql_is_released_into_graded_into_and_graded_into_again(course):
    release(course, "ps1")
    for student, square in (("ada", RIGHT), ("bob", WRONG)):
        hand_in(course, student, square)
    (course.folder("submitted", "cid", "ps1")).mkdir(parents=True)
    outcomes = autograde(course, "ps1", jobs=1)

    assert [outcome.status for outcome in outcomes] == ["graded", "graded", "damaged"]
    assert kept(course) == {
        "ada": ({"test_square": 2, "test_answer": 0, "explain_square": 0}, 2),
        "bob": ({"test_square": 0, "test_answer": 0, "explain_square": 0}, 0),
        "cid": ({"test_square": 0, "test_answer": 0, "explain_square": 0}, 0),
    }
    assert not (course.classroom / "gradebook.db").exists()

    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "bob")
        grade.manual_score = 1.5
        gradebook.db.commit()
    hand_in(course, "ada", WRONG)
    hand_in(course, "bob", RIGHT)
    release(course, "ps1")
    again = autograde(course, "ps1", jobs=1)

    assert kept(course)["ada"][1] == 0
    assert kept(course)["bob"][1] == 3.5
    assert autograde(course, "ps1", jobs=1) == again
