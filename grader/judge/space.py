"""The names that the instructor's code reads in the judge."""

import ast
import builtins
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NoReturn

from IPython.display import display

from grader.course.names import binds, imports_of
from grader.judge.conversation import NotPlain
from grader.judge.plan import Cell, Plan
from grader.judge.remote import Remote

_NOTHING = object()


class Space(dict[str, Any]):
    """A namespace: it holds what is the instructor's, and asks the session for what is not.

    A student's name is asked for when it is read, once for each cell, and never kept: whatever
    stands in here was bound by the instructor's code.
    """

    def __init__(self, plan: Plan, remote: Remote) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._plan, self._remote = plan, remote
        self._asked: dict[str, Any] = {}
        # What tests have deleted, also of what is the student's.
        self.deleted: set[str] = set()
        # What is here only while a class reads it.
        self.held: set[str] = set()
        # What answer cells have bound so far.
        self._passed: set[str] = set()
        # What cells that failed would have bound: the cell, as errors tell of it, and its error.
        self.lost: dict[str, tuple[str, BaseException]] = {}
        # A name of Python's own in a notebook, until an answer binds it.
        self._here = {"display": display, "get_ipython": lambda: _NoShell(remote)}

    def begin(self) -> None:
        """Ask anew for the student's names, as another cell may have bound them again."""
        self._asked.clear()

    def pass_answer(self, cell: str) -> None:
        """Give the names of an answer cell to the student."""
        names = self._plan.owners.answers[cell]
        self._passed |= names
        for name in names:
            self.pop(name, None)
            self.lost.pop(name, None)
        self.deleted -= names

    def lose(self, cell: Cell, error: BaseException, before: dict[str, Any]) -> None:
        """Remember why the names of a cell that failed are not there.

        Where it failed only here, what they stood for before is no more what they stand for.
        """
        module = ast.Module(cell.body, [])
        names = binds(module)
        if isinstance(error, NotPlain):
            for name in names - imports_of(module).keys():
                if self.own(name) is before.get(name):
                    self.pop(name, None)
        for name in names - self.keys():
            self.lost[name] = (cell.title, error)

    def __missing__(self, name: str) -> Any:
        if name in self.deleted:
            raise KeyError(name)
        if name not in self._asked:
            self._asked[name] = self._ask(name)
        if self._asked[name] is _NOTHING:
            raise KeyError(name)
        return self._asked[name]

    def _ask(self, name: str) -> Any:
        if self._plan.owners.may_be_students(name, self._passed):
            found = self._remote.proxies([name]).get(name, _NOTHING)
            if found is not _NOTHING:
                return found
        title, error = self.lost.get(name, ("", None))
        if isinstance(error, NotPlain):
            self._remote.give_up(
                f"'{name}' is made in {title}, which cannot be run for tests: {error}"
            )
        return self._here.get(name, _NOTHING) if name not in self._passed else _NOTHING

    @contextmanager
    def holding(self, names: Iterable[str]) -> Iterator[None]:
        """Hold the student's names for a while: Python asks no namespace for what a class reads."""
        held = {name: self[name] for name in self.students(names) if name in self}
        self.update(held)
        self.held = set(held)
        try:
            yield
        finally:
            self.held = set()
            for name, thing in held.items():
                if self.get(name) is thing:
                    super().__delitem__(name)

    def students(self, names: Iterable[str]) -> list[str]:
        """Return those of the names that the session is asked for."""
        owners = self._plan.owners
        return sorted(
            name for name in set(names) - self.keys() if owners.may_be_students(name, self._passed)
        )

    def own(self, name: str) -> Any:
        """Return what the instructor calls so, or None."""
        return super().get(name)

    def return_to(self, before: dict[str, Any], deleted: set[str]) -> None:
        """Bind what was bound before, and nothing else; what was deleted then is deleted."""
        self.clear()
        self.update(before)
        self.deleted = deleted

    def __contains__(self, name: object) -> bool:
        return self.get(name, _NOTHING) is not _NOTHING

    def get(self, name: Any, default: Any = None) -> Any:
        """Return what a name stands for, as a test may ask with ``globals()``."""
        try:
            return self[name]
        except KeyError:
            return default

    def __delitem__(self, name: str) -> None:
        if dict.__contains__(self, name) or name not in self:
            super().__delitem__(name)
        self.deleted.add(name)


def main_module(space: Space) -> ModuleType:
    """Return a module whose names are those of the tests, as ``__main__`` is in a notebook.

    Examples
    --------
    `unittest.mock.patch` finds a student's function there: ``patch("__main__.helper")``.
    """

    class Main(ModuleType):
        __dict__ = property(lambda self: space)

        def __getattr__(self, name: str) -> Any:
            if name in space:
                return space[name]
            raise AttributeError(f"module '__main__' has no attribute '{name}'")

        def __setattr__(self, name: str, thing: Any) -> None:
            space[name] = thing

        def __delattr__(self, name: str) -> None:
            del space[name]

    return Main("__main__")


class _NoShell:
    """Stands for IPython, which only the student's process has."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def __getattr__(self, name: str) -> NoReturn:
        self._remote.give_up(
            "It uses IPython itself, such as by a magic (%timeit, %run) or a shell command (!ls). "
            "Tests are run outside the student's process, where there is none."
        )
