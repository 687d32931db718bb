"""Lesson 02: the whole bias matrix."""

from typing import Any

import numpy as np

from linbias.bias import bias_matrix
from linbias.check.catalogue import _make
from linbias.check.catalogue._bias_matrices import MISTAKES
from linbias.check.catalogue._traits import diagonal_agrees, mask_agrees
from linbias.check.exercise import Attempt, Exercise
from linbias.check.values import Plain, number


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}."
    size = number(it.arguments["beta"] * (i - j))
    return f"There the distance is {i} - {j} = {i - j}, and beta * distance has the size {size}."


def _note(call: Any, answers: list[Plain]) -> str:
    """Say that a large negative number is as good as -inf; `answers` are as they came."""
    finite = all(np.isfinite(answer).all() for answer in answers if isinstance(answer, np.ndarray))
    return "Blocked by a large negative number: accepted; -inf is what the reference uses." * finite


EXERCISE = Exercise(
    reference=bias_matrix,
    answer="matrix",
    axes=("query", "key"),
    cases=((4, 0.5), (7, 0.37), (5, 0.0625)),
    make_case=_make.length_and_beta,
    arithmetic=_arithmetic,
    blocks=True,
    traits={"the mask": mask_agrees, "the diagonal": diagonal_agrees},
    note=_note,
    mistakes=MISTAKES,
)
