"""The lists and the like of a test that a student's code keeps, such as in an object.

A test may ask whether an object has a copy of what it was given. So what is kept here stays in step
with what the test has: with each message goes what has changed since the last one.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from grader.session.wire import WireError

KINDS = (list, dict, set, np.ndarray)
MOST = 100
LARGEST = 1000  # items: what is larger is given to be read, and to tell of it would take long


def _counts(things: list[Any]) -> list[int]:
    return [sys.getrefcount(thing) for thing in things]


_ONLY_THERE = _counts([[]])[0]


def held_elsewhere(things: list[Any]) -> list[int]:
    """Return the places of what is held by more than this list.

    Examples
    --------
    >>> kept = []
    >>> held_elsewhere([[], kept])
    [1]
    """
    return [place for place, count in enumerate(_counts(things)) if count > _ONLY_THERE]


def refill(thing: Any, content: Any) -> None:
    """Give a thing the content of another one of its kind."""
    if type(thing) is np.ndarray:
        thing[...] = content
    elif type(thing) is list:
        thing[:] = content
    else:
        thing.clear()
        thing.update(content)


class Retained:
    """What the code of one session keeps of what tests have given to it.

    Parameters
    ----------
    form, given : callable
        Return how a value travels, and what has travelled.
    """

    def __init__(self, form: Callable[[Any], Any], given: Callable[[Any], Any]) -> None:
        self._form, self._given = form, given
        self._things: list[Any] = []
        self._told: list[Any] = []

    def note(self, arguments: list[Any]) -> list[list[int]]:
        """Return place and number of the arguments that somebody keeps from now on."""
        noted = []
        for place in held_elsewhere(arguments):
            one = arguments[place]
            if self._is_followed(one):
                noted.append([place, len(self._things)])
                self._things.append(one)
                self._told.append(self._form(one))
        return noted

    def _is_followed(self, thing: Any) -> bool:
        known = any(thing is one for one in self._things)
        return type(thing) in KINDS and not known and len(self._things) < MOST and _is_small(thing)

    def take(self, states: list[Any]) -> None:
        """Change what is kept as the test has changed it."""
        for number, form in states:
            refill(self._things[number], self._given(form))
            self._told[number] = form

    def changed(self) -> list[Any]:
        """Return the number and the form of each thing that has changed since it was told.

        What cannot be told, or has become large, is left as it was.
        """
        changed = []
        for number, thing in enumerate(self._things):
            with suppress(WireError):
                form = self._form(thing) if _is_small(thing) else self._told[number]
                if form != self._told[number]:
                    self._told[number] = form
                    changed.append([number, form])
        return changed


def _is_small(thing: Any) -> bool:
    return (thing.size if type(thing) is np.ndarray else len(thing)) <= LARGEST
