"""From scores to attention: scale, add the bias with its mask, softmax, mix the values."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments
from linbias.bias import bias_matrix


def softmax_rows(x: ArrayLike) -> NDArray[np.float64]:
    """Return the softmax of each row: shares of at least 0 that sum to 1.

    Parameters
    ----------
    x : array_like of float, shape (m, n)
        Logits in nats. -inf is allowed and gets the weight 0.

    Returns
    -------
    ndarray of float, shape (m, n)
        Every row sums to 1.

    Raises
    ------
    TypeError
        If x does not hold real numbers.
    ValueError
        If x is not a matrix, holds NaN or +inf, or has a row of nothing but -inf.

    Examples
    --------
    >>> softmax_rows([[0.0, 0.0, -np.inf], [1000.0, 1000.0, 1000.0]]).round(3)
    array([[0.5  , 0.5  , 0.   ],
           [0.333, 0.333, 0.333]])
    """
    logits = _arguments.logits("x", x)
    # exp overflows near 710; subtracting a row's largest entry leaves its softmax as it is.
    positive = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(positive / positive.sum(axis=1, keepdims=True))


def attention_weights(Q: ArrayLike, K: ArrayLike, beta: Any) -> NDArray[np.float64]:
    """Return how much each query attends to each key, with the linear bias and the causal mask.

    Parameters
    ----------
    Q, K : array_like of float, shape (n, d)
        One query and one key per token, each with d features.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n, n)
        softmax(Q K^T / sqrt(d) + bias) along each row: rows sum to 1, above the diagonal 0.

    Raises
    ------
    TypeError
        If Q or K does not hold real numbers, or beta is not a real number.
    ValueError
        If Q and K are not finite matrices of one shape, or beta is negative or not finite.

    Notes
    -----
    Press, Smith and Lewis, "Train Short, Test Long" (ICLR 2022), section 3 and footnote 10: only
    the dot products are divided by sqrt(d), the bias is not.

    Examples
    --------
    >>> Q = K = np.zeros((3, 2))
    >>> attention_weights(Q, K, np.log(2)).round(3)
    array([[1.   , 0.   , 0.   ],
           [0.333, 0.667, 0.   ],
           [0.143, 0.286, 0.571]])
    """
    queries, keys = _arguments.finite_matrix("Q", Q), _arguments.finite_matrix("K", K)
    if queries.shape != keys.shape:
        raise ValueError(
            f"Q has shape {queries.shape} and K has shape {keys.shape}: "
            "both need one row per token and the same number of features."
        )
    n, d = queries.shape
    return softmax_rows(queries @ keys.T / np.sqrt(d) + bias_matrix(n, beta))


def attend(Q: ArrayLike, K: ArrayLike, V: ArrayLike, beta: Any) -> NDArray[np.float64]:
    """Return the output of causal attention with the linear bias: the weights times the values.

    Parameters
    ----------
    Q, K : array_like of float, shape (n, d)
        One query and one key per token.
    V : array_like of float, shape (n, dv)
        One value per token. The bias never touches it.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    ndarray of float, shape (n, dv)
        Row i is a weighted mean of the values 0 ... i.

    Raises
    ------
    TypeError, ValueError
        As `attention_weights`, and if V is not a finite matrix with one row per token.

    Examples
    --------
    >>> Q = K = np.zeros((3, 2))
    >>> attend(Q, K, [[0.0], [0.0], [7.0]], np.log(2)).round(6)
    array([[0.],
           [0.],
           [4.]])
    """
    weights, values = attention_weights(Q, K, beta), _arguments.finite_matrix("V", V)
    if len(values) != len(weights):
        raise ValueError(
            f"V has {len(values)} rows and Q has {len(weights)}: V needs one row per token."
        )
    return weights @ values


def attend_shuffled(
    query: ArrayLike, keys: ArrayLike, values: ArrayLike, order: ArrayLike
) -> NDArray[np.float64]:
    """Return what each word hands over to one query when the words stand in another order.

    Nothing is biased or masked: this is attention by itself, which does not know where a word
    stands.

    Parameters
    ----------
    query : array_like of float, shape (d,)
        The query that reads.
    keys : array_like of float, shape (n, d)
        One key for each word.
    values : array_like of float, shape (n, dv)
        One value for each word.
    order : array_like of int, shape (n,)
        Place p gets word ``order[p]``: each of 0 ... n - 1 once.

    Returns
    -------
    ndarray of float, shape (n, dv)
        Row p is the share of the word at place p times its value. The sum of all rows is what is
        read; it is the same for every order.

    Raises
    ------
    TypeError
        If query, keys or values do not hold real numbers.
    ValueError
        If the shapes do not fit, or order does not hold each place once.

    Examples
    --------
    >>> keys, values = [[0.0], [np.log(3)]], [[4.0], [8.0]]
    >>> attend_shuffled([1.0], keys, values, [0, 1])
    array([[1.],
           [6.]])
    >>> attend_shuffled([1.0], keys, values, [1, 0])
    array([[6.],
           [1.]])
    """
    one, K = _arguments.vector("query", query), _arguments.finite_matrix("keys", keys)
    V = _arguments.finite_matrix("values", values)
    if (len(V), len(one)) != K.shape:
        raise ValueError(
            f"query, keys and values have the shapes {one.shape}, {K.shape} and {V.shape}: give "
            "each word a key as long as the query, and a value."
        )
    places = _arguments.order("order", order, len(K))
    shares = softmax_rows((K[places] @ one)[None, :])[0]
    return np.asarray(shares[:, None] * V[places])
