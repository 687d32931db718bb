"""The judge's word with a session's supervisor: no interruption hits the next question."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from grader.judge.process import _how_it_ended, _interrupt
from grader.session.limits import Limits
from grader.session.supervise import INTERRUPT, watch

ENDED = json.dumps({"ended": "memory"}).encode()


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The judge's end of a control socket, and the supervisor's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_an_interruption_waits_until_the_signal_is_sent(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    sent = threading.Event()

    def supervise() -> None:
        theirs.recv(1)
        time.sleep(0.2)
        sent.set()
        theirs.send(INTERRUPT)

    thread = threading.Thread(target=supervise)
    thread.start()
    _interrupt(ours)

    assert sent.is_set()
    thread.join()
    theirs.send(ENDED)
    assert _how_it_ended(ours) == "memory"


def test_how_a_session_ended_is_not_lost_by_an_interruption(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    theirs.send(ENDED)
    _interrupt(ours)

    assert _how_it_ended(ours) == "memory"


def test_an_answer_that_came_late_does_not_hide_how_a_session_ended(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    theirs.send(INTERRUPT + ENDED)

    assert _how_it_ended(ours) == "memory"


def test_the_supervisor_says_when_it_has_interrupted(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    session = os.fork()
    if session == 0:
        signal.signal(signal.SIGINT, lambda *_: os._exit(3))
        theirs.send(b"r")
        signal.pause()
    assert ours.recv(1) == b"r"
    ended: list[str] = []
    watching = threading.Thread(
        target=lambda: ended.append(watch(session, theirs, Limits(), in_own_tree=False))
    )
    watching.start()
    ours.send(INTERRUPT)
    ours.settimeout(10)
    assert ours.recv(1) == INTERRUPT
    watching.join(10)

    assert ended == ["exit 3"]
