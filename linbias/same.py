"""Different matrices, the same attention: what softmax does not see, and rows of a cache."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments
from linbias.bias import causal_mask


def same_attention(A: ArrayLike, B: ArrayLike) -> bool:
    """Return whether two biases give the same attention, whatever the scores are.

    Parameters
    ----------
    A, B : array_like of float, shape (m, n)
        In nats; row i is the query, column j the key, -inf blocks a key.

    Returns
    -------
    bool
        True when the same keys are blocked and each row of B is the row of A plus one constant;
        every row may have a constant of its own.

    Raises
    ------
    TypeError
        If A or B does not hold real numbers.
    ValueError
        If A and B are not matrices of one shape, or one has NaN, +inf or a row of only -inf.

    Examples
    --------
    >>> A = np.array([[0, -np.inf], [-0.5, 0]])
    >>> same_attention(A, A + [[3], [7]])
    True
    >>> same_attention(A, 2 * A)
    False
    """
    first, second = _arguments.logits("A", A), _arguments.logits("B", B)
    if first.shape != second.shape:
        raise ValueError(
            f"A has shape {first.shape} and B has shape {second.shape}: "
            "both need one row per query and one column per key."
        )
    return bool(np.allclose(_log_shares(first), _log_shares(second), rtol=0, atol=1e-9))


def key_only_bias(n: Any, beta: Any) -> NDArray[np.float64]:
    """Return the bias that looks at the key alone: beta * j, and -inf in the future.

    Parameters
    ----------
    n : int
        The number of tokens, at least 1.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n, n)
        In nats. Every row holds 0, beta, 2 * beta, ... up to its own token. The attention is that
        of `bias_matrix`: its row i is this row minus beta * i.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1, or beta is not a finite number of at least 0.

    Notes
    -----
    The authors' own code adds this row; fairseq/models/transformer.py in
    https://github.com/ofirpress/attention_with_linear_biases.

    Examples
    --------
    >>> key_only_bias(3, 0.5).tolist()
    [[0.0, -inf, -inf], [0.0, 0.5, -inf], [0.0, 0.5, 1.0]]
    """
    visible = causal_mask(n)
    row = _arguments.slope(beta) * np.arange(len(visible))
    return np.where(visible, row, -np.inf)


def bias_with_cache(n_q: Any, n_k: Any, beta: Any) -> NDArray[np.float64]:
    """Return the bias of the last n_q of n_k tokens, whose earlier keys lie in a cache.

    Parameters
    ----------
    n_q : int
        The number of new queries, at least 1.
    n_k : int
        The number of keys, the new ones included, at least n_q.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n_q, n_k)
        In nats. Row r is the query at position r + n_k - n_q, so these are the last n_q rows of
        `bias_matrix(n_k, beta)`.

    Raises
    ------
    TypeError
        If n_q or n_k is not a whole number or beta is not a real number.
    ValueError
        If n_q is less than 1 or more than n_k, or beta is negative or not finite.

    Notes
    -----
    FlashAttention counts in the same way: -slope * abs(i + seqlen_k - seqlen_q - j).

    Examples
    --------
    >>> bias_with_cache(2, 4, 0.5)
    array([[-1. , -0.5,  0. , -inf],
           [-1.5, -1. , -0.5,  0. ]])
    """
    queries, keys = _arguments.whole("n_q", n_q, 1), _arguments.whole("n_k", n_k, 1)
    if queries > keys:
        raise ValueError(
            f"n_q is {queries} and n_k is {keys}: every new query brings a key of its own, "
            "so n_k must be at least n_q."
        )
    i = np.arange(keys - queries, keys)[:, None]
    j = np.arange(keys)[None, :]
    return np.where(j <= i, _arguments.slope(beta) * (j - i) + 0.0, -np.inf)


def _log_shares(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of each row's softmax: unlike a share, it never becomes 0."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
