"""The lines of a class report: a student's, an exercise's, a mistake's."""

from collections import Counter
from dataclasses import dataclass
from statistics import mean, median

from grader.outcome import CellResult, Outcome
from grader.pages import Verdict, verdict


@dataclass(frozen=True)
class Attempt(CellResult):
    """One student's one graded cell: the verdict's words and the gradebook's points."""

    attempted: bool = True

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

    @property
    def damaged(self) -> bool:
        """Whether the submission could not be graded."""
        return self.outcome.status == "damaged"

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
        """The cells that a person has still to grade."""
        return tuple(one.cell for one in self.attempts if one.points is None)

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
