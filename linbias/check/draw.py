"""Hidden cases: drawn from the course's secret, and never ones that a wrong answer survives."""

import hashlib
import hmac
import os
from functools import lru_cache
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from linbias.check.call import fresh, quiet
from linbias.check.catalogue import EXERCISES
from linbias.check.compare import expected, outcome
from linbias.check.exercise import Case, Exercise
from linbias.check.same import same
from linbias.check.values import Plain, is_number

# Used where COURSE_SECRET is not set, such as on a student's machine: known to all, hides nothing.
DEFAULT_SECRET = "linbias"
MOST_TRIES = 200


def draw(exercise: str, count: int, label: str) -> list[Case]:
    """Return cases for a hidden test, the same ones for the same secret, exercise and label.

    The secret is the environment variable ``COURSE_SECRET``; a documented default stands in for
    it where none is set. Cases on which a known mistake would look right, or like another one, are
    drawn again.

    Parameters
    ----------
    exercise : str
        The exercise's name.
    count : int
        How many cases.
    label : str
        Distinguishes draws for the same exercise, such as the lesson's number.

    Returns
    -------
    list of tuple
        Arguments for the function, one tuple for each case.

    Raises
    ------
    ValueError
        If there is no such exercise, or so few cases cannot tell its mistakes apart.

    Examples
    --------
    >>> draw("bias_matrix", 2, "02") == draw("bias_matrix", 2, "02")
    True
    """
    if exercise not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise!r}. There are: {', '.join(EXERCISES)}.")
    secret = os.environ.get("COURSE_SECRET") or DEFAULT_SECRET
    with quiet():
        return [fresh(case) for case in _draw(secret, exercise, count, label)]


def alike(exercise: Exercise, cases: tuple[Case, ...]) -> tuple[str, str] | None:
    """Return two answers that these cases cannot tell apart, by slug ("right" is the reference's).

    None means: on these cases every known mistake is refused and recognised for what it is.
    """
    wrong = {row.slug: row for row in exercise.mistakes}
    pairs = list(combinations(["right", *wrong], 2))
    for case in cases:  # each leaves fewer to tell apart, and fewer answers to compute
        answers = {
            slug: outcome(exercise, wrong[slug], case)
            if slug in wrong
            else expected(exercise, case)
            for slug in dict.fromkeys(chain.from_iterable(pairs))
        }
        prints = {slug: _fingerprint(answer) for slug, answer in answers.items()}
        pairs = [
            (one, other)
            for one, other in pairs
            # What is equal to five digits has fingerprints equal to three: compare only those.
            if abs(prints[one] - prints[other]) <= 1e-3 * (1 + abs(prints[one]))
            and same(answers[one], answers[other])
        ]
    return pairs[0] if pairs else None


def _fingerprint(answer: Plain) -> float:
    """Return a number that two equal answers share and two different ones hardly ever do."""
    if isinstance(answer, np.ndarray):
        values = answer.astype(float).ravel()
        for sign, number in ((np.inf, 29.3), (-np.inf, -31.1)):
            values[values == sign] = number
        values[np.isnan(values)] = 0.7
        return float(_weights(values.size) @ values)
    return float(answer) if is_number(answer) and answer == answer else 0.0


@lru_cache(maxsize=64)
def _weights(size: int) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.sin(np.arange(1, size + 1))
    return weights


@lru_cache(maxsize=256)
def _draw(secret: str, exercise: str, count: int, label: str) -> tuple[Case, ...]:
    seed = hmac.new(secret.encode(), f"{exercise}/{label}".encode(), hashlib.sha256).digest()
    rng = np.random.default_rng(int.from_bytes(seed))
    row, pair = EXERCISES[exercise], None
    for _ in range(MOST_TRIES):
        cases = tuple(row.make_case(rng, number) for number in range(count))
        pair = alike(row, cases)
        if pair is None:
            return cases
    raise ValueError(
        f"{count} case{'s' * (count != 1)} of {exercise} cannot tell {pair} apart: ask for more."
    )
