"""Objects of the instructor's own classes that a test gives to a student's function.

See `grader.session.instances`. What a student's code makes of such an object's attributes is a
claim, as a function's result is, and the test's own object gets it, as with nbgrader.
"""

from abc import ABCMeta
from collections.abc import Callable, Iterator
from typing import Any

from grader.judge.border import Border
from grader.session.instances import INSTANCE
from grader.session.plain_types import as_list
from grader.session.wire import WireError

MOST = 100_000


class Instances:
    """The test's objects that the session knows.

    Attributes
    ----------
    is_own : callable
        Whether a class is the instructor's own, and the session has it, too.
    """

    def __init__(self, border: Border) -> None:
        self._border = border
        self.is_own: Callable[[type], bool] = lambda kind: False
        self._things: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._told: dict[int, Any] = {}

    def form(self, thing: Any) -> dict[str, Any] | None:
        """Return how an object travels; None where it is of no class that the session has, too."""
        if id(thing) not in self._numbers:
            if not self._can_travel(type(thing)):
                return None
            if len(self._things) == MOST:
                raise WireError(f"more than {MOST} objects were given")
            self._things.append(thing)
            self._numbers[id(thing)] = len(self._things) - 1
        return {"t": INSTANCE, "v": self._numbers[id(thing)]}

    def _can_travel(self, kind: type) -> bool:
        """Whether an object is all in its attributes."""
        own = [base for base in kind.__mro__ if base is not object]
        return bool(own) and all(
            type(base) in (type, ABCMeta) and "__slots__" not in vars(base) and self.is_own(base)
            for base in own
        )

    def thing(self, number: Any) -> Any:
        """Return the object of a number.

        Raises
        ------
        WireError
            When there is none.
        """
        if type(number) is not int or not 0 <= number < len(self._things):
            raise WireError("a reply names an object that was not given")
        return self._things[number]

    def changed(self) -> list[Any]:
        """Return number, class and state of each object that the session has to know of."""
        changed, place = [], 0
        while place < len(self._things):  # a state may hold objects that are new
            thing = self._things[place]
            state = self._border.form(vars(thing))
            if self._told.get(place) != state:
                kind = type(thing)
                changed.append([place, f"{kind.__module__}.{kind.__qualname__}", state])
                self._told[place] = state
            place += 1
        return changed

    def take(self, states: Any) -> Iterator[Callable[[], None]]:
        """Give each object the state that the session tells of; give how to undo that."""
        for number, form in _pairs(states):
            thing = self.thing(number)
            kind = type(thing).__name__
            state = self._border.value(form, f"{kind} changes", kind)
            if type(state) is not dict or any(type(name) is not str for name in state):
                raise WireError("a state without its names")
            if hiding := [name for name in state if _hides(thing, name)]:
                raise WireError(f"it hides {hiding[0]} of the class {kind}")
            yield _filled(thing, state)
            self._told[number] = self._border.form(state)


def _pairs(states: Any) -> list[list[Any]]:
    try:
        return [as_list(one, 2) for one in as_list(states)]
    except ValueError as error:
        raise WireError(f"a reply without its states: {error}") from None


def _hides(thing: Any, name: str) -> bool:
    """Whether an attribute is new and would take a method's place, or be one of Python's own."""
    method = callable(getattr(type(thing), name, None))
    return name not in vars(thing) and (method or name.startswith("__"))


def _filled(thing: Any, state: dict[str, Any]) -> Callable[[], None]:
    before = dict(vars(thing))

    def fill(attributes: dict[str, Any]) -> None:
        vars(thing).clear()
        vars(thing).update(attributes)

    fill(state)
    return lambda: fill(before)
