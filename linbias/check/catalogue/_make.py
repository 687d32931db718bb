"""How hidden cases are made: inputs on which wrong answers cannot look right.

Never n < 4, never a whole beta, never d = 1: on those some mistakes give the right answer.
"""

import numpy as np

from linbias.check.exercise import Case


def beta(rng: np.random.Generator) -> float:
    """Return a slope between 0.11 and 0.94: neither 0 nor 1, whose square equals itself.

    Five digits, the last of them not 0: an answer that is rounded to two or three is refused.
    """
    return (10 * int(rng.integers(1100, 9400)) + int(rng.integers(1, 10))) / 1e5


def length_and_beta(rng: np.random.Generator, number: int) -> Case:
    """Return (n, beta) with 4 <= n <= 8."""
    return int(rng.integers(4, 9)), beta(rng)


def normal(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Return a matrix of standard normal numbers with two decimals, which print well."""
    return rng.standard_normal((rows, columns)).round(2)


def length(rng: np.random.Generator, number: int) -> Case:
    """Return (n,) with 4 <= n <= 8."""
    return (int(rng.integers(4, 9)),)
