"""Grade on submit: each submission gets its page, and nothing is lost by a kill."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from exchange import Exchange

from grader.deploy import Hub, HubCourse, inbound
from grader.deploy.roles import services
from grader.deploy.watch import Desk, watch
from grader.errors import CourseError
from grader.gradebook.totals import totals_of

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

RIGHT = "def square(x):\n    return x * x"
SUM = "def square(x):\n    return x + x"
ONLY_POSITIVE = "def square(x):\n    return x * abs(x)"


@pytest.fixture
def exchange(released_course, tmp_path: Path) -> Exchange:
    return Exchange(released_course, tmp_path, "ada", "ben", "cid")


def run(exchange: Exchange) -> tuple[bool, list[str]]:
    said: list[str] = []
    return watch(exchange.reopened, once=True, say=said.append), said


def points(exchange: Exchange) -> dict[str, float]:
    return {one: total.points for one, total in totals_of(exchange.reopened, "ps1").items()}


def test_each_submission_is_graded_and_its_page_can_be_fetched(exchange: Exchange):
    exchange.submit("ada", square=RIGHT, answer="answer = 42")
    exchange.submit("ben", square=SUM, answer="answer = 41")

    done, said = run(exchange)

    assert done
    assert said == [
        "ps1: ada: graded, 3 of 6 points",
        "ps1: ben: graded, 0 of 6 points",
    ]
    assert points(exchange) == {"ada": 3.0, "ben": 0.0}
    (ada,), (ben,) = exchange.pages("ada"), exchange.pages("ben")
    assert "Feedback for ada" in ada
    assert "square(3) is 9" in ben


def test_the_page_tells_nothing_of_hidden_tests(exchange: Exchange):
    exchange.submit("ada", square=ONLY_POSITIVE, answer="answer = 42")

    run(exchange)

    (page,) = exchange.pages("ada")
    assert points(exchange) == {"ada": 1.0}
    assert "3 of 6</strong> points by the visible tests" in page
    assert "square(-4)" not in page


def test_a_later_submission_takes_the_place_of_the_earlier_one(exchange: Exchange):
    exchange.submit("ada", square=SUM)
    run(exchange)
    exchange.submit("ada", square=RIGHT)

    run(exchange)

    assert points(exchange) == {"ada": 2.0}
    assert len(exchange.pages("ada")) == 2


def test_what_is_done_is_not_done_again(exchange: Exchange):
    exchange.submit("ada", square=RIGHT)
    run(exchange)

    assert run(exchange) == (True, [])


def test_a_page_that_was_not_released_yet_is_released(exchange: Exchange):
    exchange.submit("ada", square=RIGHT)
    run(exchange)
    for page in (exchange.inbound.parent / "feedback").glob("*.html"):
        page.unlink()

    run(exchange)

    assert len(exchange.pages("ada")) == 1


def test_a_submission_that_is_still_being_written_waits(exchange: Exchange):
    folder = exchange.submit("ada", square=RIGHT)
    folder.chmod(0o755)

    assert run(exchange) == (True, [])
    folder.chmod(0o777)
    assert run(exchange)[1]


def test_what_nobody_has_written_to_for_a_minute_is_whole(exchange: Exchange):
    folder = exchange.submit("ada", square=RIGHT)
    folder.chmod(0o755)
    long_ago = time.time() - inbound.SETTLED_SECONDS - 1
    os.utime(folder, (long_ago, long_ago))

    assert run(exchange)[1]


def test_who_is_not_in_the_class_waits(exchange: Exchange):
    exchange.submit("eve", square=RIGHT)

    done, said = run(exchange)

    assert not done
    assert "eve is not in the class: grader roster" in said[0]


def test_a_submission_by_the_name_of_another_is_left(exchange: Exchange, monkeypatch):
    exchange.submit("ada", square=SUM)
    monkeypatch.setattr(inbound.os, "geteuid", lambda: os.getuid() + 1)

    done, said = run(exchange)

    assert not done
    assert "and not to ada" in said[0]
    assert points(exchange) == {}


def test_links_in_a_submission_are_not_followed(exchange: Exchange):
    folder = exchange.submit("ada", square=SUM)
    solution = exchange.course.folder("source", ".", "ps1") / "ps1.ipynb"
    (folder / "ps1.ipynb").unlink()
    (folder / "ps1.ipynb").symlink_to(solution)

    done, said = run(exchange)

    assert not done
    assert "links are not followed" in said[0]
    assert not exchange.course.folder("submitted", "ada", "ps1").exists()


def test_a_submission_without_the_name_of_its_page_is_left(exchange: Exchange):
    folder = exchange.submit("ada", square=RIGHT)
    (folder / "submission_secret.txt").unlink()

    done, said = run(exchange)

    assert not done
    assert "submission_secret.txt is missing" in said[0]


def test_a_folder_of_another_name_is_no_submission(exchange: Exchange):
    for name in ("ada", "ada+ps1", "ada+ps1+soon+x", "+ps1+2026-11-25 09:00:00 UTC+x"):
        (exchange.inbound / name).mkdir()
        (exchange.inbound / name).chmod(0o777)

    assert run(exchange) == (True, [])


def test_one_watch_at_a_time_and_the_next_takes_over(exchange: Exchange):
    exchange.submit("ada", square=RIGHT)
    with (exchange.course.classroom / "watch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(CourseError, match="Another process watches"):
            run(exchange)
        with started(exchange) as process:
            assert process.stdout
            assert "this one waits until it ends" in process.stdout.readline()
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert process.stdout.readline() == "ps1: ada: graded, 2 of 6 points\n"
            process.kill()


def test_without_an_exchange_it_says_what_to_do(released_course):
    with pytest.raises(CourseError, match=r"There is no exchange at .*c\.Exchange\.root"):
        watch(released_course, once=True)


def test_trouble_is_told_once_and_the_watch_goes_on(exchange: Exchange):
    said: list[str] = []
    desk = Desk(exchange.reopened, said.append)
    exchange.inbound.rename(exchange.inbound.with_name("away"))

    assert not desk.look_again()
    assert not desk.look_again()
    assert len(said) == 1
    exchange.inbound.with_name("away").rename(exchange.inbound)
    exchange.submit("ada", square=RIGHT)
    assert desk.look_again()


def test_killed_again_and_again_it_loses_nothing_and_does_nothing_twice(exchange: Exchange):
    for student, answer in (("ada", RIGHT), ("ben", SUM), ("cid", RIGHT)):
        exchange.submit(student, square=answer)
    for seconds in (0.5, 1.5, 2.5):
        kill_after(exchange, seconds)
    exchange.submit("ben", square=RIGHT)

    done, _ = run(exchange)

    assert done
    assert points(exchange) == {"ada": 2.0, "ben": 2.0, "cid": 2.0}
    for student in ("ada", "ben", "cid"):
        assert "2 of 6" in exchange.pages(student)[-1]
    assert run(exchange) == (True, [])


def watches(course: HubCourse, **options: bool) -> list[dict[str, Any]]:
    hub = Hub(Path("/srv/hub"), [course])
    return [one for one in services(hub, **options) if one["name"].startswith("watch-")]


def test_a_hub_grades_on_submit_only_when_it_is_asked_to():
    assert watches(HubCourse("alibi", Path("/srv/alibi"), [])) == []


def test_the_hubs_service_runs_as_the_course_and_knows_its_exchange():
    course = HubCourse("alibi", Path("/srv/alibi"), [], grade_on_submit=True)

    (service,) = watches(course)

    assert service["user"] == "grader-alibi"
    assert service["cwd"] == "/srv/alibi"
    assert service["command"][-2:] == ["grader", "watch"]
    assert service["environment"] == {"JUPYTER_CONFIG_PATH": "/srv/hub/jupyter/grader-alibi"}
    assert "user" not in watches(course, as_accounts=False)[0]


def test_the_exchange_is_the_one_that_the_hub_names(exchange: Exchange, tmp_path, monkeypatch):
    config = exchange.course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("c.Exchange.root", "# "))
    (tmp_path / "hub").mkdir()
    named = {"Exchange": {"root": str(tmp_path / "x")}}
    (tmp_path / "hub" / "nbgrader_config.json").write_text(json.dumps(named))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "hub"))

    assert Desk(exchange.reopened, print).inbound == exchange.inbound


def kill_after(exchange: Exchange, seconds: float) -> None:
    """Start the command, and kill it without a warning."""
    with started(exchange) as process:
        time.sleep(seconds)
        process.kill()
        assert process.wait() == -signal.SIGKILL


def started(exchange: Exchange) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "watch"],
        cwd=exchange.course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
