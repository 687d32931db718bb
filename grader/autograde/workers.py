"""Where submissions are graded: in a pool of processes on this machine, or on a Dask cluster."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grader.autograde.grade import grade_json
from grader.autograde.pool import close_pools
from grader.errors import CourseError, SandboxMissing


@dataclass(frozen=True)
class Job:
    """One notebook to grade, by a key that the caller knows it by."""

    key: Any
    submission: bytes
    source: str


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
    pool: Executor, width: int, jobs: Iterable[Job], terms: str
) -> Iterator[tuple[Job, str | Exception]]:
    """Grade jobs as they come, `width` at a time; give each with its outcome, whichever is ready.

    Raises
    ------
    SandboxMissing
        When no session can be locked: then nothing can be graded.
    """
    waiting = iter(jobs)
    flying: dict[Future[str], Job] = {}
    while True:
        while len(flying) < width and (job := next(waiting, None)):
            flying[pool.submit(grade_json, job.submission, job.source, terms)] = job
        if not flying:
            return
        for future in wait(flying, return_when=FIRST_COMPLETED).done:
            yield flying.pop(future), _outcome(future)


def _outcome(future: Future[str]) -> str | Exception:
    try:
        return future.result()
    except SandboxMissing:
        raise
    except Exception as error:
        return error


Runner = Callable[[Iterable[Job], str], Iterator[tuple[Job, str | Exception]]]


@contextmanager
def runner(jobs: int | None, scheduler: str | None) -> Iterator[Runner]:
    """Give what grades jobs: on a scheduler's workers, or in processes of this machine."""
    if scheduler:
        with dask_cluster(scheduler) as (cluster, workers):
            yield lambda work, terms: run(cluster, 2 * workers, work, terms)
        return
    count = jobs or len(os.sched_getaffinity(0))
    with process_pool(count) as pool:
        yield lambda work, terms: run(pool, 2 * count, work, terms)


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """Give a pool that grades `jobs` notebooks at a time.

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
