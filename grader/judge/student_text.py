"""The text of a student's cells, where Python's `inspect` finds a function's source.

It comes from the submission, not from the session: what a student's process says of its functions
could be anything. It is read, never run.
"""

import ast
import linecache
import re
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

from grader.course.names import binds, imports_of
from grader.judge.signature import Definition, code_of

FILE = "<the student's cells>"
LONGEST = 100_000  # characters; what is behind them is not read
# What a test may look at in a code. No constants: a code among them could be run.
_LOOKED_AT = frozenset(
    f"co_{name}"
    for name in (
        *("argcount", "cellvars", "flags", "freevars", "kwonlyargcount", "names", "nlocals"),
        *("posonlyargcount", "varnames"),
    )
)
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)


class StudentText:
    """All cells of a student's up to a test, one below the other, as if they were one file."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._bound: dict[str, list[tuple[range, int]]] = {}
        self._statements: dict[str, ast.stmt] = {}
        self.imports: dict[str, ast.stmt] = {}

    def add(self, cell: str) -> None:
        """Add a cell; one that Python cannot read has bound nothing and is left out."""
        above = len(self._lines)
        text, statements = _read(cell)
        blank = len(text) - len(text.lstrip("\n"))  # IPython does not count such lines
        if sum(map(len, self._lines)) + len(text) > LONGEST:
            return
        for statement in statements:
            for name in binds(ast.Module([statement], [])):
                first, last = _first_line(statement), statement.end_lineno or statement.lineno
                own = range(first - blank, last - blank + 1)
                self._bound.setdefault(name, []).append((own, above + first))
                self._statements[name] = statement
        self.imports |= imports_of(ast.Module(statements, []))
        self._lines += text.splitlines(keepends=True)
        linecache.cache[FILE] = (sum(map(len, self._lines)), None, self._lines, FILE)

    def line_of(self, name: str, told: Any = None) -> int:
        """Return the line that binds a name last; 0 where none does.

        Parameters
        ----------
        told : int, optional
            Where in its cell what the name stands for begins, as the session says: a text that
            looks better than what is called must not take its place.
        """
        bound = self._bound.get(name, [])
        return next((line for own, line in reversed(bound) if told is None or told in own), 0)

    def definition_of(self, name: str) -> Definition | None:
        """Return what defines a function, where that and nothing else says what it is."""
        match self._statements.get(name):
            case ast.FunctionDef(decorator_list=[]) as function:
                return function
            case ast.Assign([ast.Name()], ast.Lambda() as function):
                return function
        return None


def _read(cell: str) -> tuple[str, list[ast.stmt]]:
    """Return what Python reads of a cell, and its statements; IPython's magics are passed over."""
    for text in (cell, _MAGIC.sub(r"\1pass", cell)):
        try:
            return f"{text}\n", ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return "", []


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


class ProxyCode:
    """Stands for the code of a student's function: it says where its text is, and what is in it."""

    def __init__(
        self,
        name: str,
        line: int,
        refuse: Callable[[str], NoReturn],
        definition: Definition | None = None,
    ) -> None:
        self.co_name = self.co_qualname = name
        self.co_filename, self.co_firstlineno = FILE, line
        self._refuse, self._definition = refuse, definition

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What ``isinstance`` asks for."""
        return CodeType

    def __getattr__(self, name: str) -> Any:
        code = code_of(self._definition) if name in _LOOKED_AT and self._definition else None
        if code:
            return getattr(code, name)
        if name.startswith("co_"):
            self._refuse(f"its __code__.{name}")
        raise AttributeError(f"'code' object has no attribute '{name}'")
