"""Lesson 06: the slopes of any number of heads as the authors' code gives them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from linbias.check.catalogue import _slopes
from linbias.check.exercise import Case, Exercise, Mistake
from linbias.heads import slopes_official, slopes_paper


def _case(rng: np.random.Generator, count: int) -> Case:
    choices = ([12], [5, 6, 7, 9, 10, 20, 24], [16, 32])[count % 3]
    return (int(rng.choice(choices)),)


def _built(rule: Callable[[int], Any]) -> Callable[[int], Any]:
    """Return the code's list with another rule for powers of two."""

    def wrong(H: int) -> Any:
        power = _slopes.largest_power(H)
        return np.concatenate([rule(power), rule(2 * power)[0::2][: H - power]])

    return wrong


def _parts(H: int) -> tuple[Any, Any, int]:
    """Return the slopes of c heads, those of 2c heads, and how many are still missing."""
    power = _slopes.largest_power(H)
    return slopes_paper(power), slopes_paper(2 * power), H - power


def _joined(choose: Callable[[Any, int], Any]) -> Callable[[int], Any]:
    """Return the code's list with another choice among the slopes of 2c heads."""

    def wrong(H: int) -> Any:
        first, double, missing = _parts(H)
        return np.concatenate([first, choose(double, missing)])

    return wrong


EXERCISE = Exercise(
    reference=slopes_official,
    answer="vector",
    axes=("head",),
    cases=(_slopes.TWELVE, (16,), (6,), (20,)),
    make_case=_case,
    arithmetic=_slopes.arithmetic,
    mistakes=(
        Mistake(
            "paper_for_code",
            slopes_paper,
            "This is the paper's sentence, and you did it right. The code differs whenever H is no "
            "power of two: it starts from the largest power of two below {H}.",
        ),
        Mistake(
            "sorted",
            lambda H: np.sort(slopes_official(H))[::-1],
            "The right set in another order: some heads would get each other's slopes. The code "
            "does not sort; the new ones stand at the end.",
        ),
        Mistake(
            "next_power_cut",
            lambda H: slopes_paper(int(2 ** np.ceil(np.log2(H))))[:H],
            "You took the next power of two and cut its list off. The code keeps the whole list of "
            "the power *below* {H} and fills up from the other.",
        ),
        Mistake(
            "sorted_upwards",
            lambda H: np.sort(slopes_official(H)),
            "np.sort begins with the smallest. Do not sort at all: the steepest of the power of "
            "two comes first, the new ones stand at the end.",
        ),
        Mistake(
            "double_cut",
            lambda H: slopes_paper(2 * _slopes.largest_power(H))[:H],
            "You took the longer list alone and cut it off. The list of the power of two below {H} "
            "comes first, whole.",
        ),
        Mistake(
            "every_second_forgotten",
            _joined(lambda double, missing: double[:missing]),
            "You fill up with the first slopes of the longer list, one after another. The code "
            "takes every second one: [0::2].",
        ),
        Mistake(
            "cut_too_early",
            _joined(lambda double, missing: double[:missing:2]),
            "Some slopes are missing: you cut the longer list first and took every second one "
            "afterwards. First every second one, then as many as are missing.",
        ),
        Mistake(
            "from_the_second",
            _joined(lambda double, missing: double[1::2][:missing]),
            "You fill up with every second slope from the second on: those are in the list "
            "already. Start with the first.",
        ),
        Mistake(
            "from_the_end",
            _joined(lambda double, missing: double[0::2][len(double) // 2 - missing :]),
            "You fill up with the flattest of every second slope. The code takes the first ones, "
            "the steepest.",
        ),
        Mistake(
            "fill_first",
            lambda H: (
                np.concatenate([slopes_official(H)[_slopes.largest_power(H) :], _parts(H)[0]])
                if H & (H - 1)
                else slopes_paper(H)[::-1]
            ),
            "The right slopes, the two parts exchanged. The list of the power of two comes first, "
            "for a power of two there is nothing else.",
        ),
        Mistake(
            "not_filled_up",
            lambda H: _parts(H)[0],
            "For {H} heads some slopes are missing: you stop after the list of the power of two "
            "below it.",
        ),
        Mistake(
            "not_cut",
            _joined(lambda double, missing: double[0::2]),
            "Too many slopes: stop filling up when there are {H}.",
        ),
        *(replace(row, wrong=_built(row.wrong)) for row in _slopes.SEQUENCE),
    ),
)
