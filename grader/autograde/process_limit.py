"""Refuse to start where the system gives fewer processes than the sessions may take.

A session may start processes up to its own limit, and they count as the grader's user's, too. If
that user's limit were met, honest students' notebooks would not be graded because of others'.
"""

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError
from grader.session.cgroup import process_bounds

# Of each notebook: the judge and its threads, the supervisor, a session ahead and its supervisor.
_BESIDE = 6
# The two warm processes, the one that waits outside of the namespaces, a thread of each library.
_ONCE = 8
_FEWEST = 4


@dataclass(frozen=True)
class Room:
    """How many processes and threads somebody may have, has, and how one gets more."""

    whose: str
    most: int
    now: int
    cure: str


def refuse_too_few(jobs: int, processes: int) -> None:
    """Check that there is room for `jobs` sessions of so many processes.

    Raises
    ------
    CourseError
        When there is not; it says what was found, what is needed and what to do.
    """
    for room in rooms():
        if room.most - room.now < needed(jobs, processes):
            raise CourseError(_complaint(room, jobs, processes))


def needed(jobs: int, processes: int) -> int:
    """Return how many processes and threads grading may have at a time.

    Examples
    --------
    >>> needed(2, 32)
    84
    """
    return jobs * (processes + _BESIDE) + _ONCE


def _complaint(room: Room, jobs: int, processes: int) -> str:
    left = room.most - room.now - _ONCE
    fewer_jobs = left // (processes + _BESIDE)
    fewer_processes = left // jobs - _BESIDE
    cures = [f"lower --jobs to {fewer_jobs}"] * (fewer_jobs > 0)
    cures += [f"lower c.Grader.processes to {fewer_processes}"] * (fewer_processes >= _FEWEST)
    return (
        f"{room.whose} may have {room.most} processes and threads at a time and has {room.now} "
        f"now. Grading with --jobs {jobs} and c.Grader.processes = {processes} may need "
        f"{needed(jobs, processes)} more. " + ", or ".join([room.cure, *cures]) + "."
    )


def rooms() -> Iterator[Room]:
    """Give each limit that holds here."""
    most = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    if os.geteuid() and most != resource.RLIM_INFINITY:  # root has no such limit
        yield Room("Your account", most, running(os.geteuid()), "Raise its limit (ulimit -u)")
    for group, most, now in process_bounds():
        cure = "Raise its pids.max (or the container's limit of processes)"
        yield Room(f"The control group {group}", most, now, cure)


def running(user: int) -> int:
    """Return how many processes and threads a user has."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if int(facts["Uid"].split()[0]) == user:
                total += int(facts["Threads"])
    return total
