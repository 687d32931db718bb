"""Lesson 08: how many predictions have little context."""

from collections.abc import Callable

import numpy as np

from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.same import close
from linbias.evaluation import short_context_fraction


def _case(rng: np.random.Generator, count: int) -> Case:
    L = int(rng.integers(20, 400))
    if count == 1:
        # Here every context is short: a share above 1 shows itself.
        return L, L + int(rng.integers(5, 50))
    return L, int(rng.integers(3, L // 3))


def _arithmetic(it: Attempt) -> str:
    return f"The contexts have 1, 2, 3, ... up to {it.arguments['L']} tokens."


def _gives(formula: Callable[..., float]) -> Callable[[Attempt], bool]:
    """Recognise a slip by its formula, also in answers that forget that c may be above L."""
    return lambda it: bool(close(it.yours, formula(**it.arguments)))


EXERCISE = Exercise(
    reference=short_context_fraction,
    answer="number",
    cases=((1000, 100), (512, 100), (32, 50)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "one_too_few",
            lambda L, c: (min(c, L + 1) - 1) / L,
            "One prediction is missing: *at most* {c} tokens of context includes {c} itself, and "
            "the first prediction has 1 token, not 0.",
            recognise=_gives(lambda L, c: (c - 1) / L),
        ),
        Mistake(
            "one_too_many",
            lambda L, c: min(c + 1, L) / L,
            "One prediction too many: the first has 1 token of context, so the one with {c} tokens "
            "is number {c}.",
        ),
        Mistake(
            "above_one",
            lambda L, c: c / L,
            "A share above 1 came out: there are only {L} predictions. How many of them have at "
            "most {c} tokens of context?",
        ),
        Mistake(
            "number_for_share",
            lambda L, c: min(c, L),
            "That is the number of such predictions. Which share of all {L} is it?",
            recognise=_gives(lambda L, c: c),
        ),
        Mistake(
            "long_for_short",
            lambda L, c: 1 - min(c, L) / L,
            "That is the share of predictions with *more* context. How many have at most {c}?",
            recognise=_gives(lambda L, c: 1 - c / L),
        ),
        Mistake(
            "upside_down",
            lambda L, c: L / min(c, L),
            "Upside down: a share is a part divided by the whole.",
            recognise=_gives(lambda L, c: L / c),
        ),
        Mistake(
            "percent",
            lambda L, c: 100 * min(c, L) / L,
            "You gave percent. Return the share as a number between 0 and 1.",
            recognise=_gives(lambda L, c: 100 * c / L),
        ),
        Mistake(
            "whole_division",
            lambda L, c: min(c, L) // L,
            "// drops what stands after the point. Divide with /.",
        ),
        Mistake(
            "length_less_one",
            lambda L, c: min(c, L - 1) / (L - 1),
            "You divided by one less than the number of predictions. A piece has {L} of them.",
        ),
        Mistake(
            "two_decimals",
            lambda L, c: round(min(c, L) / L, 2),
            "You rounded to two decimals. Leave out round().",
        ),
    ),
)
