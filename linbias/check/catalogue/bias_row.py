"""Lesson 01: the biases of one query, key by key."""

from typing import Any

import numpy as np

from linbias.bias import bias_row
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.check.same import same
from linbias.check.values import number


def _case(rng: np.random.Generator, count: int) -> Case:
    return int(rng.integers(3, 8)), _make.beta(rng)


def _arithmetic(it: Attempt) -> str:
    i, beta, j = it.arguments["i"], it.arguments["beta"], it.cell[0]
    size = number(beta * (i - j))
    return f"There the distance is {i} - {j} = {i - j}, and beta * distance has the size {size}."


def _keys(i: int) -> Any:
    return np.arange(i + 1)


def _whole(it: Attempt) -> bool:
    """Whether all numbers are whole and lie next to the right ones."""
    if it.yours.shape != it.right.shape:
        return False
    return bool((it.yours % 1 == 0).all() and (abs(it.yours - it.right) < 1).all())


def _two_decimals(it: Attempt) -> bool:
    if it.yours.shape != it.right.shape:
        return False
    near = abs(it.yours - it.right) <= 0.0051
    return bool((near & (it.yours.round(2) == it.yours)).all())


def _returned_early(it: Attempt) -> bool:
    """Whether only the first number is there: alone, or with zeros after it."""
    if it.yours.ndim != 1 or not it.yours.size:
        return False
    return same(it.yours, np.array([it.right[0], *np.zeros(it.yours.size - 1)]))


EXERCISE = Exercise(
    reference=bias_row,
    answer="vector",
    axes=("key",),
    cases=((4, 0.5), (6, 0.37), (5, 0.0625)),
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
            "These are the factors e^(-beta * distance), what softmax makes of the bias before it "
            "divides. Here we want the bias itself.",
        ),
        Mistake(
            "whole_numbers",
            lambda i, beta: (-beta * (i - _keys(i))).astype(int),
            "The digits after the point got lost: your array holds whole numbers only. "
            "Make it an array of floats, and leave out int() and round().",
            recognise=_whole,
        ),
        Mistake(
            "constant",
            lambda i, beta: np.full(i + 1, -beta * i),
            "Every key gets the same number, so the row prefers none of them. "
            "Where does key j enter?",
        ),
        Mistake(
            "returned_in_loop",
            lambda i, beta: np.array([-beta * i]),
            "Only the first number came back: return stands inside the loop and ends the function "
            "at its first turn. Move it to the left, below the loop.",
            recognise=_returned_early,
        ),
        Mistake(
            "self_missing",
            lambda i, beta: -beta * (i - _keys(i))[:-1],
            "One key is missing: query i sees the keys 0 ... i, which are i + 1 keys. "
            "If you wrote range(i): it stops before i.",
            recognise=lambda it: it.yours.ndim == 1 and len(it.yours) == it.arguments["i"],
        ),
        Mistake(
            "future_keys",
            lambda i, beta: -beta * (i - np.arange(i + 2)),
            "Your row is too long: it has {it.yours.size} entries. "
            "For query {i} the keys after {i} do not exist yet. How many keys are left?",
            recognise=lambda it: it.yours.ndim == 1 and len(it.yours) > it.arguments["i"] + 1,
        ),
        Mistake(
            "number_returned_in_loop",
            lambda i, beta: -beta * i,
            "One number came back, the bias of key 0: return stands inside the loop. Collect the "
            "numbers in a list, and return the list below the loop.",
        ),
        Mistake(
            "brackets_too_many",
            lambda i, beta: -beta * (i - _keys(i))[None, :],
            "One pair of brackets too many: you return a table with one row, or with one column. "
            "Return the row itself.",
            recognise=lambda it: it.yours.ndim == 2 and it.yours.size == it.right.size,
        ),
        Mistake(
            "summed_up",
            lambda i, beta: -beta * np.cumsum(_keys(i))[::-1],
            "You add up the distances along the row: 0, 1, 3, 6, ... Linear means equal steps.",
            recognise=lambda it: same(
                it.yours, -it.arguments["beta"] * np.cumsum(_keys(it.arguments["i"]))
            ),
        ),
        Mistake(
            "reversed_from_one",
            lambda i, beta: -beta * (_keys(i) + 1),
            "You count 1, 2, 3, ... from the first key on, so the nearest key pays most. Entry j "
            "belongs to key j: how far is it from the query, and how far is the query from itself?",
        ),
        Mistake(
            "zero_at_end",
            lambda i, beta: -beta * np.where(_keys(i) < i, _keys(i), 0),
            "The last entry is right. Before it you charge for the key's position, so key 0, the "
            "farthest, is free. How far is each key from the query?",
        ),
        Mistake(
            "power",
            lambda i, beta: -(float(beta) ** (i - _keys(i))),
            "You raised beta to the power of the distance. Linear means: every step costs the "
            "same, so the distance multiplies.",
        ),
        Mistake(
            "brackets_missing",
            lambda i, beta: -beta * i - _keys(i),
            "Here -beta multiplies i alone: multiplication goes before subtraction. Put the "
            "distance in brackets.",
        ),
        Mistake(
            "minus_not_carried",
            lambda i, beta: -beta * i + _keys(i),
            "-beta has to multiply the whole distance: it reaches i, but j came out of the "
            "brackets without it.",
        ),
        Mistake(
            "beta_subtracted",
            lambda i, beta: -beta - (i - _keys(i)),
            "You subtract the distance from -beta. The price of one step and the number of steps "
            "are multiplied.",
        ),
        Mistake(
            "two_decimals",
            lambda i, beta: (-beta * (i - _keys(i))).round(2),
            "You rounded to two decimals. That is right for a short beta only: 1/256 would cost "
            "nothing. Leave out round().",
            recognise=_two_decimals,
        ),
    ),
)
