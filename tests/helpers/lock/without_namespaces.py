"""Try to grade where the kernel gives no further namespaces; print what happens."""

import json
import os
from pathlib import Path

from grader.session import linux


def give_up_namespaces() -> None:
    """Enter a user namespace that may hold no further one."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(linux.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1\n")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1\n")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def outcome() -> dict[str, object]:
    """Return what comes of grading with and without a sandbox."""
    # Only now: with NumPy come threads, and a process with threads may enter no user namespace.
    from engine import check, defines, graded, lesson

    from grader.autograde.grade import Terms
    from grader.errors import SandboxMissing

    source = lesson(defines("f"), check("test", "assert f(3) == 9"))
    square = "def f(x):\n    return x * x"
    try:
        graded(source, f=square)
    except SandboxMissing as error:
        found: dict[str, object] = {"kind": type(error).__name__, "text": str(error)}
    else:
        found = {"kind": "nothing", "text": ""}
    results = graded(source, Terms(sandbox=False), f=square).results
    return found | {"points without a sandbox": results[0].points}


if __name__ == "__main__":
    give_up_namespaces()
    print(json.dumps(outcome()))
