"""Lesson 05: the ways in which a bias that looks at keys alone goes wrong."""

from typing import Any

import numpy as np

from linbias.bias import bias_matrix
from linbias.check.catalogue._traits import future_open, lower, past_blocked, rows_shifted
from linbias.check.exercise import Mistake


def _keys(n: int) -> Any:
    return np.tile(np.arange(n), (n, 1))


def _causal(values: Any) -> Any:
    return np.where(np.tri(len(values), dtype=bool), values, -np.inf)


MISTAKES = (
    Mistake(
        "sign_flipped",
        lambda n, beta: _causal(-beta * _keys(n)),
        "Your row falls: the first key would win everywhere. Here beta * j *is* positive. Which "
        "key of a row should get most, the first one or the last one that is visible?",
    ),
    Mistake(
        "no_mask",
        lambda n, beta: beta * _keys(n),
        "The future is open, and the farther ahead a key lies, the more it gets. The short form "
        "is right at and below the diagonal only; above it has to stand -inf.",
    ),
    Mistake(
        "distance_form",
        bias_matrix,
        "The right attention from another matrix: this is -beta * (i - j), which you know. Here "
        "every row repeats one and the same row of numbers. Which part of the formula is i?",
    ),
    Mistake(
        "last_row_repeated",
        lambda n, beta: _causal(beta * (_keys(n) - n + 1)),
        "The right attention from another matrix: you repeat the last row, with 0 for the last "
        "key. The same idea, but here the first key gets 0.",
    ),
    Mistake(
        "query_only",
        lambda n, beta: _causal(beta * _keys(n).T),
        "Your number depends on the query i and is the same for all keys of a row. Softmax does "
        "not see it: this is attention without any bias.",
    ),
    Mistake(
        "one_too_many",
        lambda n, beta: _causal(beta * (_keys(n) + 1)),
        "You count keys from 1. The attention is the same, but the first key is key 0.",
    ),
    Mistake(
        "zeros_outside",
        lambda n, beta: np.tril(beta * _keys(n)),
        "Your future cells hold 0, which is what key 0 gets. np.tril fills with zeros; blocked "
        "cells need -inf.",
    ),
    Mistake(
        "one_row",
        lambda n, beta: beta * np.arange(n),
        "That is the row, and the row is right: NumPy would repeat it for every query. Here the "
        "whole matrix is asked for, as the mask differs from row to row.",
    ),
    Mistake(
        "mask_inverted",
        lambda n, beta: np.where(np.tri(n, k=-1, dtype=bool), -np.inf, beta * _keys(n)),
        "You blocked the past and left the future open. Which keys does query 0 see?",
    ),
    Mistake(
        "transposed",
        lambda n, beta: _causal(beta * _keys(n)).T,
        "Your matrix is turned over: rows are queries i, columns are keys j.",
    ),
    Mistake(
        "diagonal_blocked",
        lambda n, beta: np.where(np.tri(n, k=-1, dtype=bool), beta * _keys(n), -np.inf),
        "Your tokens cannot see themselves, and row 0 sees nothing at all: its softmax would be "
        "NaN.",
    ),
    Mistake(
        "one_step_ahead",
        lambda n, beta: np.where(np.tri(n, k=1, dtype=bool), beta * _keys(n), -np.inf),
        "Each query sees one key of its future. Check the k of tri, tril or triu, or whether you "
        "wrote < or <=.",
    ),
    Mistake(
        "distance_rewarded",
        lambda n, beta: _causal(beta * (_keys(n).T - _keys(n))),
        "This is +beta * (i - j), a reward for being far away. The short form has a plus too, but "
        "in front of j alone.",
    ),
    Mistake(
        "counted_from_the_end",
        lambda n, beta: _causal(beta * (n - 1 - _keys(n))),
        "Your row falls to 0 at the last key: the first key would win everywhere. The number of "
        "key j is beta * j.",
    ),
    Mistake(
        "power",
        lambda n, beta: _causal(float(beta) ** _keys(n)),
        "You raised beta to the power of j. Each step from key to key adds beta.",
    ),
    Mistake(
        "two_sided",
        lambda n, beta: -beta * np.abs(_keys(n).T - _keys(n)),
        "That is the form for models that read both ways, -beta * |i - j|. Here only the key "
        "counts, and the future is blocked.",
    ),
    Mistake(
        "whole_numbers",
        lambda n, beta: _causal(np.trunc(beta * _keys(n))),
        "The digits after the point got lost: an array of ints cannot hold them.",
    ),
    Mistake(
        "beta_ignored",
        lambda n, beta: _causal(_keys(n)),
        "Yours is the same for every beta: the step from one key to the next has to be beta.",
    ),
    Mistake(
        "beta_squared",
        lambda n, beta: _causal(beta * beta * _keys(n)),
        "beta is in there twice: the step from one key to the next has to be beta.",
    ),
    Mistake(
        "no_bias",
        lambda n, beta: _causal(np.zeros((n, n))),
        "A good mask, and no bias in it: all visible cells are 0.",
    ),
    Mistake(
        "plus_infinity",
        lambda n, beta: np.where(np.tri(n, dtype=bool), beta * _keys(n), np.inf),
        "Blocked cells hold +inf, the largest reward there is. One sign is missing.",
    ),
    Mistake(
        "nan",
        lambda n, beta: beta * _keys(n) + np.triu(np.ones((n, n)), 1) * -np.inf,
        "0 * -inf is NaN: choose with np.where instead of multiplying by a mask.",
        recognise=lambda it: bool(np.isnan(it.yours[lower(it)]).any()),
    ),
    Mistake(
        "same_attention",
        lambda n, beta: _causal(beta * _keys(n) + np.arange(n)[:, None] ** 2),
        "The right attention from another matrix: each of your rows is the right row plus a "
        "constant. Here every row starts with 0.",
        recognise=rows_shifted,
    ),
    Mistake(
        "mask_not_given",
        lambda n, beta: np.where(np.tri(n, dtype=bool), beta * _keys(n), -5.0),
        "The future is not blocked. Where j > i the cell has to hold -inf.",
        recognise=future_open,
    ),
    Mistake(
        "past_blocked",
        lambda n, beta: np.where(_keys(n) == 1, -np.inf, _causal(beta * _keys(n))),
        "You blocked cells that should be visible. A query sees itself and every key before it.",
        recognise=past_blocked,
    ),
)
