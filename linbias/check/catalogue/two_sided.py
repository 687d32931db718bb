"""Lesson 07: the bias of a model that reads both ways."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.catalogue._relatives import arithmetic as causal_arithmetic
from linbias.check.exercise import Attempt, Exercise, Mistake
from linbias.relatives import two_sided


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    if j > i:
        return f"Key {j} stands {j - i} after query {i}, and this model may look there."
    return causal_arithmetic(it)


def _difference(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]


EXERCISE = Exercise(
    reference=two_sided,
    answer="matrix",
    axes=("query", "key"),
    cases=((5, 0.5), (6, 0.37)),
    make_case=_make.length_and_beta,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "causal",
            lambda n, beta: np.where(_difference(n) >= 0, -beta * _difference(n), -np.inf),
            "You blocked the future, as in lesson 02. This model reads both ways: nothing is "
            "blocked.",
        ),
        Mistake(
            "no_absolute",
            lambda n, beta: -beta * _difference(n),
            "Keys after the query get a bias above 0: the farther they are, the more they are "
            "rewarded. Which number has no sign?",
        ),
        Mistake(
            "sign_flipped",
            lambda n, beta: beta * np.abs(_difference(n)),
            "All signs are flipped: the farthest keys would be favoured most.",
        ),
        Mistake(
            "future_free",
            lambda n, beta: np.tril(-beta * _difference(n)),
            "Keys after the query are free: 0 at any distance, so they would all win. They pay for "
            "their distance, too.",
        ),
        Mistake(
            "past_free",
            lambda n, beta: np.triu(beta * _difference(n)),
            "Keys before the query are free: 0 at any distance. They pay for their distance, too.",
        ),
        Mistake(
            "key_only",
            lambda n, beta: np.tile(beta * np.arange(n), (n, 1)),
            "One row for all queries: with the causal mask that gives the same attention, without "
            "it the last keys win everywhere.",
        ),
        Mistake(
            "beta_ignored",
            lambda n, beta: -np.abs(_difference(n)),
            "Your matrix is the same for every beta. Each step costs beta.",
        ),
        Mistake(
            "beta_squared",
            lambda n, beta: -beta * beta * np.abs(_difference(n)),
            "beta is in there twice. Each step costs beta, once.",
        ),
        Mistake(
            "squared",
            lambda n, beta: -beta * _difference(n) ** 2,
            "You squared the distance to lose its sign: then far keys pay too much. np.abs takes "
            "away nothing but the sign.",
        ),
        Mistake(
            "one_too_many",
            lambda n, beta: -beta * (np.abs(_difference(n)) + 1),
            "A token is at distance 0 from itself; yours pays on the diagonal already.",
        ),
    ),
)
