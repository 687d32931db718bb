"""Lesson 06: the biases of all heads."""

from collections.abc import Callable
from typing import Any

import numpy as np

from linbias.bias import bias_matrix
from linbias.check.catalogue._traits import mask_agrees, rows_shifted
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.heads import alibi_bias, slopes_official, slopes_paper


def _case(rng: np.random.Generator, count: int) -> Case:
    # Twelve heads always, and never as many heads as tokens: the shape gives a mix-up away.
    heads = ([12], [6, 10], [8, 16])[count % 3]
    return int(rng.choice(heads)), int(rng.choice([4, 5, 7]))


def _steps(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]


def _with(slopes: Any, n: int) -> Any:
    """Return the biases of heads with these slopes."""
    return np.where(_steps(n) >= 0, -np.asarray(slopes)[:, None, None] * _steps(n), -np.inf)


def _each(cells: Callable[[int], Any]) -> Callable[[int, int], Any]:
    """Return heads made of slope times `cells`, -inf in the future."""
    return lambda H, n: np.where(
        _steps(n) >= 0, slopes_official(H)[:, None, None] * cells(n), -np.inf
    )


def _open(cells: Callable[[int], Any]) -> Callable[[int, int], Any]:
    """Return heads made of slope times `cells`, without a mask."""
    return lambda H, n: slopes_official(H)[:, None, None] * cells(n)


def _arithmetic(it: Attempt) -> str:
    head, i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}, for every head."
    return f"Head {head} takes slope {head} of the list, times the distance {i} - {j} = {i - j}."


EXERCISE = Exercise(
    reference=alibi_bias,
    answer="heads",
    axes=("head", "query", "key"),
    cases=((12, 4), (4, 6), (6, 3)),
    make_case=_case,
    arithmetic=_arithmetic,
    blocks=True,
    traits={"the mask": mask_agrees},
    mistakes=(
        Mistake(
            "heads_last",
            lambda H, n: np.moveaxis(alibi_bias(H, n), 0, -1),
            "Heads first: entry h of yours should be the whole matrix of head h. Put the slopes "
            "into the first axis: slopes[:, None, None].",
        ),
        Mistake(
            "heads_in_the_middle",
            lambda H, n: np.moveaxis(alibi_bias(H, n), 0, 1),
            "Heads first: yours has them in the middle, between queries and keys.",
        ),
        Mistake(
            "paper_for_code",
            lambda H, n: _with(slopes_paper(H), n),
            "Right for 2, 4, 8 or 16 heads. For {H} your slopes follow the paper's sentence; here "
            "the code's list is asked for, slopes_official.",
        ),
        Mistake(
            "sorted",
            lambda H, n: _with(np.sort(slopes_official(H))[::-1], n),
            "You sorted the slopes: for {H} heads some get each other's bias.",
        ),
        Mistake(
            "reversed",
            lambda H, n: _with(slopes_official(H)[::-1], n),
            "The heads come in the opposite order: head 0 takes the first slope of the list.",
        ),
        Mistake(
            "one_slope_for_all",
            lambda H, n: _with(np.full(H, slopes_official(H)[0]), n),
            "All your heads have the slope of head 0. Each head has its own.",
        ),
        Mistake(
            "one_matrix",
            lambda H, n: bias_matrix(n, slopes_official(H)[0]),
            "One matrix came back, that of head 0. There is one for each of the {H} heads.",
        ),
        Mistake(
            "summed",
            lambda H, n: alibi_bias(H, n).sum(axis=0),
            "You added the heads up. Each head computes attention of its own, with its own bias.",
        ),
        Mistake(
            "without_slopes",
            lambda H, n: _with(np.ones(H), n),
            "Your heads are all alike: the distance is there, the slope is missing.",
        ),
        Mistake(
            "sign_flipped",
            _each(_steps),
            "All signs are flipped: the farthest key would be favoured most. Which key should "
            "lose?",
        ),
        Mistake(
            "no_mask",
            _open(lambda n: -_steps(n)),
            "The future is open, in every head, and even rewarded. It needs -inf.",
        ),
        Mistake(
            "two_sided",
            _open(lambda n: -np.abs(_steps(n))),
            "You penalise both directions. Here the future has to be blocked, in every head.",
        ),
        Mistake(
            "zeros_outside",
            _open(lambda n: -np.maximum(_steps(n), 0)),
            "Your future cells hold 0, the best bias there is. Blocked cells need -inf.",
        ),
        Mistake(
            "transposed",
            lambda H, n: np.swapaxes(alibi_bias(H, n), 1, 2),
            "In each head the triangle is turned over: rows are queries, columns are keys.",
        ),
        Mistake(
            "key_only",
            _each(lambda n: np.arange(n)[None, :] + 0 * _steps(n)),
            "The right attention from another matrix: slope * j, the short form of lesson 05. "
            "Here the distance form is asked for, with 0 on the diagonal.",
        ),
        Mistake(
            "one_row_per_head",
            lambda H, n: slopes_official(H)[:, None] * np.arange(n),
            "That is the short form of lesson 05, one row for each head, and it would do with a "
            "mask. Here the whole matrices are asked for.",
        ),
        Mistake(
            "row_for_each_head",
            lambda H, n: slopes_official(H)[:, None, None] * np.arange(n),
            "That is the short form of lesson 05, of the shape (heads, 1, keys), and it would do "
            "with a mask. Here the whole matrices are asked for.",
        ),
        Mistake(
            "diagonal_blocked",
            lambda H, n: np.where(np.eye(n, dtype=bool), -np.inf, alibi_bias(H, n)),
            "Your tokens cannot see themselves, in any head.",
        ),
        Mistake(
            "one_step_ahead",
            lambda H, n: np.where(
                _steps(n) >= -1, -slopes_official(H)[:, None, None] * _steps(n), -np.inf
            ),
            "Each query sees one key of its future. Check whether you wrote < or <=, or the k of "
            "tri or tril.",
        ),
        Mistake(
            "whole_numbers",
            lambda H, n: np.trunc(alibi_bias(H, n)),
            "The digits after the point got lost: an array of ints cannot hold them. Make it float "
            "from the start.",
        ),
        Mistake(
            "one_too_many",
            _each(lambda n: -(_steps(n) + 1)),
            "Every visible cell is one step too low: a token is at distance 0 from itself.",
        ),
        Mistake(
            "slope_squared",
            lambda H, n: _with(slopes_official(H) ** 2, n),
            "The slope is in there twice: each step back costs it once.",
        ),
        Mistake(
            "counted_from_zero",
            lambda H, n: _with(2.0 ** (-8.0 * np.arange(H) / H), n),
            "Your first head has slope 1: its number h counts from 1.",
        ),
        Mistake(
            "always_half",
            lambda H, n: _with(0.5 ** np.arange(1, H + 1), n),
            "Your slopes halve from head to head: that is right for 8 heads only.",
        ),
        Mistake(
            "nan",
            lambda H, n: alibi_bias(H, n) * 0 + alibi_bias(H, n),
            "0 * -inf is NaN: choose with np.where instead of multiplying by a mask.",
            recognise=lambda it: bool(np.isnan(it.yours).any()),
        ),
        Mistake(
            "same_attention",
            lambda H, n: alibi_bias(H, n) + np.arange(1, n + 1)[:, None],
            "The right attention from another matrix: each row is the right one plus a constant. "
            "Here the diagonal is 0 in every head.",
            recognise=rows_shifted,
        ),
    ),
)
