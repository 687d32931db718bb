"""A test's functions that a student's function is given, called back from the session."""

from typing import Any

from grader.session.callables import BACK, BUILT_IN, FUNCTIONS, built_in
from grader.session.errors import text_of
from grader.session.wire import WireError, decode, encode

MOST_CALLS = 20_000
DEEPEST = 10


class TooManyCalls(Exception):
    """The session calls back more often, or deeper, than a test can want."""


class CallsBack:
    """The functions of one test that the session may call, by number.

    What it gives to them is plain data, as in a reply, and what they return is carried as a call's
    arguments are. They are forgotten with the test.
    """

    def __init__(self) -> None:
        self._functions: list[Any] = []
        self._calls = self._depth = 0

    def form(self, thing: Any) -> Any:
        """Return how an argument travels: as a function, or as plain data."""
        if name := built_in(thing):
            return {"t": BUILT_IN, "v": name}
        if not isinstance(thing, FUNCTIONS):
            return encode(thing)
        self._functions.append(thing)
        name = str(getattr(thing, "__name__", "function"))
        return {"t": BACK, "v": len(self._functions) - 1, "name": name}

    def call(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Call one of them and return the reply; what it raises is a part of that.

        Raises
        ------
        TooManyCalls
            When it is called too often, or from within itself too deeply.
        WireError
            When the session asks for what it was not given.
        """
        self._calls += 1
        if self._calls > MOST_CALLS or self._depth >= DEEPEST:
            raise TooManyCalls("A function of the test was called too often")
        number = asked["back"]
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise WireError("a reply calls a function that was not given")
        arguments, keywords = decode(asked.get("args")), decode(asked.get("kwargs"))
        if type(arguments) is not list or type(keywords) is not dict:
            raise WireError("a reply calls a function without its arguments")
        self._depth += 1
        try:
            value = encode(self._functions[number](*arguments, **keywords))
        except Exception as error:
            told = {"kind": type(error).__name__, "text": text_of(error)[:4000]}
            return {"call": asked.get("call"), "error": told}
        finally:
            self._depth -= 1
        return {"call": asked.get("call"), "value": value}
