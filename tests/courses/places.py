"""Where the tests of the lessons run, outside the session or inside it, and the tables of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.table import table
from tests.courses.grading import Graded
from tests.courses.lessons import Lesson


@dataclass(frozen=True)
class Place:
    """Where one test runs.

    Attributes
    ----------
    example : str
        What the test is an example of.
    reason : str
        Why it does not run outside; empty where it does.
    """

    lesson: str
    example: str
    test: str
    points: float
    reason: str


def places(lesson: Lesson, graded: Graded) -> Iterator[Place]:
    """Give where each test of a lesson runs, as its proof has found."""
    for test, points in lesson.tests.items():
        reason = graded.proof.inside.get(test, "")
        yield Place(lesson.name, lesson.examples[test], test, points, reason)


def share_outside(found: Sequence[Place]) -> float:
    """Return the share of the points that tests outside the session give.

    Examples
    --------
    >>> share_outside([Place("a", "sums", "one", 3, ""), Place("a", "sums", "two", 1, "a class")])
    0.75
    """
    return sum(one.points for one in found if not one.reason) / sum(one.points for one in found)


def by_lesson(found: Sequence[Place]) -> str:
    """Return the table of tests outside and inside, by lesson."""
    return _table("lesson", {one: one.lesson for one in found})


def by_example(found: Sequence[Place]) -> str:
    """Return the table of tests outside and inside, by what they are examples of."""
    return _table("example of", {one: one.example for one in found})


def reasons(found: Sequence[Place]) -> str:
    """Return the table of the tests that run inside, and why."""
    inside = [one for one in found if one.reason]
    rows = [[one.lesson, one.test, one.reason.strip().splitlines()[0][:120]] for one in inside]
    return table(["lesson", "runs inside", "outside"], rows)


def _table(name: str, groups: dict[Place, str]) -> str:
    rows = [
        _row(group, [one for one in groups if groups[one] == group])
        for group in dict.fromkeys(groups.values())
    ]
    head = [name, "tests", "outside", "inside", "points outside"]
    return table(head, [*rows, _row("all", [*groups])])


def _row(name: str, found: Sequence[Place]) -> list[str]:
    outside = sum(not one.reason for one in found)
    numbers = len(found), outside, len(found) - outside
    return [name, *map(str, numbers), f"{share_outside(found):.0%}"]
