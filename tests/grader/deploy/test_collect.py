"""Only what is a student's own is taken from the exchange, by Collect and grade on submit."""

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange import Exchange

from grader.deploy import inbound
from grader.deploy.collect import CollectFromOwners
from grader.deploy.watch import watch

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

RIGHT = "def square(x):\n    return x * x"
Taken = Callable[[], str]


@pytest.fixture
def exchange(released_course, tmp_path: Path) -> Exchange:
    return Exchange(released_course, tmp_path, "ada", "ben")


@pytest.fixture(params=["Collect", "watch"])
def take(request, exchange: Exchange, caplog: pytest.LogCaptureFixture) -> Taken:
    """Take what waits, in one of both ways; return what a person is told."""

    def collect() -> str:
        caplog.clear()
        with caplog.at_level(logging.WARNING), exchange.collecting(CollectFromOwners) as collecting:
            collecting.start()
        return caplog.text

    def look() -> str:
        said: list[str] = []
        watch(exchange.reopened, once=True, say=said.append)
        return "\n".join(one for one in said if "waits" in one)

    return {"Collect": collect, "watch": look}[request.param]


def submitted(exchange: Exchange, student: str = "ada") -> set[str]:
    """Return the files that were taken of a student."""
    folder = exchange.course.folder("submitted", student, "ps1")
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


WHOLE = {"ps1.ipynb", "timestamp.txt", "submission_secret.txt"}


def test_a_submission_is_taken_as_it_is(exchange: Exchange, take: Taken):
    folder = exchange.submit("ada", square=RIGHT)
    (folder / "data").mkdir()
    (folder / "data" / "numbers.csv").write_text("1,2")

    assert take() == ""
    assert submitted(exchange) == WHOLE | {"data/numbers.csv"}


def test_the_newest_one_takes_the_place_of_an_older_one(exchange: Exchange, take: Taken):
    exchange.submit("ada", answer="answer = 1")
    take()
    exchange.submit("ada", square=RIGHT)

    assert take() == ""
    taken = exchange.course.folder("submitted", "ada", "ps1") / "ps1.ipynb"
    assert "return x * x" in taken.read_text()


def test_a_submission_in_the_name_of_another_is_left(exchange: Exchange, take: Taken, monkeypatch):
    exchange.submit("ada", square=RIGHT)
    monkeypatch.setattr(inbound.os, "geteuid", lambda: os.getuid() + 1)

    assert "it belongs to" in take()
    assert submitted(exchange) == set()


def test_on_kubernetes_it_is_theirs_by_the_number_of_their_pod(
    exchange: Exchange, take: Taken, monkeypatch
):
    """There a student has a user id, and no account."""
    exchange.submit("ada", square=RIGHT)
    monkeypatch.setattr(inbound.os, "geteuid", lambda: os.getuid() + 1)
    monkeypatch.setattr(inbound, "uid_of", lambda student: os.getuid())

    assert take() == ""
    assert submitted(exchange) == WHOLE


@pytest.mark.parametrize("name", ["ada+ps1+soon+x", "+ps1+2026-11-25 09:00:00 UTC+x", "x+ps1+"])
def test_a_folder_of_another_name_does_not_stop_the_class(
    exchange: Exchange, take: Taken, name: str
):
    (exchange.inbound / name).mkdir(mode=0o777)
    exchange.submit("ada", square=RIGHT)

    take()

    assert submitted(exchange) == WHOLE


def linked(folder: Path) -> None:
    folder.joinpath("ps1.ipynb").unlink()
    folder.joinpath("ps1.ipynb").symlink_to(folder.parents[3] / "course/solutions/ps1/ps1.ipynb")


def another_link(folder: Path) -> None:
    folder.joinpath("more.txt").symlink_to("/etc/passwd")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def listening(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path may be 100 letters long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    os.chdir(here)


def device(folder: Path) -> None:
    os.mknod(folder / "zero", 0o20666, os.makedev(1, 5))


def anothers(folder: Path) -> None:
    os.chown(folder / "ps1.ipynb", 12345, 12345)


def a_hard_link_to_anothers(folder: Path) -> None:
    theirs = folder.parents[3] / "theirs.txt"
    theirs.write_text("the solution")
    os.chown(theirs, 12345, 12345)
    os.link(theirs, folder / "theirs.txt")


def huge(folder: Path) -> None:
    with folder.joinpath("data.csv").open("wb") as file:
        file.truncate(10**12)


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes it")
TRICKS = [
    (linked, "links are not followed"),
    (another_link, "links are not followed"),
    (pipe, "pipe is not a regular file"),
    (listening, "socket cannot be read"),
    pytest.param(device, "zero is not a regular file", marks=AS_ROOT),
    pytest.param(anothers, "ps1.ipynb belongs to another account", marks=AS_ROOT),
    pytest.param(a_hard_link_to_anothers, "theirs.txt belongs to another", marks=AS_ROOT),
    (huge, "the limit is"),
]


@pytest.mark.parametrize(("trick", "told"), TRICKS)
def test_who_hands_in_what_is_not_theirs_is_left_and_the_class_goes_on(
    exchange: Exchange, take: Taken, trick: Callable[[Path], None], told: str
):
    exchange.submit("ada", square=RIGHT)
    take()
    trick(exchange.submit("ada", square="raise SystemExit"))
    exchange.submit("ben", square=RIGHT)

    assert told in take()
    assert submitted(exchange, "ben") == WHOLE
    assert submitted(exchange) == WHOLE
    older = exchange.course.folder("submitted", "ada", "ps1") / "ps1.ipynb"
    assert "SystemExit" not in older.read_text()


def test_the_folder_of_a_submission_is_no_link(exchange: Exchange, take: Taken):
    whole = exchange.submit("ada", square=RIGHT)
    whole.rename(exchange.root / "elsewhere")
    whole.symlink_to(exchange.root / "elsewhere")

    take()

    assert submitted(exchange) == set()
