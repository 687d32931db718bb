"""A warm process goes on where the system gives it no process for a while."""

import errno
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from grader.judge.fork_server import fork_server
from grader.session.wire import Channel


@pytest.fixture
def asked() -> Iterator[tuple[socket.socket, list[socket.socket]]]:
    """A warm process's control socket with two requests in it, and who waits for each."""
    before = signal.getsignal(signal.SIGCHLD)
    control, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    waiting = []
    for _ in range(2):
        here, there = socket.socketpair()
        socket.send_fds(ours, [json.dumps({}).encode()], [there.fileno()])
        there.close()
        waiting.append(here)
    ours.close()
    yield control, waiting
    control.close()
    for line in waiting:
        line.close()
    signal.signal(signal.SIGCHLD, before)
    gc.unfreeze()


def never(message: dict[str, Any], descriptors: list[int]) -> NoReturn:
    raise AssertionError("nothing was forked")


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOMEM])
def test_who_waits_is_told_and_the_next_is_served(
    asked: tuple[socket.socket, list[socket.socket]], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, waiting = asked

    def fork() -> NoReturn:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fork", fork)
    fork_server(control, never)

    for line in waiting:
        said = Channel(line).receive(1)
        assert list(said) == ["not ready"]
        assert os.strerror(code) in said["not ready"]


def test_a_server_that_nobody_waits_for_any_more_ends_without_a_word() -> None:
    control, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.close()
    given = {"options": {"sealed": [], "preload": []}, "secret": ""}

    done = subprocess.run(
        [sys.executable, "-m", "grader.judge.fork_server", "session", str(control.fileno())],
        input=json.dumps(given),
        pass_fds=[control.fileno()],
        capture_output=True,
        text=True,
    )
    control.close()

    assert (done.returncode, done.stderr) == (0, "")
