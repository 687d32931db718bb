"""Lesson 03: scores, bias, mask and softmax in the right order."""

from collections.abc import Callable
from typing import Any

import numpy as np

from linbias.attention import attention_weights
from linbias.check.catalogue import _make
from linbias.check.catalogue._traits import future_is_zero, rows_sum_to_one
from linbias.check.catalogue._weights import MISTAKES
from linbias.check.exercise import Attempt, Case, Exercise
from linbias.check.values import Plain, number


def _case(rng: np.random.Generator, count: int) -> Case:
    n, d = int(rng.integers(5, 8)), int(rng.choice([3, 5, 6, 7]))
    if count == 1:
        return _large(rng, n)
    return _make.normal(rng, n, d), _make.normal(rng, n, d), _make.beta(rng)


def _large(rng: np.random.Generator, n: int) -> Case:
    """Return a case on which a mask of -50 or -999, and a softmax without its maximum, fail.

    The scores of query 0 lie near -1200, those of query 1 near 1200, and the last key, in the
    future of query 0, is 125 higher. All numbers are quarters, so that float32 holds them.
    """
    Q, K = (2 * rng.standard_normal((2, n, 4))).round() / 2
    Q[:, :2], K[:, 0], K[:, 1] = 0.0, 1.0, 0.0
    Q[0, :2], Q[1, 0], K[-1, 1] = (-2400.0, 1.0), 2400.0, 250.0
    return Q, K, 0.75 if rng.integers(2) else 0.375


def _fixed(n: int, d: int) -> Any:
    rng = np.random.default_rng([n, d])
    return _make.normal(rng, n, d), _make.normal(rng, n, d)


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}."
    score = it.arguments["Q"][i] @ it.arguments["K"][j] / it.root
    size = number(it.arguments["beta"] * (i - j))
    return (
        f"There the scaled score is {number(score)}, and the bias has the size beta * "
        f"({i} - {j}) = {size}."
    )


def _note(call: Callable[..., Plain], answers: list[Plain]) -> str:
    """Name the multiplicative form, which shows itself only where e^(-beta * d) underflows.

    At the first probe the bias makes up for a score of 700 against -700. Written as a product
    one factor is 0. A softmax without its maximum in low precision fails the second one as well.
    """
    queries = np.array([[0.0], [1.0]])
    if _halves(call(queries, np.array([[700.0], [-700.0]]), 1400.0)):
        return ""
    if not _halves(call(queries, np.array([[-700.0], [-700.0]]), 0.0)):
        return ""
    return (
        "You found the multiplicative form: weights times e^(-beta * distance), each row "
        "divided by its sum. It is the same as adding the bias before softmax."
    )


def _halves(weights: Plain) -> bool:
    """Whether the second of two queries divides its weight equally."""
    if not isinstance(weights, np.ndarray) or weights.shape != (2, 2):
        return False
    return bool((np.abs(weights[1] - 0.5) < 1e-3).all())


EXERCISE = Exercise(
    reference=attention_weights,
    answer="matrix",
    shares=True,
    axes=("query", "key"),
    cases=((*_fixed(4, 3), 0.5), (*_fixed(6, 16), 0.3), _large(np.random.default_rng(5), 5)),
    make_case=_case,
    arithmetic=_arithmetic,
    traits={"no weight on the future": future_is_zero, "row sums of 1": rows_sum_to_one},
    note=_note,
    mistakes=MISTAKES,
)
