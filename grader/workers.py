"""Where submissions are graded: here, in a pool of processes, or on a Dask cluster."""

import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grader.errors import CourseError, SandboxMissing
from grader.grade import grade_json

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Job:
    """One notebook to grade, by a key that the caller knows it by."""

    key: Any
    submission: bytes
    source: str


class WorkerDied(Exception):
    """The worker that graded a notebook died, also when it graded nothing else."""


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """Give a pool of `jobs` processes that end when this process does."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_join, initargs=(os.getpid(),))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class Here(Executor):
    """Grades in this process, one after another."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def _join(parent: int) -> None:
    # Ctrl-C is the parent's to answer; and no worker outlives a parent that was killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


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
        yield client.get_executor(retries=2), workers
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
    suspects: list[Job] = []
    while True:
        while len(flying) < width and not suspects and (job := next(waiting, None)):
            try:
                flying[pool.submit(grade_json, job.submission, job.source, terms)] = job
            except BrokenProcessPool:  # a worker died while the caller had the floor
                suspects.append(job)
        if not flying:
            break
        for future in wait(flying, return_when=FIRST_COMPLETED).done:
            job = flying.pop(future)
            outcome = _outcome(future)
            if isinstance(outcome, BrokenProcessPool):
                suspects.append(job)
            else:
                yield job, outcome
    # A worker that dies takes its pool along: what was under way is graded again, one by one.
    yield from _one_by_one(suspects, terms)
    if suspects:
        with process_pool(max(1, width // 2)) as fresh:
            yield from run(fresh, width, waiting, terms)


def _one_by_one(jobs: Iterable[Job], terms: str) -> Iterator[tuple[Job, str | Exception]]:
    waiting = deque(jobs)
    while waiting:
        with process_pool(1) as pool:
            outcome: str | Exception = ""
            while waiting and not isinstance(outcome, WorkerDied):
                job = waiting.popleft()
                outcome = _outcome(pool.submit(grade_json, job.submission, job.source, terms))
                if isinstance(outcome, BrokenProcessPool):
                    outcome = WorkerDied(
                        "Grading it ended the process that graded it, also when tried alone."
                    )
                yield job, outcome


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
    """Give what grades jobs: on a scheduler's workers, or on processes of this machine."""
    if scheduler:
        with dask_cluster(scheduler) as (cluster, workers):
            yield lambda work, terms: run(cluster, 2 * workers, work, terms)
    elif jobs == 1:
        yield lambda work, terms: run(Here(), 1, work, terms)
    else:
        count = jobs or len(os.sched_getaffinity(0))
        with process_pool(count) as pool:
            yield lambda work, terms: run(pool, 2 * count, work, terms)
