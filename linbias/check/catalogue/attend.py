"""Lesson 03: the weights mix the values."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from linbias.attention import attend, attention_weights
from linbias.check.catalogue import _make
from linbias.check.catalogue._weights import MISTAKES as WRONG_WEIGHTS
from linbias.check.exercise import Attempt, Case, Exercise, Mistake


def _case(rng: np.random.Generator, count: int) -> Case:
    # dv differs from n and from d, so that the shape gives a mix-up away.
    n, d, dv = int(rng.integers(5, 8)), int(rng.choice([3, 6, 7])), int(rng.choice([2, 4]))
    return (
        _make.normal(rng, n, d),
        _make.normal(rng, n, d),
        _make.normal(rng, n, dv),
        _make.beta(rng),
    )


def _fixed(n: int, d: int, dv: int) -> Any:
    rng = np.random.default_rng([n, d, dv])
    return _make.normal(rng, n, d), _make.normal(rng, n, d), _make.normal(rng, n, dv)


def _arithmetic(it: Attempt) -> str:
    i, column = it.cell
    return f"It is a weighted mean of the entries 0 to {i} of column {column} of V."


def _with_values(weights: Callable[..., Any]) -> Callable[..., Any]:
    return lambda Q, K, V, beta: weights(Q, K, beta) @ V


def _plain_weights(Q: Any, K: Any) -> Any:
    return attention_weights(Q, K, 0.0)


def _from_the_end(V: Any, beta: float) -> Any:
    return beta * np.arange(len(V) - 1, -1, -1)[:, None]


# What is wrong with the weights is wrong with the output; only its numbers cannot be quoted.
_FROM_WEIGHTS = tuple(
    replace(
        row,
        wrong=_with_values(row.wrong),
        sentence="The weights go wrong before V comes in. " + row.sentence,
        detail="",
        recognise=row.recognise if row.slug == "nan" else None,
    )
    for row in WRONG_WEIGHTS
    if row.slug not in ("no_softmax", "row_sum", "transposed", "infinite_weights")
)

EXERCISE = Exercise(
    reference=attend,
    answer="matrix",
    axes=("query", "feature"),
    cases=((*_fixed(4, 3, 2), 0.5), (*_fixed(6, 16, 4), 0.3)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "biased_values",
            lambda Q, K, V, beta: _plain_weights(Q, K) @ (V - _from_the_end(V, beta)),
            "You put the bias into the values. V must not change with beta: the bias decides how "
            "much is taken of each value, not what the value is.",
        ),
        Mistake(
            "scaled_values",
            lambda Q, K, V, beta: _plain_weights(Q, K) @ (V * np.exp(-_from_the_end(V, beta))),
            "You shrank the values by their distance. V must not change with beta: the bias "
            "belongs to the scores.",
        ),
        Mistake(
            "weights_transposed",
            lambda Q, K, V, beta: attention_weights(Q, K, beta).T @ V,
            "You multiplied by the weights turned over. Row i of the weights belongs to query i "
            "and meets V as it is.",
        ),
        Mistake(
            "weights_returned",
            lambda Q, K, V, beta: attention_weights(Q, K, beta),
            "These are the weights, and they are right. Now let them mix the values.",
        ),
        Mistake(
            "keys_for_values",
            lambda Q, K, V, beta: attention_weights(Q, K, beta) @ K,
            "You mixed the keys. The weights come from Q and K, what they mix is V.",
        ),
        Mistake(
            "queries_for_values",
            lambda Q, K, V, beta: attention_weights(Q, K, beta) @ Q,
            "You mixed the queries. The weights come from Q and K, what they mix is V.",
        ),
        Mistake(
            "plain_mean",
            lambda Q, K, V, beta: np.cumsum(V, axis=0) / np.arange(1, len(V) + 1)[:, None],
            "That is the plain mean of all values so far. Let the weights decide.",
        ),
        Mistake(
            "values_returned",
            lambda Q, K, V, beta: V * 1.0,
            "V came back as it was. Multiply the weights by it.",
        ),
        Mistake(
            "output_transposed",
            lambda Q, K, V, beta: (attention_weights(Q, K, beta) @ V).T,
            "The right output, turned over: one row for each query. Drop the last .T.",
        ),
        Mistake(
            "values_added",
            lambda Q, K, V, beta: attention_weights(Q, K, beta) @ V + V,
            "You added V to the output. A whole layer does so later; here the weighted mean alone "
            "is asked for.",
        ),
        *_FROM_WEIGHTS,
    ),
)
