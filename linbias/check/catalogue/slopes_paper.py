"""Lesson 06: the slopes of any number of heads by the paper's sentence."""

import numpy as np

from linbias.check.catalogue import _slopes
from linbias.check.exercise import Case, Exercise, Mistake
from linbias.heads import slopes_official, slopes_paper


def _case(rng: np.random.Generator, count: int) -> Case:
    # Twelve always; a list for a power of two is the same by both rules, so there is one at most.
    choices = ([12], [5, 6, 7, 9, 10], [16, 32])[count % 3]
    return (int(rng.choice(choices)),)


def _next_power(H: int) -> int:
    return int(2 ** np.ceil(np.log2(H)))


EXERCISE = Exercise(
    reference=slopes_paper,
    answer="vector",
    axes=("head",),
    cases=(_slopes.TWELVE, (16,), (5,)),
    make_case=_case,
    arithmetic=_slopes.arithmetic,
    mistakes=(
        Mistake(
            "code_for_paper",
            slopes_official,
            "This is the list of the authors' code, for the next exercise. The paper's sentence is "
            "simpler: start at 2^(-8/H), and take the same number as the ratio, for any H.",
        ),
        Mistake(
            "code_sorted",
            lambda H: np.sort(slopes_official(H))[::-1],
            "This is the list of the authors' code, sorted. The paper's sentence is simpler: "
            "one start and one ratio, for any H.",
        ),
        Mistake(
            "next_power_cut",
            lambda H: slopes_paper(_next_power(H))[:H],
            "You took the next power of two and cut its list off. Then the last head does not "
            "reach 1/256. The sentence works with {H} itself.",
        ),
        Mistake(
            "power_below",
            lambda H: 2.0 ** (-8.0 * _slopes.heads(H) / _slopes.largest_power(H)),
            "Your ratio is that of the power of two below {H}. The sentence takes {H} itself, so "
            "that the last slope is 1/256.",
        ),
        *_slopes.SEQUENCE,
    ),
)
