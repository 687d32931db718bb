"""Lesson 02: how long a diagonal is."""

import numpy as np

from linbias.bias import pairs_at_distance
from linbias.check.exercise import Attempt, Case, Exercise, Mistake


def _case(rng: np.random.Generator, count: int) -> Case:
    """Return by turns a distance that occurs and one that reaches beyond the first token."""
    n = int(rng.integers(6, 30))
    return n, int(rng.integers(n + 1, n + 5) if count % 2 else rng.integers(2, n - 2))


def _arithmetic(it: Attempt) -> str:
    n, d = it.arguments["n"], it.arguments["d"]
    if d >= n:
        return f"With {n} tokens the farthest two are {n - 1} apart."
    return f"The first query that reaches back {d} tokens is query {d}, the last is query {n - 1}."


EXERCISE = Exercise(
    reference=pairs_at_distance,
    answer="whole",
    cases=((7, 3), (2, 1), (5, 8)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "one_too_few",
            lambda n, d: max(n - d - 1, 0),
            "One pair is missing. Take n = 2 and count its diagonal (d = 0) by hand.",
        ),
        Mistake(
            "one_too_many",
            lambda n, d: max(n - d + 1, 0),
            "One pair too many. Take n = 2 and count the pairs at distance 1 by hand.",
        ),
        Mistake(
            "one_too_many_below_zero",
            lambda n, d: n - d + 1,
            "Two things: one pair too many (take n = 2 and count the pairs at distance 1 by hand), "
            "and a number of pairs cannot be negative.",
        ),
        Mistake(
            "below_zero",
            lambda n, d: n - d,
            "Right as long as the distance occurs. A number of pairs cannot be negative: "
            "what if d reaches beyond the first token?",
        ),
        Mistake(
            "both_sides",
            lambda n, d: max(2 * (n - d), 0),
            "You counted each pair twice, once for each direction. "
            "In causal attention the later token is always the query.",
        ),
        Mistake(
            "distance_ignored",
            lambda n, d: n,
            "You count all queries, but the first ones have nothing that far back.",
        ),
        Mistake(
            "at_least",
            lambda n, d: max(n - d, 0) * max(n - d + 1, 0) // 2,
            "You counted the pairs at distance d or more. Only one diagonal is asked for.",
        ),
        Mistake(
            "all_pairs",
            lambda n, d: n * (n + 1) // 2,
            "That is the number of all visible pairs. How many of them lie exactly d apart?",
        ),
        Mistake(
            "absolute",
            lambda n, d: abs(n - d),
            "Right as long as the distance occurs. abs() invents pairs "
            "when d reaches beyond the first token.",
        ),
        Mistake(
            "times_distance",
            lambda n, d: max(n - d, 0) * d,
            "You multiplied by the distance: that is how far all these pairs reach together. "
            "How many pairs are they?",
        ),
    ),
)
