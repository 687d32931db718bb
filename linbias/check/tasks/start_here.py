"""Lesson 00: a table to mend."""

from linbias.check.tasks._task import Task

_HINTS = (
    "Should a step back raise a score or lower it? Look at the numbers below the diagonal.",
    "The zeros and the blocked cells are right. Only the cells that hold a price are not.",
    "A price is taken off. So each of the six prices needs one more sign in front of it.",
)

TASKS = {
    "first_try": Task(hints=_HINTS, points=0),
    "bias_matrix": Task(
        number="0.1",
        hints=_HINTS,
        keep="A price is a negative number: each step back lowers the score by beta.",
    ),
}
