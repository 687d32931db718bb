"""What a test puts around its calls of students' functions, to be done in the session as well.

It may replace Python's own functions, by hand or with `unittest.mock`: those that ask or tell
somebody something, or that draw numbers by chance; and it may write what is to be read.
"""

import builtins
import io
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from grader.judge.callables import CallsBack
from grader.judge.chance import Chance
from grader.judge.written import Files
from grader.session.around import AFTER, DELETED, FILES, LENT, REPLACED, STATES, STDIN

_MAY_BE_REPLACED: dict[Any, tuple[str, ...]] = {
    builtins: ("input", "print"),
    time: ("sleep", "time"),
    random: (
        *("betavariate", "choice", "choices", "gauss", "getrandbits", "normalvariate", "randint"),
        *("random", "randrange", "sample", "shuffle", "uniform"),
    ),
}
# What they return is nothing: a mock would return another mock.
_SILENT = ("print", "sleep", "shuffle")


class Around:
    """What is around a test, compared with what was there when grading began."""

    def __init__(self) -> None:
        self._own = [
            (module, name, getattr(module, name))
            for module, names in _MAY_BE_REPLACED.items()
            for name in names
        ]
        self._input = builtins.input
        self.chance = Chance()
        self.files: Files | None = None
        # What tests have bound, and deleted, that students' functions read.
        self.lent: Callable[[], dict[str, Any]] = dict
        self.deleted: Callable[[], list[str]] = list

    def begin(self) -> None:
        """Give a new cell the question for input that a notebook gives to each."""
        builtins.input = self._input

    def told(self, calls_back: CallsBack) -> dict[str, Any]:
        """Return what the session has to do for a call; nothing where all is as it was."""
        replaced = {
            f"{module.__name__}.{name}": calls_back.back(getattr(module, name), name not in _SILENT)
            for module, name, own in self._own
            if getattr(module, name, own) is not own
        }
        told: dict[str, Any] = {REPLACED: replaced, STATES: self.chance.told()}
        told |= {LENT: self.lent(), DELETED: self.deleted()}
        if self.files:
            told[FILES] = self.files.told()
        told = {part: content for part, content in told.items() if content}
        if type(sys.stdin) is io.StringIO:
            told[STDIN] = sys.stdin.getvalue()[sys.stdin.tell() :]
        return told

    def heed(self, told: dict[str, Any], answer: dict[str, Any]) -> None:
        """Take up what the session says to have read and written."""
        after = answer.get(AFTER)
        after = after if type(after) is dict else {}
        if self.files:
            self.files.heed(after.get(FILES))
        left, stdin = after.get(STDIN), sys.stdin
        if STDIN in told and type(left) is int and type(stdin) is io.StringIO:
            stdin.seek(len(stdin.getvalue()) - max(0, min(left, len(told[STDIN]))))
