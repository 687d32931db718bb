"""Lesson 08: how the loss depends on how much context there was."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.evaluation import loss_by_position


def _case(rng: np.random.Generator, count: int) -> Case:
    pieces, length = (3, 5) if count % 2 else (6, 4)
    return (np.abs(_make.normal(rng, pieces, length)) + 0.5,)


def _arithmetic(it: Attempt) -> str:
    position, pieces = it.cell[0], len(it.arguments["losses"])
    return f"At position {position} there are {pieces} losses, one for each piece."


def _mean(losses: Any, axis: int) -> Any:
    return np.mean(losses, axis=axis)


def _running(losses: Any) -> Any:
    means = _mean(losses, 0)
    return np.cumsum(means) / np.arange(1, len(means) + 1)


EXERCISE = Exercise(
    reference=loss_by_position,
    answer="vector",
    axes=("position",),
    cases=(
        (np.array([[3.1, 2.2, 1.4, 1.9], [2.7, 2.6, 1.5, 0.8], [3.5, 1.7, 1.6, 1.2]]),),
        (np.array([[2.4, 0.9, 1.3], [3.3, 2.1, 0.6], [2.9, 1.8, 1.1], [3.0, 1.0, 1.7]]),),
    ),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "wrong_axis",
            lambda losses: _mean(losses, 1),
            "You took the mean along each piece: one number for each piece. Rows are pieces, "
            "columns are positions; over which of them do you want to go?",
        ),
        Mistake(
            "one_mean",
            lambda losses: float(np.mean(losses)),
            "You took one mean over all predictions. Keep the positions apart: each has its own "
            "amount of context.",
        ),
        Mistake(
            "summed",
            lambda losses: np.sum(losses, axis=0),
            "You took the sum over the pieces: more pieces would make a model look worse.",
        ),
        Mistake(
            "running_mean",
            _running,
            "You took the mean of all positions up to each one. Only the losses at the position "
            "itself are asked for.",
        ),
        Mistake(
            "first_piece_only",
            lambda losses: losses[0],
            "That is the first piece alone. Take the mean over all pieces.",
        ),
        Mistake(
            "last_piece_only",
            lambda losses: losses[-1],
            "That is the last piece alone. Take the mean over all pieces.",
        ),
        Mistake(
            "perplexity",
            lambda losses: np.exp(_mean(losses, 0)),
            "These are perplexities: e to the mean loss. Here the loss itself is asked for.",
        ),
        Mistake(
            "median",
            lambda losses: np.median(losses, axis=0),
            "You took the median. The mean is asked for: every loss counts.",
        ),
        Mistake(
            "reversed",
            lambda losses: _mean(losses, 0)[::-1],
            "The positions run backwards in yours. Entry 0 belongs to the first prediction of a "
            "piece, which has the least context.",
        ),
        Mistake(
            "kept_as_row",
            lambda losses: np.mean(losses, axis=0, keepdims=True),
            "The right numbers in a table with one row. Return the row itself: leave out keepdims "
            "or one pair of brackets.",
        ),
        Mistake(
            "first_left_out",
            lambda losses: _mean(losses, 0)[1:],
            "You left positions out. Also the first prediction counts; it shows what little "
            "context does.",
        ),
    ),
)
