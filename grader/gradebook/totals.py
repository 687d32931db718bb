"""Every student's points in every lesson, as the gradebook has them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbgrader.api import (
    Assignment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import func

from grader.course.course import Course
from grader.gradebook.people import Person, people
from grader.gradebook.scores import NotebookScores, lesson_scores


@dataclass(frozen=True)
class Total:
    """One student's points of one lesson.

    Attributes
    ----------
    points, max_points : float
        After a late penalty; the points that wait for a teacher are not counted.
    waiting : float
        The points that wait for a teacher.
    to_read : int
        The answers that nobody has given points for.
    marked : bool
        Whether the formgrader lists something of it under Manual Grading.
    submissions : tuple of (str, str)
        By notebook, the submission's id in the formgrader.
    """

    points: float
    max_points: float
    waiting: float = 0.0
    seconds_late: float = 0.0
    penalty: float = 0.0
    to_read: int = 0
    marked: bool = False
    submissions: tuple[tuple[str, str], ...] = ()

    @property
    def possible(self) -> float:
        """The most that the lesson gives."""
        return self.max_points + self.waiting


@dataclass(frozen=True)
class ClassTotals:
    """The class over all lessons.

    Attributes
    ----------
    lessons : dict of str to float
        The most that each gives, in the course's order.
    totals : dict
        By student and lesson; nothing where nothing was handed in.
    """

    students: tuple[Person, ...]
    lessons: dict[str, float]
    totals: dict[tuple[str, str], Total]


@dataclass(frozen=True)
class TakenOff:
    """What late penalties take off, nowhere more than there are points.

    Attributes
    ----------
    notebooks : dict
        By student, lesson and notebook.
    lessons : dict
        By student and lesson.
    """

    notebooks: dict[tuple[str, str, str], float]
    lessons: dict[tuple[str, str], float]

    @property
    def students(self) -> dict[str, float]:
        """By student, over all lessons."""
        found: dict[str, float] = defaultdict(float)
        for (student, _), points in self.lessons.items():
            found[student] += points
        return found


def class_totals(gradebook: Any, lessons: Sequence[str]) -> ClassTotals:
    """Return what the gradebook has of these lessons; one that it does not have is left out."""
    most = {one.name: float(one.max_score) for one in gradebook.assignments}
    known = {lesson: most[lesson] for lesson in lessons if lesson in most}
    ids = _submissions(gradebook)
    totals: dict[tuple[str, str], Total] = {}
    for lesson in known:
        for student, total in lesson_totals(lesson_scores(gradebook, lesson)).items():
            submissions = ids.get((student, lesson), ())
            totals[student, lesson] = replace(total, submissions=submissions)
    return ClassTotals(tuple(people(gradebook)), known, totals)


def totals_of(course: Course, lesson: str) -> dict[str, Total]:
    """Return the gradebook's points of a lesson, by student."""
    with course.gradebook() as gradebook:
        return lesson_totals(lesson_scores(gradebook, lesson))


def lesson_totals(scores: Mapping[tuple[str, str], NotebookScores]) -> dict[str, Total]:
    """Return each student's points of a lesson, of the entries of all its notebooks."""
    grouped: dict[str, list[NotebookScores]] = defaultdict(list)
    for (student, _), entry in scores.items():
        grouped[student].append(entry)
    return {student: _total(entries) for student, entries in grouped.items()}


def _total(notebooks: Sequence[NotebookScores]) -> Total:
    marks = [mark for scores in notebooks for mark in scores.marks.values()]
    unread = [mark for mark in marks if mark.points is None]
    penalty = sum(scores.penalty for scores in notebooks)
    return Total(
        points=max(sum(mark.points or 0.0 for mark in marks) - penalty, 0.0),
        max_points=sum(mark.max_points for mark in marks if mark.points is not None),
        waiting=sum(mark.max_points for mark in unread),
        seconds_late=max((scores.seconds_late for scores in notebooks), default=0.0),
        penalty=penalty,
        to_read=len(unread),
        marked=any(mark.waits for mark in marks),
    )


def taken_off(gradebook: Any, lesson: str | None = None) -> TakenOff:
    """Return what late penalties take off every submission, asked for in one query.

    Parameters
    ----------
    lesson : str, optional
        Only of this one; of all by default.
    """
    penalty = SubmittedNotebook.late_submission_penalty
    query = _submitted(gradebook, func.sum(Grade.score), penalty).outerjoin(Grade)
    if lesson is not None:
        query = query.filter(Assignment.name == lesson)
    query = query.group_by(Student.id, Assignment.name, Notebook.name, penalty)
    notebooks: dict[tuple[str, str, str], float] = {}
    sums: dict[tuple[str, str], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for student, name, notebook, got, off in query:
        got, off = float(got or 0), float(off or 0)
        notebooks[student, name, notebook] = min(got, off)
        before = sums[student, name]
        sums[student, name] = (before[0] + got, before[1] + off)
    return TakenOff(notebooks, {whose: min(both) for whose, both in sums.items()})


def _submitted(gradebook: Any, *columns: Any) -> Any:
    """Return a query of all submitted notebooks: student, lesson, notebook, and these columns."""
    query = gradebook.db.query(Student.id, Assignment.name, Notebook.name, *columns)
    query = query.select_from(SubmittedNotebook)
    query = query.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
    query = query.join(
        SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id
    )
    query = query.join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    return query.join(Student, SubmittedAssignment.student_id == Student.id)


def _submissions(gradebook: Any) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = defaultdict(tuple)
    query = _submitted(gradebook, SubmittedNotebook.id).order_by(Notebook.name)
    for student, lesson, notebook, identity in query:
        found[student, lesson] += ((notebook, identity),)
    return found
