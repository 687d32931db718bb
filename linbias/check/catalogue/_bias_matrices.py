"""Lesson 02: the wrong bias matrices, the richest collection of the course."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias.check.catalogue._traits import (
    diagonal_agrees,
    future_open,
    lower,
    mask_agrees,
    past_blocked,
    rows_shifted,
)
from linbias.check.exercise import Attempt, Mistake
from linbias.check.same import close


def _distance(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]


def _causal(values: Any) -> NDArray[np.float64]:
    """Return a square with -inf in the future."""
    values = np.asarray(values, dtype=float)
    return np.where(_distance(len(values)) >= 0, values, -np.inf)


def _last_row(it: Attempt) -> tuple[Any, Any]:
    """Return the last row of yours and of the right one: every distance stands in it once."""
    return it.yours[-1], it.right[-1]


def _whole(it: Attempt) -> bool:
    """Whether all numbers are whole and lie next to the right ones."""
    yours, right = _last_row(it)
    whole = bool((yours % 1 == 0).all() and (np.abs(yours - right) < 1).all())
    return whole and mask_agrees(it)


def _two_decimals(it: Attempt) -> bool:
    yours, right = _last_row(it)
    near = (np.abs(yours - right) <= 0.0051) & (yours.round(2) == yours)
    return bool(near.all()) and mask_agrees(it)


def _returned_early(it: Attempt) -> bool:
    """Whether the first row is right and in all others nothing has been written."""
    rest = np.nan_to_num(it.yours[1:], neginf=0.0)
    return bool(np.all(close(it.yours[0], it.right[0]))) and not rest.any()


def _levels_off(it: Attempt) -> bool:
    """Whether the last row agrees for the nearest keys and holds one number for all others."""
    yours, right = _last_row(it)
    apart = np.flatnonzero(~close(yours, right))
    far = yours[: apart.max(initial=-1) + 2]
    return mask_agrees(it) and len(far) > 2 and bool(np.all(close(far, far[-1])))


_STEPS = (
    "From distance 1 to 2 yours changes by {it.steps[0]:.3g}, from 2 to 3 by {it.steps[1]:.3g}."
)

MISTAKES = (
    Mistake(
        "sign_flipped",
        lambda n, beta: _causal(beta * _distance(n)),
        "All signs are flipped (or i and j changed places in the difference): the farthest key "
        "would be favoured most. Which key should lose?",
    ),
    Mistake(
        "transposed",
        lambda n, beta: _causal(-beta * _distance(n)).T,
        "Your triangle is turned over: rows are queries i, columns are keys j. "
        "Which keys may query 0 see?",
    ),
    Mistake(
        "one_too_many",
        lambda n, beta: _causal(-beta * (_distance(n) + 1)),
        "Every visible cell is one step too low, on the diagonal too: a token is at distance 0 "
        "from itself. (Softmax would not notice, each row is moved as a whole.)",
    ),
    Mistake(
        "one_too_few",
        lambda n, beta: _causal(-beta * (_distance(n) - 1)),
        "Every visible cell is one step too high, the diagonal too: only the token itself gets 0, "
        "its neighbour already pays. (Softmax would not notice.)",
    ),
    Mistake(
        "diagonal_blocked",
        lambda n, beta: np.where(_distance(n) > 0, -beta * _distance(n), -np.inf),
        "Your tokens cannot see themselves. Row 0 has nothing left to look at: "
        "its shares of attention would be NaN.",
    ),
    Mistake(
        "one_step_ahead",
        lambda n, beta: np.where(_distance(n) >= -1, -beta * _distance(n), -np.inf),
        "Each query sees one key of its future: the diagonal above the main one is open. "
        "Check the k of tri, tril or triu, or whether you wrote < or <=.",
    ),
    Mistake(
        "no_mask",
        lambda n, beta: -beta * _distance(n),
        "The future is open, and its keys even get a positive bias, a reward. "
        "What has to stand in cells that nobody may see?",
    ),
    Mistake(
        "two_sided",
        lambda n, beta: -beta * np.abs(_distance(n)),
        "You penalise both directions. That is the form for models that read both ways "
        "(encoders); here the future has to be blocked.",
    ),
    Mistake(
        "zeros_outside",
        lambda n, beta: np.tril(-beta * _distance(n)),
        "Your future cells hold 0, and no bias is better than 0: the future would win. "
        "np.tril fills with zeros; blocked cells need -inf.",
    ),
    Mistake(
        "key_only",
        lambda n, beta: _causal(np.tile(beta * np.arange(n), (n, 1))),
        "The right attention from another matrix: your rows are the right rows, each moved by a "
        "constant, which softmax does not see. Here the diagonal should be 0. You have met "
        "a trick that the authors' own code uses.",
    ),
    Mistake(
        "last_row_repeated",
        lambda n, beta: _causal(np.tile(-beta * np.arange(n)[::-1], (n, 1))),
        "You repeated the last row for every query. Each row is the right one moved by a constant, "
        "so attention would even be right. Here the diagonal should be 0: where does i enter?",
    ),
    Mistake(
        "reversed",
        lambda n, beta: _causal(np.tile(-beta * np.arange(n), (n, 1))),
        "You counted from the first token: each row starts with 0 and falls to the right. "
        "The token itself should get 0, and the first one the most negative number.",
    ),
    Mistake(
        "beta_ignored",
        lambda n, beta: _causal(-_distance(n)),
        "Your matrix is the same for every beta. Doubling beta should double every entry; "
        "yours would stay as they are.",
    ),
    Mistake(
        "beta_squared",
        lambda n, beta: _causal(-beta * beta * _distance(n)),
        "beta is in there twice. Doubling beta should double every entry; "
        "yours would be four times as large.",
    ),
    Mistake(
        "divided_by_length",
        lambda n, beta: _causal(-beta * _distance(n) / n),
        "You divided by the length n.",
        "Yours is the right matrix times {it.factor:.3g}; the bias is not scaled.",
    ),
    Mistake(
        "divided_by_root",
        lambda n, beta: _causal(-beta * _distance(n) / np.sqrt(n)),
        "You divided by a square root. Scores are scaled, the bias is not.",
        "Yours is the right matrix times {it.factor:.3g}.",
    ),
    Mistake(
        "squared",
        lambda n, beta: _causal(-beta * _distance(n) ** 2),
        "You squared the distance. Linear means equal steps.",
        _STEPS,
    ),
    Mistake(
        "exponential_penalty",
        lambda n, beta: _causal(1 - np.exp(beta * np.maximum(_distance(n), 0))),
        "Your penalty grows exponentially. Linear means equal steps.",
        _STEPS,
    ),
    Mistake(
        "exponential",
        lambda n, beta: _causal(np.exp(-beta * np.maximum(_distance(n), 0))),
        "These are the factors e^(-beta * distance), what softmax makes of the bias before it "
        "divides. Here we want the bias itself: linear means equal steps.",
        _STEPS,
    ),
    Mistake(
        "clipped",
        lambda n, beta: _causal(-beta * np.clip(_distance(n), 0, 1)),
        "All keys of the past cost the same. Linear means equal steps all the way back.",
        _STEPS,
    ),
    Mistake(
        "whole_numbers",
        lambda n, beta: _causal(np.trunc(-beta * _distance(n))),
        "The digits after the point got lost: an array of ints cannot hold them. "
        "Make it float from the start: np.zeros((n, n)). And leave out int() and round().",
        recognise=_whole,
    ),
    Mistake(
        "no_bias",
        lambda n, beta: _causal(np.zeros((n, n))),
        "A good mask, and no bias in it: all visible cells are 0. Near and far keys cost the same.",
    ),
    Mistake(
        "plus_infinity",
        lambda n, beta: np.where(_distance(n) >= 0, -beta * _distance(n), np.inf),
        "Blocked cells hold +inf, the largest reward there is. One sign is missing.",
    ),
    Mistake(
        "mask_inverted",
        lambda n, beta: np.where(_distance(n) > 0, -np.inf, -beta * _distance(n)),
        "You blocked the past and left the future open. The mask is the wrong way round: "
        "which keys does query 0 see, and which the last query?",
    ),
    Mistake(
        "nan",
        lambda n, beta: -beta * _distance(n) + np.triu(np.ones((n, n)), 1) * -np.inf,
        "0 * -inf is NaN, and so is inf - inf: choose with np.where instead of multiplying by a "
        "mask.",
        recognise=lambda it: bool(np.isnan(it.yours[lower(it)]).any()),
    ),
    Mistake(
        "nan_for_blocked",
        lambda n, beta: np.where(_distance(n) >= 0, -beta * _distance(n), np.nan),
        "You filled the future with NaN. NaN spoils every sum that it enters; a blocked cell holds "
        "-inf.",
        recognise=lambda it: bool(np.isnan(it.yours).any()),
    ),
    Mistake(
        "returned_in_loop",
        lambda n, beta: np.where((np.arange(n) + np.arange(n)[:, None]) > 0, -np.inf, 0.0),
        "Only the first row is filled: return stands inside a loop and ends the function at its "
        "first turn. Move it to the left, below both loops.",
        recognise=_returned_early,
    ),
    Mistake(
        "power",
        lambda n, beta: _causal(-(float(beta) ** np.maximum(_distance(n), 0))),
        "You raised beta to the power of the distance. Linear means: every step costs the same, so "
        "the distance multiplies.",
    ),
    Mistake(
        "brackets_missing",
        lambda n, beta: _causal(-beta * np.arange(n)[:, None] - np.arange(n)[None, :]),
        "Here -beta multiplies i alone: multiplication goes before subtraction. Put the distance "
        "in brackets.",
    ),
    Mistake(
        "minus_not_carried",
        lambda n, beta: _causal(-beta * np.arange(n)[:, None] + np.arange(n)[None, :]),
        "-beta has to multiply the whole distance: it reaches i, but j came out of the brackets "
        "without it.",
    ),
    Mistake(
        "logarithm_of_price",
        lambda n, beta: _causal(-np.log1p(beta * np.maximum(_distance(n), 0))),
        "You took a logarithm of the price, so each further step costs less than the one before. "
        "Linear means equal steps.",
    ),
    Mistake(
        "beta_subtracted",
        lambda n, beta: _causal(-beta - _distance(n)),
        "You subtract the distance from -beta. The price of one step and the number of steps are "
        "multiplied.",
    ),
    Mistake(
        "logarithm",
        lambda n, beta: _causal(-beta * np.log1p(np.maximum(_distance(n), 0))),
        "Your penalty grows like a logarithm, slower and slower. Linear means equal steps.",
        _STEPS,
    ),
    Mistake(
        "clipped_late",
        lambda n, beta: _causal(-beta * np.clip(_distance(n), 0, 3)),
        "From some distance on all keys cost the same. Linear means equal steps all the way back.",
        recognise=_levels_off,
    ),
    Mistake(
        "two_decimals",
        lambda n, beta: _causal((-beta * _distance(n)).round(2)),
        "You rounded to two decimals. That is right for a short beta only: 1/256 would cost "
        "nothing. Leave out round().",
        recognise=_two_decimals,
    ),
    Mistake(
        "mask_not_given",
        lambda n, beta: np.where(_distance(n) >= 0, -beta * _distance(n), -5.0),
        "The future is not blocked. Where j > i the cell has to hold -inf: a finite number blocks "
        "only as long as no score comes near its size.",
        recognise=future_open,
    ),
    Mistake(
        "past_blocked",
        lambda n, beta: np.where(_distance(n) % 3 == 2, -np.inf, _causal(-beta * _distance(n))),
        "You blocked cells that should be visible. A query sees itself and every key before it.",
        recognise=past_blocked,
    ),
    Mistake(
        "same_attention",
        lambda n, beta: _causal(-beta * _distance(n) + np.arange(n)[:, None]),
        "The right attention from another matrix: each of your rows is the right row plus a "
        "constant, which softmax does not see. Here the diagonal should be 0.",
        recognise=rows_shifted,
    ),
    Mistake(
        "diagonal",
        lambda n, beta: _causal(-beta * _distance(n) - 3.0 * np.eye(n)),
        "The diagonal is not 0: a token is at distance 0 from itself, and nothing is charged.",
        recognise=lambda it: not diagonal_agrees(it),
    ),
)
