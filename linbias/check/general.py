"""Mistakes that any exercise may show: a constant factor, an argument that is not used."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from linbias.check.exercise import Attempt, Mistake
from linbias.check.same import close
from linbias.check.values import is_number


def _nothing(*_: Any) -> None:
    """Stand for no single implementation: these mistakes are told by what they do."""


CONSTANT_FACTOR = Mistake(
    "constant_factor",
    _nothing,
    "Yours is the right answer times {it.factor:.3g}, wherever it is wrong. "
    "Where does this factor come from?",
)


def argument_unused(names: Sequence[str]) -> Mistake:
    """Return the mistake of a function whose answer does not depend on these arguments."""
    named = " or ".join(names)
    return Mistake(
        "argument_unused",
        _nothing,
        f"Your answer stays the same when {named} changes. "
        f"Does a fixed number stand in place of {named}?",
    )


def constant_factor(tries: Sequence[Attempt]) -> bool:
    """Whether one and the same factor leads from the right answer to yours in all attempts."""
    try:
        factors = [attempt.factor for attempt in tries]
    except (TypeError, ValueError):
        return False
    if not np.isfinite(factors).all() or not np.allclose(factors, factors[0], rtol=1e-4):
        return False
    return factors[0] > 0 and all(_is_product(it, factors[0]) for it in tries) and _enough(tries)


def _is_product(it: Attempt, factor: float) -> bool:
    with np.errstate(all="ignore"):
        product = np.multiply(it.right, factor)
    return np.shape(it.yours) == np.shape(it.right) and bool(np.all(close(it.yours, product)))


def _enough(tries: Sequence[Attempt]) -> bool:
    """Whether there are at least two different numbers: one alone has a factor always."""
    numbers = {
        round(float(value), 6)
        for it in tries
        for value in np.ravel(it.right)
        if np.isfinite(value) and value
    }
    return len(numbers) > 1


def another(value: Any) -> Any:
    """Return another value for an argument, None for one that is no number."""
    if not is_number(value):
        return None
    return value + 1 if isinstance(value, int) else 0.7 * value + 0.01
