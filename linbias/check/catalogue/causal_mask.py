"""Lesson 02: which keys a query may see."""

import numpy as np

from linbias.bias import causal_mask
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Exercise, Mistake


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    where = "the past" if j < i else "the token itself" if j == i else "the future"
    return f"Seen from query {i}, key {j} is {where}."


EXERCISE = Exercise(
    reference=causal_mask,
    answer="booleans",
    axes=("query", "key"),
    cases=((4,), (7,)),
    make_case=_make.length,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "diagonal_blocked",
            lambda n: np.tri(n, k=-1, dtype=bool),
            "Your tokens cannot see themselves. Look at row 0: it sees nothing at all, and a "
            "softmax over nothing is NaN.",
        ),
        Mistake(
            "inverted",
            lambda n: ~np.tri(n, dtype=bool),
            "Exactly the opposite: you marked what is hidden. Here True means visible.",
        ),
        Mistake(
            "transposed",
            lambda n: np.tri(n, dtype=bool).T,
            "Your triangle points the other way: rows are queries, columns are keys. "
            "Which keys may query 0 see?",
        ),
        Mistake(
            "one_step_ahead",
            lambda n: np.tri(n, k=1, dtype=bool),
            "Every query sees one key of its future. Check the k of tri, tril or triu, "
            "or the comparison of i with j.",
        ),
        Mistake(
            "no_mask",
            lambda n: np.ones((n, n), dtype=bool),
            "Everything is visible, the future too. Which keys exist when query 0 asks?",
        ),
        Mistake(
            "all_blocked",
            lambda n: np.zeros((n, n), dtype=bool),
            "Nothing is visible, so no query has anything to attend to.",
        ),
        Mistake(
            "diagonal_only",
            lambda n: np.eye(n, dtype=bool),
            "Every token sees itself only. It may look back at the past too.",
        ),
        Mistake(
            "additive_mask",
            lambda n: np.where(np.tri(n, dtype=bool), 0.0, -np.inf),
            "That is a mask to add to scores, 0 and -inf, and it is a good one. "
            "Here True and False are asked for: which keys are visible?",
        ),
        Mistake(
            "numbers_for_bools",
            lambda n: np.tri(n),
            "You return 0 and 1. True and False are asked for: ~ would turn 1 into -2, and "
            "mask[...] would pick the rows 0 and 1. A comparison gives them, or dtype=bool does.",
            recognise=lambda it: it.yours.dtype != bool and set(np.unique(it.yours)) <= {0.0, 1.0},
        ),
        Mistake(
            "returned_in_loop",
            lambda n: np.eye(n, dtype=bool) & (np.arange(n) == 0),
            "Only the first row is filled: does return stand inside a loop?",
        ),
    ),
)
