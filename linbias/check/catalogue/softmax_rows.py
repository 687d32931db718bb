"""Lesson 03: scores become shares."""

from typing import Any

import numpy as np

from linbias.attention import softmax_rows
from linbias.check.catalogue import _make
from linbias.check.catalogue._traits import rows_sum_to_one
from linbias.check.exercise import Attempt, Case, Exercise, Mistake


def _case(rng: np.random.Generator, number: int) -> Case:
    """Return by turns a small square and a wide matrix with huge scores and one blocked cell."""
    if number % 2 == 0:
        side = int(rng.integers(3, 6))
        return (_make.normal(rng, side, side),)
    rows = int(rng.integers(3, 5))
    scores = _make.normal(rng, rows, rows + 2)
    scores[0] += 1000.0
    scores[1] -= 1000.0
    scores[1, -1] = -np.inf
    return (scores,)


def _shares(x: Any, axis: int | None = 1) -> Any:
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def _below_max(x: Any) -> Any:
    return x - x.max(axis=1, keepdims=True)


def _arithmetic(it: Attempt) -> str:
    return f"Its score is {it.arguments['x'][it.cell]:.4g}."


EXERCISE = Exercise(
    reference=softmax_rows,
    answer="matrix",
    shares=True,
    axes=("row", "column"),
    cases=(
        (np.array([[0.0, 1.0, 2.0], [-0.5, 0.3, 0.0], [1.5, -1.0, 0.5]]),),
        (
            np.array(
                [
                    [1000.5, 999.0, 1001.0, 1000.0],
                    [-1000.0, -999.5, -1001.0, -np.inf],
                    [0.5, -2.0, 1.0, 0.0],
                ]
            ),
        ),
    ),
    make_case=_case,
    arithmetic=_arithmetic,
    traits={"row sums of 1": rows_sum_to_one},
    mistakes=(
        Mistake(
            "wrong_axis",
            lambda x: np.exp(x - x.max(axis=0)) / np.exp(x - x.max(axis=0)).sum(axis=0),
            "Your columns sum to 1. A query shares its attention among keys, "
            "so the rows should: which axis does one row run along?",
        ),
        Mistake(
            "overflow",
            _shares,
            "Right for small scores. But e^1000 is inf in a float and e^-1000 is 0, and inf / inf "
            "or 0 / 0 is NaN. What can you subtract from a whole row without changing its softmax?",
        ),
        Mistake(
            "one_maximum",
            lambda x: _shares(x - x.max()),
            "You subtract one maximum from the whole matrix. A row far below it becomes "
            "0 / 0, which is NaN: each row needs its own maximum.",
        ),
        Mistake(
            "all_cells_together",
            lambda x: _shares(x - x.max(), axis=None),
            "All your cells together sum to 1. Each row should: sum along one axis only.",
        ),
        Mistake(
            "not_normalised",
            lambda x: np.exp(_below_max(x)),
            "The exponentials are there, the division is not: shares of a row sum to 1.",
            "Your row {it.row} sums to {it.row_sum:.3g}.",
        ),
        Mistake(
            "exponentials_only",
            np.exp,
            "That is exp of the scores. Two things are missing: divide by the row's sum, and keep "
            "e^1000 from becoming inf.",
        ),
        Mistake(
            "keepdims_forgotten",
            lambda x: np.exp(_below_max(x)) / np.exp(_below_max(x)).sum(axis=1),
            "The row sums are one flat list, and NumPy lays it along the columns. "
            "keepdims=True keeps them standing in a column, one for each row.",
        ),
        Mistake(
            "without_exp",
            lambda x: x / x.sum(axis=1, keepdims=True),
            "You divide the scores themselves. A negative score would get a negative share: "
            "make everything positive with exp first.",
        ),
        Mistake(
            "base_two",
            lambda x: np.exp2(_below_max(x)) / np.exp2(_below_max(x)).sum(axis=1, keepdims=True),
            "You used powers of 2. Softmax uses powers of e: np.exp.",
        ),
        Mistake(
            "sign_flipped",
            lambda x: _shares(x.min(axis=1, keepdims=True) - x),
            "The smallest score gets the largest share. There is a minus too many in the exponent.",
        ),
        Mistake(
            "logarithm",
            lambda x: _below_max(x) - np.log(np.exp(_below_max(x)).sum(axis=1, keepdims=True)),
            "These are the logarithms of the shares: all negative. Shares lie between 0 and 1.",
        ),
        Mistake(
            "winner_takes_all",
            lambda x: np.where(x == x.max(axis=1, keepdims=True), 1.0, 0.0),
            "Only the largest score gets something. Softmax is soft: the others keep a share.",
        ),
        Mistake(
            "twice",
            lambda x: _shares(_shares(_below_max(x))),
            "You took softmax of a softmax: the shares have become almost equal. Once is enough.",
        ),
        Mistake(
            "sigmoid",
            lambda x: 1 / (1 + np.exp(-x)),
            "That squeezes each cell by itself. In a softmax the cells of a row compete: "
            "they sum to 1.",
        ),
        Mistake(
            "maximum_lies_flat",
            lambda x: _shares(x - x.max(axis=1)),
            "The row maxima are one flat list, and NumPy lays it along the columns: each column "
            "loses another row's maximum. keepdims=True keeps them standing, one for each row.",
        ),
        Mistake(
            "both_lie_flat",
            lambda x: np.exp(x - x.max(axis=1)) / np.exp(x - x.max(axis=1)).sum(axis=1),
            "Row maxima and row sums are flat lists, and NumPy lays both along the columns. "
            "keepdims=True keeps them standing in a column, one for each row.",
        ),
        Mistake(
            "sum_lies_flat",
            lambda x: np.exp(x) / np.exp(x).sum(axis=1),
            "The row sums are a flat list, and NumPy lays it along the columns: keepdims=True "
            "keeps it standing. And e^1000 will be inf: subtract each row's largest score first.",
        ),
        Mistake(
            "column_maximum",
            lambda x: _shares(x - x.max(axis=0)),
            "You subtract each column's maximum. Only what is taken from a whole row leaves its "
            "shares as they are: which axis does one row run along?",
        ),
        Mistake(
            "divided_by_maximum",
            lambda x: _shares(x / x.max(axis=1, keepdims=True)),
            "You divide by the largest score. That changes the differences between the scores; "
            "subtracting it does not.",
        ),
        Mistake(
            "divided_by_one_maximum",
            lambda x: _shares(x / x.max()),
            "You divide all scores by the largest one. That changes the differences between them; "
            "subtracting each row's largest score does not.",
        ),
        Mistake(
            "transposed",
            lambda x: _shares(_below_max(x)).T,
            "The shares are right, but rows and columns changed places. Leave out .T.",
        ),
        Mistake(
            "infinite_shift",
            lambda x: _shares(x - x.mean(axis=1, keepdims=True)),
            "You subtract the row's mean, its smallest score or its largest size. With a blocked "
            "score that is infinite, and inf - inf is NaN. Which of a row's scores is always "
            "finite?",
        ),
        Mistake(
            "nan",
            lambda x: _below_max(x) * np.nan,
            "inf / inf, inf - inf and 0 / 0 are NaN: one of them happened on the way. "
            "Look at the largest and smallest scores of that row.",
            recognise=lambda it: bool(np.isnan(it.yours).any()),
        ),
        Mistake(
            "row_sum",
            lambda x: _shares(_below_max(x)) * 0.9,
            "Shares of a row have to sum to 1.",
            "Your row {it.row} sums to {it.row_sum:.3g}.",
            recognise=lambda it: not rows_sum_to_one(it),
        ),
    ),
)
