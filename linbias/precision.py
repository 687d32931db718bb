"""bfloat16, the short numbers of large models: what becomes of positions in it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments


def bf16(x: ArrayLike) -> NDArray[np.float32]:
    """Return numbers as bfloat16 keeps them: with 8 binary digits, rounded to the nearest.

    Parameters
    ----------
    x : array_like of float
        Finite numbers.

    Returns
    -------
    ndarray of float32
        The shape of x. A number halfway between two goes to the one whose last digit is even.

    Raises
    ------
    ValueError
        If a number is not finite, or too large for float32.

    Examples
    --------
    >>> bf16([256, 257, 259, 0.1]).tolist()
    [256.0, 256.0, 260.0, 0.10009765625]
    """
    with np.errstate(over="ignore"):
        numbers = np.asarray(x, dtype=np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("x holds a number that is not finite in float32: pass smaller ones.")
    bits = numbers.view(np.uint32)
    # bfloat16 is the upper half of a float32; this carries what the lower half rounds up to.
    bits = bits + 0x7FFF + ((bits >> 16) & 1)
    return np.asarray(bits & np.uint32(0xFFFF0000)).view(np.float32)


def bf16_positions(n: Any) -> int:
    """Return how many different numbers the positions 0 ... n - 1 are in bfloat16.

    Parameters
    ----------
    n : int
        The number of positions, at least 1.

    Returns
    -------
    int
        n as long as n is at most 257; fewer from then on.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 1.

    Examples
    --------
    >>> bf16_positions(257), bf16_positions(2049)
    (257, 641)
    """
    return len(np.unique(bf16(np.arange(_arguments.whole("n", n, 1)))))
