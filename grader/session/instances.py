"""Objects of the instructor's own classes: each side has its own, and both keep them alike.

A locked cell is run on both sides, and so is a module that lies beside the notebook. An object of
such a class that a test gives to a student's function goes over by its number and its state, its
attributes. With each message go the states that have changed since the last one.
"""

import sys
from collections.abc import Callable
from typing import Any

from grader.session.wire import WireError

INSTANCE = "instance"


class Instances:
    """The objects of one session that tests have made.

    Parameters
    ----------
    form, given : callable
        Return how a value travels, and what has travelled.
    """

    def __init__(self, form: Callable[[Any], Any], given: Callable[[Any], Any]) -> None:
        self._form, self._given = form, given
        self._things: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._told: dict[int, Any] = {}

    def form(self, thing: Any) -> dict[str, Any] | None:
        """Return how one of them travels; None where it is another thing."""
        number = self._numbers.get(id(thing))
        return None if number is None else {"t": INSTANCE, "v": number}

    def thing(self, number: int) -> Any:
        """Return the object of a number."""
        return self._things[number]

    def take(self, states: list[Any]) -> None:
        """Make the objects that are new, then give each its state."""
        for number, kind, _ in states:
            if number not in self._things:
                thing: Any = object.__new__(_class(kind))
                self._things[number], self._numbers[id(thing)] = thing, number
        for number, _, state in states:
            attributes = vars(self._things[number])
            attributes.clear()
            attributes.update(self._given(state))
            self._told[number] = self._form(attributes)

    def changed(self) -> list[Any]:
        """Return the number and the state of each object that has changed since it was told."""
        states = {number: self._form(vars(thing)) for number, thing in self._things.items()}
        changed = [
            [number, state] for number, state in states.items() if state != self._told[number]
        ]
        self._told = states
        return changed


def _class(name: str) -> type:
    module, _, name = name.rpartition(".")
    kind = getattr(sys.modules.get(module), name, None)
    if not isinstance(kind, type):
        raise WireError(f"there is no class {name} in the student's process")
    return kind
