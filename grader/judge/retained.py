"""The lists and the like of a test that a student's code keeps: see `grader.session.retained`."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from grader.judge.border import Border
from grader.judge.handles import NotAccepted
from grader.session.plain_types import as_list
from grader.session.retained import KINDS, MOST
from grader.session.wire import WireError


class Retained:
    """The test's own things, by the number that the session has given to each."""

    def __init__(self, border: Border) -> None:
        self._border = border
        self._things: dict[int, Any] = {}
        self._told: dict[int, Any] = {}

    def learn(self, arguments: tuple[Any, ...], claimed: Any) -> None:
        """Take note of the arguments that the session says to have kept."""
        for place, number in _pairs(claimed):
            if type(place) is not int or not 0 <= place < len(arguments):
                raise WireError("a reply keeps an argument that was not given")
            if number != len(self._things) or number == MOST or type(arguments[place]) not in KINDS:
                raise WireError("a reply keeps what cannot be kept")
            self._things[number] = arguments[place]
            self._told[number] = self._border.form(arguments[place])

    def changed(self) -> list[Any]:
        """Return number and form of each thing that the test has changed and that can be told."""
        changed = []
        for number, thing in self._things.items():
            with suppress(WireError):
                form = self._border.form(thing)
                if form != self._told[number]:
                    self._told[number] = form
                    changed.append([number, form])
        return changed

    def read(self, states: Any) -> Iterator[tuple[Any, Any]]:
        """Give each thing with what the session says has become of it, as far as it is plain."""
        for number, form in _pairs(states):
            if type(number) is not int or number not in self._things:
                raise WireError("a reply changes what is not kept")
            self._told[number] = form
            with suppress(NotAccepted):
                yield self._things[number], self._border.value(form, "what is kept", "it")


def _pairs(claimed: Any) -> list[list[Any]]:
    try:
        return [as_list(one, 2) for one in as_list(claimed)]
    except ValueError as error:
        raise WireError(f"a reply without what is kept: {error}") from None
