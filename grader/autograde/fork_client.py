"""The client of a fork server (`grader.judge.fork_server`): starts it, and asks it to fork."""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any

from grader.session import cgroup

WARM_SECONDS = 120.0
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Python and Matplotlib read files there, so it must be no folder that others can write to.
    "HOME": os.path.expanduser("~"),
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # As nbgrader sets it: a lesson leaves out what need not be repeated for each submission.
    "NBGRADER_EXECUTION": "autograde",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class ForkClient:
    """A fork server and its control socket.

    Parameters
    ----------
    kind : str
        ``session`` or ``judge``.
    options : dict
        What to import.
    """

    def __init__(self, kind: str, options: dict[str, Any], secret: str = "") -> None:
        groups = kind == "session" and cgroup.launcher() is not None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(cgroup.launcher() or () if groups else ()),
                    sys.executable,
                    "-m",
                    "grader.judge.fork_server",
                    kind,
                    str(theirs.fileno()),
                ],
                env=_ENVIRONMENT | (cgroup.environment() if groups else {}),
                cwd="/",
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
        # Neither its arguments nor its first environment: the system shows these as files, and
        # what is imported tells of hidden tests.
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as stdin:
            given = {"options": options | {"groups": groups}, "secret": secret}
            stdin.write(json.dumps(given).encode())

    def wait(self) -> None:
        """Wait until it has imported everything."""
        self._control.settimeout(WARM_SECONDS)
        if self._control.recv(16) != b"warm":
            raise RuntimeError("The process that sessions are forked from could not start.")
        self._control.settimeout(None)

    def send(self, message: dict[str, Any], *ends: Any) -> None:
        """Send what to fork a process for, with its open files."""
        descriptors = [end.fileno() for end in ends]
        socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)

    def alive(self, patience: float) -> bool:
        """Whether it is there, and still is so many seconds later."""
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return True
        return False

    def close(self) -> None:
        """End it, and with it what it forked."""
        self._control.close()
        self._process.wait()
