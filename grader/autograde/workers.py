"""Where submissions are graded: in a pool of processes on this machine, or on a Dask cluster."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from grader.autograde.grade import Lesson, grade_submission
from grader.autograde.pool import close_pools
from grader.autograde.submission import Submission
from grader.errors import CourseError, SandboxMissing
from grader.outcome import GradedNotebook

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
    pool: Executor, width: int, submissions: Iterable[Submission], lesson: Lesson
) -> Iterator[tuple[Submission, Result]]:
    """Grade submissions as they come, `width` at a time; give each with its result, once ready.

    The grader's own dataclasses go to the executor and come back: to threads as they are, to Dask's
    workers pickled; of students there are only texts and bytes in them.

    Raises
    ------
    SandboxMissing
        When no session can be locked: then nothing can be graded.
    """
    waiting = iter(submissions)
    flying: dict[Future[tuple[GradedNotebook, ...]], Submission] = {}
    while True:
        while len(flying) < width and (submission := next(waiting, None)):
            flying[pool.submit(grade_submission, submission, lesson)] = submission
        if not flying:
            return
        for future in wait(flying, return_when=FIRST_COMPLETED).done:
            yield flying.pop(future), _result(future)


def _result(future: Future[tuple[GradedNotebook, ...]]) -> Result:
    try:
        return future.result()
    except SandboxMissing:
        raise
    except Exception as error:
        return error


Runner = Callable[[Iterable[Submission], Lesson], Iterator[tuple[Submission, Result]]]


@contextmanager
def runner(jobs: int | None, scheduler: str | None) -> Iterator[Runner]:
    """Give what grades submissions: on a scheduler's workers, or in processes of this machine."""
    if scheduler:
        with dask_cluster(scheduler) as (cluster, workers):
            yield lambda work, lesson: run(cluster, 2 * workers, work, lesson)
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
