"""What the relatives' catalogues share: a blocked future, and slips of sign and mask."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias.check.exercise import Attempt, Mistake


def steps(n: int) -> NDArray[np.float64]:
    """Return the distance i - j of all pairs, 0 in the future."""
    return np.asarray(np.maximum(_difference(n), 0), dtype=float)


def causal(values: Any) -> NDArray[np.float64]:
    """Return a square with -inf in the future."""
    values = np.asarray(values, dtype=float)
    return np.where(_difference(len(values)) >= 0, values, -np.inf)


def of_sign_and_mask(bias: Callable[[Any, float, float], Any]) -> tuple[Mistake, ...]:
    """Return the slips of sign and mask that any bias of the distance may show."""

    def two_sided(n: int, beta1: float, beta2: float) -> Any:
        return bias(np.abs(_difference(n)).astype(float), beta1, beta2)

    return (
        Mistake(
            "sign_flipped",
            lambda n, beta1, beta2: causal(-bias(steps(n), beta1, beta2)),
            "All signs are flipped: the farthest key would be favoured most. Which key should "
            "lose?",
        ),
        Mistake(
            "zeros_outside",
            lambda n, beta1, beta2: np.tril(bias(steps(n), beta1, beta2)),
            "Your future cells hold 0, and no bias is better than 0: the future would win. Blocked "
            "cells need -inf.",
        ),
        Mistake(
            "no_mask",
            two_sided,
            "The future is open. What has to stand in cells that nobody may see?",
        ),
        Mistake(
            "transposed",
            lambda n, beta1, beta2: causal(bias(steps(n), beta1, beta2)).T,
            "Your triangle is turned over: rows are queries i, columns are keys j.",
        ),
        Mistake(
            "one_too_many",
            lambda n, beta1, beta2: causal(bias(steps(n) + 1, beta1, beta2)),
            "A token is at distance 0 from itself; yours pays on the diagonal already.",
        ),
    )


def arithmetic(it: Attempt) -> str:
    """Say what a cell is made of."""
    i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}."
    return f"The distance is {i} - {j} = {i - j}."


def _difference(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]
