"""Tricks with what lies in the submission's folder (12-14, and names)."""

import os
from pathlib import Path

from redteam.hostile import Hostile


def linked_notebook(folder: Path, content: bytes) -> None:
    """Hand in a link to the instructor's solution."""
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").symlink_to("../../../../solutions/ps1/ps1.ipynb")
    (folder / "gradebook.db").symlink_to("../../../gradebook.db")


def linked_lesson(folder: Path, content: bytes) -> None:
    """Hand in a link to another student's folder."""
    folder.parent.mkdir(parents=True)
    folder.symlink_to("../ada/ps1")


def linked_student(folder: Path, content: bytes) -> None:
    folder.parent.symlink_to("ada")


def link_to_nowhere(folder: Path, content: bytes) -> None:
    folder.parent.mkdir(parents=True)
    folder.symlink_to("/nowhere")


def pipe(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    os.mkfifo(folder / "ps1.ipynb")


def device(folder: Path, content: bytes) -> None:
    """Hand in an endless device, by a link, as nobody but root can make one."""
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").symlink_to("/dev/zero")
    os.mkfifo(folder / "timestamp.txt")


def folder_as_notebook(folder: Path, content: bytes) -> None:
    (folder / "ps1.ipynb" / "ps1.ipynb").mkdir(parents=True)


def file_as_folder(folder: Path, content: bytes) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_bytes(content)


def no_folder(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)


def unreadable(folder: Path, content: bytes) -> None:
    plain(folder, content)
    (folder / "ps1.ipynb").chmod(0)


def too_large(folder: Path, content: bytes) -> None:
    """Hand in a terabyte that takes no room."""
    plain(folder, content)
    os.truncate(folder / "ps1.ipynb", 2**40)


def odd_company(folder: Path, content: bytes) -> None:
    plain(folder, content)
    for name in ("\x1b]0;owned\x07.ipynb", "a\nb.ipynb", "; rm -rf $HOME.ipynb", "\udcff.ipynb"):
        (folder / name).write_bytes(content)
    (folder / "conftest.py").write_text("raise SystemExit")
    (folder / "numpy.py").write_text("raise SystemExit")
    (folder / "sitecustomize.py").write_text("raise SystemExit")


def plain(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_bytes(content)


def in_folder_called(name: str, folder: Path, content: bytes) -> None:
    """Hand it in under another student name."""
    plain(folder.parent.with_name(name) / folder.name, content)


def at(time: str) -> Hostile:
    """Return a submission that claims when it was handed in."""

    def place(folder: Path, content: bytes) -> None:
        plain(folder, content)
        (folder / "timestamp.txt").write_bytes(time.encode("utf-8", "surrogateescape"))

    slug = "".join(letter if letter.isalnum() else "_" for letter in time[:12])
    return Hostile(f"time_{slug}", 13, place=place)


TIMES = (
    "1999-01-01 00:00:00 UTC",
    "9999-12-31 23:59:59 -2359",
    "0001-01-01 00:00:00 +2359",
    "99999999999999999999",
    "\udcff\udcfe",
    ":",
    "10:10:10:10.10.10 Q +99999",
    "2026-10-30 " * 15,
)

FILES = [
    *(
        Hostile(place.__name__, vector, place=place, keeps=False)
        for vector, place in (
            (12, linked_notebook),
            (12, linked_lesson),
            (12, linked_student),
            (12, link_to_nowhere),
            (14, pipe),
            (14, device),
            (14, folder_as_notebook),
            (14, file_as_folder),
            (14, no_folder),
            (14, too_large),
        )
    ),
    Hostile("unreadable", 14, place=unreadable, keeps=False),
    Hostile("odd_company", 14, place=odd_company),
    *(at(time) for time in TIMES),
]

# Odd names of students, as a folder can have them; each hands in a wrong square.
ODD_NAMES = (
    "Zoë O'Brien; DROP TABLE student",
    "new\nline\x1b[2J",
    '";alert(1)<img src=x onerror=alert(1)>',
    "{student_id} %s $HOME `id` *",
    "x" * 255,
    os.fsdecode(b"not-utf8-\xff"),
    "-rf",
    "ada.json",
    "ada.new",
)
