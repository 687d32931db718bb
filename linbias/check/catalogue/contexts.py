"""Lesson 08: the same targets, each with its own window of context."""

from typing import Any

import numpy as np

from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.evaluation import contexts

IDS = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3])


def _case(rng: np.random.Generator, count: int) -> Case:
    ids, c = rng.permutation(24), 3 + count % 3
    targets = np.sort(rng.choice(np.arange(c + 2, 18), size=4 + count % 2, replace=False))
    return ids, targets, c


def _arithmetic(it: Attempt) -> str:
    row, column = it.cell
    target, c = int(it.arguments["targets"][row]), it.arguments["c"]
    return (
        f"This target stands at position {target} and may use the positions {target - c} to "
        f"{target - 1}; token {column} of its context is number {column + 1} of these."
    )


def _windows(ids: Any, targets: Any, offsets: Any) -> Any:
    """Return what stands at these offsets from each target; beyond an end, the last token."""
    places = np.asarray(targets)[:, None] + np.asarray(offsets)
    return np.asarray(ids)[np.clip(places, 0, len(ids) - 1)]


EXERCISE = Exercise(
    reference=contexts,
    answer="matrix",
    axes=("target", "token"),
    cases=((IDS, np.array([6, 9, 12]), 4), (IDS, np.array([5, 8, 11, 13]), 3)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "target_included",
            lambda ids, targets, c: _windows(ids, targets, np.arange(1 - c, 1)),
            "The last column is the target itself: the model would be shown the token that it has "
            "to predict. End one token earlier.",
        ),
        Mistake(
            "one_too_early",
            lambda ids, targets, c: _windows(ids, targets, np.arange(-c - 1, -1)),
            "Your windows end one token too early: the token just before the target is the most "
            "useful one. A slice a:b leaves out b already.",
        ),
        Mistake(
            "future",
            lambda ids, targets, c: _windows(ids, targets, np.arange(1, c + 1)),
            "You took the tokens after each target, its future. A context stands before it.",
        ),
        Mistake(
            "from_target_on",
            lambda ids, targets, c: _windows(ids, targets, np.arange(c)),
            "Your windows begin with the target. They have to end just before it.",
        ),
        Mistake(
            "reversed",
            lambda ids, targets, c: _windows(ids, targets, np.arange(-1, -c - 1, -1)),
            "The right tokens, nearest first. The model reads them in the order of the text.",
        ),
        Mistake(
            "transposed",
            lambda ids, targets, c: _windows(ids, targets, np.arange(-c, 0)).T,
            "Rows and columns have changed places: one row for each target, one column for each "
            "token of its context.",
        ),
        Mistake(
            "both_ends",
            lambda ids, targets, c: _windows(ids, targets, np.arange(-c, 1)),
            "One column too many: {c} tokens of context, and the target itself is none of them.",
        ),
        Mistake(
            "one_too_few",
            lambda ids, targets, c: _windows(ids, targets, np.arange(1 - c, 0)),
            "One column is missing: from t - c up to t, without t, there are {c} tokens.",
        ),
        Mistake(
            "from_the_start",
            lambda ids, targets, c: np.tile(np.asarray(ids)[:c], (len(targets), 1)),
            "Every target gets the beginning of the text. Its context stands just before it.",
        ),
        Mistake(
            "positions_returned",
            lambda ids, targets, c: np.asarray(targets)[:, None] + np.arange(-c, 0),
            "These are the positions of the tokens. Look up what stands there: ids[...].",
        ),
        Mistake(
            "non_overlapping",
            lambda ids, targets, c: _windows(ids, c * (np.asarray(targets) // c) - c, np.arange(c)),
            "You cut the text into pieces and took the one before. The window has to end just "
            "before each target, wherever it stands.",
        ),
        Mistake(
            "first_target_only",
            lambda ids, targets, c: _windows(ids, np.full(len(targets), targets[0]), range(-c, 0)),
            "All rows are the context of the first target. Each target has its own.",
        ),
    ),
)
