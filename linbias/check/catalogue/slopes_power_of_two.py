"""Lesson 06: the slopes of 2, 4, 8, 16 heads."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _slopes
from linbias.check.exercise import Case, Exercise, Mistake
from linbias.heads import slopes_official, slopes_paper, slopes_power_of_two


def _case(rng: np.random.Generator, count: int) -> Case:
    if count == 0:
        # No power of two: here a ValueError is right.
        return (int(rng.choice([6, 10, 12, 20, 24])),)
    return (int(rng.choice([16, 32] if count % 2 else [2, 4])),)


def _none(H: int) -> Any:
    if H & (H - 1):
        return None
    return slopes_paper(H)


EXERCISE = Exercise(
    reference=slopes_power_of_two,
    answer="vector",
    axes=("head",),
    cases=((8,), (16,), (4,), _slopes.TWELVE),
    make_case=_case,
    arithmetic=_slopes.arithmetic,
    refuses=True,
    mistakes=(
        Mistake(
            "any_number",
            slopes_paper,
            "Right for powers of two. But 12 is none: raise ValueError there, as no slope of this "
            "list is sure to be what a model with 12 heads was trained with.",
        ),
        Mistake(
            "official_for_all",
            slopes_official,
            "Right for powers of two, and for 12 the list of the authors' code. That is 6.3; here "
            "raise ValueError when H is no power of two.",
        ),
        Mistake(
            "none_returned",
            _none,
            "For 12 heads yours gives nothing back, silently. Who called it would go on with "
            "None: raise ValueError.",
        ),
        *_slopes.SEQUENCE,
    ),
)
