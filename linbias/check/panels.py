"""What the three panels show, cell by cell, before anything is drawn."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linbias.check.exercise import Attempt, Exercise
from linbias.check.svg import AGREES_FILL, DIFFERS_FILL, NAN, TRUE, tint
from linbias.check.values import Plain, is_number

# More cells than this cannot be read, and an answer may have thousands.
MOST_CELLS = 12
HATCHED = "url(#hatch)"
PREFIX = {
    "query": "q",
    "key": "k",
    "head": "h",
    "distance": "",
    "row": "",
    "column": "",
    "feature": "",
    "target": "t",
}


@dataclass(frozen=True)
class Cell:
    """One cell: what it says in the picture and in words, its fill, its sign."""

    shown: str
    words: str
    fill: str = "#ffffff"
    sign: str = ""  # tick, cross, or none


AGREES, DIFFERS = (
    Cell("", "agrees", AGREES_FILL, "tick"),
    Cell("", "differs", DIFFERS_FILL, "cross"),
)


@dataclass(frozen=True)
class Panel:
    """A titled grid; rows may be of different lengths."""

    title: str
    rows: list[list[Cell]] = field(default_factory=list)
    note: str = ""


def panels(exercise: Exercise, it: Attempt) -> list[Panel]:
    """Return the panels yours, expected pattern and difference."""
    yours, right = as_rows(it.yours), as_rows(it.right)
    deepest = _deepest(yours)
    above = "green" if exercise.shares else "orange"
    return [
        Panel(
            "yours",
            [[_value(part, deepest, above) for part in row] for row in cut(yours)],
            _cut_note(yours),
        ),
        Panel("expected pattern", [[_expected(part) for part in row] for row in cut(right)]),
        Panel("difference", _differences(it, yours, right)),
    ]


def as_rows(value: Plain) -> list[list[Any]]:
    """Return an answer as a list of rows; a vector is one row."""
    if isinstance(value, np.ndarray):
        return np.atleast_2d(value).tolist() if value.ndim < 3 else []
    if isinstance(value, list):
        if all(type(part) is str for part in value):
            return [value]
        return [part.tolist() if isinstance(part, np.ndarray) else list(part) for part in value]
    return [[value]]


def cut(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the corner that can be shown."""
    return [row[:MOST_CELLS] for row in rows[:MOST_CELLS]]


def _cut_note(rows: list[list[Any]]) -> str:
    longest = max(map(len, rows), default=0)
    if len(rows) > MOST_CELLS or longest > MOST_CELLS:
        return f"first {MOST_CELLS} of {max(len(rows), longest)}"
    return ""


def _value(value: Any, deepest: float, above: str) -> Cell:
    if not is_number(value):
        if type(value) is bool:
            return Cell("TF"[not value], str(value), TRUE if value else "#ffffff")
        return Cell(str(value)[:8], str(value)[:20])
    if value != value:
        return Cell("NaN", "NaN", NAN)
    if value == -np.inf:
        return Cell("−∞", "-inf", HATCHED)
    if value == np.inf:
        return Cell("+∞", "+inf", tint(1, "orange"))
    hue = above if value >= 0 else "blue"
    return Cell(
        _short(value).replace("-", "−"), f"{value + 0.0:.4g}", tint(abs(value) / deepest, hue)
    )


def _expected(value: Any) -> Cell:
    """Return only the pattern: what is blocked, what is zero, what is a number."""
    if not is_number(value):
        return Cell("?", "True or False") if type(value) is bool else Cell("•", "a name")
    if value == -np.inf:
        return Cell("−∞", "-inf", HATCHED)
    if value == 0:
        return Cell("0", "0")
    return Cell("•", "a number")


def _differences(it: Attempt, yours: list[list[Any]], right: list[list[Any]]) -> list[list[Cell]]:
    if _shapes_differ(it, yours, right):
        return _overlay(cut(yours), cut(right), compare=isinstance(it.right, list))
    if isinstance(it.right, np.ndarray):
        differs = as_rows(it.differs)
    else:
        pairs = zip(yours, right, strict=True)
        differs = [[a != b for a, b in zip(*rows, strict=True)] for rows in pairs]
    return [[DIFFERS if part else AGREES for part in row] for row in cut(differs)]


def _shapes_differ(it: Attempt, yours: list[list[Any]], right: list[list[Any]]) -> bool:
    if isinstance(it.yours, np.ndarray) and isinstance(it.right, np.ndarray):
        return bool(it.yours.shape != it.right.shape)
    return list(map(len, yours)) != list(map(len, right))


def _overlay(yours: list[list[Any]], right: list[list[Any]], *, compare: bool) -> list[list[Cell]]:
    """Return which cells are too many and which are missing; names in both are compared."""
    rows = []
    for index in range(max(len(yours), len(right))):
        mine = yours[index] if index < len(yours) else []
        asked = right[index] if index < len(right) else []
        both = [
            (AGREES if one == other else DIFFERS) if compare else Cell("", "in both", "#f4f4f4")
            for one, other in zip(mine, asked, strict=False)
        ]
        extra = [Cell("+", "too many", DIFFERS_FILL)] * (len(mine) - len(asked))
        missing = [Cell("?", "missing", "#ffffff", "missing")] * (len(asked) - len(mine))
        rows.append(both + extra + missing)
    return rows


def _deepest(rows: list[list[Any]]) -> float:
    sizes = [abs(part) for row in rows for part in row if is_number(part) and abs(part) < np.inf]
    return max(sizes, default=0) or 1.0


def _short(value: float) -> str:
    """Return a number in at most five characters or so."""
    if 0 < abs(value) < 0.01:
        return f"{value:.1g}"
    if abs(value) >= 1000:
        return f"{value:.0e}".replace("e+0", "e").replace("e+", "e")
    text = (
        f"{value + 0.0:.2f}"
        if abs(value) < 10
        else f"{value:.0f}"
        if abs(value) >= 100
        else f"{value:.1f}"
    )
    return text.rstrip("0").rstrip(".") if "." in text else text
