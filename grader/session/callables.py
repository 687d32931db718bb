"""What goes over the border although it is no plain data: functions, and handles of objects.

A test may give a function to a student's function: Python's own go by their name, the student's
own by theirs, and a function of the test is called back while its answer is awaited. What a
student's function returns may be a function or an object: it stays here, under a number.
"""

import builtins
import functools
import importlib
import inspect
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from grader.session.errors import made_again
from grader.session.handles import HANDLE, LONGEST_NAME, Kept
from grader.session.instances import INSTANCE, Instances
from grader.session.retained import Retained
from grader.session.wire import Channel, decode, encode

LONGEST_DOC = 10_000
FUNCTIONS = (
    FunctionType,
    BuiltinFunctionType,
    MethodType,
    MethodDescriptorType,
    WrapperDescriptorType,
    functools.partial,
    operator.attrgetter,
    operator.itemgetter,
    operator.methodcaller,
    np.ufunc,
)
OWN, BACK, BUILT_IN = "own function", "function of a test", "built-in"
MODULE = "module"
_BASES = (tuple, list, dict, set, frozenset, str, int, float)
_NOTHING = object()


def built_in(thing: Any) -> str:
    """Return the name of what Python itself has; empty for anything else.

    Examples
    --------
    >>> built_in(len), built_in(int), built_in(lambda x: x)
    ('len', 'int', '')
    """
    name = getattr(thing, "__name__", "") if isinstance(thing, type | BuiltinFunctionType) else ""
    return name if name and vars(builtins).get(name) is thing else ""


def told_of(function: Any) -> dict[str, Any]:
    """Return what a test may know of a function without calling it."""
    doc = getattr(function, "__doc__", None)
    doc = doc[:LONGEST_DOC] if isinstance(doc, str) else None
    name = getattr(function, "__name__", None)
    name = name[:LONGEST_NAME] if isinstance(name, str) else None
    return {"doc": doc, "type": type(function).__name__, "name": name}


def line_of(function: Any) -> int:
    """Return the line of its cell in which a function begins; 0 where no cell has it.

    Examples
    --------
    >>> line_of(line_of)
    0
    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    if isinstance(code, CodeType) and code.co_filename.startswith("<ipython-input-"):
        return code.co_firstlineno
    return 0


def _content(value: Any) -> dict[str, Any]:
    """Return what an object holds as plain data, where its class is one of Python's with a name."""
    base = next((kind for kind in _BASES if issubclass(type(value), kind)), None)
    if base is not None:
        with suppress(Exception):  # it does not play fair, or holds other objects
            return {"plain": encode(base(value))}
    return {}


class Callables:
    """The functions and objects of one session that tests hold or have given.

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
        self._kept = Kept()
        self._instances = Instances(self.form, self.given)
        self.retained = Retained(self.form, self.given)
        # What the test has sent, as it did: sent back, it is the test's own again.
        self._sent: dict[int, tuple[Any, dict[str, Any]]] = {}
        # What the student calls by names that a test has bound or deleted.
        self._aside: dict[str, Any] = {}
        self._calls = 0
        # What an interruption finds: it must not come amid a message.
        self.waiting = self.interrupted = False
        # What the function that runs has printed so far, for whom it calls back.
        self.printed: Callable[[], str] = str

    def begin(self) -> None:
        """Forget what came with an earlier question."""
        self._sent.clear()

    def find(self, key: Any) -> Any:
        """Return what a name, a number, or a number and the name of a method stand for."""
        if type(key) is list:
            return getattr(self.find(key[0]), key[1])
        if type(key) is int:
            return self._kept[key]
        own = self._aside.get(key, _NOTHING)
        return self._names[key] if own is _NOTHING else own

    def form(self, value: Any) -> Any:
        """Return how a value travels: as plain data, or in parts as functions and handles."""
        return encode(value, other=self._form)

    def _form(self, value: Any) -> dict[str, Any]:
        if known := self._instances.form(value):
            return known
        if id(value) in self._sent:
            return self._sent[id(value)][1]
        if isinstance(value, FUNCTIONS):
            told = {"t": HANDLE, "v": self._kept.number(value), "is": "function"}
            return told | told_of(value)
        return self._kept.form(value) | _content(value)

    def given(self, form: Any) -> Any:
        """Return what a call is given: plain data, with functions and objects in it."""
        return decode(form, other=self._given)

    def _given(self, form: dict[str, Any]) -> Any:
        kind = form["t"]
        if kind == INSTANCE:
            return self._instances.thing(form["v"])
        if kind == BUILT_IN:
            thing = getattr(builtins, form["v"])
        elif kind == MODULE:
            thing = importlib.import_module(form["v"])
        elif kind == BACK:
            thing = self._function(form["v"], form["name"])
        else:
            thing = self.find(form["v"])
        self._sent[id(thing)] = thing, form
        return thing

    def heed(self, message: dict[str, Any]) -> None:
        """Give the test's objects, lists and the like the states that a message tells of."""
        self._instances.take(message.get("states", []))
        self.retained.take(message.get("kept", []))

    def told(self) -> dict[str, Any]:
        """Return the states that a message has to tell of."""
        states, kept = self._instances.changed(), self.retained.changed()
        return ({"states": states} if states else {}) | ({"kept": kept} if kept else {})

    @contextmanager
    def lent(self, forms: dict[str, Any], deleted: list[str]) -> Iterator[None]:
        """Bind what a test has bound, and nothing to what it has deleted, for a while."""
        before = {name: self._names.get(name, _NOTHING) for name in (*forms, *deleted)}
        own = {name: thing for name, thing in before.items() if name not in self._aside}
        lent = {name: self.given(form) for name, form in forms.items()}
        self._aside |= own
        self._names.update(lent)
        for name in deleted:
            self._names.pop(name, None)
        try:
            yield
        finally:
            for name in own:
                del self._aside[name]
            for name, thing in before.items():
                if self._names.get(name, _NOTHING) is lent.get(name, _NOTHING):
                    self._bind(name, thing)

    def _bind(self, name: str, thing: Any) -> None:
        if thing is _NOTHING:
            self._names.pop(name, None)
        else:
            self._names[name] = thing

    def _function(self, number: int, name: str) -> Callable[..., Any]:
        def function(*arguments: Any, **keywords: Any) -> Any:
            return self._call_back(number, arguments, keywords)

        function.__name__ = function.__qualname__ = name
        return function

    def _call_back(self, number: int, arguments: Any, keywords: Any) -> Any:
        self._calls += 1
        call = self._calls
        message = {"back": number, "call": call, "printed": self.printed()}
        message |= {"args": self.form(list(arguments)), "kwargs": self.form(keywords)}
        message |= self.told()
        with self._undisturbed():
            self._channel.send(message)
        while (reply := self._received()).get("call") != call:
            if "do" in reply:  # the test's function asks for something itself
                answer = self._answer(reply)
                with self._undisturbed():
                    self._send(self._channel, answer)
        if "stop" in reply:
            raise KeyboardInterrupt
        self.heed(reply)
        if "error" in reply:
            raise made_again(**reply["error"])
        return self.given(reply["value"])

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
