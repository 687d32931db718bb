"""What the charts accept, and how they name slopes and shares."""

import math
from collections.abc import Sequence
from typing import Any

from linbias import _arguments


def slopes(betas: Sequence[Any], most: int, *, zero: bool = False) -> list[float]:
    """Return one to `most` slopes as floats."""
    if not 1 <= len(betas) <= most:
        raise ValueError(f"betas must be 1 to {most} slopes, got {len(betas)}: show a few.")
    return [_arguments.slope(beta, zero=zero) for beta in betas]


def between(name: str, value: Any, least: int, most: int) -> int:
    """Return value as an int that still fits the paper."""
    number = _arguments.whole(name, value, least)
    if number > most:
        raise ValueError(f"{name} must be at most {most} to be readable here, got {number}.")
    return number


def slope_name(beta: float) -> str:
    """Return a slope as it is read best: small ones as a fraction.

    >>> slope_name(0.5), slope_name(1 / 256), slope_name(0.07)
    ('0.5', '1/256', '0.07')
    """
    whole = round(1 / beta) if 1e-6 < beta < 0.07 else 0
    return f"1/{whole}" if abs(whole * beta - 1) < 1e-9 else f"{beta:g}"


def slope_names(betas: Sequence[float]) -> list[str]:
    """Return the names of slopes that stand side by side: all as fractions, where all are halves.

    >>> slope_names([1 / 2, 1 / 16]), slope_names([0.5, 0.1])
    (['1/2', '1/16'], ['0.5', '0.1'])
    """
    if all(beta < 1 and math.log2(beta).is_integer() for beta in betas):
        return [f"1/{round(1 / beta)}" for beta in betas]
    return [slope_name(beta) for beta in betas]


def percent(share: float) -> str:
    """Return a share in percent, with a decimal where it is below 1; a small one is never 0.

    >>> percent(0.1890), percent(0.0016), percent(0.0001), percent(0.0)
    ('19%', '0.2%', '<0.1%', '0%')
    """
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{share:.1%}" if 0.0005 <= share < 0.00995 else f"{share:.0%}"


def share_in_cell(share: float, digits: int) -> str:
    """Return a share in a cell: a small one that is visible is never 0.

    >>> share_in_cell(0.189, 2), share_in_cell(0.0001, 2), share_in_cell(0.0, 2)
    ('0.19', '<0.01', '0.00')
    """
    least = 10.0**-digits
    return f"<{least:.{digits}f}" if 0 < share < least / 2 else f"{share:.{digits}f}"
