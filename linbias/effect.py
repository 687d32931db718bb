"""What beta does: how fast the weights fall, and what a match must be worth to beat distance.

All of it follows from one line: with equal content, softmax turns the bias -beta * d into weights
in proportion to exp(-beta * d).
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias import _arguments
from linbias.attention import softmax_rows


def weights_by_distance(n: Any, beta: Any) -> NDArray[np.float64]:
    """Return the weights that the last of n tokens gives when all contents are equal.

    Parameters
    ----------
    n : int
        The number of visible keys, the token itself included, at least 1.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n,)
        Index d is the distance in tokens: entry 0 is the token itself. The weights sum to 1.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1, or beta is not a finite number of at least 0.

    Examples
    --------
    >>> weights_by_distance(3, np.log(2)).round(3)
    array([0.571, 0.286, 0.143])
    """
    distances = np.arange(_arguments.whole("n", n, 1), dtype=np.float64)
    logits = _arguments.slope(beta) * -distances
    return softmax_rows(logits[None, :]).ravel()


def half_distance(beta: Any) -> float:
    """Return the distance after which a weight has halved: ln 2 / beta.

    Parameters
    ----------
    beta : float
        The slope, above 0, in nats per token.

    Returns
    -------
    float
        In tokens; seldom a whole number.

    Raises
    ------
    TypeError, ValueError
        If beta is not a finite number above 0.

    Examples
    --------
    >>> round(half_distance(0.25), 2)
    2.77
    """
    return math.log(2) / _arguments.slope(beta, zero=False)


def window(beta: Any, mass: Any) -> int:
    """Return how many of the nearest keys hold at least `mass` of the weight.

    The context is unlimited and all contents are equal: k keys then hold 1 - exp(-beta * k).

    Parameters
    ----------
    beta : float
        The slope, above 0, in nats per token.
    mass : float
        The share of the weight, between 0 and 1, both excluded.

    Returns
    -------
    int
        A number of keys, the token itself included, so at least 1.

    Raises
    ------
    TypeError
        If beta or mass is not a real number.
    ValueError
        If beta is not finite and above 0, or mass is not between 0 and 1.

    Examples
    --------
    >>> window(0.5, 0.95)
    6
    """
    nats = -math.log1p(-_arguments.share("mass", mass))
    # A tiny mass can underflow to 0 keys, yet some key has to hold it.
    return max(1, math.ceil(nats / _arguments.slope(beta, zero=False)))


def content_needed(beta: Any, d: Any) -> float:
    """Return by how much a key at distance d must match better to weigh as much as self.

    Parameters
    ----------
    beta : float
        The slope, at least 0, in nats per token.
    d : int
        The distance in tokens, at least 0.

    Returns
    -------
    float
        beta * d, in nats of the scaled score q k / sqrt(d_k).

    Raises
    ------
    TypeError, ValueError
        If beta is not a finite number of at least 0, or d not a whole number of at least 0.

    Examples
    --------
    >>> content_needed(0.5, 6)
    3.0
    """
    return _arguments.slope(beta) * _arguments.whole("d", d, 0)
