"""The bias itself: one pair, one row, the whole causal triangle."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias import _arguments


def distance(i: Any, j: Any) -> int:
    """Return how many tokens key j lies behind query i: i - j.

    Parameters
    ----------
    i : int
        The query's position, counted from 0.
    j : int
        The key's position, 0 <= j <= i.

    Returns
    -------
    int
        In tokens. 0 when the token looks at itself.

    Raises
    ------
    TypeError
        If i or j is not a whole number.
    ValueError
        If i or j is negative, or key j is in the future of query i.

    Examples
    --------
    >>> distance(5, 2)
    3
    >>> distance(5, 5)
    0
    """
    query, key = _arguments.pair(i, j)
    return query - key


def linear_bias(i: Any, j: Any, beta: Any) -> float:
    """Return the bias for one query and one key: -beta * (i - j).

    Parameters
    ----------
    i, j : int
        The query's and the key's position, 0 <= j <= i.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    float
        In nats. 0.0 for a token and itself, below 0 for every earlier key when beta > 0.

    Raises
    ------
    TypeError
        If i or j is not a whole number or beta is not a real number.
    ValueError
        If key j is in the future of query i, or beta is negative or not finite.

    Notes
    -----
    Press, Smith and Lewis, "Train Short, Test Long" (ICLR 2022), section 3; their slope m is
    beta here.

    Examples
    --------
    >>> round(linear_bias(5, 2, 0.1), 6)
    -0.3
    >>> linear_bias(4, 4, 0.5)
    0.0
    """
    query, key = _arguments.pair(i, j)
    # Adding 0.0 turns the -0.0 that beta = 0 gives into 0.0.
    return _arguments.slope(beta) * (key - query) + 0.0


def bias_row(i: Any, beta: Any) -> NDArray[np.float64]:
    """Return the biases of query i for the keys 0 ... i, in the order of the keys.

    Parameters
    ----------
    i : int
        The query's position, at least 0.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (i + 1,)
        In nats. Entry j belongs to key j; the last entry is the token itself, 0.0.

    Raises
    ------
    TypeError, ValueError
        As `linear_bias`.

    Examples
    --------
    >>> bias_row(4, 0.5)
    array([-2. , -1.5, -1. , -0.5,  0. ])
    """
    query = _arguments.whole("i", i, 0)
    keys = np.arange(query + 1, dtype=np.float64)
    return _arguments.slope(beta) * (keys - query) + 0.0


def score_labels(n: Any) -> list[list[str]]:
    """Return the names of the scores that a causal model computes, one list per query.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.

    Returns
    -------
    list of n lists of str
        Row i holds "q{i}k{j}" for the keys j = 0 ... i, so it has i + 1 entries.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1.

    Examples
    --------
    >>> score_labels(3)
    [['q0k0'], ['q1k0', 'q1k1'], ['q2k0', 'q2k1', 'q2k2']]
    """
    length = _arguments.whole("n", n, 1)
    return [[f"q{i}k{j}" for j in range(i + 1)] for i in range(length)]


def causal_mask(n: Any) -> NDArray[np.bool_]:
    """Return which keys each query may see: True where j <= i.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.

    Returns
    -------
    ndarray of bool, shape (n, n)
        Row i is the query, column j the key; True means visible.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1.

    Examples
    --------
    >>> causal_mask(3)
    array([[ True, False, False],
           [ True,  True, False],
           [ True,  True,  True]])
    """
    position = np.arange(_arguments.whole("n", n, 1))
    return position[None, :] <= position[:, None]


def bias_matrix(n: Any, beta: Any) -> NDArray[np.float64]:
    """Return what is added to the scores of n tokens: -beta * (i - j), and -inf in the future.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n, n)
        In nats. Row i is the query, column j the key: 0.0 on the diagonal, more negative to the
        left, -inf above the diagonal.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1, or beta is not a finite number of at least 0.

    Notes
    -----
    Press, Smith and Lewis, "Train Short, Test Long" (ICLR 2022), section 3. The bias is added
    after the scores have been divided by sqrt(d) (their footnote 10).

    Examples
    --------
    >>> bias_matrix(3, 0.5)
    array([[ 0. , -inf, -inf],
           [-0.5,  0. , -inf],
           [-1. , -0.5,  0. ]])
    """
    visible = causal_mask(n)
    position = np.arange(len(visible))
    bias = _arguments.slope(beta) * (position[None, :] - position[:, None]) + 0.0
    # Choose, do not multiply: 0 * -inf is NaN.
    return np.where(visible, bias, -np.inf)


def pairs_at_distance(n: Any, d: Any) -> int:
    """Return how many pairs of n tokens lie d tokens apart: the length of a diagonal.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.
    d : int
        The distance i - j in tokens, at least 0.

    Returns
    -------
    int
        n - d, or 0 when d reaches beyond the first token.

    Raises
    ------
    TypeError, ValueError
        If n or d is not a whole number, n < 1 or d < 0.

    Examples
    --------
    >>> [pairs_at_distance(7, d) for d in range(9)]
    [7, 6, 5, 4, 3, 2, 1, 0, 0]
    """
    return max(_arguments.whole("n", n, 1) - _arguments.whole("d", d, 0), 0)
