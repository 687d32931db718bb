"""What the reference accepts: each function returns the clean argument or says what to do."""

import math
import operator
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def whole(name: str, value: Any, least: int) -> int:
    """Return value as an int of at least `least`."""
    # operator.index takes True for 1: a comparison that slipped in would go unnoticed.
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a whole number, got {value}: pass {int(value)} instead.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} must be a whole number, got {value!r}: use an int such as 4."
        ) from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}.")
    return number


def pair(i: Any, j: Any) -> tuple[int, int]:
    """Return query i and key j as ints with 0 <= j <= i."""
    query, key = whole("i", i, 0), whole("j", j, 0)
    if key > query:
        raise ValueError(
            f"key {key} is in the future of query {query}: causal attention needs j <= i. "
            "The first argument is the query i, the second the key j."
        )
    return query, key


def slope(beta: Any, *, zero: bool = True) -> float:
    """Return beta as a finite float that is at least 0, or above 0 when zero is refused."""
    number = _real("beta", beta)
    if not math.isfinite(number):
        raise ValueError(f"beta must be finite, got {number}: use a number such as 0.5.")
    if number < 0:
        raise ValueError(
            f"beta must be at least 0, got {number}: a negative beta rewards distance. "
            "Pass beta itself; the formula brings the minus sign."
        )
    if number == 0 and not zero:
        raise ValueError(
            "beta must be greater than 0, got 0: without a bias the weights never fall, "
            "so there is no such distance."
        )
    return number


def share(name: str, value: Any) -> float:
    """Return value as a float strictly between 0 and 1."""
    number = _real(name, value)
    if not 0 < number < 1:
        raise ValueError(
            f"{name} must lie between 0 and 1, both excluded, got {number}: "
            "write 95 percent as 0.95."
        )
    return number


def matrix(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return value as a 2-D float array with at least one row and one column, without NaN."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be a matrix, got rows of unequal length: give every row as many numbers."
        ) from None
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must hold real numbers, got {array.dtype}: use an array of floats."
        )
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(
            f"{name} must be a matrix with at least one row and one column, "
            f"got shape {array.shape}: one row per token."
        )
    if np.isnan(array).any():
        row, column = np.argwhere(np.isnan(array))[0]
        raise ValueError(
            f"{name} has NaN at row {row}, column {column}: find where it came from; "
            "0 * inf and inf - inf are NaN."
        )
    return array.astype(np.float64)


def logits(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return value as a 2-D float array of which each row has a softmax."""
    array = matrix(name, value)
    largest = array.max(axis=1)
    if np.isinf(largest).any():
        row = int(np.flatnonzero(np.isinf(largest))[0])
        raise ValueError(_no_softmax(name, row, float(largest[row])))
    return array


def finite_matrix(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return value as a 2-D float array of finite numbers."""
    array = matrix(name, value)
    if np.isinf(array).any():
        row, column = np.argwhere(np.isinf(array))[0]
        raise ValueError(
            f"{name} has {array[row, column]} at row {row}, column {column}: "
            "only the scores may be -inf, so pass finite numbers."
        )
    return array


def vector(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return value as a 1-D float array with at least one finite number."""
    array = np.asarray(value)
    if array.ndim != 1 or not array.size:
        raise ValueError(
            f"{name} must be a list of numbers, got shape {array.shape}: give at least one number."
        )
    return finite_matrix(name, array[None, :]).ravel()


def order(name: str, value: ArrayLike, count: int) -> NDArray[np.intp]:
    """Return value as an array that holds each of the places 0 ... count - 1 once."""
    array = np.asarray(value)
    if sorted(array.ravel().tolist()) != list(range(count)) or array.ndim != 1:
        raise ValueError(
            f"{name} must hold each of the places 0 to {count - 1} once, got {array.tolist()}."
        )
    return array.astype(np.intp)


def _real(name: str, value: Any) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise TypeError(f"{name} must be one real number, got {value!r}: use a float such as 0.5.")
    return float(value)


def _no_softmax(name: str, row: int, largest: float) -> str:
    if largest < 0:
        return (
            f"row {row} of {name} is -inf everywhere, so its softmax would be NaN: "
            "leave at least one key visible, a token sees itself."
        )
    return f"row {row} of {name} holds inf, so its softmax would be NaN: logits must be below inf."
