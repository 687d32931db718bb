"""Which submissions a lesson has: those of the gradebook, with what the grader says of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbgrader.api import Assignment

from grader.course.course import Course
from grader.course.released import last_release
from grader.errors import CourseError
from grader.gradebook.scores import NotebookScores, lesson_scores, student_names
from grader.gradebook.totals import Total, lesson_totals
from grader.outcome import GradedNotebook, Outcome

Scores = Mapping[tuple[str, str], NotebookScores]


@dataclass(frozen=True)
class Submissions:
    """A lesson's submissions.

    Attributes
    ----------
    outcomes : tuple of Outcome
        By student; none of somebody who is no more in the gradebook.
    scores : mapping
        The gradebook's entries, by student and notebook.
    names : mapping
        Every enrolled student's name.
    stale : frozenset of str
        The students whose points are of the version before the last release.
    """

    outcomes: tuple[Outcome, ...]
    scores: Scores
    names: Mapping[str, str]
    stale: frozenset[str]

    @property
    def totals(self) -> dict[str, Total]:
        """Each student's points of the lesson."""
        return lesson_totals(self.scores)


def submissions(course: Course, gradebook: Any, lesson: str) -> Submissions:
    """Return a lesson's submissions.

    Raises
    ------
    CourseError
        When the lesson was not released.
    """
    refuse_unreleased(gradebook, lesson)
    scores = lesson_scores(gradebook, lesson)
    outcomes = reconciled(lesson, course.outcomes(lesson), scores)
    released = last_release(course, lesson)
    stale = {
        one.student
        for one in outcomes
        if released and one.release and one.release != released.version
    }
    return Submissions(outcomes, scores, student_names(gradebook), frozenset(stale))


def refuse_unreleased(gradebook: Any, lesson: str) -> None:
    """Refuse a lesson that the gradebook does not know.

    Raises
    ------
    CourseError
        When the lesson was not released.
    """
    if gradebook.db.query(Assignment.id).filter_by(name=lesson).first() is None:
        raise CourseError(
            f"{lesson} is not released, so there is nothing of it in the gradebook. "
            f"Run `grader release {lesson}`."
        )


_UNKNOWN = (
    "The gradebook has these points, and the grader no record of how they came about. There is one "
    "when this submission is graded again."
)


def reconciled(lesson: str, outcomes: Sequence[Outcome], scores: Scores) -> tuple[Outcome, ...]:
    """Return an outcome for each submission in the gradebook, and for what it was never told of.

    Examples
    --------
    >>> gone, failed = Outcome("ada", "ps1", "graded"), Outcome("eve", "ps1", "not graded")
    >>> known = {("kurt", "ps1"): NotebookScores()}
    >>> [one.student for one in reconciled("ps1", [gone, failed], known)]
    ['eve', 'kurt']
    """
    notebooks: dict[str, list[str]] = defaultdict(list)
    for student, notebook in scores:
        notebooks[student].append(notebook)
    found = {
        one.student: one
        for one in outcomes
        if one.student in notebooks or not one.recorded or one.status == "not graded"
    }
    for student in set(notebooks) - set(found):
        found[student] = Outcome(student, lesson, "graded with notes", notes=(_UNKNOWN,))
    return tuple(_with(found[student], notebooks[student]) for student in sorted(found))


def _with(outcome: Outcome, notebooks: Sequence[str]) -> Outcome:
    """Return an outcome that has all notebooks that the gradebook has points of."""
    there = {notebook.name for notebook in outcome.notebooks}
    bare = (GradedNotebook(name, outcome.status) for name in sorted(notebooks) if name not in there)
    return replace(outcome, notebooks=(*outcome.notebooks, *bare))
