"""Autograde a lesson's submissions: read them, grade many at a time, record one by one."""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from grader.autograde.grade import Terms, damaged
from grader.autograde.submission import Submission, read_submission
from grader.autograde.workers import Job, runner
from grader.course.course import Course
from grader.course.lesson import SourceNotebook
from grader.course.source import read_lesson
from grader.errors import CourseError
from grader.gradebook.record import is_recorded, keep, record
from grader.outcome import GradedNotebook, Outcome, Status
from grader.session.sandbox import visible_paths
from grader.text import one_line


def autograde(
    course: Course,
    lesson: str,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    sandbox: bool = True,
    students: list[str] | None = None,
    force: bool = False,
    verbose: bool = False,
) -> list[Outcome]:
    """Grade what was handed in and is not graded yet; return every submission's outcome.

    Parameters
    ----------
    jobs : int, optional
        Processes to grade with; the machine's cores by default.
    scheduler : str, optional
        The address of a Dask scheduler to grade on instead.
    students : list of str, optional
        Only these students.
    force : bool
        Grade also what is graded already.

    Raises
    ------
    SandboxMissing
        When sessions cannot be locked and `sandbox` asks for it.
    CourseError
        When there is no such lesson or student, or sessions could read the course's folder.
    """
    lesson = course.lesson(lesson)
    if sandbox:
        _refuse_in_sight(course)
    sources = read_lesson(course, lesson)
    chosen = _chosen(course, lesson, students)
    batch = _Batch(course, lesson, sources, terms_of(course, sandbox), force)
    with course.gradebook() as gradebook, runner(jobs, scheduler) as grade_all:
        finished = batch.grade(chosen, grade_all, gradebook)
        bar = tqdm(finished, lesson, len(chosen), unit="submission", file=sys.stderr, disable=None)
        outcomes = []
        for outcome in bar:
            outcomes.append(outcome)
            if verbose:
                bar.write(line(outcome), file=sys.stderr)
    return sorted(outcomes, key=lambda outcome: outcome.student)


def _refuse_in_sight(course: Course) -> None:
    """Refuse a course whose solutions every session could read."""
    for path in map(Path, visible_paths()):
        if course.root.is_relative_to(path):
            raise CourseError(
                f"The course's folder {course.root} is below {path}, which students' sessions can "
                "read. Move it elsewhere, such as below /srv, and grade again."
            )


def _chosen(course: Course, lesson: str, students: list[str] | None) -> list[str]:
    there = course.students(lesson)
    missing = sorted(set(students or []) - set(there))
    if missing:
        raise CourseError(
            f"{', '.join(missing)} has handed in nothing for {lesson}. "
            f"Submissions are there from: {', '.join(there) or 'nobody'}."
        )
    return students or there


def terms_of(course: Course, sandbox: bool) -> Terms:
    """Return how this course grades, from its settings."""
    settings = course.settings
    return Terms(settings.limits, tuple(settings.sealed_modules), settings.secret, sandbox)


def line(outcome: Outcome) -> str:
    """Return one line that says what became of a submission."""
    points = sum(result.points or 0 for result in outcome.results)
    most = sum(result.max_points for result in outcome.results)
    by_hand = sum(result.points is None for result in outcome.results)
    parts = [f"{one_line(outcome.student)}: {outcome.status}", f"{points:g} of {most:g} points"]
    parts += [f"{by_hand} to grade by hand"] * bool(by_hand)
    return ", ".join(parts) + f". {outcome.reason}" * bool(outcome.reason)


class _Batch:
    """One run over one lesson."""

    def __init__(
        self,
        course: Course,
        lesson: str,
        sources: list[SourceNotebook],
        terms: Terms,
        force: bool,
    ) -> None:
        self.course, self.lesson, self.sources = course, lesson, sources
        self.terms, self.force = terms, force
        self._terms = json.dumps(asdict(terms))
        self._open: dict[str, tuple[Submission, dict[str, GradedNotebook]]] = {}
        self._ready: list[tuple[Outcome, Submission | None]] = []

    def grade(self, students: list[str], grade_all: Any, gradebook: Any) -> Iterator[Outcome]:
        """Give each submission's outcome when it is recorded."""
        for job, result in grade_all(self._jobs(students, gradebook), self._terms):
            student, name = job.key
            source = next(source for source in self.sources if source.name == name)
            self._open[student][1][name] = _graded(source, result)
            self._settle(student)
            yield from self._finished(gradebook)
        yield from self._finished(gradebook)

    def _jobs(self, students: list[str], gradebook: Any) -> Iterator[Job]:
        names = [source.name for source in self.sources]
        for student in students:
            submission = read_submission(
                self.course, student, self.lesson, names, self.course.settings.submission_mb * 10**6
            )
            before = None if self.force else self._before(student, submission, gradebook)
            if before:
                self._ready.append((before, None))
                continue
            self._open[student] = (submission, {})
            for source in self.sources:
                if source.name in submission.unreadable:
                    reason = submission.unreadable[source.name]
                    self._open[student][1][source.name] = damaged(source, reason)
                else:
                    content = submission.notebooks[source.name]
                    yield Job((student, source.name), content, source.to_json())
            self._settle(student)

    def _before(self, student: str, submission: Submission, gradebook: Any) -> Outcome | None:
        try:
            text = self.course.outcome_file(student, self.lesson).read_text()
            before = Outcome.from_json(text)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        same = before.digest == self._digest(submission)
        return before if same and is_recorded(self.course, gradebook, before) else None

    def _digest(self, submission: Submission) -> str:
        parts = [submission.digest, self._terms, *(source.digest for source in self.sources)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _settle(self, student: str) -> None:
        submission, graded = self._open.get(student, (None, {}))
        if submission and len(graded) == len(self.sources):
            del self._open[student]
            self._ready.append((self._outcome(submission, list(graded.values())), submission))

    def _finished(self, gradebook: Any) -> Iterator[Outcome]:
        while self._ready:
            outcome, submission = self._ready.pop(0)
            if submission:  # else it was recorded by an earlier run
                outcome = self._record(outcome, submission, gradebook)
            yield _slim(outcome)

    def _record(self, outcome: Outcome, submission: Submission, gradebook: Any) -> Outcome:
        try:
            record(self.course, gradebook, outcome, submission.timestamp)
        except (OSError, ValueError) as error:  # such as a student's name that no file can have
            gradebook.db.rollback()
            reason = f"It was graded but could not be recorded: {error}."
            outcome = replace(outcome, status="damaged", reason=reason)
            with suppress(OSError, UnicodeError):  # at least the report tells of it
                outcome.student.encode()
                keep(self.course, outcome)
        return outcome

    def _outcome(self, submission: Submission, graded: list[GradedNotebook]) -> Outcome:
        statuses = {notebook.status for notebook in graded}
        notes = (*submission.notes, *(note for notebook in graded for note in notebook.notes))
        status: Status = "graded with notes" if notes or len(statuses) > 1 else "graded"
        if statuses == {"damaged"}:
            status = "damaged"
        return Outcome(
            student=submission.student,
            lesson=self.lesson,
            status=status,
            reason=" ".join(notebook.reason for notebook in graded if notebook.reason),
            notes=notes,
            notebooks=tuple(graded),
            digest=self._digest(submission),
            sandbox=self.terms.sandbox,
        )


def _graded(source: SourceNotebook, result: str | Exception) -> GradedNotebook:
    if isinstance(result, str):
        return GradedNotebook.from_json(result)
    return damaged(source, f"It could not be graded: {type(result).__name__}: {result}")


def _slim(outcome: Outcome) -> Outcome:
    # A run keeps every outcome; the notebooks themselves are on the disk by now.
    slim = tuple(replace(notebook, ipynb="") for notebook in outcome.notebooks)
    return replace(outcome, notebooks=slim)
