"""The tasks of each lesson in their order, with their hints and what to take away."""

from collections.abc import Mapping

from linbias.check.tasks import (
    causal_triangle,
    experiment,
    many_heads,
    one_pair,
    relatives,
    same_attention,
    scores_to_attention,
    start_here,
    what_beta_does,
)
from linbias.check.tasks._task import Task

# By lesson, then by the name of the exercise or the question.
TASKS: Mapping[str, Mapping[str, Task]] = {
    "00_start_here": start_here.TASKS,
    "01_one_pair": one_pair.TASKS,
    "02_causal_triangle": causal_triangle.TASKS,
    "03_scores_to_attention": scores_to_attention.TASKS,
    "04_what_beta_does": what_beta_does.TASKS,
    "05_same_attention": same_attention.TASKS,
    "06_many_heads": many_heads.TASKS,
    "07_relatives_and_limits": relatives.TASKS,
    "08_train_short_test_long": experiment.TASKS,
}

# Lesson 00 shows a check of this function fail, and it should: no mistake of the student's.
DEMONSTRATION = "first_try"

__all__ = ["DEMONSTRATION", "TASKS", "Task"]
