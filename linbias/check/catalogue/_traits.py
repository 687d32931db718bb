"""Properties of a causal square that messages praise or blame."""

from typing import Any

import numpy as np

from linbias.check.exercise import Attempt
from linbias.check.same import same
from linbias.check.values import Plain


def blocked_by_a_number(call: Any, answers: list[Plain]) -> str:
    """Say that a large negative number is as good as -inf; `answers` are as they came."""
    finite = all(np.isfinite(answer).all() for answer in answers if isinstance(answer, np.ndarray))
    return "Blocked by a large negative number: accepted; -inf is what the reference uses." * finite


def lower(it: Attempt) -> Any:
    return np.tri(len(it.right), dtype=bool)


def mask_agrees(it: Attempt) -> bool:
    return bool(np.array_equal(np.isneginf(it.yours), np.isneginf(it.right)))


def diagonal_agrees(it: Attempt) -> bool:
    return bool((np.abs(np.diag(it.yours)) < 1e-9).all())


def rows_shifted(it: Attempt) -> bool:
    """Whether each row differs from the right one by a constant: softmax cannot tell them apart."""
    visible = np.isfinite(it.right)
    if not np.array_equal(np.isfinite(it.yours), visible):
        return False
    shift = np.where(visible, np.nan_to_num(it.yours) - np.nan_to_num(it.right), 0.0)
    return same(shift, np.where(visible, shift[..., :1], 0.0))


def future_open(it: Attempt) -> bool:
    return bool((it.yours[~lower(it)] != -np.inf).any())


def past_blocked(it: Attempt) -> bool:
    return bool(np.isneginf(it.yours[lower(it)]).any())


def rows_sum_to_one(it: Attempt) -> bool:
    return bool((np.abs(it.yours.sum(axis=1) - 1) < 1e-4).all())


def future_is_zero(it: Attempt) -> bool:
    return bool((np.abs(it.yours[~lower(it)]) < 1e-7).all())
