"""Lessons that are written as Markdown: the notebook that one is, and what students hand in.

Each fenced block is a part of the lesson. Its info string says which, after the language:

- nothing more: a cell that nbgrader does not know;
- ``locked NAME``: a cell that students may only read;
- ``answer NAME``: a cell that they complete, with the solution between nbgrader's marks;
- ``test NAME POINTS``: a test;
- ``wrong NAME: TEST TEST=1``: a wrong answer to the cell NAME, and the tests that do not give their
  full points for it, each with what it gives, 0 where nothing is said;
- ``right NAME``: another right answer to the cell NAME;
- ``file PATH``: a file beside the notebook.

The heading above a test names what it is an example of.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from nbformat.v4 import new_code_cell, new_notebook

from grader.course.cells import Delimiters, grade_id, is_solution, is_test
from tests.compare import EMPTY, RIGHT, answered
from tests.helpers.tiny_course import graded_cell, write_notebook

FOLDER = Path(__file__).parent / "lessons"

Answers = dict[str, str]
Scores = dict[str, float]


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes
    ----------
    heading : str
        The last one above it.
    kind, rest : str
        What its info string says after the language.
    """

    heading: str
    kind: str
    rest: str
    text: str


@dataclass(frozen=True)
class Wrong:
    """An answer to one cell, with what those tests give that do not give their full points.

    Of another right answer these are none.
    """

    cell: str
    text: str
    scores: Scores


@dataclass(frozen=True)
class Lesson:
    """A lesson, and the wrong answers to it.

    Attributes
    ----------
    notebook : NotebookNode
        The instructor's own.
    files : dict of str to str
        What lies beside it.
    examples : dict of str to str
        The heading above each test.
    """

    name: str
    notebook: Any
    files: dict[str, str]
    wrong: tuple[Wrong, ...]
    examples: dict[str, str]

    @property
    def tests(self) -> Scores:
        """The points of each test."""
        cells = filter(is_test, self.notebook.cells)
        return {grade_id(cell): float(cell.metadata.nbgrader.points) for cell in cells}

    @property
    def solution(self) -> Answers:
        """The instructor's own answers, by cell."""
        cells = filter(is_solution, self.notebook.cells)
        return {grade_id(cell): Delimiters().answer(cell.source) for cell in cells}

    @property
    def answers(self) -> dict[str, Answers]:
        """What each student answers: the solution, nothing, or the solution but for mistakes."""
        mistaken = {
            student: self.solution | {one.cell: one.text for one in wrong}
            for student, wrong in self._mistakes.items()
        }
        return {RIGHT: self.solution, EMPTY: {}, **mistaken}

    @property
    def expected(self) -> dict[str, Scores]:
        """The points that each student has to get, by test."""
        mistaken = {
            student: self.tests | {test: got for one in wrong for test, got in one.scores.items()}
            for student, wrong in self._mistakes.items()
        }
        return {RIGHT: self.tests, EMPTY: dict.fromkeys(self.tests, 0.0), **mistaken}

    @property
    def _mistakes(self) -> dict[str, list[Wrong]]:
        """One student makes the first mistake in each cell, the next one the second, and so on."""
        students: dict[str, list[Wrong]] = {}
        seen: list[str] = []
        for wrong in self.wrong:
            seen.append(wrong.cell)
            students.setdefault(f"wrong-{seen.count(wrong.cell)}", []).append(wrong)
        return students

    @property
    def digest(self) -> str:
        """The same for the same cells, files and answers."""
        cells = [[cell.metadata, cell.source] for cell in self.notebook.cells]
        text = json.dumps([cells, self.files, self.answers], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def write(self, folder: Path) -> Path:
        """Write the source notebook, and what lies beside it; return the notebook's path."""
        for name, text in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text + "\n", encoding="utf-8")
        return write_notebook(self.notebook, folder / f"{self.name}.ipynb")

    def handed_in(self, released: Any) -> dict[str, Any]:
        """Return each student's notebook, made of the one that was handed out."""
        return {student: answered(released, given) for student, given in self.answers.items()}


def lessons() -> list[Lesson]:
    """Return all lessons."""
    files = sorted(FOLDER.glob("*.md"))
    return [read_lesson(file.stem, file.read_text(encoding="utf-8")) for file in files]


def read_lesson(name: str, text: str) -> Lesson:
    """Read a lesson.

    Raises
    ------
    ValueError
        When it has a block of no known kind, or a wrong answer to a cell or test that it has not.
    """
    found = list(blocks(text))
    cells = [_cell(number, block) for number, block in enumerate(found) if _is_cell(name, block)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    lesson = Lesson(
        name,
        new_notebook(cells=cells, metadata={"kernelspec": kernel}),
        {block.rest: block.text for block in found if block.kind == "file"},
        tuple(_wrong(block) for block in found if block.kind in ("wrong", "right")),
        {block.rest.split()[0]: block.heading for block in found if block.kind == "test"},
    )
    for block in found:
        if block.kind in ("wrong", "right"):
            _refuse_unknown(lesson, _wrong(block), block.kind)
    return lesson


def blocks(text: str) -> Iterator[Block]:
    """Give the fenced blocks of a Markdown text.

    Examples
    --------
    >>> list(blocks("# Sums\\n```python test test_two 1\\nassert two == 2\\n```"))
    [Block(heading='Sums', kind='test', rest='test_two 1', text='assert two == 2')]
    """
    heading = ""
    for before, token in pairwise([None, *MarkdownIt("commonmark").parse(text)]):
        if before and before.type == "heading_open":
            heading = token.content
        elif token.type == "fence":
            _, kind, rest = [*token.info.split(maxsplit=2), "", "", ""][:3]
            yield Block(heading, kind, rest, token.content.removesuffix("\n"))


_CELLS = {"": "", "locked": "locked", "answer": "solution", "test": "test"}


def _is_cell(lesson: str, block: Block) -> bool:
    if block.kind not in (*_CELLS, "wrong", "right", "file"):
        raise ValueError(
            f"{lesson}.md has a block '{block.kind} {block.rest}'. It has to be one of "
            f"{', '.join(filter(None, _CELLS))}, wrong, right and file."
        )
    return block.kind in _CELLS


def _cell(number: int, block: Block) -> Any:
    if not block.kind:
        return new_code_cell(block.text, id=f"cell-{number}")
    name, points = [*block.rest.split(), "0"][:2]
    return graded_cell(_CELLS[block.kind], name, block.text, int(points))


def _wrong(block: Block) -> Wrong:
    cell, _, tests = block.rest.partition(":")
    pairs = [test.partition("=") for test in tests.split()]
    return Wrong(cell, block.text, {test: float(points or 0) for test, _, points in pairs})


def _refuse_unknown(lesson: Lesson, wrong: Wrong, kind: str) -> None:
    unknown = {wrong.cell} - {*lesson.solution} or {*wrong.scores} - {*lesson.tests}
    if unknown or (kind == "wrong") != bool(wrong.scores):
        missing = ", ".join(sorted(unknown)) or "a test that it fails"
        raise ValueError(f"{lesson.name}.md has no {missing} for a {kind} answer to {wrong.cell}.")
