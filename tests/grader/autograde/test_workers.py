"""Workers: each notebook has its outcome once, and what cannot be locked stops the run."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from grader.autograde.workers import Job, process_pool, run, runner
from grader.errors import CourseError, SandboxMissing

# What a worker does in these tests instead of grading; a job's text says what.


def pretend(submission: bytes, source: str, terms: str) -> str:
    """Return what was given, or do as it says."""
    what = submission.decode()
    if what == "unlocked":
        raise SandboxMissing("no namespaces")
    if what == "fails":
        raise ValueError("no luck")
    if what == "waits":
        time.sleep(0.2)
    return f"{what} graded"


@pytest.fixture(autouse=True)
def _pretend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers pretend."""
    monkeypatch.setattr("grader.autograde.workers.grade_json", pretend)


def jobs(*texts: str) -> list[Job]:
    return [Job(place, text.encode(), "") for place, text in enumerate(texts)]


def outcomes(pool: Executor, width: int, work: list[Job]) -> dict[int, Any]:
    """Run jobs; each must come out exactly once."""
    found = [(job.key, outcome) for job, outcome in run(pool, width, iter(work), "")]
    assert sorted(key for key, _ in found) == [job.key for job in work]
    return dict(found)


def graded(*texts: str) -> dict[int, str]:
    return {place: f"{text} graded" for place, text in enumerate(texts)}


@pytest.fixture
def pool() -> Iterator[Executor]:
    with process_pool(2) as pool:
        yield pool


def test_a_pool_grades_every_job(pool):
    texts = ["a", "waits", "b", "waits", "c"]

    assert outcomes(pool, 4, jobs(*texts)) == graded(*texts)


def test_an_error_is_the_outcome_of_its_own_job_only(pool):
    found = outcomes(pool, 2, jobs("a", "fails", "b"))

    assert (found[0], str(found[1]), found[2]) == ("a graded", "no luck", "b graded")


def test_what_cannot_be_locked_stops_the_run(pool):
    with pytest.raises(SandboxMissing, match="no namespaces"):
        outcomes(pool, 2, jobs("a", "unlocked", "b"))


class Counting(Executor):
    """Finishes a job only when the next one cannot be taken."""

    def __init__(self) -> None:
        self.open: list[Future[Any]] = []
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.open.append(future)
        self.most = max(self.most, len(self.open))
        if len(self.open) == 3:
            for waiting in self.open:
                waiting.set_result("done")
            self.open = []
        return future


def test_only_so_many_jobs_are_read_and_under_way_at_a_time():
    """A class of thousands is never in memory at once."""
    pool, read = Counting(), []

    def lazily() -> Iterator[Job]:
        for place in range(9):
            read.append(place)
            yield Job(place, b"a", "")

    finished = 0
    for _ in run(pool, 3, lazily(), ""):
        finished += 1
        assert len(read) <= finished + 3
    assert (finished, pool.most) == (9, 3)


# Which workers


@pytest.mark.parametrize("wanted", [1, 2, None])
def test_the_runner_grades_with_as_many_processes_as_asked_for(wanted):
    with runner(wanted, None) as grade_all:
        found = {job.key: outcome for job, outcome in grade_all(jobs("a", "b"), "")}

    assert found == graded("a", "b")


def test_a_scheduler_that_does_not_answer_is_told_of(monkeypatch):
    import distributed

    def refuse(address: str, timeout: float) -> None:
        raise OSError(f"Timed out trying to connect to {address}")

    monkeypatch.setattr(distributed, "Client", refuse)
    with (
        pytest.raises(CourseError, match="No Dask scheduler answers at tcp:"),
        runner(None, "tcp://127.0.0.1:9"),
    ):
        pass


def test_without_dask_a_scheduler_cannot_be_used(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(CourseError, match="install the extra 'dask'"),
        runner(None, "tcp://127.0.0.1:9"),
    ):
        pass
