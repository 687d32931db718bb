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
    return _make.normal(rng, n, d), _make.normal(rng, n, d), _make.beta(rng)


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
    axes=("query", "key"),
    cases=((*_fixed(4, 3), 0.5), (*_fixed(6, 16), 0.3)),
    make_case=_case,
    arithmetic=_arithmetic,
    traits={"no weight on the future": future_is_zero, "row sums of 1": rows_sum_to_one},
    note=_note,
    mistakes=MISTAKES,
)
