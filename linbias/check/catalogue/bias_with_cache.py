"""Lesson 05: the rows of new queries whose earlier keys lie in a cache."""

from typing import Any

import numpy as np

from linbias.bias import bias_matrix
from linbias.check.catalogue import _make
from linbias.check.catalogue._traits import mask_agrees, rows_shifted
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.same import bias_with_cache


def _case(rng: np.random.Generator, count: int) -> Case:
    # With one query the mask plays no part, with n_q = n_k the cache does not: neither alone.
    n_q = int(rng.integers(2, 4))
    return n_q, n_q + int(rng.integers(n_q + 1, 6)), _make.beta(rng)


def _steps(n_q: int, n_k: int, shift: int | None = None) -> Any:
    """Return how far each key lies behind row r, which stands at r + shift."""
    at = n_k - n_q if shift is None else shift
    return np.arange(n_q)[:, None] + at - np.arange(n_k)[None, :]


def _causal(values: Any, steps: Any) -> Any:
    return np.where(steps >= 0, values, -np.inf)


def _shifted(n_q: int, n_k: int, beta: float, shift: int) -> Any:
    steps = _steps(n_q, n_k, shift)
    return _causal(-beta * steps, steps)


def _arithmetic(it: Attempt) -> str:
    r, j = it.cell
    n_q, n_k = it.arguments["n_q"], it.arguments["n_k"]
    i = r + n_k - n_q
    where = f"{i - j} back" if j < i else "the token itself" if j == i else "in the future"
    return (
        f"Of {n_k} tokens the last {n_q} ask: row {r} is the token at position {i}. "
        f"Seen from there key {j} is {where}."
    )


EXERCISE = Exercise(
    reference=bias_with_cache,
    answer="matrix",
    axes=("row", "key"),
    cases=((2, 6, 0.5), (3, 7, 0.37), (1, 5, 0.0625)),
    make_case=_case,
    arithmetic=_arithmetic,
    blocks=True,
    traits={"the mask": mask_agrees},
    mistakes=(
        Mistake(
            "top_left",
            lambda n_q, n_k, beta: _shifted(n_q, n_k, beta, 0),
            "Your first new query thinks that it is token 0, and the cache is its future. "
            "How many tokens were there before it?",
        ),
        Mistake(
            "cache_forgotten",
            lambda n_q, n_k, beta: bias_matrix(n_q, beta),
            "These are the new tokens among themselves: a square. The keys of the cache have "
            "columns too, and they come first.",
        ),
        Mistake(
            "whole_square",
            lambda n_q, n_k, beta: bias_matrix(n_k, beta),
            "This is the whole square of all {n_k} tokens, and it is right. The old queries have "
            "been answered already: which of its rows belong to the {n_q} new ones?",
        ),
        Mistake(
            "first_columns",
            lambda n_q, n_k, beta: bias_matrix(n_k, beta)[-n_q:, : n_k - n_q],
            "The rows are right, but the new tokens' own keys are missing: there are {n_k} keys, "
            "the new ones among them.",
        ),
        Mistake(
            "transposed",
            lambda n_q, n_k, beta: _shifted(n_q, n_k, beta, n_k - n_q).T,
            "Your matrix is turned over: one row for each new query, one column for each key.",
        ),
        Mistake(
            "no_mask",
            lambda n_q, n_k, beta: -beta * _steps(n_q, n_k),
            "The right rows, without a mask. A new query must not see the new ones after it, "
            "and with a plus it would even like them best.",
        ),
        Mistake(
            "mask_top_left",
            lambda n_q, n_k, beta: _causal(-beta * _steps(n_q, n_k), _steps(n_q, n_k, 0)),
            "The bias is right, the mask is not: it starts at the top left and hides the cache. "
            "np.tril counts rows from 0; tell it the shift with k.",
        ),
        Mistake(
            "row_for_position",
            lambda n_q, n_k, beta: _causal(-beta * _steps(n_q, n_k, 0), _steps(n_q, n_k)),
            "The right attention from another matrix: the mask knows the cache, the bias counts "
            "from row 0. Here the token itself gets 0, so use its position in the bias too.",
        ),
        Mistake(
            "key_only",
            lambda n_q, n_k, beta: _causal(
                np.tile(beta * np.arange(n_k), (n_q, 1)), _steps(n_q, n_k)
            ),
            "The right attention from another matrix: beta * j works with a cache too, and needs "
            "no position of the query. Here the distance form is asked for, 0 for the token "
            "itself.",
        ),
        Mistake(
            "one_too_many",
            lambda n_q, n_k, beta: _shifted(n_q, n_k, beta, n_k - n_q + 1),
            "Your queries stand one place too late: the token itself pays, and the mask is open "
            "for one key of the future. The last row belongs to the last key.",
        ),
        Mistake(
            "one_too_few",
            lambda n_q, n_k, beta: _shifted(n_q, n_k, beta, n_k - n_q - 1),
            "Your queries stand one place too early and cannot see themselves. "
            "The last row belongs to the last key.",
        ),
        Mistake(
            "after_all_keys",
            lambda n_q, n_k, beta: _shifted(n_q, n_k, beta, n_k),
            "You placed the new queries after all keys. Their own keys are among the {n_k}: "
            "the last row belongs to the last key.",
        ),
        Mistake(
            "all_at_the_end",
            lambda n_q, n_k, beta: np.tile(-beta * np.arange(n_k)[::-1], (n_q, 1)),
            "All your queries stand at the last place. That is right for a single one; with more, "
            "each sees one key less than the next.",
        ),
        Mistake(
            "cache_blocked",
            lambda n_q, n_k, beta: np.where(
                np.arange(n_k) < n_k - n_q, -np.inf, _shifted(n_q, n_k, beta, n_k - n_q)
            ),
            "You block the keys of the cache. The new queries see them: that is why they are kept.",
        ),
        Mistake(
            "cache_for_free",
            lambda n_q, n_k, beta: np.where(
                np.arange(n_k) < n_k - n_q, 0.0, _shifted(n_q, n_k, beta, n_k - n_q)
            ),
            "The keys of the cache cost nothing with you. They lie farthest back: their bias is "
            "the most negative of the row.",
        ),
        Mistake(
            "rows_reversed",
            lambda n_q, n_k, beta: (
                bias_matrix(n_k, beta)[::-1][:n_q]
                if n_q > 1
                else _shifted(n_q, n_k, beta, n_k - n_q)
            ),
            "The right rows in the opposite order: the last row belongs to the last token.",
        ),
        Mistake(
            "keys_reversed",
            lambda n_q, n_k, beta: bias_matrix(n_k, beta)[-n_q:, ::-1],
            "The columns stand in the opposite order: column j is key j, the oldest first.",
        ),
        Mistake(
            "diagonal_blocked",
            lambda n_q, n_k, beta: _causal(-beta * _steps(n_q, n_k), _steps(n_q, n_k) - 1),
            "Your new tokens cannot see themselves. Check whether you wrote < or <=, or the k of "
            "tri or tril.",
        ),
        Mistake(
            "two_sided_top_left",
            lambda n_q, n_k, beta: -beta * np.abs(_steps(n_q, n_k, 0)),
            "Two things: row 0 counts as token 0, though the cache comes before it, and the "
            "future is not blocked.",
        ),
        Mistake(
            "sign_flipped",
            lambda n_q, n_k, beta: _causal(beta * _steps(n_q, n_k), _steps(n_q, n_k)),
            "The sign is flipped: the oldest key in the cache would be favoured most. "
            "Which key should lose?",
        ),
        Mistake(
            "beta_ignored",
            lambda n_q, n_k, beta: _causal(-_steps(n_q, n_k), _steps(n_q, n_k)),
            "Yours is the same for every beta: each step back has to cost beta.",
        ),
        Mistake(
            "two_sided",
            lambda n_q, n_k, beta: -beta * np.abs(_steps(n_q, n_k)),
            "The places are right, and you penalise both directions. Here the keys after a query "
            "have to be blocked.",
        ),
        Mistake(
            "zeros_outside",
            lambda n_q, n_k, beta: np.tril(-beta * _steps(n_q, n_k), n_k - n_q) + 0.0,
            "Keys after a new query hold 0, and no bias is better than 0: blocked cells need -inf. "
            "np.tril fills with zeros.",
        ),
        Mistake(
            "nan",
            lambda n_q, n_k, beta: -beta * _steps(n_q, n_k) + (_steps(n_q, n_k) < 0) * -np.inf,
            "0 * -inf is NaN: choose with np.where instead of multiplying by a mask.",
            recognise=lambda it: bool(np.isnan(it.yours).any()),
        ),
        Mistake(
            "same_attention",
            lambda n_q, n_k, beta: (
                _shifted(n_q, n_k, beta, n_k - n_q) + np.arange(1, n_q + 1)[:, None]
            ),
            "The right attention from another matrix: each of your rows is the right row plus a "
            "constant. Here the token itself gets 0.",
            recognise=rows_shifted,
        ),
    ),
)
