"""What grading needs to know of a lesson: the instructor's cells, from the gradebook."""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

from IPython.core.inputtransformer2 import TransformerManager

from grader.course.cells import SCHEMA_VERSION
from grader.course.magics import without_magics


@dataclass(frozen=True)
class SourceCell:
    """One of the instructor's cells: what it is decides, whatever a submission says of it.

    Attributes
    ----------
    cell : str
        Its ``grade_id``.
    source, released : str
        Its text, and its text as students get it: without hidden tests and mark schemes.
    points : float or None
        What it is worth; None where it is not graded.
    checksum : str
        nbgrader's, of the cell as released; tells an answer that was not touched.
    answer : str
        The official solution, where the instructor's own file has it. It says whose a name is, and
        is never in a session.
    """

    cell: str
    cell_type: str
    source: str
    released: str
    locked: bool
    solution: bool
    task: bool
    points: float | None
    checksum: str
    answer: str = ""

    @property
    def hidden_lines(self) -> frozenset[int]:
        """The numbers of the lines that students do not get, and of the marks around them."""
        visible = iter([*self.released.split("\n"), None])
        expected, hidden = next(visible), []
        for number, line in enumerate(self.source.split("\n"), 1):
            if line == expected:
                expected = next(visible)
            else:
                hidden.append(number)
        return frozenset(hidden)

    @property
    def is_test(self) -> bool:
        """Whether running it decides its points."""
        return self.points is not None and not self.solution and not self.task

    @property
    def is_manual(self) -> bool:
        """Whether a person grades it."""
        return self.task or (self.points is not None and self.solution)

    @property
    def metadata(self) -> dict[str, Any]:
        """The cell's nbgrader metadata, as the gradebook has it."""
        kept: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "grade_id": self.cell,
            "grade": self.points is not None and not self.task,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
        }
        return kept if self.points is None else kept | {"points": self.points}


@dataclass(frozen=True)
class SourceNotebook:
    """A lesson's notebook: its nbgrader cells in the instructor's order.

    Attributes
    ----------
    files : tuple of (str, str)
        The lesson's other files, such as data: path within the lesson, content as base64.
    figures : tuple of str
        The code of those cells that show something of the modules under test.
    inside : tuple of str
        The tests that run in the session, after the student's cells, as the proof of the lesson
        found; all others run in the judge.
    shadowed : bool
        Whether the visible text of the other tests runs in the session as well, for the names
        that it binds.
    handles : tuple of (str, str), or None
        Where the official solution gives tests an object, and of what class, as the proof found.
        None while it is graded to find them.
    plain : tuple of (str, str)
        The instructor's code cells that nbgrader does not know, such as imports: the nbgrader cell
        that comes next, empty for none, and the text.
    """

    lesson: str
    name: str
    cells: tuple[SourceCell, ...]
    files: tuple[tuple[str, str], ...] = ()
    figures: tuple[str, ...] = ()
    plain: tuple[tuple[str, str], ...] = ()
    inside: tuple[str, ...] = ()
    shadowed: bool = False
    handles: tuple[tuple[str, str], ...] | None = ()

    @cached_property
    def _json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def to_json(self) -> str:
        """Return this as JSON text, the same for the same lesson."""
        return self._json

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        data = json.loads(text)
        cells = tuple(SourceCell(**cell) for cell in data["cells"])
        files = tuple((path, content) for path, content in data["files"])
        plain = tuple((following, text) for following, text in data["plain"])
        texts = {key: tuple(data[key]) for key in ("figures", "inside")}
        pairs = data["handles"]
        handles = None if pairs is None else tuple((site, kind) for site, kind in pairs)
        read = {"cells": cells, "files": files, "plain": plain, "handles": handles}
        return cls(**data | texts | read)

    @cached_property
    def digest(self) -> str:
        """The same for the same cells."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The modules that the instructor's text imports, its hidden tests and solutions, too."""
        code = [cell for cell in self.cells if cell.cell_type == "code"]
        own = [cell.answer if cell.solution else cell.source for cell in code]
        return self._from_elsewhere(_imported([*own, *self.figures, *self._plain]))

    @cached_property
    def session_imports(self) -> tuple[str, ...]:
        """The modules that a session loads beforehand: nothing that only hidden text imports.

        Of a solution's modules it has those that take long to load, which Python's own do not; that
        these are used tells no more than that they are installed.
        """
        code = [cell for cell in self.cells if cell.cell_type == "code"]
        seen = _imported([*(cell.released for cell in code), *self.figures, *self._plain])
        solutions = {name.partition(".")[0] for name in _imported(cell.answer for cell in code)}
        return self._from_elsewhere([*seen, *(solutions - sys.stdlib_module_names)])

    @property
    def _plain(self) -> list[str]:
        return [text for _, text in self.plain]

    @cached_property
    def own_modules(self) -> set[str]:
        """The names of modules that lie beside the notebook, and of other files there."""
        return {path.removesuffix(".py").partition("/")[0] for path, _ in self.files}

    def _from_elsewhere(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those that are not files of the lesson, which are another lesson's elsewhere."""
        own = self.own_modules
        return tuple(sorted({name for name in names if name.partition(".")[0] not in own}))


def _imported(sources: Iterable[str]) -> Iterator[str]:
    for node in (node for source in sources for node in ast.walk(parse(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parse(source: str) -> ast.Module:
    """Parse a cell as IPython reads it; what cannot be read is an empty module."""
    try:
        return read(source)
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def read(source: str) -> ast.Module:
    """Parse a cell as IPython reads it; line 1 is the cell's own first line.

    Raises
    ------
    SyntaxError, ValueError
        When it cannot be read.
    """
    try:
        tree = ast.parse(source)  # what Python can read, IPython reads alike, but slowly
    except (SyntaxError, ValueError):
        tree = _as_ipython_reads(source)
    return without_magics(tree, read)


def _as_ipython_reads(source: str) -> ast.Module:
    code: str = TransformerManager().transform_cell(source)
    lines = source.split("\n")
    # IPython takes leading blank lines away.
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return ast.increment_lineno(ast.parse(code), blank)
