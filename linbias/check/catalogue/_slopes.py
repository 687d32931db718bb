"""Lesson 06: what lists of slopes are compared with."""

import math
from typing import Any

import numpy as np

from linbias.check.exercise import Attempt, Mistake

# The lists for twelve heads tell all slips apart; with 8, 4 or 16 heads many look right.
TWELVE = (12,)


def heads(H: int, first: int = 1) -> Any:
    """Return the heads' numbers, from `first` on."""
    return np.arange(first, first + H)


def largest_power(H: int) -> int:
    """Return the largest power of two that is at most H."""
    return int(2 ** math.floor(math.log2(H)))


def arithmetic(it: Attempt) -> str:
    """Say where to look, and give no number of the list away."""
    (h,) = it.cell
    H = it.arguments["H"]
    return f"Entry {h} is head h = {h + 1} of {H}."


# Wrong ways to the sequence itself, whichever rule is asked for.
SEQUENCE = (
    Mistake(
        "counted_from_zero",
        lambda H: 2.0 ** (-8.0 * heads(H, 0) / H),
        "Your first slope is 1: h counts from 1, not from 0. Which slope should the last head "
        "have, 1/256 or more?",
    ),
    Mistake(
        "always_half",
        lambda H: 0.5 ** heads(H),
        "You halve from head to head. That is right for 8 heads only: with {H} heads the step is "
        "another one, so that the last head still gets 1/256.",
    ),
    Mistake(
        "upside_down",
        lambda H: 2.0 ** (-8.0 / heads(H)),
        "Your slopes rise, and the ratio is not the same from head to head: h stands below the "
        "line. It is the formula 1/2^(8/h), whose mistake this lesson looks for.",
    ),
    Mistake(
        "sign_flipped",
        lambda H: 2.0 ** (8.0 * heads(H) / H),
        "Your slopes are above 1, up to 256: the minus in the exponent is missing.",
    ),
    Mistake(
        "exponents_returned",
        lambda H: -8.0 * heads(H) / H,
        "These are the exponents. The slopes are 2 to their power.",
    ),
    Mistake(
        "powers_of_e",
        lambda H: np.exp(-8.0 * heads(H) / H),
        "These are powers of e. Here the base is 2: the last slope is 1/256.",
    ),
    Mistake(
        "slopes_negative",
        lambda H: -(2.0 ** (-8.0 * heads(H) / H)),
        "Slopes are positive; the minus stands in -beta * (i - j) already.",
    ),
    Mistake(
        "reversed",
        lambda H: 2.0 ** (-8.0 * heads(H) / H)[::-1],
        "The right set, turned round: the first head gets the steepest slope.",
    ),
    Mistake(
        "linear",
        lambda H: np.linspace(0.5, 2.0**-8, H),
        "Your slopes fall in equal steps. From head to head the *ratio* is the same.",
    ),
    Mistake(
        "one_missing",
        lambda H: 2.0 ** (-8.0 * heads(H)[:-1] / H),
        "One slope is missing: range(1, H) stops before H. There is one for each head.",
    ),
    Mistake(
        "whole_exponents",
        lambda H: 2.0 ** (-8 * heads(H) // H),
        "Your exponents are whole numbers: // cuts off the half of -0.5. Divide with /.",
    ),
    Mistake(
        "eight_missing",
        lambda H: 2.0 ** (-heads(H) / H),
        "Your last slope is 1/2: the 8 in the exponent is missing.",
    ),
    Mistake(
        "fraction_turned",
        lambda H: 2.0 ** (-H * heads(H) / 8.0),
        "You multiply by H and divide by 8; it is the other way round. With more heads the ratio "
        "has to come closer to 1.",
    ),
    Mistake(
        "ratio_half",
        lambda H: 2.0 ** (-8.0 / H) * 0.5 ** heads(H, 0),
        "The start is right, the ratio is not: it is the first slope itself, not 1/2.",
    ),
    Mistake(
        "starts_at_half",
        lambda H: 0.5 * (2.0 ** (-8.0 / H)) ** heads(H, 0),
        "The ratio is right, the start is not: the first slope is the ratio itself.",
    ),
)
