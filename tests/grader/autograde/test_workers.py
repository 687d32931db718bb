"""Workers: each notebook has its outcome once, and what cannot be locked stops the run."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from grader.autograde.grade import Lesson, Terms
from grader.autograde.submission import Submission
from grader.autograde.workers import process_pool, run, runner
from grader.errors import CourseError, SandboxMissing

LESSON = Lesson((), Terms())

# What a worker does in these tests instead of grading; a submission's text says what.


def pretend(submission: Submission, lesson: Lesson) -> str:
    """Return what was given, or do as it says."""
    assert lesson is LESSON
    what = submission.notebooks["ps1"].decode()
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
    monkeypatch.setattr("grader.autograde.workers.grade_submission", pretend)


def handed_in(*texts: str) -> list[Submission]:
    return [Submission(str(place), {"ps1": text.encode()}) for place, text in enumerate(texts)]


def outcomes(pool: Executor, width: int, *texts: str, together: int = 1) -> list[Any]:
    """Grade these; each must come out exactly once."""
    work = handed_in(*texts)
    results = run(pool, width, iter(work), LESSON, together)
    found = {one.student: result for one, result in results}
    assert sorted(found) == [submission.student for submission in work]
    return [found[submission.student] for submission in work]


def graded(*texts: str) -> list[str]:
    return [f"{text} graded" for text in texts]


@pytest.fixture
def pool() -> Iterator[Executor]:
    with process_pool(2) as pool:
        yield pool


def test_a_pool_grades_every_submission(pool):
    texts = ["a", "waits", "b", "waits", "c"]

    assert outcomes(pool, 4, *texts) == graded(*texts)


def test_an_error_is_the_result_of_its_own_submission_only(pool):
    found = outcomes(pool, 2, "a", "fails", "b")

    assert (found[0], str(found[1]), found[2]) == ("a graded", "no luck", "b graded")


def test_a_task_of_several_submissions_is_as_good_as_one_of_each(pool):
    found = outcomes(pool, 2, *"abcd", "fails", *"efgh", together=4)

    assert [*found[:4], *found[5:]] == graded(*"abcdefgh")
    assert str(found[4]) == "no luck"


class Ended(Executor):
    """Does as a cluster whose workers are killed, and notes what each task was."""

    def __init__(self) -> None:
        self.tasks: list[int] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks.append(len(args[0]))
        future: Future[Any] = Future()
        future.set_exception(OSError("the worker was killed"))
        return future


def test_with_a_task_all_of_its_submissions_fail_and_each_worker_begins_with_one():
    pool = Ended()

    found = outcomes(pool, 2, *"abcdefg", together=4)

    assert [str(error) for error in found] == ["the worker was killed"] * 7
    assert pool.tasks == [1, 1, 4, 1]


def test_what_cannot_be_locked_stops_the_run(pool):
    with pytest.raises(SandboxMissing, match="no namespaces"):
        outcomes(pool, 2, "a", "unlocked", "b")


class Counting(Executor):
    """Finishes a submission only when the next one cannot be taken."""

    def __init__(self) -> None:
        self.open: list[Future[Any]] = []
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.open.append(future)
        self.most = max(self.most, len(self.open))
        if len(self.open) == 3:
            for waiting in self.open:
                waiting.set_result(["done"])
            self.open = []
        return future


def test_only_so_many_submissions_are_read_and_under_way_at_a_time():
    """A class of thousands is never in memory at once."""
    pool, read = Counting(), []

    def lazily() -> Iterator[Submission]:
        for submission in handed_in(*"abcdefghi"):
            read.append(submission)
            yield submission

    finished = 0
    for _ in run(pool, 3, lazily(), LESSON):
        finished += 1
        assert len(read) <= finished + 3
    assert (finished, pool.most) == (9, 3)


# Which workers


@pytest.mark.parametrize("wanted", [1, 2, None])
def test_the_runner_grades_with_as_many_processes_as_asked_for(wanted):
    with runner(wanted, None) as grade_all:
        found = [result for _, result in grade_all(handed_in("a", "b"), LESSON)]

    assert sorted(found) == graded("a", "b")


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
