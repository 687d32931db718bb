"""Training: short pieces from random places, and small steps downhill."""

import math

import numpy as np

from linbias.experiment.model import Floats, Parameters, gradients, new_parameters
from linbias.experiment.positions import Position
from linbias.experiment.text import Ids, Text

LENGTH = 32
BATCH = 32
STEPS = 700
RATE = 6e-3
WARM_UP = 50


def train(
    text: Text, position: Position, seed: int, *, steps: int = STEPS, length: int = LENGTH
) -> Parameters:
    """Return the parameters of a model that was trained on pieces of one length.

    Parameters
    ----------
    seed : int
        Decides the first parameters and which pieces are seen, in which order. Models that differ
        in their position only start alike and see the same pieces.
    """
    rng = np.random.default_rng(seed)
    parameters = new_parameters(len(text.characters), rng)
    adam = Adam(parameters)
    for step in range(steps):
        pieces = random_pieces(text.training, BATCH, length, rng)
        _, gradient = gradients(parameters, position, pieces)
        adam.step(gradient, rate_at(step, steps))
    return parameters


def random_pieces(ids: Ids, count: int, length: int, rng: np.random.Generator) -> Ids:
    """Return pieces of length + 1 characters from random places, shape (count, length + 1)."""
    starts = rng.integers(0, len(ids) - length, size=(count, 1))
    return np.asarray(ids[starts + np.arange(length + 1)])


def rate_at(step: int, steps: int) -> float:
    """Return the size of a step: it rises at first and then falls to 0, as half a cosine.

    Examples
    --------
    >>> rate_at(0, 1000) < rate_at(49, 1000) > rate_at(999, 1000)
    True
    """
    warm = min(1.0, (step + 1) / WARM_UP)
    return RATE * warm * 0.5 * (1 + math.cos(math.pi * step / steps))


class Adam:
    """Steps that are scaled for each number by how large its gradients have been.

    Notes
    -----
    Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015).
    """

    def __init__(self, parameters: Parameters, first: float = 0.9, second: float = 0.99) -> None:
        self._parameters, self._first, self._second, self._time = parameters, first, second, 0
        self._mean = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._square = {name: np.zeros_like(value) for name, value in parameters.items()}

    def step(self, gradient: dict[str, Floats], rate: float) -> None:
        """Change the parameters in place."""
        self._time += 1
        mean_part = 1 - self._first**self._time
        square_part = 1 - self._second**self._time
        for name, g in gradient.items():
            mean, square = self._mean[name], self._square[name]
            mean += np.float32(1 - self._first) * (g - mean)
            square += np.float32(1 - self._second) * (g * g - square)
            root = np.sqrt(square / np.float32(square_part)) + np.float32(1e-8)
            self._parameters[name] -= np.float32(rate / mean_part) * mean / root
