"""Workers: nothing is lost with one that dies, and what cannot be locked stops the run."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from engine import lesson

import grader.grade
from grader.errors import CourseError, SandboxMissing
from grader.grade import Terms
from grader.workers import Here, Job, WorkerDied, process_pool, run, runner

# What a worker does in these tests instead of grading; a job's text says what.


def pretend(submission: bytes, source: str, terms: str) -> str:
    """Return what was given, or do as it says; `terms` is a folder to remember in."""
    what = submission.decode()
    if what == "unlocked":
        raise SandboxMissing("no namespaces")
    if what == "fails":
        raise ValueError("no luck")
    once = Path(terms) / "died" if terms else None
    if what == "dies" or (what == "dies once" and once and not once.exists()):
        if once:
            once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "waits":
        time.sleep(0.2)
    return f"{what} graded"


# Python warns of forking beside threads, such as those of another pool; these workers do little.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


@pytest.fixture(autouse=True)
def _pretend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers pretend, and fork them: to spawn one takes seconds."""
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr("grader.workers.multiprocessing.get_context", lambda kind: fork)
    monkeypatch.setattr("grader.workers.grade_json", pretend)


def jobs(*texts: str) -> list[Job]:
    return [Job(place, text.encode(), "") for place, text in enumerate(texts)]


def outcomes(pool: Executor, width: int, work: list[Job], terms: str = "") -> dict[int, Any]:
    """Run jobs; each must come out exactly once."""
    found = [(job.key, outcome) for job, outcome in run(pool, width, iter(work), terms)]
    assert sorted(key for key, _ in found) == [job.key for job in work]
    return dict(found)


def graded(*texts: str) -> dict[int, str]:
    return {place: f"{text} graded" for place, text in enumerate(texts)}


# Here


def test_here_jobs_are_done_one_after_another():
    assert outcomes(Here(), 1, jobs("a", "b", "c")) == graded("a", "b", "c")


def test_an_error_is_the_outcome_of_its_own_job_only():
    found = outcomes(Here(), 1, jobs("a", "fails", "b"))

    assert (found[0], found[2]) == ("a graded", "b graded")
    assert repr(found[1]) == "ValueError('no luck')"


def test_what_cannot_be_locked_stops_the_run():
    finished = run(Here(), 1, jobs("a", "unlocked", "b"), "")

    assert next(finished)[1] == "a graded"
    with pytest.raises(SandboxMissing, match="no namespaces"):
        next(finished)


# In a pool


@pytest.fixture
def pool() -> Iterator[Executor]:
    with process_pool(2) as pool:
        yield pool


def test_a_pool_grades_every_job(pool):
    texts = ["a", "waits", "b", "waits", "c"]

    assert outcomes(pool, 4, jobs(*texts)) == graded(*texts)


def test_in_a_pool_an_error_is_the_outcome_of_its_own_job_only(pool):
    found = outcomes(pool, 2, jobs("a", "fails", "b"))

    assert (found[0], str(found[1]), found[2]) == ("a graded", "no luck", "b graded")


def test_in_a_pool_what_cannot_be_locked_stops_the_run(pool):
    with pytest.raises(SandboxMissing, match="no namespaces"):
        outcomes(pool, 2, jobs("a", "unlocked", "b"))


def test_a_worker_that_dies_loses_nothing(tmp_path):
    texts = ["a", "waits", "dies once", "b", "c", "d"]
    with process_pool(2) as pool:
        found = outcomes(pool, 4, jobs(*texts), str(tmp_path))

    assert (tmp_path / "died").exists()
    assert found == graded(*texts)


def test_a_job_that_always_ends_its_worker_is_told_from_the_others():
    with process_pool(2) as pool:
        found = outcomes(pool, 4, jobs("a", "dies", "waits", "b", "dies", "c"))

    died = {key: outcome for key, outcome in found.items() if isinstance(outcome, WorkerDied)}
    assert set(died) == {1, 4}
    assert "also when tried alone" in str(died[1])
    assert {key: found[key] for key in (0, 2, 3, 5)} == {
        0: "a graded",
        2: "waits graded",
        3: "b graded",
        5: "c graded",
    }


def test_a_worker_that_was_killed_from_outside_loses_nothing():
    texts = ["waits"] * 8
    found: dict[int, Any] = {}
    with process_pool(2) as pool:
        for job, outcome in run(pool, 4, jobs(*texts), ""):
            assert job.key not in found
            found[job.key] = outcome
            if len(found) == 2:
                os.kill(next(iter(pool._processes)), signal.SIGKILL)  # type: ignore[attr-defined]

    assert found == graded(*texts)


class Fragile(Executor):
    """Grades at once, but refuses from the job `last` on, as a pool does that has broken."""

    def __init__(self, last: int) -> None:
        self.last = last

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.last == 0:
            raise BrokenProcessPool
        self.last -= 1
        return Here().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("last", [0, 1, 2])
def test_a_pool_that_broke_while_results_were_recorded_loses_nothing(last):
    assert outcomes(Fragile(last), 2, jobs("a", "b", "c")) == graded("a", "b", "c")


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


def test_threads_of_one_worker_share_their_warm_processes(monkeypatch):
    """A Dask worker may have several threads."""
    made: list[object] = []

    class Slow:
        def __init__(self, *_: Any) -> None:
            time.sleep(0.1)
            made.append(self)

        def close(self) -> None:
            made.remove(self)

    grader.grade.close_places()
    monkeypatch.setattr("grader.grade.Place", Slow)
    with ThreadPoolExecutor(4) as threads:
        places = list(threads.map(lambda _: grader.grade._place(Terms(), lesson()), range(4)))
    grader.grade.close_places()

    assert len(set(places)) == 1
    assert made == []
