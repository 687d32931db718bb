"""Lesson 01: the bias of one pair."""

import math

import numpy as np

from linbias.bias import linear_bias
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


EXERCISE = Exercise(
    reference=linear_bias,
    answer="number",
    cases=((5, 2, 0.1), (6, 0, 0.37), (4, 4, 0.5)),
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
            "That is the factor e^(-beta * distance), what becomes of the bias after softmax. "
            "Here we want the bias itself, before any exp.",
        ),
        Mistake(
            "whole_numbers",
            lambda i, j, beta: -int(beta * (i - j)),
            "The digits after the point got lost: a bias need not be a whole number. "
            "Leave out int(), round() and //.",
        ),
    ),
)
