"""Grade where a user may have no further process for a while; print what comes of it."""

import json
import os
import resource

from engine import check, defines, graded, lesson

from grader.autograde.pool import NotReady, a_pool, close_pools
from grader.autograde.process_limit import refuse_too_few
from grader.errors import CourseError

SOURCE = lesson(defines("f"), check("test", "assert f(3) == 9"))
SQUARE = "def f(x):\n    return x * x"


def warm() -> dict[str, int]:
    """Return the pids of the warm processes."""
    with a_pool((), SOURCE.imports, "") as place:
        return {
            kind: one._process.pid
            for kind, one in (("session", place._session), ("judge", place._judge))
        }


def outcome() -> object:
    """Return the points of a right answer, or what was said instead."""
    try:
        return graded(SOURCE, f=SQUARE).results[0].points
    except NotReady as error:
        return f"not ready: {error}"


def crowded(pid: int) -> object:
    """Grade twice while a warm process may start none: the second has no session ahead."""
    before = resource.prlimit(pid, resource.RLIMIT_NPROC)
    resource.prlimit(pid, resource.RLIMIT_NPROC, (1, before[1]))
    found = [outcome(), outcome()]
    resource.prlimit(pid, resource.RLIMIT_NPROC, before)
    return found[1]


def refusal() -> str:
    """Return what is said before grading with many jobs begins."""
    resource.setrlimit(resource.RLIMIT_NPROC, (40, 40))
    try:
        refuse_too_few(8, 32)
    except CourseError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    outcome()
    before = warm()
    during = {kind: crowded(pid) for kind, pid in before.items()}
    after = outcome()
    found = {"during": during, "after": after, "the same": warm() == before}
    close_pools()
    print(json.dumps(found | {"user": os.getuid(), "refusal": refusal()}))
