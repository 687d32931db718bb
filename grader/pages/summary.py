"""What a class report says, counted from outcomes and the gradebook."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean, median

from grader.gradebook.scores import CellScore, NotebookScores
from grader.outcome import CellResult, Outcome
from grader.pages.feedback_page import NOT_ATTEMPTED
from grader.pages.templating import Verdict, reason, verdict

EXAMPLES = 3


@dataclass(frozen=True)
class Attempt(CellResult):
    """One student's one graded cell: the verdict's words and the gradebook's points."""

    attempted: bool = True
    again: bool = False

    @property
    def waits(self) -> bool:
        """Whether a person has to look at it, also again."""
        return self.points is None or self.again

    @property
    def verdict(self) -> Verdict:
        """The verdict that the student reads."""
        return verdict(self.points, self.max_points, attempted=self.attempted)

    @property
    def mistaken(self) -> bool:
        """Whether a test says that the answer is not right."""
        said = bool(self.mistake or self.message)
        return said and self.verdict.kind in ("wrong", "partly")


@dataclass(frozen=True)
class StudentLine:
    """One student's line in the table of scores."""

    student: str
    name: str
    outcome: Outcome
    attempts: tuple[Attempt, ...]
    penalty: float
    seconds_late: float
    stale: bool = False

    @property
    def damaged(self) -> bool:
        """Whether the submission could not be graded."""
        return self.outcome.status == "damaged"

    @property
    def not_graded(self) -> bool:
        """Whether the grader has failed, which is no grade."""
        return self.outcome.status == "not graded"

    @property
    def has_points(self) -> bool:
        """Whether there are points; where the grader has failed, those of an earlier run."""
        return not self.not_graded or bool(self.attempts)

    @property
    def points(self) -> float:
        """Points so far, after a late penalty."""
        return max(sum(attempt.points or 0.0 for attempt in self.attempts) - self.penalty, 0.0)

    @property
    def max_points(self) -> float:
        """The most that the lesson gives."""
        return sum(attempt.max_points for attempt in self.attempts)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The cells that a person has to look at, some for the second time."""
        return tuple(one.cell for one in self.attempts if one.waits)

    @property
    def seconds(self) -> float:
        """What running the notebook took."""
        return sum(notebook.cell_seconds for notebook in self.outcome.notebooks)


@dataclass(frozen=True)
class ExerciseLine:
    """How a class did one exercise."""

    name: str
    attempts: tuple[Attempt, ...]

    @property
    def max_points(self) -> float:
        """The most that it gives."""
        return max(attempt.max_points for attempt in self.attempts)

    @property
    def counts(self) -> list[tuple[Verdict, int]]:
        """How many students have each verdict, the best first."""
        counted = Counter(attempt.verdict for attempt in self.attempts)
        order = ("right", "partly", "wrong", "blank", "waits")
        return sorted(counted.items(), key=lambda pair: order.index(pair[0].kind))

    @property
    def share(self) -> float | None:
        """The mean share of its points that was earned; None while some have to be read."""
        if not self.max_points or any(attempt.points is None for attempt in self.attempts):
            return None
        return mean((attempt.points or 0.0) / self.max_points for attempt in self.attempts)

    @property
    def seconds(self) -> float:
        """The median time of its test."""
        return median(attempt.seconds for attempt in self.attempts)


@dataclass(frozen=True)
class MistakeLine:
    """One mistake in one exercise, and who made it.

    Attributes
    ----------
    sentence : str
        What students were told; empty for wrong answers that no known mistake explains.
    examples : tuple of str
        How the messages of such answers begin.
    """

    exercise: str
    mistake: str
    sentence: str
    students: tuple[str, ...]
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """All that a class report says.

    Attributes
    ----------
    failed : mapping of str to str
        Why the line of a student could not be made.
    """

    lesson: str
    students: tuple[StudentLine, ...]
    exercises: tuple[ExerciseLine, ...]
    mistakes: tuple[MistakeLine, ...]
    missing: tuple[str, ...]
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def unprotected(self) -> list[str]:
        """Whose submissions were graded without a sandbox."""
        return [line.student for line in self.students if not line.outcome.sandbox]

    @property
    def bounds(self) -> list[str]:
        """What bounded the sessions and the judges: one entry where all were graded alike."""
        return sorted({line.outcome.bounds for line in self.students if line.outcome.bounds})

    @property
    def graded(self) -> list[StudentLine]:
        """The submissions that could be graded."""
        return [line for line in self.students if line.outcome.complete]

    @property
    def damaged(self) -> list[StudentLine]:
        """The submissions that could not be graded."""
        return [line for line in self.students if line.damaged]

    @property
    def not_graded(self) -> list[StudentLine]:
        """The submissions that the grader has failed at."""
        return [line for line in self.students if line.not_graded]

    @property
    def stale(self) -> list[str]:
        """Whose points are of the version before the last release."""
        return [line.student for line in self.students if line.stale]

    @property
    def noted(self) -> list[StudentLine]:
        """The graded submissions with something a teacher should know."""
        return [line for line in self.graded if line.outcome.notes]

    @property
    def waiting(self) -> list[tuple[str, int]]:
        """The cells that wait for a person, and how many students' do."""
        counted = Counter(name for line in self.graded for name in line.waiting)
        return sorted(counted.items())

    @property
    def flagged(self) -> list[tuple[str, str, list[str]]]:
        """The tests whose question could not be asked: the cell, why, and of whom."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for line in self.graded:
            for attempt in line.attempts:
                if attempt.flagged:
                    found[attempt.cell, attempt.cause].append(line.student)
        return [(cell, cause, students) for (cell, cause), students in sorted(found.items())]

    @property
    def max_points(self) -> float:
        """The most that the lesson gives."""
        return max((line.max_points for line in self.students), default=0.0)

    @property
    def median_points(self) -> float | None:
        """The middle score; None where nothing is graded."""
        return median(line.points for line in self.graded) if self.graded else None

    @property
    def slowest(self) -> list[StudentLine]:
        """The submissions that took longest, at most three."""
        return sorted(self.graded, key=lambda line: -line.seconds)[:3]


def _attempt(
    name: str, mark: CellScore | None, result: CellResult | None, unchanged: bool
) -> Attempt:
    said = result or CellResult(name, None, 0.0)
    points = {"points": mark.points, "max_points": mark.max_points} if mark else {}
    attempted = not unchanged and said.mistake != NOT_ATTEMPTED
    again = mark is not None and mark.again
    return Attempt(**vars(said) | points | {"cell": name}, attempted=attempted, again=again)


def _attempts(
    outcome: Outcome, marks: Mapping[tuple[str, str], NotebookScores]
) -> Iterable[Attempt]:
    several = len(outcome.notebooks) > 1
    for notebook in outcome.notebooks:
        of_cells = marks.get((outcome.student, notebook.name), NotebookScores()).marks
        results = {result.cell: result for result in notebook.results}
        known = [cell for cell in results if cell in of_cells or not of_cells]
        for cell in [*known, *(cell for cell in of_cells if cell not in results)]:
            name = f"{notebook.name}/{cell}" if several else cell
            unchanged = cell in notebook.unchanged
            yield _attempt(name, of_cells.get(cell), results.get(cell), unchanged)


def _student(
    outcome: Outcome,
    name: str,
    marks: Mapping[tuple[str, str], NotebookScores],
    stale: bool,
) -> StudentLine:
    own = [entry for (student, _), entry in marks.items() if student == outcome.student]
    return StudentLine(
        outcome.student,
        name,
        outcome,
        tuple(_attempts(outcome, marks)),
        penalty=sum(entry.penalty for entry in own),
        seconds_late=max((entry.seconds_late for entry in own), default=0.0),
        stale=stale,
    )


def _without_cells(outcome: Outcome, why: str) -> StudentLine:
    bare = replace(outcome, status="damaged", reason=why, notes=(), notebooks=())
    return StudentLine(outcome.student, "", bare, (), penalty=0.0, seconds_late=0.0)


def _exercises(lines: Iterable[StudentLine]) -> tuple[ExerciseLine, ...]:
    grouped: dict[str, list[Attempt]] = defaultdict(list)
    for line in lines:
        for attempt in line.attempts:
            grouped[attempt.cell].append(attempt)
    return tuple(ExerciseLine(name, tuple(attempts)) for name, attempts in grouped.items())


def _mistakes(lines: Iterable[StudentLine]) -> tuple[MistakeLine, ...]:
    grouped: dict[tuple[str, str], list[tuple[str, Attempt]]] = defaultdict(list)
    for line in lines:
        for attempt in line.attempts:
            if attempt.mistaken:
                grouped[attempt.cell, attempt.mistake].append((line.student, attempt))
    made = [_mistake(*key, found) for key, found in grouped.items()]
    return tuple(sorted(made, key=lambda line: (-len(line.students), line.exercise, line.mistake)))


def _mistake(exercise: str, mistake: str, found: Sequence[tuple[str, Attempt]]) -> MistakeLine:
    students = tuple(student for student, _ in found)
    # A sentence may hold a student's own numbers: the one that was said most often stands for all.
    [(sentence, _)] = Counter(attempt.sentence for _, attempt in found).most_common(1)
    if mistake:
        return MistakeLine(exercise, mistake, sentence or mistake, students)
    begins = (attempt.message.strip().split("\n")[0][:200] for _, attempt in found)
    examples = tuple(text for text, _ in Counter(begins).most_common(EXAMPLES) if text)
    return MistakeLine(exercise, "", sentence, students, examples)


def summarise(
    lesson: str,
    outcomes: Sequence[Outcome],
    marks: Mapping[tuple[str, str], NotebookScores],
    names: Mapping[str, str],
    stale: Collection[str] = (),
) -> Summary:
    """Count a lesson's outcomes.

    Parameters
    ----------
    marks : mapping
        The gradebook's entries by student and notebook; its points count.
    names : mapping
        Every enrolled student's name.
    stale : collection of str
        The students whose points are of the version before the last release.
    """
    lines: list[StudentLine] = []
    failed: dict[str, str] = {}
    for one in outcomes:
        try:
            line = _student(one, names.get(one.student, ""), marks, one.student in stale)
            lines.append(line)
        except Exception as error:  # One student's line is no reason to have no report.
            failed[one.student] = why = reason(error)
            lines.append(_without_cells(one, f"Its line could not be made: {why}"))
    graded = [line for line in lines if line.outcome.complete]
    there = {outcome.student for outcome in outcomes}
    return Summary(
        lesson,
        tuple(lines),
        _exercises(graded),
        _mistakes(graded),
        missing=tuple(sorted(set(names) - there)),
        failed=failed,
    )
