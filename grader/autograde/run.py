"""Autograde a lesson's submissions: read them, grade many at a time, record one by one."""

import errno
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from grader.autograde.bounds import bounds
from grader.autograde.grade import Lesson, terms_of
from grader.autograde.process_limit import refuse_too_few
from grader.autograde.prove import proved_lesson
from grader.autograde.submission import Submission, read_submission
from grader.autograde.workers import Runner, runner
from grader.course.course import Course
from grader.course.released import last_release
from grader.errors import CourseError
from grader.gradebook.gone import gone
from grader.gradebook.penalties import LatePenalty, PenaltyError, apply_penalties
from grader.gradebook.record import is_recorded, keep, record
from grader.gradebook.scores import lesson_scores
from grader.gradebook.totals import Total, lesson_totals
from grader.outcome import GradedNotebook, Outcome, Status
from grader.session.sandbox import visible_paths
from grader.text import first_of, one_line
from grader.trouble import sentence


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
        When there is no such lesson or student, the lesson is not proved, or sessions could read
        the course's folder.
    """
    lesson = course.lesson(lesson)
    if sandbox:
        _refuse_in_sight(course)
    penalty = LatePenalty(course)
    sources, _ = proved_lesson(course, lesson, sandbox=sandbox)
    grade_by = Lesson(tuple(sources), terms_of(course, sandbox))
    chosen = _chosen(course, lesson, students)
    if not scheduler:
        refuse_too_few(jobs or len(os.sched_getaffinity(0)), course.settings.processes)
    batch = _Batch(course, lesson, grade_by, force)
    with course.gradebook() as gradebook, runner(jobs, scheduler) as grade_all:
        batch.refuse_renamed(chosen, gradebook)
        _penalise(gradebook, lesson, penalty, chosen)
        finished = batch.grade(chosen, grade_all, gradebook)
        bar = tqdm(finished, lesson, len(chosen), unit="submission", file=sys.stderr, disable=None)
        outcomes = []
        for outcome in bar:
            outcomes.append(outcome)
            if verbose:
                bar.write(line(outcome, _total(gradebook, outcome)), file=sys.stderr)
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


def _penalise(gradebook: Any, lesson: str, penalty: LatePenalty, students: Sequence[str]) -> None:
    """Let what was graded before have the penalties that are due now.

    Raises
    ------
    PenaltyError
        When the course's plugin fails; nothing is graded then, and no penalty changed.
    """
    assignment = gradebook.find_assignment(lesson)
    if assignment.duedate is not None:
        penalty.rehearse(students, float(assignment.max_score))
    changed = apply_penalties(gradebook.db, penalty, lesson)
    gradebook.db.commit()
    if changed:
        print(
            f"grader: note: the penalty for late work has changed for {len(changed)} of the "
            f"submissions graded before: {first_of(changed)}",
            file=sys.stderr,
        )


def _total(gradebook: Any, outcome: Outcome) -> Total | None:
    scores = lesson_scores(gradebook, outcome.lesson, outcome.student)
    return lesson_totals(scores).get(outcome.student)


def _reason(notebook: GradedNotebook, of: int) -> str:
    """Return why a notebook could not be graded; of several, with its name."""
    file, reason = f"{notebook.name}.ipynb", notebook.reason
    return f"{file}: {reason}" if of > 1 and reason and file not in reason else reason


def line(outcome: Outcome, total: Total | None) -> str:
    """Return one line that says what became of a submission, and what the gradebook has of it."""
    student = one_line(outcome.student)
    if outcome.status == "not graded" or total is None:
        return f"{student}: {outcome.status}. {outcome.reason}".rstrip(" .") + "."
    parts = [f"{student}: {outcome.status}", f"{total.points:g} of {total.possible:g} points"]
    parts += [f"{total.to_read} to grade by hand"] * bool(total.to_read)
    return ", ".join(parts) + f". {outcome.reason}" * bool(outcome.reason)


class _Batch:
    """One run over one lesson."""

    def __init__(self, course: Course, name: str, lesson: Lesson, force: bool) -> None:
        self.course, self.name, self.lesson, self.force = course, name, lesson, force
        released = last_release(course, name)
        self._release = released.version if released else ""
        self._decides = [
            json.dumps(asdict(lesson.terms)),
            *(source.digest for source in lesson.sources),
        ]

    def refuse_renamed(self, students: Sequence[str], gradebook: Any) -> None:
        """Refuse a folder that was renamed by hand: its student would count twice.

        Raises
        ------
        CourseError
            When somebody new hands in what another, whose folder is gone, has points for.
        """
        left = (self._last(student) for student in gone(self.course, gradebook, self.name))
        renamed = {one.handed_in: one.student for one in left if one and _has_points(one)}
        new = [student for student in students if renamed and not self._last(student)]
        for student in new:
            if old := renamed.get(self._read(student).digest):
                raise CourseError(
                    f"{one_line(student)} handed in what {one_line(old)} has points for, and the "
                    f"folder of {one_line(old)} is gone: was it renamed? Give "
                    f"`grader rename {one_line(old)} {one_line(student)}`, and the same command "
                    "again."
                )

    def grade(self, students: list[str], grade_all: Runner, gradebook: Any) -> Iterator[Outcome]:
        """Give each submission's outcome when it is recorded; those that failed come last."""
        left = []
        for student in students:
            before = None if self.force else self._before(student, gradebook)
            if before:
                yield before
            else:
                left.append(student)
        failed = []
        for submission, outcome in self._graded(left, grade_all, gradebook):
            if outcome.status == "not graded":
                failed.append(submission.student)
            else:
                yield outcome
        for _, outcome in self._graded(failed, grade_all, gradebook):
            if outcome.status == "not graded":
                self._keep(outcome)
            yield outcome

    def _graded(
        self, students: list[str], grade_all: Runner, gradebook: Any
    ) -> Iterator[tuple[Submission, Outcome]]:
        unread: dict[str, OSError] = {}
        for submission, result in grade_all(self._read_all(students, unread), self.lesson):
            if isinstance(result, Exception):
                yield submission, self._not_graded(submission, result)
            else:
                yield submission, self._record(submission, result, gradebook)
        for student, error in unread.items():
            submission = Submission(student)
            yield submission, self._not_graded(submission, error)

    def _read_all(self, students: list[str], unread: dict[str, OSError]) -> Iterator[Submission]:
        for student in students:
            try:
                yield self._read(student)
            except OSError as error:  # such as too many open files
                unread[student] = error

    def _read(self, student: str) -> Submission:
        cells = {
            source.name: frozenset(cell.cell for cell in source.cells)
            for source in self.lesson.sources
        }
        most = self.course.settings.submission_mb * 10**6
        return read_submission(self.course, student, self.name, cells, most)

    def _before(self, student: str, gradebook: Any) -> Outcome | None:
        """Return the outcome of an earlier run, where it is still right and all of it is there."""
        before = self._last(student)
        try:
            same = before and before.digest == self._digest(self._read(student))
        except OSError:
            return None
        if not before or not same or not is_recorded(self.course, gradebook, before):
            return None
        return self._of_this_release(before)

    def _last(self, student: str) -> Outcome | None:
        """Return the outcome of an earlier run, whatever has changed since."""
        try:
            return Outcome.from_json(self.course.outcome_file(student, self.name).read_text())
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _of_this_release(self, before: Outcome) -> Outcome:
        """Return an outcome that a new release has left right, and note that it has."""
        if before.release != self._release:
            before = replace(before, release=self._release)
            self._keep(before)
        return before

    def _digest(self, submission: Submission) -> str:
        parts = [submission.digest, *self._decides]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _record(
        self, submission: Submission, graded: tuple[GradedNotebook, ...], gradebook: Any
    ) -> Outcome:
        outcome = self._outcome(submission, graded)
        try:
            record(self.course, gradebook, outcome, submission.timestamp)
        except (OSError, ValueError, SQLAlchemyError, PenaltyError) as error:
            gradebook.db.rollback()
            if not _is_of_its_name(error):
                return self._not_graded(submission, error)
            reason = f"It was graded but could not be recorded: {error}."
            outcome = replace(outcome, status="damaged", reason=reason, recorded=False)
            self._keep(outcome)
        return outcome.slim  # a run has every outcome; the notebooks are on the disk by now

    def _keep(self, outcome: Outcome) -> None:
        with suppress(OSError, UnicodeError):  # at least the report tells of it
            outcome.student.encode()
            keep(self.course, outcome)

    def _not_graded(self, submission: Submission, error: Exception) -> Outcome:
        what = ": ".join(filter(None, [type(error).__name__, str(error)]))
        if isinstance(error, SQLAlchemyError):
            what = sentence(error, self.course.directory.db_url).rstrip(".")
        return Outcome(
            student=submission.student,
            lesson=self.name,
            status="not graded",
            reason=f"The grader failed: {what}.",
            sandbox=self.lesson.terms.sandbox,
            recorded=False,
        )

    def _outcome(self, submission: Submission, graded: tuple[GradedNotebook, ...]) -> Outcome:
        statuses = {notebook.status for notebook in graded}
        notes = (*submission.notes, *(note for notebook in graded for note in notebook.notes))
        status: Status = "graded with notes" if notes or len(statuses) > 1 else "graded"
        if statuses == {"damaged"}:
            status = "damaged"
        return Outcome(
            student=submission.student,
            lesson=self.name,
            status=status,
            reason=" ".join(filter(None, (_reason(one, len(graded)) for one in graded))),
            notes=notes,
            notebooks=graded,
            digest=self._digest(submission),
            handed_in=submission.digest,
            sandbox=self.lesson.terms.sandbox,
            bounds=bounds() if self.lesson.terms.sandbox else "",
            release=self._release,
        )


def _has_points(outcome: Outcome) -> bool:
    return bool(outcome.handed_in) and any(result.points for result in outcome.results)


def _is_of_its_name(error: Exception) -> bool:
    """Whether no file or page can have the name of the student's folder."""
    too_long = isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG
    return too_long or isinstance(error, ValueError)
