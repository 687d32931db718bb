"""Lesson 05: the bias that looks at the key alone."""

from typing import Any

import numpy as np

from linbias.check.catalogue import _make
from linbias.check.catalogue._key_biases import MISTAKES
from linbias.check.catalogue._traits import mask_agrees
from linbias.check.exercise import Attempt, Exercise
from linbias.check.values import Plain
from linbias.same import key_only_bias


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}."
    steps = "1 step" if j == 1 else f"{j} steps"
    return f"Key {j} comes {steps} after key 0, and each step is worth beta."


def _note(call: Any, answers: list[Plain]) -> str:
    """Say that a large negative number is as good as -inf; `answers` are as they came."""
    finite = all(np.isfinite(answer).all() for answer in answers if isinstance(answer, np.ndarray))
    return "Blocked by a large negative number: accepted; -inf is what the reference uses." * finite


EXERCISE = Exercise(
    reference=key_only_bias,
    answer="matrix",
    axes=("query", "key"),
    cases=((4, 0.5), (7, 0.37), (5, 0.0625)),
    make_case=_make.length_and_beta,
    arithmetic=_arithmetic,
    blocks=True,
    traits={"the mask": mask_agrees},
    note=_note,
    mistakes=MISTAKES,
)
