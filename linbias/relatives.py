"""ALiBi's relatives: other biases for relative positions, and a rotation that is none.

A bias is given for all pairs of n tokens at once, as `linbias.bias.bias_matrix` gives ALiBi's.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments
from linbias.bias import causal_mask

BUCKETS, FARTHEST = 32, 128


def book_beta(slope: Any, d: Any) -> float:
    """Return the beta that gives, inside the root, the bias that a slope gives outside of it.

    The paper adds the bias after the division: q k / sqrt(d) - slope * (i - j). The book adds it
    before: (q k - beta * (i - j)) / sqrt(d).

    Parameters
    ----------
    slope : float
        The paper's slope, at least 0, in nats per token.
    d : int
        The width of a head, at least 1.

    Returns
    -------
    float
        sqrt(d) times the slope.

    Raises
    ------
    TypeError, ValueError
        If slope is not a finite number of at least 0, or d not a whole number of at least 1.

    Notes
    -----
    Press, Smith and Lewis, "Train Short, Test Long" (ICLR 2022), footnote 10.

    Examples
    --------
    >>> book_beta(0.5, 64)
    4.0
    """
    return math.sqrt(_arguments.whole("d", d, 1)) * _arguments.slope(slope)


def t5_bucket(d: Any) -> int:
    """Return which of T5's 32 learned numbers a causal pair at distance d gets.

    Distances below 16 have a bucket each. From 16 to 128 the other 16 buckets grow wider and wider,
    as a logarithm does; all that is farther shares the last one.

    Parameters
    ----------
    d : int
        The distance i - j in tokens, at least 0.

    Returns
    -------
    int
        0 to 31.

    Raises
    ------
    TypeError, ValueError
        If d is not a whole number of at least 0.

    Notes
    -----
    Raffel and others, "Exploring the Limits of Transfer Learning" (2020); with the
    usual 32 buckets and farthest distance 128.

    Examples
    --------
    >>> [t5_bucket(d) for d in (0, 1, 15, 16, 20, 32, 64, 127, 1000)]
    [0, 1, 15, 16, 17, 21, 26, 31, 31]
    """
    distance, exact = _arguments.whole("d", d, 0), BUCKETS // 2
    if distance < exact:
        return distance
    share = math.log(distance / exact) / math.log(FARTHEST / exact)
    return min(exact + int(share * (BUCKETS - exact)), BUCKETS - 1)


def kerple_power(n: Any, beta1: Any, beta2: Any) -> NDArray[np.float64]:
    """Return KERPLE's power bias: -beta1 * (i - j) ** beta2, and -inf in the future.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.
    beta1 : float
        The price of the first step, at least 0, in nats.
    beta2 : float
        The exponent, above 0; with 1 it is ALiBi.

    Returns
    -------
    ndarray of float, shape (n, n)
        In nats. Row i is the query, column j the key.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1, or a beta is not such a number.

    Notes
    -----
    Chi and others, "KERPLE" (2022).

    Examples
    --------
    >>> kerple_power(3, 0.5, 2)
    array([[ 0. , -inf, -inf],
           [-0.5,  0. , -inf],
           [-2. , -0.5,  0. ]])
    """
    price, exponent = _arguments.slope(beta1), _arguments.slope(beta2, zero=False)
    return _causal(-price * _distances(n) ** exponent)


def kerple_log(n: Any, beta1: Any, beta2: Any) -> NDArray[np.float64]:
    """Return KERPLE's logarithmic bias: -beta1 * log(1 + beta2 * (i - j)), -inf in the future.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.
    beta1 : float
        The height of the bias, at least 0, in nats.
    beta2 : float
        How early it bends, above 0, per token.

    Returns
    -------
    ndarray of float, shape (n, n)
        In nats. Row i is the query, column j the key.

    Raises
    ------
    TypeError, ValueError
        As `kerple_power`.

    Notes
    -----
    Chi and others, "KERPLE" (2022).

    Examples
    --------
    >>> kerple_log(3, 1, 1).round(3)
    array([[ 0.   ,   -inf,   -inf],
           [-0.693,  0.   ,   -inf],
           [-1.099, -0.693,  0.   ]])
    """
    price, bend = _arguments.slope(beta1), _arguments.slope(beta2, zero=False)
    return _causal(-price * np.log1p(bend * _distances(n)))


def two_sided(n: Any, beta: Any) -> NDArray[np.float64]:
    """Return the bias for a model that reads both ways: ``-beta * |i - j|``, nothing blocked.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n, n)
        In nats; symmetric.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1, or beta not a finite number of at least 0.

    Examples
    --------
    >>> two_sided(3, 0.5)
    array([[ 0. , -0.5, -1. ],
           [-0.5,  0. , -0.5],
           [-1. , -0.5,  0. ]])
    """
    position = np.arange(_arguments.whole("n", n, 1))
    away = np.abs(position[None, :] - position[:, None])
    return np.asarray(_arguments.slope(beta) * -away + 0.0)


def rope_score(q: ArrayLike, k: ArrayLike, i: Any, j: Any, speed: Any) -> float:
    """Return the product of a query and a key that are turned by their positions (RoPE).

    Parameters
    ----------
    q, k : array_like of float, shape (2,)
        One pair of features of the query, and of the key.
    i, j : int
        The query's and the key's position, 0 <= j <= i.
    speed : float
        The angle of one step, in radians, at least 0.

    Returns
    -------
    float
        It depends on i - j only, as a relative bias does, but on q and k as well.

    Raises
    ------
    TypeError, ValueError
        If an argument is not such a number or pair of numbers.

    Notes
    -----
    Su and others, "RoFormer" (2021).

    Examples
    --------
    >>> round(rope_score([1, 0], [1, 0], 5, 5, 0.5), 6)
    1.0
    >>> round(rope_score([1, 0], [1, 0], 5, 2, np.pi / 3), 6)
    -1.0
    """
    query, key = _arguments.pair(i, j)
    angle = _arguments.slope(speed)
    return float(_turned("q", q, angle * query) @ _turned("k", k, angle * key))


def _turned(name: str, pair: ArrayLike, angle: float) -> NDArray[np.float64]:
    """Return a pair of numbers, turned by an angle in radians."""
    x = _arguments.vector(name, pair)
    if len(x) != 2:
        raise ValueError(f"{name} must be a pair of numbers, got {len(x)}.")
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([cos * x[0] - sin * x[1], sin * x[0] + cos * x[1]])


def _distances(n: Any) -> NDArray[np.float64]:
    """Return i - j for all pairs, 0 in the future, shape (n, n)."""
    position = np.arange(_arguments.whole("n", n, 1), dtype=float)
    return np.asarray(np.maximum(position[:, None] - position[None, :], 0))


def _causal(bias: NDArray[np.float64]) -> NDArray[np.float64]:
    # Adding 0.0 turns -0.0 into 0.0.
    return np.where(causal_mask(len(bias)), bias + 0.0, -np.inf)
