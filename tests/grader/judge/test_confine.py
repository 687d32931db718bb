"""A judge keeps what it needs to compute and to read, and nothing else."""

import textwrap
from pathlib import Path

import pytest
from engine import answer, check, graded, lesson, passed, result

from grader.judge import confine
from grader.outcome import CellResult
from grader.session import landlock

needs_landlock = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
NETWORK = "import socket"

REFUSED = {
    "network": (NETWORK, "socket.socket()"),
    "network of a user's own": (NETWORK, "socket.socket(socket.AF_UNIX)"),
    "program": ("import subprocess", "subprocess.run(['/bin/true'])"),
    "process": ("import os", "os.fork() or os._exit(0)"),
    "signal": ("import os", "os.kill(os.getppid(), 0)"),
    "others' limits": (
        "import os, resource",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    ),
    "others' share": ("import os", "os.setpriority(os.PRIO_USER, 0, 19)"),
}
FILES = {
    "what another program knows": ("import os", "open(f'/proc/{os.getppid()}/environ').read()"),
    "passwords": ("", "open('/etc/passwd')"),
    "the course": ("", f"open({__file__!r})"),
    "a look around": ("import os", f"os.listdir({str(Path(__file__).parents[3])!r})"),
    "writing": ("import sys", "open(sys.prefix + '/new', 'w')"),
    "a file elsewhere": ("", "open('/var/tmp/of-a-judge', 'w')"),
}


def tried(setup: str, deed: str) -> CellResult:
    """Return the verdict of a test that passes when a deed is refused."""
    text = (
        f"{setup}\ntry:\n    {deed}\nexcept PermissionError:\n    pass\nelse:\n    assert 0, 'done'"
    )
    return hidden_from_the_warm_process(text)


def hidden_from_the_warm_process(text: str) -> CellResult:
    """Return the verdict of a test whose imports only the confined judge makes."""
    return result(f"exec({text!r})")


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused(what: str) -> None:
    assert passed(tried(*REFUSED[what]))


@needs_landlock
@pytest.mark.parametrize("what", FILES)
def test_it_has_no_file_that_it_does_not_need(what: str) -> None:
    assert passed(tried(*FILES[what]))


KEPT = {
    "a temporary file": """
        import tempfile
        with tempfile.TemporaryFile() as file:
            file.write(b"x")""",
    "a temporary folder": """
        import os, pathlib, tempfile
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "data.txt")
            path.write_text("text")
            path.rename(path.with_name("other.txt"))
            assert os.listdir(folder) == ["other.txt"]""",
    "threads": """
        import concurrent.futures
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            assert list(threads.map(abs, [-1, -2])) == [1, 2]""",
    "a module that nothing has imported": "import wave, colorsys, numpy.polynomial.hermite_e",
    "an event loop": """
        import asyncio
        async def one():
            await asyncio.sleep(0)
            return 1
        assert asyncio.run(one()) == 1""",
    "a database": """
        import sqlite3, tempfile
        with tempfile.NamedTemporaryFile() as file, sqlite3.connect(file.name) as base:
            base.execute("create table numbers (number)")
            base.execute("insert into numbers values (1)")""",
    "linear algebra": "import numpy as np\nassert np.linalg.eigvals(np.eye(200)).sum() == 200",
    "a random number": "import random, secrets, uuid\nsecrets.token_hex(8), uuid.uuid4()",
    "its own process": "open('/proc/self/status').read()",
    "a figure": """
        import matplotlib.pyplot as plt, tempfile
        plt.plot([1, 2])
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            plt.savefig(file.name)""",
}


@pytest.mark.parametrize("what", KEPT)
def test_it_keeps(what: str) -> None:
    found = hidden_from_the_warm_process(textwrap.dedent(KEPT[what]))

    assert passed(found), found.message


def test_a_lessons_files_are_there_to_read_and_to_change() -> None:
    test = check(
        "test", "with open('data.csv', 'a+') as f:\n    f.seek(0)\n    assert f.read() == '1'"
    )
    source = lesson(answer("f"), test)
    source = type(source)(source.lesson, source.name, source.cells, (("data.csv", "MQ=="),))

    assert passed(graded(source).results[0])


def test_what_the_kernel_does_not_offer_is_no_reason_not_to_grade(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise OSError("not here")

    monkeypatch.setattr(landlock, "keep_only", missing)
    monkeypatch.setattr(confine, "allow_only", missing)
    monkeypatch.setattr("grader.session.linux.drop_capabilities", missing)
    monkeypatch.setattr("tempfile.tempdir", None)

    confine.confine("")


def test_modules_are_readable_and_what_lies_beside_them_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "classroom").mkdir()
    for file in ("package/__init__.py", "module.py", "secret.txt"):
        (tmp_path / file).touch()
    monkeypatch.setattr("sys.path", [str(tmp_path), str(tmp_path / "site-packages"), "nowhere"])

    found = {Path(place).name for place in confine._importable()}

    assert found == {"package", "module.py", "site-packages"}
