"""What becomes of a test's lists and arrays when a student's function changes them.

The function has copies, so the session tells what it has made of them. Four things have to hold:

- A function that works in place, as its exercise asks, changes the test's own list.
- A test can notice that a function changes what it should have left alone.
- No exercise spoils another's: what one test's call changes must not reach the next test.
- Nobody gains by it: ``def centre(X): X[:] = 0; return X`` would pass
  ``assert_allclose(centre(X), X - X.mean(axis=0))``, as it does with nbgrader.

So every change is made in the test's own objects, as with nbgrader. It is *asked for* unless the
official solution of the function surely leaves alone what it is given. A test in which a change
was made that nobody asked for has to be passed once more without such changes: then a right result
passes, and one that needs the spoiled list does not. After a test, what nobody asked for is undone,
and after a failed one all of it. Objects that the test did not give to the function are not touched
at any time.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any

import numpy as np

from grader.judge.border import Border
from grader.session.frames import is_table
from grader.session.plain_types import FILES

Undo = Callable[[], None]


class Changes:
    """The changes that calls have made in a test's objects.

    Attributes
    ----------
    pure : set of str
        The functions that are asked to leave alone what they are given.
    allowed : bool
        Whether they may change it all the same.
    """

    def __init__(self, border: Border) -> None:
        self._border = border
        self.pure: set[str] = set()
        self.allowed = True
        self._undos: list[tuple[bool, Undo]] = []

    @property
    def unasked(self) -> bool:
        """Whether something was changed that nobody asked for."""
        return any(unasked for unasked, _ in self._undos)

    def write_back(
        self,
        function: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        answer: dict[str, Any],
    ) -> None:
        """Change a call's arguments as the session says that the function did."""
        unasked = function in self.pure
        if unasked and not self.allowed:
            return
        for given, changed in self._pairs(function, arguments, keywords, answer):
            if type(given) is type(changed):
                self._undos += [(unasked, undo) for undo in self._changed(given, changed)]

    def follow(self, pairs: Iterable[tuple[Any, Any]], unasked: bool) -> None:
        """Change what students' objects keep as the session says that they did."""
        for given, changed in pairs:
            if type(given) is type(changed) and (self.allowed or not unasked):
                self._undos += [(unasked, undo) for undo in self._changed(given, changed)]

    def add(self, undos: Iterable[Undo]) -> None:
        """Remember changes that were made elsewhere, and that were asked for."""
        for undo in undos:  # one after the other: the next one may fail
            self._undos.append((False, undo))

    def same(self, arguments: tuple[Any, ...], answer: dict[str, Any], value: Any) -> Any:
        """Return the argument that a function says to have returned, or else its value."""
        place = answer.get("same")
        if not self.allowed or type(place) is not int or not 0 <= place < len(arguments):
            return value
        given = arguments[place]
        return given if type(given) is type(value) else value

    def undo(self, *, everything: bool) -> None:
        """Undo what nobody asked for, or all changes, and begin anew."""
        for unasked, undo in reversed(self._undos):
            if unasked or everything:
                undo()
        self._undos = []

    def _pairs(
        self,
        function: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        answer: dict[str, Any],
    ) -> Iterator[tuple[Any, Any]]:
        """Give each argument with what the session says has become of it."""
        site = f"{function} changes"
        after = self._border.value(answer["after"], site, function) if "after" in answer else None
        if type(after) is list and len(after) == len(arguments):
            yield from zip(arguments, after, strict=True)
        named = answer.get("named")
        if type(named) is dict and named.keys() == keywords.keys():
            for name in keywords:
                yield keywords[name], self._border.value(named[name], site, function)

    def _changed(self, given: Any, changed: Any) -> Iterable[Undo]:
        """Change a list, dict, set, array or table in place; return how to undo that."""
        refill = _refill_of(given, changed)
        if refill is None or self._equal(given, changed):
            return []
        before = copy(given) if type(given) in FILES else given.copy()
        refill(given, changed)
        return [lambda: refill(given, before)]

    def _equal(self, one: Any, other: Any) -> bool:
        """Whether two values are the same, also in type and order: 1 is not True, or 1.0."""
        return bool(self._border.form(one) == self._border.form(other))


def _refill_of(given: Any, changed: Any) -> Callable[[Any, Any], None] | None:
    """Return what gives a thing the content of another one of its type; None where nothing may."""
    kind = type(given)  # an object of the student's may claim to be a list
    if issubclass(kind, list | deque | bytearray):
        return _replace
    if issubclass(kind, dict | set):
        return _refill
    if kind in FILES:
        return _rewrite
    if issubclass(kind, np.ndarray) and given.shape == changed.shape:
        return _copy_numbers
    return kind.__init__ if is_table(given) else None


def _replace(sequence: Any, content: Any) -> None:
    sequence.clear()
    sequence.extend(content)


def _refill(container: Any, content: Any) -> None:
    container.clear()
    container.update(content)


def _rewrite(file: Any, content: Any) -> None:
    if content.closed:
        file.close()
        return
    file.seek(0)
    file.truncate()
    file.write(content.getvalue())
    file.seek(content.tell())


def _copy_numbers(array: Any, numbers: Any) -> None:
    np.copyto(array, numbers, casting="unsafe")
