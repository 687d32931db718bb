"""What a student's function raised, made again here: of a kind that a test can catch."""

import builtins
from collections.abc import Callable
from typing import Any

from grader.session.errors import text_of
from grader.session.wire import decode

MOST_KINDS = 20
# It would end a test's own loop over calls, without any failure.
_ENDING = (StopIteration, StopAsyncIteration)


class StudentCodeError(Exception):
    """The student's function raised an error of its own kind; the text names it."""


class Kinds:
    """The kinds of error that tests can name: Python's, the instructor's and the student's own.

    A session tells of a kind as the names of its class and of its bases, ``module.name`` each.

    Parameters
    ----------
    known : callable
        Returns what the instructor calls by a module and a name, or None.
    """

    def __init__(self, known: Callable[[str, str], Any]) -> None:
        self.known = known
        self._own: dict[tuple[str, ...], type[Exception]] = {}

    def kind(self, names: Any) -> type[Exception]:
        """Return the class of these names, or one like it below the nearest base known here."""
        names = tuple(map(str, names[:MOST_KINDS])) if type(names) is list else ()
        for place, name in enumerate(names):
            known = self._find(name)
            if known is not None:
                return known if place == 0 else self._like(names, known)
        return self._like(names or ("Exception",), StudentCodeError)

    def _find(self, name: str) -> type[Exception] | None:
        module, _, name = name.rpartition(".")
        found = vars(builtins).get(name) if module == "builtins" else self.known(module, name)
        if isinstance(found, type) and issubclass(found, Exception):
            return None if issubclass(found, _ENDING) or _skips(found) else found
        return None

    def _like(self, names: tuple[str, ...], base: type[Exception]) -> type[Exception]:
        if names not in self._own:
            name = names[0].rpartition(".")[2]
            base = StudentCodeError if base is Exception else base
            self._own[names] = type(name if name.isidentifier() else "Exception", (base,), {})
        return self._own[names]

    def error(self, told: Any) -> Exception:
        """Return the error that a session tells of, with its arguments where they can be had."""
        told = told if type(told) is dict else {}
        kind, text = self.kind(told.get("kinds")), str(told.get("text", ""))
        attempts: list[Callable[[], Exception]] = [
            lambda: kind(*decode(told["args"])),
            lambda: kind(text),
            lambda: kind.__new__(kind, text),
        ]
        if issubclass(kind, SyntaxError):  # its arguments name a file, which whoever shows it reads
            attempts = attempts[1:]
        made = [error for error in map(_made, attempts) if error is not None]
        as_told = [error for error in made if text_of(error) == text]
        return [*as_told, *made, StudentCodeError(text)][0]


def _skips(kind: type[Exception]) -> bool:
    """Whether `unittest` takes an error for a wish to leave out the test, without any failure."""
    return kind.__module__.partition(".")[0] == "unittest"


def _made(attempt: Callable[[], Exception]) -> Exception | None:
    try:
        return attempt()
    except Exception:  # it wants other arguments
        return None
