"""The figures that a benchmark prints: ratios, each with what it should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from grader.table import table


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes
    ----------
    least, most : float or None
        What it should be; None where nothing is asked.
    seen : str
        What it was made of.
    """

    what: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    seen: str = ""

    @property
    def reached(self) -> bool:
        """Whether it is as it should be."""
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    @property
    def aim(self) -> str:
        """What it should be, in words."""
        bounds = (("at least", self.least), ("at most", self.most))
        return " and ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)

    @property
    def row(self) -> tuple[str, ...]:
        """Its line in a table."""
        value = f"{self.value:.3g}{' ' * bool(self.unit)}{self.unit}"
        return self.what, value, self.aim, "" if self.reached else "missed", self.seen


def as_table(figures: Sequence[Figure]) -> str:
    """Return figures as a table for the terminal."""
    return table(["figure", "value", "aim", "", "seen"], [figure.row for figure in figures])


def a_minute(count: int, seconds: float) -> float:
    """Return how many submissions a minute that is.

    Examples
    --------
    >>> a_minute(10, 30.0)
    20.0
    """
    return 60 * count / seconds


def last_over_first_tenth(ends: Mapping[float, float]) -> float:
    """Return how much dearer the last tenth of a run was than its first one.

    A tenth's cost is its time over the cells' own time, which all that slows the machine slows too.

    Parameters
    ----------
    ends : mapping of float to float
        The cells' own seconds of each submission, by when it was recorded.

    Examples
    --------
    >>> last_over_first_tenth({float(end): 0.5 for end in range(100)})
    1.0
    """
    times, tenth = sorted(ends), max(2, len(ends) // 10)
    early, late = (
        (some[-1] - some[0]) / sum(ends[end] for end in some[1:])
        for some in (times[:tenth], times[-tenth:])
    )
    return late / early


def growth(sizes: Sequence[float]) -> float:
    """Return by how much something grew from the second quarter of a run to its last quarter.

    The first quarter is left out: a run begins with what is made once.

    Examples
    --------
    >>> growth([1, 5, 90, 90, 91, 90, 92, 92])
    2.0
    """
    quarter = max(1, len(sizes) // 4)
    return float(median(sizes[-quarter:]) - median(sizes[quarter : 2 * quarter]))


def differing(
    theirs: Mapping[tuple[str, str], float], ours: Mapping[tuple[str, str], float]
) -> list[tuple[str, str]]:
    """Return where scores differ, by student and cell.

    Examples
    --------
    >>> differing({("ada", "test"): 1.0, ("bob", "test"): 0.0}, {("ada", "test"): 1.0})
    [('bob', 'test')]
    """
    return [key for key, score in theirs.items() if ours.get(key) != score]
