"""A fork server: it has imported everything once, and forks a process for each submission.

It is one of two kinds. The `session` kind forks locked sessions for students' code; the `judge`
kind forks the processes that make verdicts. It has a single thread, an empty environment and no
open file but its control socket; each message there carries the sockets of one new process.
"""

import gc
import json
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from grader.judge.huge_pages import collapse
from grader.session import linux
from grader.session.imports import without_slow_imports
from grader.session.wire import Channel, WireError

MAX_CONTROL = 65536

Start = Callable[[dict[str, Any], list[int]], Any]
Learn = Callable[[str], None]


def fork_server(control: socket.socket, start: Start, learn: Learn | None = None) -> None:
    """Fork for each message until the other side has gone.

    Parameters
    ----------
    start : callable
        Called in the new process with the message and its file descriptors; never returns.
    learn : callable, optional
        Called here with the text of a file, for a message that says so; what it keeps is there in
        all processes that are forked later.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _settle()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_CONTROL, 4)
        if not data:
            return
        message = json.loads(data)
        if learn and "learn" in message:
            with open(descriptors[0], encoding="utf-8") as file:
                learn(file.read())
            _settle()
            continue
        if _fork(descriptors[0]) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            control.close()
            try:
                start(message, descriptors)
            finally:
                os._exit(70)
        for descriptor in descriptors:
            os.close(descriptor)


def _fork(waiting: int) -> int:
    """Fork; where the system gives no process now, say so to who waits for one, and go on."""
    try:
        return os.fork()
    except OSError as error:
        with socket.socket(fileno=os.dup(waiting)) as line, suppress(WireError):
            Channel(line).send({"not ready": f"no process could be started: {error}"})
        return -1


def _settle() -> None:
    """Make forking cheap: the collector leaves alone what is there, and huge pages hold it."""
    gc.collect()
    gc.freeze()
    collapse()


def _show_nothing(*args: Any, **kwargs: Any) -> None:
    """Take a warning's place."""


def main() -> None:
    """Be the fork server that the command line asks for."""
    kind, descriptor = sys.argv[1], int(sys.argv[2])
    given = json.load(sys.stdin)
    options = given["options"]
    without_slow_imports()
    # What modules say while they are loaded, and what a judge is told, is nobody's to read.
    show, warnings.showwarning = warnings.showwarning, _show_nothing
    if given["secret"]:
        os.environ["COURSE_SECRET"] = given["secret"]
    control = socket.socket(fileno=descriptor)
    if kind == "session":
        from grader.session.supervise import prepare

        start, learn = prepare(options), None
        warnings.showwarning = show  # a session shows warnings as a notebook does
    else:
        from grader.judge import confine, process

        start, learn = process.prepare(options), process.learn
        confine.prepare()
    with suppress(BrokenPipeError):  # who asked for it may be stopped by now
        control.send(b"warm")
        fork_server(control, start, learn)


if __name__ == "__main__":
    main()
