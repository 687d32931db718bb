"""What the report of the class over all lessons says."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.gradebook.people import Person
from grader.gradebook.totals import ClassTotals, Total
from grader.pages.summary import Summary
from grader.pages.templating import lesson_title

# Who falls behind; the page says it in words.
MISSED = 2
SHARE = 0.5


@dataclass(frozen=True)
class ClassLine:
    """One student over all lessons.

    Attributes
    ----------
    results : tuple of (str, Total or None)
        By lesson; None where nothing was handed in.
    damaged : tuple of str
        The lessons that were handed in and could not be graded.
    stale : tuple of str
        The lessons that were graded before their last release.
    """

    student: Person
    results: tuple[tuple[str, Total | None], ...]
    damaged: tuple[str, ...]
    possible: float
    stale: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """The points of all lessons."""
        return sum(total.points for _, total in self.results if total)

    @property
    def waiting(self) -> float:
        """The points that wait for a teacher."""
        return sum(total.waiting for _, total in self.results if total)

    @property
    def missed(self) -> tuple[str, ...]:
        """The lessons of which there is nothing to grade."""
        return tuple(
            lesson for lesson, total in self.results if total is None or lesson in self.damaged
        )

    @property
    def reasons(self) -> list[str]:
        """Why the student falls behind; none where they do not."""
        reasons = []
        if len(self.missed) >= MISSED:
            names = ", ".join(map(lesson_title, self.missed))
            reasons.append(f"{len(self.missed)} lessons are missing or damaged ({names})")
        graded = self.possible - self.waiting
        if graded and self.points < SHARE * graded:
            reasons.append(f"{int(100 * self.points / graded)} % of the points so far")
        return reasons


@dataclass(frozen=True)
class Recurring:
    """A mistake that was made in more than one lesson.

    Attributes
    ----------
    lessons : tuple of (str, int)
        How many students made it, by lesson.
    again : tuple of str
        Who made it in more than one lesson.
    """

    sentence: str
    lessons: tuple[tuple[str, int], ...]
    again: tuple[str, ...]


@dataclass(frozen=True)
class ClassSummary:
    """All that the page says.

    Attributes
    ----------
    lessons : tuple of (str, float)
        Those that somebody has handed in, and their points.
    """

    lessons: tuple[tuple[str, float], ...]
    students: tuple[ClassLine, ...]
    recurring: tuple[Recurring, ...]
    unprotected: tuple[str, ...]

    @property
    def behind(self) -> list[ClassLine]:
        """Who falls behind, the fewest points first."""
        return sorted(
            (line for line in self.students if line.reasons), key=lambda line: line.points
        )

    @property
    def possible(self) -> float:
        """The points of all lessons that somebody has handed in."""
        return sum(points for _, points in self.lessons)


def summarise_class(totals: ClassTotals, summaries: Sequence[Summary]) -> ClassSummary:
    """Count a class over all lessons.

    Parameters
    ----------
    totals : ClassTotals
        The points, from the gradebook.
    summaries : sequence of Summary
        What the report of each lesson says, in the course's order.
    """
    begun = {summary.lesson for summary in summaries if summary.students}
    begun |= {lesson for _, lesson in totals.totals}
    lessons = tuple((name, most) for name, most in totals.lessons.items() if name in begun)
    damaged = _lessons(summaries, lambda one: [line.student for line in one.damaged])
    stale = _lessons(summaries, lambda one: one.stale)
    return ClassSummary(
        lessons,
        tuple(
            _line(one, lessons, totals, damaged[one.id], stale[one.id])
            for one in _everybody(totals, summaries)
        ),
        recurring(summaries),
        tuple(summary.lesson for summary in summaries if summary.unprotected),
    )


def _lessons(
    summaries: Sequence[Summary], students: Callable[[Summary], Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Return, by student, the lessons whose summary lists them."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for summary in summaries:
        for student in students(summary):
            found[student] += (summary.lesson,)
    return found


def _everybody(totals: ClassTotals, summaries: Sequence[Summary]) -> list[Person]:
    """Return the roster, and who has handed in without being in it."""
    people = {one.id: one for one in totals.students}
    for summary in summaries:
        for line in summary.students:
            people.setdefault(line.student, Person(line.student))
    return [people[student] for student in sorted(people)]


def _line(
    person: Person,
    lessons: Sequence[tuple[str, float]],
    totals: ClassTotals,
    damaged: tuple[str, ...],
    stale: tuple[str, ...],
) -> ClassLine:
    results = tuple((name, totals.totals.get((person.id, name))) for name, _ in lessons)
    possible = sum(most for _, most in lessons)
    return ClassLine(person, results, damaged, possible, stale)


def recurring(summaries: Sequence[Summary]) -> tuple[Recurring, ...]:
    """Return the mistakes of more than one lesson: the same slug, or else the same sentence."""
    made: dict[str, dict[str, set[str]]] = defaultdict(dict)
    sentences: dict[str, str] = {}
    for summary in summaries:
        for line in summary.mistakes:
            key = line.mistake or line.sentence
            if key:
                made[key].setdefault(summary.lesson, set()).update(line.students)
                sentences.setdefault(key, line.sentence or line.mistake)
    found = [_recurring(sentences[key], by) for key, by in made.items() if len(by) > 1]
    return tuple(sorted(found, key=lambda one: (-len(one.again), -_count(one), one.sentence)))


def _count(one: Recurring) -> int:
    return sum(count for _, count in one.lessons)


def _recurring(sentence: str, by_lesson: Mapping[str, set[str]]) -> Recurring:
    everybody = sorted(set().union(*by_lesson.values()))
    return Recurring(
        sentence,
        tuple((lesson, len(students)) for lesson, students in by_lesson.items()),
        tuple(one for one in everybody if sum(one in some for some in by_lesson.values()) > 1),
    )
