"""Calling a function so that nothing it does spoils the check: fresh arguments, no noise."""

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from linbias.check.exercise import Case
from linbias.check.time_limit import TookTooLong, line_of_error, time_limit
from linbias.check.values import Plain, Raised, plain

LONGEST_TEXT = 300


def fresh(case: Case) -> Case:
    """Return the arguments with every array copied, so that a function may change its own."""
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in case)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence NumPy's warnings and all others.

    nbgrader gives no points to a cell with anything on stderr, however right the answer.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def call(function: Callable[..., Any], *arguments: Any) -> Plain:
    """Return what a student's function returns, as `attempt` does, and keep stderr empty.

    What the function writes to stderr goes to stdout. In a notebook it is stopped when it does not
    end.
    """
    try:
        with quiet(), contextlib.redirect_stderr(sys.stdout), time_limit(function):
            return attempt(function, *arguments)
    except TookTooLong as stopped:
        return Raised(TookTooLong.__name__, line=stopped.line)


def attempt(function: Callable[..., Any], *arguments: Any) -> Plain:
    """Return what a function returns, as plain values, or `Raised` with what it raised."""
    try:
        return plain(function(*arguments))
    except (Exception, SystemExit, GeneratorExit) as error:
        line = line_of_error(function, error.__traceback__)
        return Raised(_type_name(error), _text(error), line)


def changed(case: Case, given: Case) -> list[int]:
    """Return which of the given arguments no longer equal the case."""
    return [
        index
        for index, (kept, used) in enumerate(zip(case, given, strict=True))
        if isinstance(kept, np.ndarray) and not np.array_equal(kept, used, equal_nan=True)
    ]


def _type_name(error: BaseException) -> str:
    """Return the name of the error's type, or of the built-in type that it is a kind of.

    A subclass of ValueError counts as ValueError, and so does one that comes from another process.
    """
    for kind in (NotImplementedError, ValueError):
        if isinstance(error, kind):
            return kind.__name__
    return type(error).__name__


def _text(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except Exception:
        return ""
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " ..."
