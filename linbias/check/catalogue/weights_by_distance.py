"""Lesson 04: what the bias alone makes of equal contents."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.effect import weights_by_distance


def _case(rng: np.random.Generator, count: int) -> Case:
    return int(rng.integers(4, 9)), _make.beta(rng)


def _steps(n: int) -> Any:
    return np.arange(n)


def _shares(positive: Any) -> Any:
    return positive / positive.sum()


def _arithmetic(it: Attempt) -> str:
    d, beta = it.cell[0], it.arguments["beta"]
    return f"Distance {d} means a bias of the size {beta} * {d} = {beta * d:.4g}, before softmax."


EXERCISE = Exercise(
    reference=weights_by_distance,
    answer="vector",
    shares=True,
    axes=("distance",),
    cases=((7, 0.1), (5, 0.5)),
    make_case=_case,
    arithmetic=_arithmetic,
    traits={"a sum of 1": lambda it: abs(it.total - 1) < 1e-6},
    mistakes=(
        Mistake(
            "not_normalised",
            lambda n, beta: np.exp(-beta * _steps(n)),
            "These are the factors e^(-beta * d), not yet weights.",
            "They sum to {it.total:.4g}; weights sum to 1.",
        ),
        Mistake(
            "reversed",
            lambda n, beta: _shares(np.exp(beta * _steps(n))),
            "The largest weight stands at the farthest distance. Either the sign is flipped, or "
            "you listed the keys from the first token on: index 0 is the token itself.",
        ),
        Mistake(
            "unlimited_context",
            lambda n, beta: (1 - np.exp(-beta)) * np.exp(-beta * _steps(n)),
            "You divided by the sum over infinitely many keys. Here there are only {n}.",
            "Yours sum to {it.total:.4g}.",
        ),
        Mistake(
            "bias_returned",
            lambda n, beta: -beta * _steps(n),
            "That is the bias itself. What does softmax make of it?",
        ),
        Mistake(
            "beta_ignored",
            lambda n, beta: _shares(np.exp(-_steps(n))),
            "Your weights do not change with beta. Try beta = 0 in your head: "
            "they should all be equal.",
        ),
        Mistake(
            "beta_squared",
            lambda n, beta: _shares(np.exp(-beta * beta * _steps(n))),
            "beta is in there twice. Each step costs beta, once.",
        ),
        Mistake(
            "squared",
            lambda n, beta: _shares(np.exp(-beta * _steps(n) ** 2)),
            "You squared the distance: the weights fall faster and faster. With a linear bias each "
            "step costs the same factor.",
        ),
        Mistake(
            "base_two",
            lambda n, beta: _shares(np.exp2(-beta * _steps(n))),
            "You used powers of 2. Softmax uses powers of e.",
        ),
        Mistake(
            "without_exp",
            lambda n, beta: _shares(1 + beta * _steps(n)[::-1]),
            "Your weights fall in a straight line. The bias is linear, the weights are not: "
            "exp comes in between.",
        ),
        Mistake(
            "hyperbola",
            lambda n, beta: _shares(1 / (1 + beta * _steps(n))),
            "You divided by the distance. With a linear bias each step costs the same factor: "
            "exp(-beta) for every step.",
        ),
        Mistake(
            "uniform",
            lambda n, beta: np.full(n, 1 / n),
            "All weights are equal, as with beta = 0. The contents are equal, the bias is not.",
        ),
        Mistake(
            "divided_by_length",
            lambda n, beta: np.exp(-beta * _steps(n)) / n,
            "You divided by the number of keys. Divide by the sum of the factors.",
            "Yours sum to {it.total:.4g}.",
        ),
        Mistake(
            "self_missing",
            lambda n, beta: _shares(np.exp(-beta * _steps(n)))[1:],
            "Entries are missing: {n} keys make {n} distances, the first of them 0, "
            "the token itself.",
            recognise=lambda it: it.yours.ndim == 1 and len(it.yours) < it.arguments["n"],
        ),
        Mistake(
            "one_too_many",
            lambda n, beta: _shares(np.exp(-beta * _steps(n + 1))),
            "Too many entries: {n} keys make {n} distances, the first of them 0, the token itself.",
            recognise=lambda it: it.yours.ndim == 1 and len(it.yours) > it.arguments["n"],
        ),
        Mistake(
            "linear_decay",
            lambda n, beta: _shares((1 - beta) ** _steps(n)),
            "You multiply by 1 - beta at each step. That is close to e^(-beta) for a small beta "
            "only: the bias sits in the exponent.",
        ),
        Mistake(
            "divided_by_beta",
            lambda n, beta: _shares(np.exp(-_steps(n) / beta)),
            "You divide the distance by beta. A steeper slope has to make the weights fall faster.",
        ),
        Mistake(
            "bias_doubled",
            lambda n, beta: _shares(np.exp(-2 * beta * _steps(n))),
            "Yours falls as with twice the beta: is the bias counted twice?",
        ),
        Mistake(
            "brackets_too_many",
            lambda n, beta: _shares(np.exp(-beta * _steps(n)))[None, :],
            "One pair of brackets too many: you return a table with one row, or with one column. "
            "Return the row itself.",
            recognise=lambda it: it.yours.ndim == 2 and it.yours.size == it.right.size,
        ),
        Mistake(
            "row_sum",
            lambda n, beta: _shares(np.exp(-beta * _steps(n))) * 0.9,
            "Weights sum to 1.",
            "Yours sum to {it.total:.4g}.",
            recognise=lambda it: it.yours.ndim == 1 and abs(it.total - 1) > 1e-4,
        ),
    ),
)
