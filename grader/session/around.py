"""What a test has put around a call: functions of Python's that it has replaced, and its input."""

import base64
import builtins
import io
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from grader.session.callables import Callables
from grader.session.wire import decode
from grader.session.written import changes, make, state_of

DELETED, FILES, LENT, REPLACED = "deleted", "files", "lent", "replaced"
STATES, STDIN = "states", "stdin"
AFTER = "after it"  # no name that a student could have
_SEED: dict[str, Callable[[Any], None]] = {
    "random": random.setstate,
    "numpy": np.random.set_state,
}


@contextmanager
def around(told: dict[str, Any], callables: Callables) -> Iterator[dict[str, Any]]:
    """Do to this process what the test did to its own, and undo what it may undo.

    Parameters
    ----------
    told : dict
        The forms of functions, by ``module.name``, and of what the test has bound, by name; what it
        has deleted; the text of the standard input; the states of generators that it has seeded;
        the files that it has written.

    Yields
    ------
    dict
        What the test is to be told afterwards.
    """
    after: dict[str, Any] = {}
    for kind, state in told.get(STATES, {}).items():
        _SEED[kind](decode(state))
    with ExitStack() as stack:
        if FILES in told:
            stack.enter_context(_writing(told[FILES], after))
        if STDIN in told:
            stack.enter_context(_reading(told[STDIN], after))
        for place, form in told.get(REPLACED, {}).items():
            module, _, name = place.rpartition(".")
            stack.enter_context(_bound(sys.modules[module], name, callables.given(form)))
        stack.enter_context(callables.lent(told.get(LENT, {}), told.get(DELETED, [])))
        yield after


@contextmanager
def _bound(owner: Any, name: str, thing: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, thing)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def _reading(text: str, after: dict[str, Any]) -> Iterator[None]:
    stdin = io.StringIO(text)
    with _bound(sys, "stdin", stdin), _bound(builtins, "input", _input):
        try:
            yield
        finally:
            after[STDIN] = len(text) - stdin.tell()


@contextmanager
def _writing(files: dict[str, Any], after: dict[str, Any]) -> Iterator[None]:
    folder = Path()
    written = [(path, base64.b64decode(content)) for path, content in files["written"]]
    make(folder, written, files["gone"])
    before = state_of(folder)
    try:
        yield
    finally:
        after[FILES] = changes(folder, before, state_of(folder))


def _input(prompt: object = "") -> str:
    """Read a line of the standard input, as Python does outside of notebooks."""
    sys.stdout.write(str(prompt))
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")


class Printed(io.StringIO):
    """The text that a function prints, taken piece by piece, up to a number of characters."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left, self._taken = most, 0

    def take(self) -> str:
        """Return what was printed since the last time.

        Examples
        --------
        >>> out = Printed(6)
        >>> [out.write(text) and out.take() for text in ("abc", "defg", "h")]
        ['abc', 'def', '']
        """
        text = self.getvalue()[self._taken :]
        self._taken += len(text)
        text = text[: self._left]
        self._left -= len(text)
        return text
