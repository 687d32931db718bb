"""Lesson 04: what a match must be worth to beat distance."""

import math

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.effect import content_needed


def _case(rng: np.random.Generator, count: int) -> Case:
    return _make.beta(rng), int(rng.integers(3, 12))


def _arithmetic(it: Attempt) -> str:
    beta, d = it.arguments["beta"], it.arguments["d"]
    return f"Each of the {d} steps back costs {beta}."


def _two_decimals(it: Attempt) -> bool:
    return bool(abs(it.yours - it.right) <= 0.0051 and round(it.yours, 2) == it.yours)


EXERCISE = Exercise(
    reference=content_needed,
    answer="number",
    cases=((0.5, 6), (0.1, 30), (0.0625, 6)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "one_step_only",
            lambda beta, d: beta,
            "You paid for one step only. The key is {d} steps away.",
        ),
        Mistake(
            "beta_ignored",
            lambda beta, d: float(d),
            "You counted the steps and forgot their price: each one costs beta.",
        ),
        Mistake(
            "sign_flipped",
            lambda beta, d: -beta * d,
            "That is the bias itself. The question is what the content must add to make up for it.",
        ),
        Mistake(
            "one_too_many",
            lambda beta, d: beta * (d + 1),
            "One step too many: the token itself stands at distance 0 and pays nothing.",
        ),
        Mistake(
            "one_too_few",
            lambda beta, d: beta * (d - 1),
            "One step too few: count the steps, not the tokens in between.",
        ),
        Mistake(
            "beta_squared",
            lambda beta, d: beta * beta * d,
            "beta is in there twice. Each step costs beta, once.",
        ),
        Mistake(
            "squared",
            lambda beta, d: beta * d * d,
            "You squared the distance. With a linear bias every step costs the same.",
        ),
        Mistake(
            "divided_by_beta",
            lambda beta, d: d / beta,
            "You divided by beta. A steeper slope has to ask for a better match, not a poorer one.",
        ),
        Mistake(
            "divided_by_distance",
            lambda beta, d: beta / d,
            "Yours falls with the distance. A farther key has more to make up for.",
        ),
        Mistake(
            "exponential",
            lambda beta, d: math.exp(beta * d),
            "That is the factor between the two weights. Asked for is the difference of the "
            "scores, before exp.",
        ),
        Mistake(
            "decay",
            lambda beta, d: math.exp(-beta * d),
            "That is how much weight the bias leaves. Asked for is the difference of the scores, "
            "before exp.",
        ),
        Mistake(
            "summed_up",
            lambda beta, d: beta * d * (d + 1) / 2,
            "You added up the bias of all keys on the way. Only the key itself has to pay.",
        ),
        Mistake(
            "root_of_distance",
            lambda beta, d: beta * math.sqrt(d),
            "You took a root of the distance. d here is the distance, not the width of a head: "
            "every step costs beta.",
        ),
        Mistake(
            "power",
            lambda beta, d: beta**d,
            "You raised beta to the power of the distance. Every step costs beta; what do {d} "
            "steps cost?",
        ),
        Mistake(
            "added",
            lambda beta, d: beta + d,
            "You added beta and the distance. The price of one step and the number of steps are "
            "multiplied.",
        ),
        Mistake(
            "two_decimals",
            lambda beta, d: round(beta * d, 2),
            "You rounded to two decimals. That is right for a short beta only: 1/256 would cost "
            "nothing. Leave out round().",
            recognise=_two_decimals,
        ),
    ),
)
