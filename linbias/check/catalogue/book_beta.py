"""Lesson 07: the same bias, added before the division or after it."""

import math

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.relatives import book_beta


def _case(rng: np.random.Generator, count: int) -> Case:
    return _make.beta(rng), int(rng.choice([9, 25, 36, 49, 100, 144]))


def _arithmetic(it: Attempt) -> str:
    d = it.arguments["d"]
    return f"In the book's form all is divided by sqrt({d}) = {math.sqrt(d):.4g}, the bias too."


EXERCISE = Exercise(
    reference=book_beta,
    answer="number",
    cases=((0.25, 64), (0.3, 9)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "divided",
            lambda slope, d: slope / math.sqrt(d),
            "The wrong way round: inside the root the bias is divided afterwards, so beta has to "
            "be larger to begin with.",
        ),
        Mistake(
            "same",
            lambda slope, d: slope,
            "With the same number the book's bias would come out smaller: it is divided as well.",
        ),
        Mistake(
            "root_missing",
            lambda slope, d: slope * d,
            "You multiplied by d. The scores are divided by the square root of d.",
        ),
        Mistake(
            "half_of_width",
            lambda slope, d: slope * d / 2,
            "You took half of d. With d = 4, as in the example, half and root are the same; here "
            "they are not.",
        ),
        Mistake(
            "divided_by_width",
            lambda slope, d: slope / d,
            "You divided by d. The scores are divided by the root of d, and beta has to make up "
            "for it.",
        ),
        Mistake(
            "root_of_slope",
            lambda slope, d: math.sqrt(slope * d),
            "The root goes over d only, not over the slope.",
        ),
        Mistake(
            "slope_ignored",
            lambda slope, d: math.sqrt(d),
            "That is the root alone. Each head's slope has to be in it.",
        ),
        Mistake(
            "added",
            lambda slope, d: slope + math.sqrt(d),
            "You added the root. A division is undone by a multiplication.",
        ),
        Mistake(
            "sign_flipped",
            lambda slope, d: -slope * math.sqrt(d),
            "The formula brings the minus sign; beta itself is above 0.",
        ),
    ),
)
