"""Lesson 01: how far a key lies behind a query."""

import numpy as np

from linbias.bias import distance
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.values import Unreadable


def _refuse(i: int, j: int, *, when: bool) -> int:
    if when:
        raise ValueError("refused")
    return i - j


def _case(rng: np.random.Generator, count: int) -> Case:
    """Return by turns a past key, a future key and the token itself."""
    query = int(rng.integers(5, 40))
    key = int(rng.integers(1, query - 2))
    return [(query, key), (key, query), (query, query)][count % 3]


def _arithmetic(it: Attempt) -> str:
    i, j = it.arguments["i"], it.arguments["j"]
    return f"Put a finger on key {j} and step forward, token by token, to query {i}."


def _returns_error(it: Attempt) -> bool:
    return isinstance(it.yours, Unreadable) and it.yours.description.endswith("Error")


EXERCISE = Exercise(
    reference=distance,
    answer="whole",
    cases=((5, 2), (6, 0), (4, 4), (2, 5)),
    make_case=_case,
    arithmetic=_arithmetic,
    refuses=True,
    mistakes=(
        Mistake(
            "swapped",
            lambda i, j: j - i,
            "You took the query away from the key. A key in the past lies at a positive distance: "
            "how many steps is it from key j forward to query i?",
        ),
        Mistake(
            "absolute",
            lambda i, j: abs(i - j),
            "abs() hides a pair that cannot happen: a key after the query lies in the future. "
            "Raise ValueError for it.",
        ),
        Mistake(
            "future_allowed",
            lambda i, j: i - j,
            "You count back into the past correctly, but a key after the query has not happened "
            "yet. A negative distance should not come back: raise ValueError.",
        ),
        Mistake(
            "clipped_at_zero",
            lambda i, j: max(i - j, 0),
            "Distance 0 means the token itself; a future key is something else. "
            "Raise ValueError for it.",
        ),
        Mistake(
            "one_too_many",
            lambda i, j: _refuse(i + 1, j, when=j > i),
            "One step too many: how far is a token from itself?",
        ),
        Mistake(
            "one_too_few",
            lambda i, j: _refuse(i - 1, j, when=j > i),
            "One step too few: you counted only the tokens in between. Count the steps.",
        ),
        Mistake(
            "self_refused",
            lambda i, j: _refuse(i, j, when=j >= i),
            "You refuse the token itself, yet j = i is allowed: every token sees itself, "
            "at distance 0. Refuse only keys after the query.",
        ),
        Mistake(
            "past_refused",
            lambda i, j: _refuse(i, j, when=j < i),
            "Your ValueError comes for the wrong keys: the past is what a query may see. "
            "Turn the comparison round.",
        ),
        Mistake(
            "exchanged",
            lambda i, j: _refuse(j, i, when=j < i),
            "Query and key changed places throughout: you refuse the past and count into the "
            "future. i is the query that looks back, j is the key.",
        ),
        Mistake(
            "one_too_many_future_allowed",
            lambda i, j: i - j + 1,
            "Two things: you count one step too many (how far is a token from itself?), and a key "
            "after the query has no distance: raise ValueError for it.",
        ),
        Mistake(
            "error_returned",
            lambda i, j: i - j if j <= i else ValueError("the key is in the future"),
            "Your function returns the error, so whoever calls it goes on with that. An error that "
            "stops the caller is raised: which word belongs in place of return?",
            recognise=_returns_error,
        ),
        Mistake(
            "future_returned",
            lambda i, j: i - j if j <= i else None,
            "For a key in the future your function came back as if all were well. "
            "No answer is right there, so stop the caller: raise ValueError.",
            recognise=lambda it: it.arguments["j"] > it.arguments["i"],
        ),
    ),
)
