"""Three ways to tell a model where a token stands: a bias, an added vector, or nothing."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linbias.bias import bias_matrix
from linbias.heads import slopes_power_of_two

# One slope for each of four heads: 1/4, 1/16, 1/64, 1/256.
SLOPES = tuple(slopes_power_of_two(4).tolist())
NO_SLOPES = (0.0,) * len(SLOPES)


@dataclass(frozen=True)
class Position:
    """How a model learns of positions.

    Attributes
    ----------
    name : str
        As the figures call it.
    slopes : tuple of float
        One for each head; all 0 means that the causal mask is all there is.
    sinusoidal : bool
        Whether vectors of sines and cosines are added to the characters' vectors.
    """

    name: str
    slopes: tuple[float, ...] = NO_SLOPES
    sinusoidal: bool = False

    def bias(self, length: int) -> NDArray[np.float32]:
        """Return what is added to the scores, shape (heads, length, length)."""
        return _biases(self.slopes, length)

    def added(self, length: int, width: int) -> Any:
        """Return what is added to the characters' vectors, shape (length, width); or 0."""
        return sinusoids(length, width) if self.sinusoidal else np.float32(0)


@lru_cache(maxsize=16)
def _biases(slopes: tuple[float, ...], length: int) -> NDArray[np.float32]:
    return np.stack([bias_matrix(length, slope) for slope in slopes]).astype(np.float32)


@lru_cache(maxsize=16)
def sinusoids(length: int, width: int) -> NDArray[np.float32]:
    """Return the position vectors of the first Transformer.

    Parameters
    ----------
    length : int
        The number of positions.
    width : int
        The length of a vector, even.

    Returns
    -------
    ndarray of float, shape (length, width)
        In pairs of a sine and a cosine; each pair turns more slowly than the one before.

    Notes
    -----
    Vaswani and others, "Attention Is All You Need" (2017), section 3.5.

    Examples
    --------
    >>> sinusoids(2, 4).round(2).tolist()[0]
    [0.0, 1.0, 0.0, 1.0]
    """
    speeds = 10_000.0 ** (-np.arange(0, width, 2) / width)
    angles = np.arange(length)[:, None] * speeds
    return (
        np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, -1).astype(np.float32)
    )


ALIBI = Position("ALiBi", SLOPES)
SINUSOIDAL = Position("sinusoidal", sinusoidal=True)
NONE = Position("no position")
POSITIONS = (ALIBI, SINUSOIDAL, NONE)
