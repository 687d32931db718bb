"""Lesson 04: after how many tokens a weight has halved."""

import math

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.effect import half_distance


def _case(rng: np.random.Generator, count: int) -> Case:
    return (_make.beta(rng),)


def _arithmetic(it: Attempt) -> str:
    # A huge negative answer would overflow math.exp; NumPy says inf.
    left = float(np.exp(-it.arguments["beta"] * it.yours))
    return f"At that distance the weight has changed by the factor {left:.3g}; 1/2 is wanted."


EXERCISE = Exercise(
    reference=half_distance,
    answer="number",
    cases=((0.25,), (0.1,)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "one_over_beta",
            lambda beta: 1 / beta,
            "After 1/beta tokens the weight has fallen to 1/e, about 0.37, not to 1/2. (log2(2) is "
            "1, so a logarithm to base 2 leads here too: solve e^(-beta * d) = 1/2 with the "
            "natural one.)",
        ),
        Mistake(
            "log_ten",
            lambda beta: math.log10(2) / beta,
            "That is a logarithm to base 10. The weights are powers of e, "
            "so take the natural logarithm: np.log.",
        ),
        Mistake(
            "sign_flipped",
            lambda beta: -math.log(2) / beta,
            "The size is right, the sign is not: log(1/2) is negative, and so is the exponent. "
            "A distance is positive.",
        ),
        Mistake(
            "multiplied_by_beta",
            lambda beta: math.log(2) * beta,
            "Yours grows with beta. A steeper slope halves the weight sooner.",
        ),
        Mistake(
            "beta_ignored",
            lambda beta: math.log(2),
            "That is right for beta = 1 only. How far is it when each token costs half as much?",
        ),
        Mistake(
            "upside_down",
            lambda beta: beta / math.log(2),
            "Your fraction stands upside down: a steeper slope halves the weight sooner.",
        ),
        Mistake(
            "halved_bias",
            lambda beta: 0.5 / beta,
            "There the bias is -1/2, but the weight is e^(-1/2), about 0.61. "
            "Which bias makes a weight of 1/2?",
        ),
        Mistake(
            "two_over_beta",
            lambda beta: 2 / beta,
            "There the weight is e^-2. Which number has to stand in the exponent to get 1/2?",
        ),
        Mistake(
            "rounded_up",
            lambda beta: math.ceil(math.log(2) / beta),
            "You rounded. The distance may fall between two tokens; leave it as it is.",
        ),
        Mistake(
            "rounded_down",
            lambda beta: math.floor(math.log(2) / beta),
            "You rounded down. The distance may fall between two tokens; leave it as it is.",
        ),
        Mistake(
            "logarithm_of_e",
            lambda beta: math.log2(math.e) / beta,
            "You divide by ln 2 where it belongs above: log2(e) is 1 / ln 2.",
        ),
        Mistake(
            "one_too_many",
            lambda beta: math.log(2) / beta + 1,
            "One token too far: the token itself stands at distance 0.",
        ),
    ),
)
