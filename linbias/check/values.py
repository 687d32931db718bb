"""Plain values of whatever a student's function returned, read by exact type.

An object may lie: a class can define ``__eq__`` or ``__float__`` as it likes. So nothing is asked
of an object before its exact type is known, and what comes out is a copy that nobody else holds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.ma
from numpy.typing import NDArray

MOST_ENTRIES = 10_000
MOST_LEVELS = 4
LARGEST = 10**300
_NUMPY_SCALARS = frozenset(np.sctypeDict.values())

Plain = Any  # None, bool, int, float, str, ndarray, list of these, Unreadable or Raised


@dataclass(frozen=True)
class Unreadable:
    """A value that is no number, text, list or array; `description` says what it is."""

    description: str
    remedy: str = ""


@dataclass(frozen=True)
class Raised:
    """A call that ended in an exception: its type's name, its text, the student's line."""

    type_name: str
    text: str = ""
    line: str = ""


def plain(value: Any, level: int = 0) -> Plain:
    """Return a copy of value in plain types, or `Unreadable`; never runs code of value's type.

    Examples
    --------
    >>> plain((np.float32(0.5), 2)).tolist()
    [0.5, 2.0]
    >>> plain({1: 2}).description
    'a dict'
    """
    kind = type(value)
    if kind is int and abs(value) > LARGEST:
        return Unreadable("a number too large for a float")
    if value is None or kind in (bool, int, float, str, Raised, Unreadable):
        return value
    if kind in _NUMPY_SCALARS:
        return _array(np.asarray(value))
    # A subclass of ndarray is read through its memory, not through its methods.
    if issubclass(kind, numpy.ma.MaskedArray):
        return Unreadable("a masked array", "Return a plain array; write -inf into blocked cells.")
    if issubclass(kind, np.ndarray):
        return _array(np.array(value, subok=False), level)
    if kind in (list, tuple):
        return _sequence(value, level)
    return Unreadable(_a(kind.__name__), _REMEDIES.get(kind.__name__, ""))


def is_number(value: Plain) -> bool:
    """Whether value is one int or float; True and False are no numbers here."""
    return type(value) in (int, float)


def describe(value: Plain) -> str:
    """Return what a plain value is, in a few words without its contents.

    Examples
    --------
    >>> describe(np.zeros((3, 4)))
    'a 3x4 array of numbers'
    """
    if isinstance(value, Unreadable):
        return value.description
    if isinstance(value, Raised):
        return _a(value.type_name)
    if isinstance(value, np.ndarray):
        content = "True and False" if value.dtype == bool else "numbers"
        if value.size == 1:
            return f"an array that holds one {'bool' if value.dtype == bool else 'number'}"
        if value.ndim == 1:
            return f"{len(value)} {'bools' if value.dtype == bool else 'numbers'}"
        return f"a {'x'.join(map(str, value.shape))} array of {content}"
    if isinstance(value, list):
        entries = "one entry" if len(value) == 1 else f"{len(value)} entries"
        return f"a list with {entries}{', None among them' * holds_none(value)}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    return str(value) if value is None or type(value) is bool else f"the number {number(value)}"


def holds_none(value: Plain) -> bool:
    """Whether None stands somewhere in a list."""
    return value is None or (isinstance(value, list) and any(map(holds_none, value)))


def number(value: float, digits: int = 4) -> str:
    """Return a number as people write it: a few digits, no trailing zeros.

    Examples
    --------
    >>> number(-0.7400000001), number(3.0), number(float("-inf"))
    ('-0.74', '3', '-inf')
    """
    if type(value) is int and abs(value) < 10**6:
        return str(value)
    return f"{float(value) + 0.0:.{digits}g}"


def _array(array: NDArray[Any], level: int = 0) -> Plain:
    kind = array.dtype.kind
    if array.size > MOST_ENTRIES:
        return Unreadable(f"an array with {array.size} entries")
    if kind in "OU":
        return _sequence(array.tolist(), level) if array.ndim else plain(array.item(), level + 1)
    if kind not in "biuf":
        return Unreadable(f"an array of {array.dtype.name} values", "Return real numbers.")
    if array.dtype == np.float16:
        return Unreadable("float16 numbers", "They keep three digits only: use float64.")
    if array.ndim == 0 and kind != "f":
        return array.item()
    clean = array.astype(bool if kind == "b" else np.float64)
    return clean if clean.ndim else clean.item()


def _sequence(items: Any, level: int) -> Plain:
    if len(items) > MOST_ENTRIES or level > MOST_LEVELS:
        return Unreadable(f"a very large {type(items).__name__}")
    parts = [plain(item, level + 1) for item in items]
    for part in parts:
        if isinstance(part, Unreadable):
            return Unreadable(
                f"a {type(items).__name__} that holds {part.description}", part.remedy
            )
    kinds = {type(part) for part in parts}
    if kinds <= {int, float}:
        return np.array(parts, dtype=np.float64)
    if kinds == {bool}:
        return np.array(parts)
    if kinds == {np.ndarray} and len({(part.shape, part.dtype == bool) for part in parts}) == 1:
        return np.stack(parts)
    return parts


def _a(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


_REMEDIES = {
    "Fraction": "Turn it into a number with float(...).",
    "Decimal": "Turn it into a number with float(...).",
    "array": "Turn it into an array of NumPy with np.array(...).",
    "generator": "Wrap it in list(...) or np.array(list(...)).",
    "map": "Wrap it in list(...).",
    "zip": "Wrap it in list(...).",
    "range": "Wrap it in list(...) or use np.arange.",
    "function": "Did you forget the brackets that call it?",
    "builtin_function_or_method": "Did you forget the brackets that call it?",
    "method": "Did you forget the brackets that call it?",
    "Tensor": "Turn it into an array with np.asarray(...).",
    "DataFrame": "Turn it into an array with np.asarray(...).",
}
