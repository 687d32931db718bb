"""Where submissions are graded: in a pool of processes on this machine, or on a Dask cluster."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import chain, islice, repeat

from grader.autograde.grade import Lesson, grade_submission
from grader.autograde.pool import close_pools
from grader.autograde.submission import Submission
from grader.errors import CourseError, SandboxMissing
from grader.outcome import GradedNotebook

# What Dask does for a task takes a fifth of the time that a submission takes.
TOGETHER = 4

Result = tuple[GradedNotebook, ...] | Exception


@contextmanager
def dask_cluster(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Give a Dask cluster's executor and how many workers there are.

    Raises
    ------
    CourseError
        When Dask is not installed or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "--scheduler needs Dask: install the extra 'dask' of this distribution."
        ) from None
    try:
        client = Client(scheduler, timeout=10)
    except OSError as error:
        raise CourseError(
            f"No Dask scheduler answers at {scheduler} ({error}). Start one with `dask scheduler` "
            "and workers with `dask worker`, and give their address."
        ) from error
    try:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise CourseError(f"The scheduler at {scheduler} has no workers: start `dask worker`.")
        yield client.get_executor(retries=2, pure=False), workers
    finally:
        client.close()


def run(
    pool: Executor,
    width: int,
    submissions: Iterable[Submission],
    lesson: Lesson,
    together: int = 1,
) -> Iterator[tuple[Submission, Result]]:
    """Grade submissions as they come, `width` tasks at a time; give each with its result.

    The grader's own dataclasses go to the executor and come back: to threads as they are, to Dask's
    workers pickled; of students there are only texts and bytes in them.

    Parameters
    ----------
    together : int
        How many submissions a task has, once each worker has had its first.

    Raises
    ------
    SandboxMissing
        When no session can be locked: then nothing can be graded.
    """
    waiting, sizes = iter(submissions), chain(repeat(1, width), repeat(together))
    flying: dict[Future[list[Result]], list[Submission]] = {}
    while True:
        while len(flying) < width and (task := list(islice(waiting, next(sizes)))):
            flying[pool.submit(grade_all, task, lesson)] = task
        if not flying:
            return
        for future in wait(flying, return_when=FIRST_COMPLETED).done:
            task = flying.pop(future)
            yield from zip(task, _results(future, len(task)), strict=True)


def grade_all(submissions: list[Submission], lesson: Lesson) -> list[Result]:
    """Return what became of each submission: its notebooks, or why it is not graded."""
    return [_graded(submission, lesson) for submission in submissions]


def _graded(submission: Submission, lesson: Lesson) -> Result:
    try:
        return grade_submission(submission, lesson)
    except SandboxMissing:
        raise
    except Exception as error:
        return error


def _results(future: Future[list[Result]], count: int) -> list[Result]:
    try:
        return future.result()
    except SandboxMissing:
        raise
    except Exception as error:  # such as a worker that was killed too often
        return [error] * count


Runner = Callable[[Iterable[Submission], Lesson], Iterator[tuple[Submission, Result]]]


@contextmanager
def runner(jobs: int | None, scheduler: str | None) -> Iterator[Runner]:
    """Give what grades submissions: on a scheduler's workers, or in processes of this machine."""
    if scheduler:
        with dask_cluster(scheduler) as (cluster, workers):
            yield lambda work, lesson: run(cluster, 2 * workers, work, lesson, TOGETHER)
        return
    count = jobs or len(os.sched_getaffinity(0))
    with process_pool(count) as pool:
        yield lambda work, lesson: run(pool, 2 * count, work, lesson)


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """Give a pool that grades `jobs` submissions at a time.

    A thread each is enough, as every notebook has processes of its own and the threads only wait.
    """
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        close_pools()  # what is under way ends now
        raise
    finally:
        pool.shutdown()
