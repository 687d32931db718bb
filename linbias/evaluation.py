"""How to read what a language model does at other lengths than it was trained at.

A loss is minus the natural logarithm of the probability that the model gave to the token that
came, in nats.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments


def perplexity(losses: ArrayLike) -> float:
    """Return between how many equally likely tokens a model wavers: e to the mean loss.

    Parameters
    ----------
    losses : array_like of float, shape (n,)
        The loss of each prediction, in nats.

    Returns
    -------
    float
        1.0 for a model that is always sure and right.

    Raises
    ------
    TypeError, ValueError
        If losses does not hold at least one finite number.

    Examples
    --------
    >>> round(perplexity([np.log(2), np.log(8)]), 6)
    4.0
    """
    return float(np.exp(_arguments.vector("losses", losses).mean()))


def loss_by_position(losses: ArrayLike) -> NDArray[np.float64]:
    """Return the mean loss at each position of a piece, over all pieces.

    Parameters
    ----------
    losses : array_like of float, shape (pieces, length)
        Row p holds the losses of piece p, in nats.

    Returns
    -------
    ndarray of float, shape (length,)
        Entry t belongs to predictions with t + 1 tokens of context.

    Raises
    ------
    TypeError, ValueError
        If losses is not a matrix of finite numbers.

    Examples
    --------
    >>> loss_by_position([[3.0, 1.0], [4.0, 2.0]])
    array([3.5, 1.5])
    """
    return np.asarray(_arguments.finite_matrix("losses", losses).mean(axis=0))


def short_context_fraction(L: Any, c: Any) -> float:
    """Return which share of the predictions in a piece has at most c tokens of context.

    Parameters
    ----------
    L : int
        The number of predictions in a piece, at least 1. The first has 1 token of context, the
        last has L.
    c : int
        What counts as a short context, in tokens, at least 1.

    Returns
    -------
    float
        Between 0 and 1; 1.0 when no context is longer.

    Raises
    ------
    TypeError, ValueError
        If L or c is not a whole number of at least 1.

    Notes
    -----
    Press, Smith and Lewis, "Train Short, Test Long" (ICLR 2022), appendix B, call what comes of it
    the early token curse.

    Examples
    --------
    >>> short_context_fraction(1000, 100)
    0.1
    """
    length = _arguments.whole("L", L, 1)
    return min(_arguments.whole("c", c, 1), length) / length


def contexts(ids: ArrayLike, targets: ArrayLike, c: Any) -> NDArray[np.int64]:
    """Return the c tokens before each target, so that all targets have equally much context.

    Parameters
    ----------
    ids : array_like of int, shape (n,)
        A text as numbers.
    targets : array_like of int, shape (m,)
        The positions of the tokens to predict; each has at least c tokens before it.
    c : int
        How many tokens of context, at least 1.

    Returns
    -------
    ndarray of int, shape (m, c)
        Row t holds the c tokens before target t, in the order of the text. The target itself is
        not among them.

    Raises
    ------
    TypeError, ValueError
        If an argument is not such a number or list of numbers, or a target has too few tokens
        before it.

    Examples
    --------
    >>> contexts([7, 8, 9, 5, 6], [2, 4], 2)
    array([[7, 8],
           [9, 5]])
    """
    text = _arguments.vector("ids", ids).astype(np.int64)
    places = _arguments.vector("targets", targets).astype(np.int64)
    count = _arguments.whole("c", c, 1)
    if places.min() < count or places.max() >= len(text):
        raise ValueError(
            f"every target must have {count} tokens before it and stand in the text of {len(text)} "
            f"tokens, got targets from {places.min()} to {places.max()}."
        )
    return np.asarray(text[places[:, None] + np.arange(-count, 0)])
