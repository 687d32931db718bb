"""Many heads: one slope for each query head, and all their biases."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias import _arguments
from linbias.bias import bias_matrix


def slopes_power_of_two(H: Any) -> NDArray[np.float64]:
    """Return the slopes of H heads, where H is a power of two: 2^(-8h/H) for h = 1 ... H.

    Parameters
    ----------
    H : int
        The number of query heads: 1, 2, 4, 8, ...

    Returns
    -------
    ndarray of float, shape (H,)
        In nats per token, the steepest first; the last one is always 1/256.

    Raises
    ------
    TypeError
        If H is not a whole number.
    ValueError
        If H is not a power of two.

    Notes
    -----
    Press, Smith and Lewis, "Train Short, Test Long" (ICLR 2022), section 3.

    Examples
    --------
    >>> slopes_power_of_two(4).tolist()
    [0.25, 0.0625, 0.015625, 0.00390625]
    """
    heads = _arguments.whole("H", H, 1)
    if heads & (heads - 1):
        raise ValueError(
            f"H must be a power of two, got {heads}: for other numbers of heads there are two "
            "rules, slopes_official and slopes_paper."
        )
    return slopes_paper(heads)


def slopes_paper(H: Any) -> NDArray[np.float64]:
    """Return the slopes of H heads by the paper's sentence, for any H: 2^(-8h/H).

    Parameters
    ----------
    H : int
        The number of query heads, at least 1.

    Returns
    -------
    ndarray of float, shape (H,)
        In nats per token, the steepest first. The first is 2^(-8/H), and so is the ratio.

    Raises
    ------
    TypeError, ValueError
        If H is not a whole number of at least 1.

    Notes
    -----
    The authors' code takes another list where H is no power of two: `slopes_official`.

    Examples
    --------
    >>> slopes_paper(3).round(4).tolist()
    [0.1575, 0.0248, 0.0039]
    """
    heads = _arguments.whole("H", H, 1)
    return np.asarray(2.0 ** (-8.0 * np.arange(1, heads + 1) / heads))


def slopes_official(H: Any) -> NDArray[np.float64]:
    """Return the slopes of H heads as the authors' code gives them.

    Parameters
    ----------
    H : int
        The number of query heads, at least 1.

    Returns
    -------
    ndarray of float, shape (H,)
        In nats per token. With c the largest power of two up to H: the c slopes of c heads, then
        every second of the 2c slopes of 2c heads, from the first on, until there are H. Not sorted.

    Raises
    ------
    TypeError, ValueError
        If H is not a whole number of at least 1.

    Notes
    -----
    fairseq/models/transformer.py in https://github.com/ofirpress/attention_with_linear_biases.

    Examples
    --------
    >>> np.log2(slopes_official(6)).tolist()
    [-2.0, -4.0, -6.0, -8.0, -1.0, -3.0]
    """
    heads = _arguments.whole("H", H, 1)
    power = 2 ** math.floor(math.log2(heads))
    between = slopes_power_of_two(2 * power)[0::2]
    return np.concatenate([slopes_power_of_two(power), between[: heads - power]])


def alibi_bias(H: Any, n: Any) -> NDArray[np.float64]:
    """Return the biases of all heads of a model: one bias matrix for each.

    Parameters
    ----------
    H : int
        The number of query heads, at least 1.
    n : int
        The number of tokens, at least 1.

    Returns
    -------
    ndarray of float, shape (H, n, n)
        In nats, heads first: entry h is `bias_matrix` with slope h of `slopes_official`.

    Raises
    ------
    TypeError, ValueError
        If H or n is not a whole number of at least 1.

    Examples
    --------
    >>> alibi_bias(12, 7).shape
    (12, 7, 7)
    >>> alibi_bias(2, 3)[0].tolist()
    [[0.0, -inf, -inf], [-0.0625, 0.0, -inf], [-0.125, -0.0625, 0.0]]
    """
    return np.stack([bias_matrix(n, slope) for slope in slopes_official(H).tolist()])
