"""A course with secrets in all its corners, a class that hands in, and what became of it all."""

import contextlib
import copy
import ctypes
import hashlib
import json
import os
import platform
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tiny_course import CONFIG

import grader.autograde.fork_client
from grader.autograde.prove import release_proved
from grader.course.course import Course
from redteam.hostile import Hostile, Notebook
from redteam.lesson import lesson

SETTINGS = """
c.Grader.secret = "{marker}"
c.Grader.cell_seconds = 3
c.Grader.cpu_seconds = 1.5
c.Grader.notebook_seconds = 9
c.Grader.memory_mb = 256
c.Grader.processes = 24
c.Grader.scratch_mb = 16
c.Grader.output_kb = 512
"""
MEMORY = 256 * 2**20

RIGHT = {"square": "def square(x):\n    return x * x", "answer": "answer = 42"}
HONEST: Mapping[str, Mapping[str, str]] = {
    "ada": RIGHT,
    "bert": {"answer": "answer = 42"},
    "cleo": {},
    "zoe": RIGHT,  # graded last
}


def make_course(root: Path, marker: str) -> Course:
    """Make and release the course.

    The marker stands wherever a student must not look.
    """
    source = root / "solutions" / "ps1" / "ps1.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(lesson(marker), source)
    (root / "nbgrader_config.py").write_text(CONFIG + SETTINGS.format(marker=marker))
    home = root.with_name("home")
    home.mkdir()
    (home / "exam.txt").write_text(marker)
    with contextlib.chdir(root):
        course = Course(root)
        release_proved(course, "ps1")
    return course


def handed_out(course: Course) -> Notebook:
    """Return the notebook that students got."""
    path = course.folder("release", ".", "ps1") / "ps1.ipynb"
    found: Notebook = json.loads(path.read_text())
    for cell in found["cells"]:
        cell["source"] = "".join(cell["source"])
    return found


def hand_in_honestly(course: Course, marker: str) -> None:
    """Hand in for the honest students; their notebooks are secret, too."""
    for student, texts in HONEST.items():
        notebook = handed_out(course)
        for cell in notebook["cells"]:
            cell["source"] = texts.get(cell["id"], cell["source"])
        own = {"cell_type": "markdown", "metadata": {}, "source": marker, "id": "own"}
        notebook["cells"].append(own)
        folder = course.folder("submitted", student, "ps1")
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(json.dumps(notebook))


def hand_in_all(course: Course, rows: Sequence[Hostile], facts: Mapping[str, str]) -> None:
    """Hand in for the hostile students."""
    notebook = handed_out(course)
    for row in rows:
        folder = course.folder("submitted", row.name, "ps1")
        row.hand_in(copy.deepcopy(notebook), folder, facts)


def hashes(folder: Path) -> dict[str, str]:
    """Return what lies below a folder: each path with its kind, its mode and its contents."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        small = path.is_file() and not path.is_symlink() and status.st_size < 2**30
        content = hashlib.sha256(path.read_bytes()).hexdigest() if small else ""
        link = os.readlink(path) if path.is_symlink() else ""
        found[str(path)] = f"{status.st_mode:o} {status.st_size} {content}{link}"
    return found


@dataclass
class Listener:
    """Sockets that nobody may reach; `reached` tells who did."""

    facts: dict[str, str]
    lines: list[socket.socket] = field(default_factory=list)

    def reached(self) -> bool:
        """Whether anybody has connected."""
        for line in self.lines:
            line.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                line.accept()
                return True
        return False


@contextlib.contextmanager
def listening(folder: Path, mark: str) -> Iterator[Listener]:
    """Listen on loopback, at a path and at an abstract name."""
    path = str(folder / "listener")
    places: list[tuple[int, Any]] = [
        (socket.AF_INET, ("127.0.0.1", 0)),
        (socket.AF_UNIX, path),
        (socket.AF_UNIX, f"\0{mark}"),
    ]
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(socket.socket(family)) for family, _ in places]
        for line, (_, address) in zip(lines, places, strict=True):
            line.bind(address)
            line.listen()
        os.chmod(path, 0o777)
        yield Listener({"port": str(lines[0].getsockname()[1]), "listener": path}, lines)


def keep_a_key(mark: str) -> None:
    """Give this process a session keyring of its own with a key in it, where the system can."""
    calls = {"x86_64": (250, 248), "aarch64": (219, 217)}[platform.machine()]
    libc = ctypes.CDLL(None)
    if libc.syscall(calls[0], 1, None) != -1:
        libc.syscall(calls[1], b"user", mark.encode(), b"secret", ctypes.c_size_t(6), -3)


def mark_processes(patch: pytest.MonkeyPatch, mark: str) -> None:
    """Let every process that grades be started with a mark in its environment."""
    patch.setitem(grader.autograde.fork_client._ENVIRONMENT, "MARK", mark)


def processes_called(mark: str) -> list[str]:
    """Return the processes and threads of this machine that go by a name or were started with it.

    What a process was started with is its first environment.
    """
    found = []
    for folder in Path("/proc").glob("[0-9]*/task/*"):
        with contextlib.suppress(OSError):
            called = (folder / "comm").read_text().strip() == mark[:15]
            if called or mark in (folder / "environ").read_text():
                found.append(str(folder))
    return found
