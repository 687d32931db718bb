"""Lesson 02: the whole bias matrix."""

from linbias.bias import bias_matrix
from linbias.check.catalogue import _make
from linbias.check.catalogue._bias_matrices import MISTAKES
from linbias.check.catalogue._traits import blocked_by_a_number, diagonal_agrees, mask_agrees
from linbias.check.exercise import Attempt, Exercise
from linbias.check.values import number


def _arithmetic(it: Attempt) -> str:
    i, j = it.cell
    if j > i:
        return f"Key {j} is in the future of query {i}."
    size = number(it.arguments["beta"] * (i - j))
    return f"There the distance is {i} - {j} = {i - j}, and beta * distance has the size {size}."


EXERCISE = Exercise(
    reference=bias_matrix,
    answer="matrix",
    axes=("query", "key"),
    cases=((4, 0.5), (7, 0.37), (5, 0.0625)),
    make_case=_make.length_and_beta,
    arithmetic=_arithmetic,
    blocks=True,
    traits={"the mask": mask_agrees, "the diagonal": diagonal_agrees},
    note=blocked_by_a_number,
    mistakes=MISTAKES,
)
