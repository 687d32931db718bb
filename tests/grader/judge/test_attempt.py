"""One attempt: what it leaves out, where it stops, and what of it outlives its process."""

import os
import signal
import time
from typing import Any

import pytest

import grader.judge.attempt
from grader.judge.attempt import NO_STEP, Attempt, Lost, last_step


class Session:
    """A session as an attempt sees it."""

    def __init__(self, ended: str = "") -> None:
        self.ended, self.closed = ended, ""


def attempt(session: Any, notes: int, **other: Any) -> Attempt:
    usual = {"without": {}, "seconds": 9.0, "cell_seconds": 9.0, "last": False}
    return Attempt(session, notes=notes, **usual | other)


@pytest.fixture
def pipe() -> Any:
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def test_a_step_that_is_left_out_finds_the_session_closed(pipe):
    session = Session()
    one = attempt(session, pipe[1], without={1: "It ended."})
    seen = []
    for step in range(3):
        one.begin(step)
        seen.append(session.closed)
        one.end()

    assert seen == ["", "It ended.", ""]
    assert session.closed == ""


def test_it_stops_where_the_session_ends_and_says_what_time_is_left(pipe):
    session = Session()
    one = attempt(session, pipe[1])
    one.begin(3)
    session.ended = "It ended."
    with pytest.raises(Lost, match="It ended") as lost:
        one.end()

    assert lost.value.step == 3
    assert 8 < lost.value.left < 9


@pytest.mark.parametrize("how", ["last", "late"])
def test_the_last_one_goes_on_and_so_does_one_without_time_to_come_back(pipe, how):
    one = attempt(Session("It ended."), pipe[1], last=how == "last", seconds=0.1)
    if how == "late":
        time.sleep(0.06)
    one.begin(0)
    one.end()


def test_the_step_it_was_at_can_be_read_when_it_has_gone(pipe):
    one = attempt(Session(), pipe[1])
    assert last_step(os.read(pipe[0], 99)) == NO_STEP
    one.begin(0)
    one.end()
    one.begin(260)
    assert last_step(os.read(pipe[0], 99)) == 260
    one.end()
    assert last_step(os.read(pipe[0], 99)) == NO_STEP


# Python warns of forking beside threads; the forked process only computes.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_computation_that_hears_no_alarm_ends_with_its_process(pipe, monkeypatch):
    monkeypatch.setattr(grader.judge.attempt, "HEARD_SECONDS", 0.1)
    child = os.fork()
    if child == 0:
        try:
            attempt(Session(), pipe[1], cell_seconds=0.1).begin(5)
            sum(range(10**13))
        finally:
            os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert status == -signal.SIGVTALRM
    assert last_step(os.read(pipe[0], 99)) == 5
