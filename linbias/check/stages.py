"""What can be wrong with an answer, from the coarse to the fine."""

from typing import Any

import numpy as np

from linbias.check.same import same
from linbias.check.values import Plain, Raised, is_number

# What can be wrong, in the order in which it is looked for; the rest is a wrong value.
STAGES = (
    "not_attempted",
    "too_slow",
    "raised",
    "other_error",
    "error_expected",
    "no_value",
    "wrong_type",
    "wrong_shape",
    "numbers_for_bools",
    "bools_for_numbers",
    "nan",
    "wrong_value",
)
# Nothing came back that could be compared, whatever the other calls gave.
UNANSWERED = ("not_attempted", "too_slow")


def stage(yours: Plain, right: Plain) -> str:
    """Return what is wrong first with an answer, "" when nothing is."""
    if isinstance(yours, Raised):
        if yours.type_name == "NotImplementedError":
            return "not_attempted"
        if yours.type_name == "TookTooLong":
            return "too_slow"
        if isinstance(right, Raised):
            return "" if same(yours, right) else "other_error"
        return "raised"
    if isinstance(right, Raised):
        return "error_expected"
    if yours is None:
        return "no_value"
    if isinstance(right, np.ndarray):
        return _stage_of_array(yours, right)
    if isinstance(right, list):
        return "" if same(yours, right) else _stage_of_labels(yours)
    if type(right) is bool:
        return _stage_of_truth(yours, right)
    if type(yours) is bool:
        return "bools_for_numbers"
    if not is_number(yours):
        return "wrong_shape" if isinstance(yours, np.ndarray) else "wrong_type"
    if yours != yours:
        return "nan"
    return "" if same(yours, right) else "wrong_value"


def _stage_of_array(yours: Plain, right: Any) -> str:
    if isinstance(yours, list):
        ragged = all(isinstance(part, np.ndarray) for part in yours)
        return "wrong_shape" if ragged else "wrong_type"
    if not isinstance(yours, np.ndarray):
        return "wrong_type"
    if yours.shape != right.shape:
        return "wrong_shape"
    if (yours.dtype == bool) != (right.dtype == bool):
        return "numbers_for_bools" if right.dtype == bool else "bools_for_numbers"
    if np.isnan(yours).any():
        return "nan"
    return "" if same(yours, right) else "wrong_value"


def _stage_of_truth(yours: Plain, right: bool) -> str:
    if type(yours) is bool:
        return "" if yours == right else "wrong_value"
    if is_number(yours):
        return "numbers_for_bools"
    return "wrong_shape" if isinstance(yours, np.ndarray) else "wrong_type"


def _stage_of_labels(yours: Plain) -> str:
    """Labels are a list of lists of text."""
    if not isinstance(yours, list):
        return "wrong_type"
    texts = all(isinstance(row, list) and all(type(name) is str for name in row) for row in yours)
    return "wrong_value" if texts else "wrong_type"
