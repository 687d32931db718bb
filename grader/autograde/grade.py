"""Grade one notebook: bytes in, verdicts out; no database, no shared file system.

`grade` is a pure function of its arguments. It may run in threads of this process or on a Dask
worker: what it does is done in processes of its own.
"""

import time
from dataclasses import dataclass, field, replace
from typing import Any

from grader.autograde.pool import JudgeEnded, NotReady, Pool, Task, a_pool
from grader.autograde.submission import Submission
from grader.course.course import Course
from grader.course.lesson import SourceNotebook
from grader.course.student_code import lessons_with_own_numbers, student_code
from grader.errors import SandboxMissing
from grader.judge.attempt import NO_STEP
from grader.judge.notebook import write_notebook
from grader.judge.restore import EMPTY, Step
from grader.outcome import CellResult, GradedNotebook
from grader.session.limits import Limits

MOST_ATTEMPTS = 6
# How a session ends by itself or for want of the machine's memory: nobody can tell which.
_BY_ANYONE = ("SIGKILL", "Its process is gone")
_JUDGE_ENDED = "It did not end, or it ended the process that judges it."


class NotGraded(Exception):
    """The grader has failed; of the submission this says nothing."""


@dataclass(frozen=True)
class Terms:
    """How to grade: the same for every submission of a run.

    Attributes
    ----------
    sealed : tuple of str
        Modules that refuse to compute for a student's function.
    secret : str
        Of it hidden tests make their cases; only the judge ever has it.
    own_numbers : tuple of str
        The lessons in which students have numbers of their own.
    """

    limits: Limits = field(default_factory=Limits)
    sealed: tuple[str, ...] = ()
    secret: str = ""
    sandbox: bool = True
    own_numbers: tuple[str, ...] = ()

    def code(self, student: str, lesson: str) -> str:
        """Return the code that a student's own numbers follow from; "" where there are none."""
        return student_code(self.secret, student) if student and lesson in self.own_numbers else ""


def terms_of(course: Course, sandbox: bool = True) -> Terms:
    """Return how a course grades, from its settings."""
    settings, own = course.settings, lessons_with_own_numbers(course)
    return Terms(settings.limits, tuple(settings.sealed_modules), settings.secret, sandbox, own)


@dataclass(frozen=True)
class Lesson:
    """What all submissions of a run are graded by."""

    sources: tuple[SourceNotebook, ...]
    terms: Terms


def grade_submission(submission: Submission, lesson: Lesson) -> tuple[GradedNotebook, ...]:
    """Grade all notebooks of a submission: what a worker is asked to do."""
    return tuple(
        damaged(source, submission.unreadable[source.name])
        if source.name in submission.unreadable
        else grade(submission.notebooks[source.name], source, lesson.terms, submission.student)
        for source in lesson.sources
    )


def grade(
    submission: bytes, source: SourceNotebook, terms: Terms, student: str = ""
) -> GradedNotebook:
    """Grade one notebook.

    Parameters
    ----------
    submission : bytes
        The submitted ``.ipynb`` file.
    source : SourceNotebook
        The instructor's cells.
    student : str
        Whose it is, by id; where nobody's, the numbers are those that the lesson prints.

    Raises
    ------
    SandboxMissing
        When the session cannot be locked and `terms` ask for it.
    NotReady, NotGraded
        When the grader itself has failed.
    """
    code = terms.code(student, source.lesson)
    try:
        return _grade(submission, source, terms, code)
    except NotReady:  # such as for want of memory; that may be over
        return _grade(submission, source, terms, code)


def _grade(submission: bytes, source: SourceNotebook, terms: Terms, code: str) -> GradedNotebook:
    limits = terms.limits
    task = Task(submission, source, limits, terms.sandbox, limits.notebook_seconds, code=code)
    seen = source.session_imports
    hidden = tuple(name for name in source.imports if name not in seen)
    with a_pool(terms.sealed, seen, terms.secret, hidden) as pool:
        try:
            return _judged(pool, task)
        except JudgeEnded as error:
            if not _can_grade(pool, task):
                raise NotGraded(f"{error}, and so it was with an empty notebook") from None
            return damaged(source, f"Whenever it is graded, {error}.")


def _judged(pool: Pool, task: Task) -> GradedNotebook:
    """Have it judged, again without each cell that ends its session or its judge.

    Raises
    ------
    JudgeEnded
        When judges ended again and again.
    """
    seen: set[int] = set()  # steps that something ended at, perhaps by chance
    for number in range(MOST_ATTEMPTS):
        task, begin = replace(task, last=number == MOST_ATTEMPTS - 1), time.monotonic()
        try:
            answer = pool.judge(task)
            if "lost" not in answer:
                return _graded(task.source, answer)
            step, reason, left = (answer[key] for key in ("lost", "reason", "left"))
            by_chance = any(end in reason for end in _BY_ANYONE)
        except JudgeEnded as error:
            step, reason = error.step, _JUDGE_ENDED
            took = time.monotonic() - begin
            left, by_chance = task.seconds - took, took < task.limits.cell_seconds
            hopeless = step in task.without or (step == NO_STEP and step in seen)
            if task.last or left <= 0 or hopeless:
                raise
        if step != NO_STEP and (step in seen or not by_chance):
            task = replace(task, without=task.without | {step: reason})
        seen.add(step)
        task = replace(task, seconds=left)
    raise AssertionError("the last attempt comes to an end")


def _can_grade(pool: Pool, task: Task) -> bool:
    """Whether an empty notebook can be graded, here and now."""
    empty = Task(EMPTY, task.source, task.limits, task.sandbox, task.limits.notebook_seconds)
    try:
        return "graded" in pool.judge(replace(empty, last=True))
    except JudgeEnded:
        return False


def _graded(source: SourceNotebook, answer: dict[str, Any]) -> GradedNotebook:
    if "not locked" in answer:
        raise SandboxMissing(
            f"A session cannot be locked on this machine: {answer['not locked']}. Grading needs "
            "Linux with user namespaces (see the README, 'You administer'). To grade "
            "without protection, submissions that you trust, say --no-sandbox."
        )
    if "failed" in answer:
        raise NotGraded(answer["failed"])
    if "damaged" in answer:
        return damaged(source, answer["damaged"])
    return GradedNotebook.of(answer["graded"])


def damaged(source: SourceNotebook, reason: str) -> GradedNotebook:
    """Return the outcome of a notebook that cannot be graded: no points, and why."""
    results = tuple(
        CellResult(cell.cell, 0.0, float(cell.points), reason)
        for cell in source.cells
        if cell.points is not None
    )
    steps = [Step("markdown", f"**Not graded.** {reason}", None)]
    steps += [Step(cell.cell_type, cell.source, cell) for cell in source.cells]
    return GradedNotebook(
        source.name,
        "damaged",
        reason,
        results=results,
        ipynb=write_notebook(steps, [[] for _ in steps]),
    )
