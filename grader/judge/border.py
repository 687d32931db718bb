"""How things cross the border between a test and a session: plain data, functions, handles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Border:
    """The two ways over the border.

    Attributes
    ----------
    value : callable
        Returns what a reply carries, from its form, the site that it comes from, and the name that
        a function gets there.
    form : callable
        Returns how something travels to the session, or raises WireError.
    """

    value: Callable[[Any, str, str], Any]
    form: Callable[[Any], Any]
