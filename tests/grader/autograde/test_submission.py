"""Collecting: what lies there is read, and nothing that leads elsewhere is followed."""

import os
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from grader.autograde.submission import Submission, read_submission
from grader.course.course import Course

CELLS = frozenset(["square", "test_square", "answer"])
CONTENT = b'{"cells": []}'
MISSING = "The notebook ps1.ipynb is missing."
NO_FOLDER = "The submission is not a folder of its own"


@pytest.fixture
def folder(tiny_course) -> Path:
    """Ada's submission: a folder with a notebook."""
    folder = tiny_course.folder("submitted", "ada", "ps1")
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_bytes(CONTENT)
    return folder


def read(course: Course, max_bytes: int = 1000) -> Submission:
    return read_submission(course, "ada", "ps1", {"ps1": CELLS}, max_bytes)


def test_a_notebook_is_read_as_it_lies_there(tiny_course, folder):
    submission = read(tiny_course)

    assert submission.notebooks == {"ps1": CONTENT}
    assert (submission.unreadable, submission.notes, submission.timestamp) == ({}, (), None)


def test_a_missing_notebook_is_told_of(tiny_course, folder):
    (folder / "ps1.ipynb").unlink()

    assert read(tiny_course).unreadable == {"ps1": MISSING}


def test_of_several_notebooks_each_is_told_of(tiny_course, folder):
    submission = read_submission(tiny_course, "ada", "ps1", {"ps0": CELLS, "ps1": CELLS}, 1000)

    assert list(submission.notebooks) == ["ps1"]
    assert submission.unreadable == {"ps0": "The notebook ps0.ipynb is missing."}


def to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def to_a_file(path: Path) -> None:
    target = path.with_name("elsewhere")
    target.write_bytes(CONTENT)
    path.symlink_to(target)


def a_socket(path: Path) -> None:
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


LINK = "ps1.ipynb is a link, and links are not followed."
NO_FILE = "ps1.ipynb is not a regular file, so it was not read."


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (to_nowhere, LINK),
        (to_a_file, LINK),
        (a_device, LINK),
        (os.mkfifo, NO_FILE),
        (Path.mkdir, NO_FILE),
        (a_socket, "ps1.ipynb cannot be read"),
    ],
)
def test_what_is_no_file_of_its_own_is_not_opened(tiny_course, folder, make: Callable, why: str):
    (folder / "ps1.ipynb").unlink()
    make(folder / "ps1.ipynb")
    before = len(os.listdir("/proc/self/fd"))
    submission = read(tiny_course)

    assert submission.notebooks == {}
    assert submission.unreadable["ps1"].startswith(why)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_file_that_may_not_be_read_is_told_of(tiny_course, folder, monkeypatch):
    """Root may read everything, so the refusal is made here."""
    opens = os.open

    def refuse(path, *arguments, **keywords):
        if path == "ps1.ipynb":
            raise PermissionError(13, "Permission denied")
        return opens(path, *arguments, **keywords)

    monkeypatch.setattr(os, "open", refuse)
    submission = read(tiny_course)

    assert submission.unreadable == {"ps1": "ps1.ipynb cannot be read (Permission denied)."}


def test_a_file_that_cannot_be_read_to_its_end_is_told_of(tiny_course, folder, monkeypatch):
    monkeypatch.setattr("builtins.open", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read(tiny_course)

    def broken(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("builtins.open", broken)
    assert read(tiny_course).unreadable == {"ps1": "ps1.ipynb cannot be read (Input/output error)."}


@pytest.mark.parametrize("size", [0, 999, 1000])
def test_a_file_within_the_limit_is_read(tiny_course, folder, size):
    (folder / "ps1.ipynb").write_bytes(b"x" * size)

    assert read(tiny_course).notebooks == {"ps1": b"x" * size}


def test_a_file_above_the_limit_is_not_read(tiny_course, folder):
    (folder / "ps1.ipynb").write_bytes(b"x" * 2_500_000)
    submission = read(tiny_course, 2_000_000)

    assert submission.unreadable == {"ps1": "ps1.ipynb has 2.5 MB; the limit is 2 MB."}


@pytest.mark.parametrize("level", ["student", "lesson"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_submission_that_is_no_folder_of_its_own_is_not_opened(tiny_course, folder, level, kind):
    place = folder if level == "lesson" else folder.parent
    place.rename(tiny_course.root / "elsewhere")
    if kind == "link":
        place.symlink_to(tiny_course.root / "elsewhere")
    else:
        place.write_text("a file")
    submission = read(tiny_course)

    assert submission.notebooks == {}
    assert submission.unreadable["ps1"].startswith(NO_FOLDER)


def test_a_student_without_a_folder_is_told_of(tiny_course, folder):
    submission = read_submission(tiny_course, "bob", "ps1", {"ps1": CELLS}, 1000)

    assert submission.unreadable["ps1"].startswith(NO_FOLDER)


# Other things that lie there


def test_other_notebooks_are_named_and_other_files_are_not(tiny_course, folder):
    for name in ("notes.txt", "ps1-copy.ipynb", "Untitled.ipynb"):
        (folder / name).touch()
    (folder / ".ipynb_checkpoints").mkdir()

    assert read(tiny_course).notes == (
        "Other notebooks were handed in and not graded: Untitled.ipynb, ps1-copy.ipynb.",
    )


def test_a_name_that_is_no_text_can_be_printed(tiny_course, folder):
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.ipynb"))).touch()
    (note,) = read(tiny_course).notes

    note.encode()


def test_many_names_do_not_fill_a_page(tiny_course, folder):
    for number in range(50):
        (folder / f"{'long' * 40}{number}.ipynb").touch()

    assert len(read(tiny_course).notes[0]) < 600


# When it was handed in


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-10-30 18:00:00 UTC", datetime(2026, 10, 30, 18)),
        ("2026-10-30 18:00:00.5 UTC", datetime(2026, 10, 30, 18, 0, 0, 500_000)),
        ("2026-10-30T20:00:00+02:00", datetime(2026, 10, 30, 18)),
        ("2026-10-30T18:00:00Z\n", datetime(2026, 10, 30, 18)),
    ],
)
def test_the_time_is_read_as_nbgrader_writes_it(tiny_course, folder, text, time):
    (folder / "timestamp.txt").write_text(text)
    submission = read(tiny_course)

    assert (submission.timestamp, submission.notes) == (time, ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"yesterday",
        b"\xff\xfe\0",
        b"99999-99-99",
        b"1 2 3",
        b"0001-01-01 00:00:00 +2359",
        b"-",
    ],
)
def test_a_file_that_holds_no_time_is_noted(tiny_course, folder, content):
    (folder / "timestamp.txt").write_bytes(content)
    submission = read(tiny_course)

    assert submission.notebooks == {"ps1": CONTENT}
    if submission.timestamp is None:
        assert submission.notes[0].startswith("timestamp.txt does not hold a time")


@pytest.mark.parametrize("make", [os.mkfifo, to_a_file, Path.mkdir])
def test_a_time_that_is_no_file_is_noted(tiny_course, folder, make):
    make(folder / "timestamp.txt")
    submission = read(tiny_course)

    assert submission.notebooks == {"ps1": CONTENT}
    assert submission.timestamp is None
    assert submission.notes[0].startswith("timestamp.txt is ")


# The digest


def test_the_digest_tells_submissions_apart():
    time = datetime(2026, 1, 1)
    different = [
        Submission("ada"),
        Submission("ada", {"ps1": b""}),
        Submission("ada", {"ps1": b"a"}),
        Submission("ada", {"ps2": b"a"}),
        Submission("ada", {"ps1": b"a", "ps2": b""}),
        Submission("ada", {"ps1": b"a"}, timestamp=time),
        Submission("ada", unreadable={"ps1": "missing"}),
    ]
    assert len({submission.digest for submission in different}) == len(different)


def test_the_digest_is_that_of_the_contents():
    assert (
        Submission("ada", {"a": b"1", "b": b"2"}).digest
        == Submission("bob", {"b": b"2", "a": b"1"}).digest
    )
