"""Lesson 01: the biases of one query, key by key."""

from typing import Any

import numpy as np

from linbias.bias import bias_row
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.values import number


def _case(rng: np.random.Generator, count: int) -> Case:
    return int(rng.integers(3, 8)), _make.beta(rng)


def _arithmetic(it: Attempt) -> str:
    i, beta, j = it.arguments["i"], it.arguments["beta"], it.cell[0]
    size = number(beta * (i - j))
    return f"There the distance is {i} - {j} = {i - j}, and beta * distance has the size {size}."


def _keys(i: int) -> Any:
    return np.arange(i + 1)


EXERCISE = Exercise(
    reference=bias_row,
    answer="vector",
    axes=("key",),
    cases=((4, 0.5), (6, 0.37)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "reversed",
            lambda i, beta: -beta * _keys(i),
            "The right numbers in the wrong order: you listed them by distance, self first. "
            "Entry j belongs to key j, so which key comes first, and how far away is it?",
        ),
        Mistake(
            "sign_flipped",
            lambda i, beta: beta * (i - _keys(i)),
            "All signs are flipped: the farthest key gets the largest bonus. "
            "Which key should lose?",
        ),
        Mistake(
            "key_only",
            lambda i, beta: beta * _keys(i),
            "Your steps are right, but the zero sits at key 0. "
            "It belongs to the token itself, the last entry.",
        ),
        Mistake(
            "one_too_many",
            lambda i, beta: -beta * (i - _keys(i) + 1),
            "Every entry is one step too low, the last one too: "
            "a token is at distance 0 from itself.",
        ),
        Mistake(
            "one_too_few",
            lambda i, beta: -beta * (i - _keys(i) - 1),
            "Every entry is one step too high: only the token itself gets 0, "
            "its neighbour already pays.",
        ),
        Mistake(
            "beta_squared",
            lambda i, beta: -beta * beta * (i - _keys(i)),
            "beta is in there twice: doubling beta multiplies your row by 4. Each step costs beta.",
        ),
        Mistake(
            "beta_ignored",
            lambda i, beta: -1.0 * (i - _keys(i)),
            "Your row is the same for every beta. Each step back should cost beta.",
        ),
        Mistake(
            "squared",
            lambda i, beta: -beta * (i - _keys(i)) ** 2,
            "Your penalties grow faster and faster. Linear means equal steps from key to key.",
        ),
        Mistake(
            "exponential",
            lambda i, beta: np.exp(-beta * (i - _keys(i))),
            "These are the factors e^(-beta * distance), what becomes of the bias after softmax. "
            "Here we want the bias itself.",
        ),
        Mistake(
            "whole_numbers",
            lambda i, beta: (-beta * (i - _keys(i))).astype(int),
            "The digits after the point got lost: your array holds whole numbers only. "
            "Make it an array of floats.",
        ),
        Mistake(
            "constant",
            lambda i, beta: np.full(i + 1, -beta * i),
            "Every key gets the same number, so the row prefers none of them. "
            "Where does key j enter?",
        ),
        Mistake(
            "self_missing",
            lambda i, beta: -beta * (i - _keys(i))[:-1],
            "One key is missing: query i sees the keys 0 ... i, which are i + 1 keys. "
            "range(i) stops before i.",
            recognise=lambda it: it.yours.ndim == 1 and len(it.yours) == it.arguments["i"],
        ),
        Mistake(
            "future_keys",
            lambda i, beta: -beta * (i - np.arange(i + 2)),
            "Your row is too long: it has {it.yours.size} entries. "
            "For query {i} the keys after {i} do not exist yet. How many keys are left?",
            recognise=lambda it: it.yours.ndim == 1 and len(it.yours) > it.arguments["i"] + 1,
        ),
    ),
)
