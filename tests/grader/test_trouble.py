"""What the disk, the gradebook and the configuration fail with is told in a sentence."""

import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from grader.cli import COMMANDS, main
from grader.course.course import Course
from grader.writing import write_whole

SECRET = "hunter2"


def told(capsys: pytest.CaptureFixture[str], root: Path, *command: str) -> str:
    """Run a command that fails, and return the one line that it says so in."""
    assert main([*command, "--course", str(root)]) == 2
    errors = capsys.readouterr().err
    lines = [line for line in errors.splitlines() if "is proved" not in line]
    assert len(lines) == 1, errors
    assert lines[0].startswith("grader: ")
    return lines[0]


def configure(course: Course, line: str) -> None:
    file = course.root / "nbgrader_config.py"
    file.write_text(f"{file.read_text()}{line}\n")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////no/such/folder/g.db", "there is no folder /no/such/folder"),
        ("sqlite:///{root}/nbgrader_config.py", "is not a database"),
        ("nosuch://host/name", "begins with 'nosuch', which is no database"),
        ("no address", "is no address of a database"),
        ("postgresql://me@localhost:port/name", "is no address of a database"),
        (f"mysql://me:{SECRET}@localhost/name", "needs the Python package 'MySQLdb'"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/name", "does not answer: connection failed"),
    ],
)
@pytest.mark.parametrize("command", ["report", "release"])
def test_a_gradebook_that_cannot_be_opened(tiny_course, capsys, command, url, why):
    configure(tiny_course, f"c.CourseDirectory.db_url = {url.format(root=tiny_course.root)!r}")
    line = told(capsys, tiny_course.root, command, "ps1")

    assert why in line
    assert SECRET not in line


def test_a_database_server_that_never_answers(tiny_course, capsys, monkeypatch):
    seconds = []
    connect = psycopg.connect

    def impatient(*address, connect_timeout, **settings):
        seconds.append(connect_timeout)
        return connect(*address, connect_timeout=2, **settings)

    monkeypatch.setattr(psycopg, "connect", impatient)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://me:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/name"
        configure(tiny_course, f"c.CourseDirectory.db_url = {url!r}")
        line = told(capsys, tiny_course.root, "report", "ps1")

    assert seconds == [10]
    assert "does not answer: connection timeout expired" in line
    assert SECRET not in line


def test_the_gradebooks_address_says_how_long_to_wait(tiny_course, capsys, monkeypatch):
    seconds = []
    monkeypatch.setattr(psycopg, "connect", lambda *_, **its: seconds.append(its) or 1 / 0)
    url = "postgresql+psycopg://localhost/name?connect_timeout=3"
    configure(tiny_course, f"c.CourseDirectory.db_url = {url!r}")

    main(["report", "ps1", "--course", str(tiny_course.root)])

    assert [its["connect_timeout"] for its in seconds] == ["3"]


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("c.Grader.cpu_seconds = = 1", "this is no Python (invalid syntax)"),
        ("c.Grader.cpu_seconds = 'many'", "expected a float, not the str 'many'"),
        ("c.Grader.cpu_secnods = 1.0", "there is no setting c.Grader.cpu_secnods"),
        ("import nosuchmodule", "No module named 'nosuchmodule'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_broken_configuration_is_told_with_its_line(tiny_course, capsys, setting, why):
    configure(tiny_course, setting)
    line = told(capsys, tiny_course.root, "report", "ps1")

    assert "nbgrader_config.py, line 10: " in line
    assert why in line


@pytest.mark.parametrize("command", ["release", "report"])
def test_a_gradebook_that_another_program_uses(released_course, capsys, command):
    configure(released_course, "c.CourseDirectory.db_url += '?timeout=0.1'")
    book = sqlite3.connect(released_course.root / "classroom" / "gradebook.db")
    book.execute("BEGIN EXCLUSIVE")

    assert "is in use by another program" in told(capsys, released_course.root, command, "ps1")
    book.close()


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(monkeypatch):
    """Let nothing more be written."""

    def full(*_, **__):
        raise FULL

    return lambda: monkeypatch.setattr(Path, "write_bytes", full)


@pytest.mark.parametrize(
    "command", [["report", "ps1"], ["report"], ["release", "ps1"], ["rename", "ada", "bob"]]
)
def test_a_full_disk_is_told_and_leaves_everything_as_it_was(
    released_course, hand_in, capsys, full_disk, command
):
    hand_in("ada")
    main(["report", "ps1", "--course", str(released_course.root)])
    main(["report", "--course", str(released_course.root)])
    capsys.readouterr()
    before = contents(released_course)
    full_disk()

    assert "No space left on device. Make room" in told(capsys, released_course.root, *command)
    assert contents(released_course) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_pages_that_no_disk_takes_are_told_in_one_sentence(
    released_course, hand_in, capsys, monkeypatch, number
):
    root = str(released_course.root)
    for student in ("ada", "ben", "cleo"):
        hand_in(student)
    main(["autograde", "ps1", "--course", root])
    capsys.readouterr()

    def fails(path, _):
        raise OSError(number, "Not on this disk", str(path))

    monkeypatch.setattr(Path, "write_bytes", fails)

    assert main(["feedback", "ps1", "--course", root]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("grader: no page for 3 students (ada, ben, cleo): Not on this disk. ")


def contents(course: Course) -> dict[Path, bytes]:
    """Return what people read: all files but the gradebook."""
    files = (path for path in course.root.rglob("*") if path.is_file() and path.suffix != ".db")
    return {path: path.read_bytes() for path in files}


def test_a_file_that_cannot_be_written_is_named_and_stays(tmp_path, full_disk):
    page = tmp_path / "page.html"
    page.write_text("old")
    full_disk()

    with pytest.raises(OSError, match=r"page\.html"):
        write_whole(page, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert page.read_text() == "old"


@pytest.mark.parametrize("name", COMMANDS)
def test_an_error_of_the_grader_itself_is_no_damaged_submission(
    tiny_course, monkeypatch, capsys, name
):
    def broken(*_):
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setitem(COMMANDS, name, type(COMMANDS[name])("", "", lambda _: None, broken))

    assert main([name, "--course", str(tiny_course.root)]) == 2
    errors = capsys.readouterr().err
    assert "Traceback" in errors
    assert "this is an error of the grader itself" in errors


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_ctrl_c_while_modules_are_imported_is_told_in_one_line(tiny_course, seconds):
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "demo"],
        cwd=tiny_course.root,
        stderr=subprocess.PIPE,
        env=os.environ,
        text=True,
        # A shell's background jobs ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1]

    assert process.returncode == 130, errors
    assert errors.startswith("grader: stopped")
    assert errors.count("\n") == 1


def test_an_interruption_amid_an_import_ends_with_130_as_well(tiny_course, tmp_path):
    (tmp_path / "interrupted.py").write_text("exec('raise KeyboardInterrupt')")
    (tmp_path / "run_it.py").write_text(
        "import grader.cli as cli\n"
        "cli._run = lambda options: __import__('interrupted')\n"
        "raise SystemExit(cli.main(['report']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "run_it"],
        cwd=tiny_course.root,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stderr=subprocess.PIPE,
        check=False,
    )

    assert done.returncode == 130


def test_a_course_without_lessons_says_where_they_are_looked_for(tiny_course, capsys):
    (tiny_course.root / "solutions").rename(tiny_course.root / "elsewhere")

    assert "There are no lessons in" in told(capsys, tiny_course.root, "report", "ps1")
