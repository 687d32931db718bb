"""Refusal: what stands for an object that is not here answers no operation on it."""

from collections.abc import Callable
from typing import Any

_OPERATIONS = """
    abs add and call complex contains delitem divmod enter float floordiv ge getitem gt index int
    invert iter le len lt matmul mod mul neg next or pos pow radd rand reversed rfloordiv rmatmul
    rmod rmul ror round rpow rsub rtruediv rxor setitem sub truediv xor
"""


def refuse_operations(kind: type, refuse: Callable[..., Any], others: str = "") -> None:
    """Let a class answer each of Python's operations, and `others`, by refusing.

    Examples
    --------
    >>> class Refused(Exception): pass
    >>> class Stand: pass
    >>> def refuse(*_): raise Refused
    >>> refuse_operations(Stand, refuse)
    >>> Stand() + 1
    Traceback (most recent call last):
    grader.session.operations.Refused
    """
    for name in (_OPERATIONS + others).split():
        setattr(kind, f"__{name}__", refuse)
