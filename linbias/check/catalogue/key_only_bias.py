"""Lesson 05: the bias that looks at the key alone."""

from linbias.check.catalogue import _make
from linbias.check.catalogue._key_biases import MISTAKES
from linbias.check.catalogue._traits import blocked_by_a_number, mask_agrees
from linbias.check.exercise import Attempt, Exercise
from linbias.same import key_only_bias


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}."
    if j == 0:
        return "Key 0 gets beta times 0, in every row."
    steps = "1 step" if j == 1 else f"{j} steps"
    return f"Key {j} comes {steps} after key 0, and each step is worth beta."


EXERCISE = Exercise(
    reference=key_only_bias,
    answer="matrix",
    axes=("query", "key"),
    cases=((4, 0.5), (7, 0.37), (5, 0.0625)),
    make_case=_make.length_and_beta,
    arithmetic=_arithmetic,
    blocks=True,
    traits={"the mask": mask_agrees},
    note=blocked_by_a_number,
    mistakes=MISTAKES,
)
