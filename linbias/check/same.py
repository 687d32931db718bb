"""When two plain values are the same answer."""

from typing import Any

import numpy as np

from linbias.check.values import Plain, Raised, is_number


def close(yours: Any, right: Any) -> Any:
    """Return where two numbers or two arrays of one shape agree; NaN agrees with NaN.

    float32 keeps about seven digits, a chain of operations six: hence the tolerance.
    """
    with np.errstate(all="ignore"):
        near = np.abs(np.subtract(yours, right, dtype=np.float64)) <= (
            1e-6 + 1e-5 * np.abs(np.asarray(right, dtype=np.float64))
        )
    # An infinite difference is not near, and inf - inf is NaN, hence not near either.
    same = (near & np.isfinite(right)) | np.equal(yours, right)
    return same | (np.isnan(yours) & np.isnan(right))


def same(yours: Plain, right: Plain) -> bool:
    """Whether two plain values are the same answer: same shape, bools apart from numbers."""
    if isinstance(yours, np.ndarray) and isinstance(right, np.ndarray):
        if yours.shape != right.shape or (yours.dtype == bool) != (right.dtype == bool):
            return False
        return bool(np.all(close(yours, right)))
    if is_number(yours) and is_number(right):
        return yours == right if type(right) is type(yours) is int else bool(close(yours, right))
    if isinstance(yours, Raised) and isinstance(right, Raised):
        return yours.type_name == right.type_name
    if isinstance(yours, list) and isinstance(right, list):
        return len(yours) == len(right) and all(map(same, yours, right))
    return type(yours) is type(right) and not isinstance(yours, np.ndarray) and yours == right
