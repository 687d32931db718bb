"""What bounds sessions and judges on this machine, in words for the report."""

import os

from grader.session import cgroup, landlock
from grader.session.seccomp import MACHINES


def bounds() -> str:
    """Return which of the kernel's bounds the grading on this machine has.

    Examples
    --------
    >>> "session" in bounds() and "judge" in bounds()
    True
    """
    sessions = "a control group each" if cgroup.launcher() is not None else "process limits"
    filtered = os.uname().machine in MACHINES
    parts = ["Landlock"] * bool(landlock.version()) + ["a list of system calls"] * filtered
    return f"sessions: {sessions}; judge: {' and '.join(parts) or 'not confined'}"
