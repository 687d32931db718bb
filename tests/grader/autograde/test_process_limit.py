"""Grading does not start where sessions could take the processes that others need."""

import os
import re
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.autograde import process_limit
from grader.autograde.process_limit import Room, needed, refuse_too_few, rooms, running
from grader.errors import CourseError

GROUP = Path("/sys/fs/cgroup/hub")


def limited(monkeypatch: pytest.MonkeyPatch, most: int, now: int = 10) -> None:
    room = Room("Your account", most, now, "Raise its limit (ulimit -u)")
    monkeypatch.setattr(process_limit, "rooms", lambda: iter([room]))


def test_it_starts_where_all_sessions_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, 10 + needed(2, 32))

    refuse_too_few(2, 32)


def test_it_says_what_was_found_what_is_needed_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limited(monkeypatch, 9 + needed(2, 32))

    with pytest.raises(CourseError) as error:
        refuse_too_few(2, 32)
    assert str(error.value) == (
        "Your account may have 93 processes and threads at a time and has 10 now. Grading with "
        "--jobs 2 and c.Grader.processes = 32 may need 84 more. Raise its limit (ulimit -u), or "
        "lower --jobs to 1, or lower c.Grader.processes to 31."
    )


@pytest.mark.parametrize(("jobs", "processes"), [(1, 32), (2, 31)])
def test_what_it_advises_is_enough(
    monkeypatch: pytest.MonkeyPatch, jobs: int, processes: int
) -> None:
    limited(monkeypatch, 9 + needed(2, 32))

    refuse_too_few(jobs, processes)


def test_it_advises_nothing_that_cannot_help(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, 12)

    with pytest.raises(CourseError) as error:
        refuse_too_few(8, 32)
    assert not re.search(r"lower --jobs|lower c\.Grader", str(error.value))


def test_threads_count() -> None:
    end = threading.Event()
    before = running(os.getuid())
    threads = [threading.Thread(target=end.wait) for _ in range(400)]
    for thread in threads:
        thread.start()
    after = running(os.getuid())
    end.set()

    assert after - before > 200  # others of this user may end meanwhile


def test_root_has_no_limit_of_an_account_and_others_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (40, 40))
    monkeypatch.setattr(process_limit, "process_bounds", lambda: iter(()))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert list(rooms()) == []
    monkeypatch.setattr(os, "geteuid", lambda: 123456)
    assert [(room.most, room.now) for room in rooms()] == [(40, 0)]


def test_a_containers_limit_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def bounds() -> Iterator[tuple[Path, int, int]]:
        yield GROUP, 60, 20

    monkeypatch.setattr(process_limit, "process_bounds", bounds)

    with pytest.raises(CourseError, match=r"/sys/fs/cgroup/hub may have 60 .* Raise its pids\.max"):
        refuse_too_few(2, 32)
