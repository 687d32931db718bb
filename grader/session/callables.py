"""Functions that go over the border: numbers stand for them, and a call of one is a message.

A test may give a function to a student's function: Python's own go by their name, the student's
own by theirs, and a function of the test is called back while its answer is awaited. A student's
function may return a function, which stays here and is called by its number.
"""

import builtins
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from grader.session.wire import Channel, WireError, decode, encode

MOST_KEPT = 1000
FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, functools.partial, np.ufunc)
OWN, BACK, BUILT_IN = "own function", "function of a test", "built-in"


def built_in(thing: Any) -> str:
    """Return the name of what Python itself has; empty for anything else.

    Examples
    --------
    >>> built_in(len), built_in(int), built_in(lambda x: x)
    ('len', 'int', '')
    """
    name = getattr(thing, "__name__", "") if isinstance(thing, type | BuiltinFunctionType) else ""
    return name if name and vars(builtins).get(name) is thing else ""


class Callables:
    """The functions of one session that tests hold or have given.

    Parameters
    ----------
    names : dict
        The student's names.
    answer : callable
        Answers a question that comes while a test's function is called back.
    send : callable
        Sends an answer, or instead of it that it cannot be sent.
    """

    def __init__(
        self,
        names: dict[str, Any],
        channel: Channel,
        answer: Callable[[dict[str, Any]], dict[str, Any]],
        send: Callable[[Channel, dict[str, Any]], None],
    ) -> None:
        self._names, self._channel = names, channel
        self._answer, self._send = answer, send
        self._kept: list[Any] = []
        self._calls = 0
        # What an interruption finds: it must not come amid a message.
        self.waiting = self.interrupted = False

    def find(self, key: Any) -> Any:
        """Return the student's function that a name or a number stands for."""
        return self._kept[key] if type(key) is int else self._names[key]

    def keep(self, function: Any) -> int:
        """Keep a function that a student's function has returned; return its number."""
        if len(self._kept) == MOST_KEPT:
            raise WireError(f"more than {MOST_KEPT} functions were returned")
        self._kept.append(function)
        return len(self._kept) - 1

    def given(self, form: Any) -> Any:
        """Return what a call is given: a function, or plain data."""
        kind = form.get("t") if type(form) is dict else None
        if kind == OWN:
            return self.find(form["v"])
        if kind == BUILT_IN:
            return getattr(builtins, form["v"])
        if kind == BACK:
            return self._function(form["v"], form["name"])
        return decode(form)

    def _function(self, number: int, name: str) -> Callable[..., Any]:
        def function(*arguments: Any, **keywords: Any) -> Any:
            return self._call_back(number, arguments, keywords)

        function.__name__ = function.__qualname__ = name
        return function

    def _call_back(self, number: int, arguments: Any, keywords: Any) -> Any:
        self._calls += 1
        call = self._calls
        message = {"back": number, "call": call}
        message |= {"args": encode(list(arguments)), "kwargs": encode(keywords)}
        with self._undisturbed():
            self._channel.send(message)
        while (reply := self._received()).get("call") != call:
            if "do" in reply:  # the test's function asks for something itself
                answer = self._answer(reply)
                with self._undisturbed():
                    self._send(self._channel, answer)
        if "stop" in reply:
            raise KeyboardInterrupt
        if "error" in reply:
            raise _error(reply["error"])
        return decode(reply["value"])

    def _received(self) -> dict[str, Any]:
        with self._undisturbed():
            return self._channel.receive()

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        self.waiting = True
        try:
            yield
        finally:
            self.waiting = False
        if self.interrupted:
            self.interrupted = False
            raise KeyboardInterrupt


def _error(told: dict[str, str]) -> Exception:
    kind = vars(builtins).get(told["kind"])
    if isinstance(kind, type) and issubclass(kind, Exception):
        with suppress(TypeError):  # it wants other arguments
            return kind(told["text"])
    return Exception(told["text"])
