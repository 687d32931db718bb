"""A test's functions that a student's function is given, called back from the session."""

import sys
from typing import Any

from grader.judge.border import Border
from grader.session.callables import BACK, BUILT_IN, FUNCTIONS, built_in
from grader.session.errors import text_of
from grader.session.wire import WireError, refuse

MOST_CALLS = 20_000
DEEPEST = 40
MOST_PRINTED = 2**24  # characters, in one test


class TooManyCalls(Exception):
    """The session calls back more often, or deeper, than a test can want."""


class NotCarried(Exception):
    """A function of the test has returned what cannot be carried to the session."""


class CallsBack:
    """The functions of one test that the session may call, by number.

    They are forgotten with the test.
    """

    def __init__(self, border: Border) -> None:
        self._border = border
        self._functions: list[tuple[Any, bool]] = []
        self._numbers: dict[tuple[int, bool], int] = {}
        self._calls = self._depth = 0
        self._room = MOST_PRINTED

    def form(self, thing: Any) -> dict[str, Any]:
        """Return how a function travels.

        Raises
        ------
        WireError
            When it is none.
        """
        if name := built_in(thing):
            return {"t": BUILT_IN, "v": name}
        if not isinstance(thing, FUNCTIONS):
            refuse(thing)
        return self.back(thing)

    def back(self, thing: Any, returns: bool = True) -> dict[str, Any]:
        """Return how anything that can be called travels, to be called back.

        Parameters
        ----------
        returns : bool
            Whether what it returns is wanted.
        """
        number = self._numbers.setdefault((id(thing), returns), len(self._functions))
        if number == len(self._functions):
            self._functions.append((thing, returns))
        return {"t": BACK, "v": number, "name": _name(thing)}

    def function(self, number: Any) -> Any:
        """Return the function of a number.

        Raises
        ------
        WireError
            When there is none.
        """
        return self._given(number)[0]

    def _given(self, number: Any) -> tuple[Any, bool]:
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise WireError("a reply calls a function that was not given")
        return self._functions[number]

    def call(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Call one of them and return the reply; what it raises is a part of that.

        Raises
        ------
        TooManyCalls
            When it is called too often, or from within itself too deeply.
        NotCarried
            When the session cannot have what it returns.
        WireError
            When the session asks for what it was not given.
        """
        self._calls += 1
        if self._calls > MOST_CALLS or self._depth >= DEEPEST:
            raise TooManyCalls("A function of the test was called too often")
        function, returns = self._given(asked["back"])
        name = _name(function)
        site = f"{name} is given"
        arguments = self._border.value(asked.get("args"), site, name)
        keywords = self._border.value(asked.get("kwargs"), site, name)
        if type(arguments) is not list or type(keywords) is not dict:
            raise WireError("a reply calls a function without its arguments")
        self._depth += 1
        try:
            self.write(asked)
            value = function(*arguments, **keywords)
            return {"call": asked.get("call"), "value": self._carried(value if returns else None)}
        except NotCarried:
            raise
        except Exception as error:
            told = {"kind": type(error).__name__, "text": text_of(error)[:4000]}
            return {"call": asked.get("call"), "error": told}
        finally:
            self._depth -= 1

    def write(self, told: dict[str, Any]) -> None:
        """Write here what a student's function has printed there."""
        if type(printed := told.get("printed")) is str:
            sys.stdout.write(printed[: self._room])
            self._room -= min(len(printed), self._room)

    def _carried(self, value: Any) -> Any:
        try:
            return self._border.form(value)
        except WireError as error:
            text = f"A test's function returns what cannot be carried: {error}"
            raise NotCarried(text) from None


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", "function"))
