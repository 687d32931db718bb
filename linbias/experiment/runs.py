"""The experiment: train at one length, test at many, with several seeds."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from linbias._graded import graded
from linbias.experiment.model import Floats, Parameters, last_losses, losses
from linbias.experiment.parallel import in_processes
from linbias.experiment.positions import POSITIONS, Position
from linbias.experiment.text import Ids, Text, read_text
from linbias.experiment.train import STEPS, train

LENGTHS = (32, 64, 128, 256, 512)
CONTEXTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SEEDS = (0, 1, 2)
# So many characters at a time: attention at length 512 is large.
AT_A_TIME = 4096

NOT_REPEATED = (
    "The experiment is not repeated while a notebook is graded or validated: it takes a minute, "
    "and no points depend on it. Run the notebook yourself to see its curves."
)


@dataclass(frozen=True, repr=False)
class Model:
    """One trained model, and its losses on the held-out text cut into pieces.

    Attributes
    ----------
    losses : mapping of int to ndarray of float, shape (pieces, length)
        By the length of the pieces; in nats for each character.
    """

    position: Position
    seed: int
    parameters: Parameters
    losses: Mapping[int, NDArray[np.float64]]


@dataclass(frozen=True)
class Runs:
    """What the experiment gave: the text and all models; no models where it was not repeated."""

    models: tuple[Model, ...] = ()
    text: Text | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Say how many models there are."""
        if not self.models:
            return NOT_REPEATED
        return f"{len(self.models)} trained models; the next cells look at them."

    @property
    def names(self) -> tuple[str, ...]:
        """The ways to tell positions, in the order of training."""
        return tuple(dict.fromkeys(model.position.name for model in self.models))

    def of(self, name: str) -> list[Model]:
        """Return the models that learn of positions in one way, one for each seed."""
        return [model for model in self.models if model.position.name == name]


def run(
    seeds: Sequence[int] = SEEDS,
    *,
    steps: int = STEPS,
    lengths: Sequence[int] = LENGTHS,
    processes: int = 2,
    tell: Callable[[str], object] = print,
) -> Runs:
    """Train a model for each seed and each way to tell positions, and test it at all lengths.

    While a notebook is graded or validated nothing is trained: see `NOT_REPEATED`.

    Parameters
    ----------
    seeds : sequence of int
        Each decides how the models of one round start and which pieces they see.
    steps : int
        How many steps each model is trained for.
    lengths : sequence of int
        The lengths of the pieces that it is tested on; all are trained on pieces of 32.
    processes : int
        How many models are trained at a time; 1 trains in this process.
    tell : callable
        Gets a line when a model is ready.

    Returns
    -------
    Runs
        For the figures of lesson 08.

    Examples
    --------
    >>> run(seeds=[0], steps=1, lengths=[32], processes=1, tell=lambda line: None)
    3 trained models; the next cells look at them.
    """
    if graded():
        tell(NOT_REPEATED)
        return Runs()
    begin, models = time.perf_counter(), []
    jobs = [Job(seed, position, steps, tuple(lengths)) for seed in seeds for position in POSITIONS]
    for model in in_processes(trained, jobs, processes):
        models.append(model)
        seconds = time.perf_counter() - begin
        name = f"{model.position.name}, seed {model.seed}"
        tell(f"{len(models)} of {len(jobs)} trained after {seconds:.0f} s: {name}")
    return Runs(tuple(models), read_text())


@dataclass(frozen=True)
class Job:
    """One model to be trained and tested."""

    seed: int
    position: Position
    steps: int
    lengths: tuple[int, ...]


def trained(job: Job) -> Model:
    """Return one model, trained and tested."""
    text = read_text()
    parameters = train(text, job.position, job.seed, steps=job.steps)
    tested = {
        length: piece_losses(parameters, job.position, text.held_out, length)
        for length in job.lengths
    }
    return Model(job.position, job.seed, parameters, tested)


def piece_losses(
    parameters: Parameters, position: Position, ids: Ids, length: int
) -> NDArray[np.float64]:
    """Return the losses on a text that is cut into pieces, shape (pieces, length).

    The model forgets everything between two pieces, so a piece's first characters have little to
    go by.
    """
    starts = np.arange(0, len(ids) - length, length)
    pieces = ids[starts[:, None] + np.arange(length + 1)]
    return _in_parts(lambda part: losses(parameters, position, part), pieces)


def losses_after(model: Model, contexts: Ids, following: Ids) -> NDArray[np.float64]:
    """Return the losses of single characters, each with a context of its own.

    Parameters
    ----------
    contexts : ndarray of int, shape (targets, context)
        What the model sees before each character.
    following : ndarray of int, shape (targets,)
        The characters that it should predict.
    """
    pieces = np.concatenate([contexts, following[:, None]], axis=1)
    return _in_parts(lambda part: last_losses(model.parameters, model.position, part), pieces)


def targets(ids: Ids) -> Ids:
    """Return places in a text that all have the longest context before them, every 32nd."""
    return np.arange(max(CONTEXTS), len(ids), 32)


def _in_parts(compute: Callable[[Ids], Floats], pieces: Ids) -> NDArray[np.float64]:
    parts = np.array_split(pieces, max(1, pieces.size // AT_A_TIME))
    return np.concatenate([compute(part) for part in parts]).astype(np.float64)
