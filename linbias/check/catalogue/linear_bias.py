"""Lesson 01: the bias of one pair."""

import math

import numpy as np

from linbias.bias import distance, linear_bias
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.values import number


def _case(rng: np.random.Generator, count: int) -> Case:
    query = int(rng.integers(6, 20))
    return query, int(rng.integers(1, query - 3)), _make.beta(rng)


def _arithmetic(it: Attempt) -> str:
    i, j, beta = it.arguments["i"], it.arguments["j"], it.arguments["beta"]
    size = number(beta * (i - j))
    return f"The distance is {i} - {j} = {i - j}, and beta * distance has the size {size}."


def _exchanged(i: int, j: int, beta: float) -> float:
    return -beta * distance(j, i)


def _rounded(it: Attempt) -> bool:
    """Whether a whole number came back that lies next to the right one."""
    return bool(it.yours % 1 == 0 and abs(it.yours - it.right) < 1)


def _two_decimals(it: Attempt) -> bool:
    return bool(abs(it.yours - it.right) <= 0.0051 and round(it.yours, 2) == it.yours)


EXERCISE = Exercise(
    reference=linear_bias,
    answer="number",
    cases=((5, 2, 0.1), (6, 0, 0.37), (4, 4, 0.5), (6, 3, 0.0625)),
    make_case=_case,
    arithmetic=_arithmetic,
    refuses=True,
    mistakes=(
        Mistake(
            "sign_flipped",
            lambda i, j, beta: beta * (i - j),
            "The size is right, the sign is not: added to a score, your number would reward keys "
            "for being far away. Which key should lose?",
        ),
        Mistake(
            "one_too_many",
            lambda i, j, beta: -beta * (i - j + 1),
            "You count one step too many: a token is at distance 0 from itself.",
        ),
        Mistake(
            "one_too_few",
            lambda i, j, beta: -beta * (i - j - 1),
            "You count one step too few: the neighbour is at distance 1, not 0.",
        ),
        Mistake(
            "beta_squared",
            lambda i, j, beta: -beta * beta * (i - j),
            "beta is in there twice. Each step back costs beta, once.",
        ),
        Mistake(
            "beta_ignored",
            lambda i, j, beta: -(i - j),
            "That is the distance with a minus sign; beta has no say in it. "
            "What should change when beta doubles?",
        ),
        Mistake(
            "distance_ignored",
            lambda i, j, beta: -beta,
            "You charge one beta for every pair, near or far. What does each further step cost?",
        ),
        Mistake(
            "divided_by_beta",
            lambda i, j, beta: -(i - j) / beta,
            "You divide by beta. A larger beta has to make the penalty larger, not smaller.",
        ),
        Mistake(
            "brackets_missing",
            lambda i, j, beta: -beta * i - j,
            "Here -beta multiplies i alone: multiplication goes before subtraction. "
            "Put the distance in brackets.",
        ),
        Mistake(
            "query_only",
            lambda i, j, beta: -beta * i,
            "Your number depends on the query only. "
            "Then all keys of one query cost the same; where does j come in?",
        ),
        Mistake(
            "key_only_negative",
            lambda i, j, beta: -beta * j,
            "You counted from the first token to the key. Count from the key to the query.",
        ),
        Mistake(
            "key_only",
            lambda i, j, beta: beta * j,
            "beta * j orders the keys rightly, but it does not know where the query stands: "
            "the token itself should get 0.",
        ),
        Mistake(
            "positions_added",
            lambda i, j, beta: -beta * (i + j),
            "You add the positions. A distance is a difference.",
        ),
        Mistake(
            "squared",
            lambda i, j, beta: -beta * (i - j) ** 2,
            "The penalty grows with the square of the distance. Linear means: every step costs "
            "the same.",
        ),
        Mistake(
            "exponential",
            lambda i, j, beta: math.exp(-beta * (i - j)),
            "That is the factor e^(-beta * distance), what softmax makes of the bias before it "
            "divides. Here we want the bias itself, without exp.",
        ),
        Mistake(
            "whole_numbers",
            lambda i, j, beta: -int(beta * (i - j)),
            "The digits after the point got lost: a bias need not be a whole number. "
            "Leave out int(), round() and //.",
            recognise=_rounded,
        ),
        Mistake(
            "power",
            lambda i, j, beta: -(beta ** (i - j)),
            "You raised beta to the power of the distance. Linear means: every step costs the "
            "same, so the distance multiplies.",
        ),
        Mistake(
            "minus_not_carried",
            lambda i, j, beta: -beta * i + j,
            "-beta has to multiply the whole distance: it reaches i, but j came out of the "
            "brackets without it.",
        ),
        Mistake(
            "beta_subtracted",
            lambda i, j, beta: -beta - (i - j),
            "You subtract the distance from -beta. The price of one step and the number of steps "
            "are multiplied.",
        ),
        Mistake(
            "one_minus",
            lambda i, j, beta: 1 - beta * (i - j),
            "Yours is 1 too high everywhere: it gives the token itself a 1. A bias is added to a "
            "score, so nothing is charged where it is 0.",
        ),
        Mistake(
            "doubled",
            lambda i, j, beta: -2 * beta * (i - j),
            "Twice the right number: each step back costs beta, once. Is it counted twice?",
        ),
        Mistake(
            "exchanged",
            lambda i, j, beta: _exchanged(i, j, beta),
            "distance refuses the pair: key and query changed places in your call. "
            "The query comes first: distance(i, j).",
        ),
        Mistake(
            "two_decimals",
            lambda i, j, beta: -round(beta * (i - j), 2),
            "You rounded to two decimals. That is right for a short beta only: 1/256 would cost "
            "nothing. Leave out round().",
            recognise=_two_decimals,
        ),
    ),
)
