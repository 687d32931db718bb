"""A warm process: has imported everything once, and forks a ready worker for each submission.

It is one of two kinds. The `session` kind forks locked sessions for students' code; the `judge`
kind forks the processes that make verdicts. It has a single thread, an empty environment and no
open file but its control socket; each message there carries the sockets of one new process.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from grader.session import kernel

MAX_CONTROL = 65536


def without_slow_imports() -> None:
    """Keep jsonschema from building a parser of web addresses, which takes seconds.

    It goes without where the parser is not installed; no notebook's schema asks for it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def import_quietly(names: list[str]) -> None:
    """Import what lessons import; what cannot be imported will say so in its own cell."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            continue


def fork_server(control: socket.socket, start: Any) -> None:
    """Fork for each message until the other side has gone.

    Parameters
    ----------
    start : callable
        Called in the new process with the message and its file descriptors; never returns.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_CONTROL, 4)
        if not data:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            control.close()
            try:
                start(json.loads(data), descriptors)
            finally:
                os._exit(70)
        for descriptor in descriptors:
            os.close(descriptor)


def main() -> None:
    """Be the warm process that the command line asks for."""
    kind, descriptor, options = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    without_slow_imports()
    control = socket.socket(fileno=descriptor)
    if kind == "session":
        from grader.session.supervise import prepare
    else:
        from grader.judge import prepare
    start = prepare(options)
    control.send(b"warm")
    fork_server(control, start)


if __name__ == "__main__":
    main()
