"""Put a submission and the instructor's cells together; its own metadata decides nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import nbformat

from grader.course.cells import grade_id
from grader.course.lesson import SourceCell, SourceNotebook

CODE, MARKDOWN = "code", "markdown"
MAX_CELLS = 2000
# What the grader can always grade, when it can grade at all: each of the instructor's cells is put
# back into it as it was handed out.
EMPTY = b'{"nbformat": 4, "cells": []}'


class DamagedSubmission(Exception):
    """A submission that cannot be read; the text tells a teacher why."""


@dataclass(frozen=True)
class Step:
    """One cell on the way through a notebook.

    Attributes
    ----------
    known : SourceCell or None
        The instructor's cell that it is; None for a cell of the student's own.
    """

    cell_type: str
    source: str
    known: SourceCell | None
    attachments: dict[str, Any] | None = None

    @property
    def unchanged(self) -> bool:
        """Whether an answer is still as it was handed out."""
        return self.known is not None and self.source.strip() == self.known.released.strip()


def restore(submission: bytes, source: SourceNotebook) -> tuple[list[Step], list[str]]:
    """Return the cells to run, in order, and what a teacher should know.

    The instructor's cells have their own type and, where locked, their own text again; missing
    ones are put back after the cell they followed. Of a cell that stands twice, the later one
    counts, as in nbgrader. The instructor's cells change places until they are in order: a test
    that ran before what it needs of the instructor's would take that from the student.

    Raises
    ------
    DamagedSubmission
        When the submission is not a notebook.
    """
    known = {cell.cell: cell for cell in source.cells}
    steps: list[Step] = []
    notes: list[str] = []
    seen: set[str] = set()
    for cell in reversed(list(_cells(_read(submission)))):
        name = grade_id(cell)
        if name in seen:
            notes.append(f"The cell {name} stands in it more than once; the last one counts.")
        found = known.get(name) if name not in seen else None
        if found:
            seen.add(name)
        steps.append(_step(cell, found, notes))
    steps.reverse()
    for index, missing in enumerate(source.cells):
        if missing.cell not in seen:
            _put_back(steps, source.cells[:index], missing)
            notes.append(f"The cell {missing.cell} was missing and has been put back.")
    order = [step.known.cell for step in steps if step.known]
    if order != [cell.cell for cell in source.cells]:
        notes.append("The cells stood in another order than they were handed out in.")
        steps = _in_order(steps, source)
    return steps, list(dict.fromkeys(notes))


def _in_order(steps: list[Step], source: SourceNotebook) -> list[Step]:
    known = {step.known.cell: step for step in steps if step.known}
    ordered = (known[cell.cell] for cell in source.cells)
    return [next(ordered) if step.known else step for step in steps]


def _step(cell: dict[str, Any], found: SourceCell | None, notes: list[str]) -> Step:
    kind, text = cell["cell_type"], _text(cell.get("source"))
    attachments = cell.get("attachments") if kind == MARKDOWN else None
    step = Step(kind, text, found, attachments if isinstance(attachments, dict) else None)
    if found is None:
        return step
    if kind != found.cell_type:
        notes.append(f"The cell {found.cell} was a {kind} cell and is {found.cell_type} again.")
        step = replace(step, cell_type=found.cell_type)
    if found.locked and text.strip() != found.released.strip():
        notes.append(f"The text of the locked cell {found.cell} was changed; it is restored.")
    return replace(step, source=found.source) if found.locked else step


def _put_back(steps: list[Step], before: tuple[SourceCell, ...], missing: SourceCell) -> None:
    places = {step.known.cell: index for index, step in enumerate(steps) if step.known}
    place = max((places[cell.cell] for cell in before if cell.cell in places), default=-1)
    source = missing.source if missing.locked else missing.released
    steps.insert(place + 1, Step(missing.cell_type, source, missing))


def _read(submission: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(submission.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DamagedSubmission("The file is not text, so it is not a notebook.") from None
    except (ValueError, RecursionError) as error:
        raise DamagedSubmission(
            f"The file is not a notebook: its JSON is broken ({error})."
        ) from None
    if not isinstance(notebook, dict):
        raise DamagedSubmission("The file is JSON, but not a notebook.")
    version = notebook.get("nbformat")
    if type(version) is not int or not 1 <= version <= 4:
        raise DamagedSubmission(
            f"The notebook's format is {str(version)[:20]!r}; formats 1 to 4 can be read."
        )
    if version == 4:
        return notebook
    try:
        # nbformat's own reader joins lines, which these formats keep in lists.
        old = nbformat.reader.reads(json.dumps(notebook))
        return dict(nbformat.convert(old, 4))
    except Exception as error:
        raise DamagedSubmission(
            f"The notebook has the old format {version} and cannot be converted "
            f"({type(error).__name__}). It has to be opened and saved in JupyterLab."
        ) from None


def _cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise DamagedSubmission("The notebook has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise DamagedSubmission(f"The notebook has {len(cells)} cells, more than {MAX_CELLS}.")
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") in (CODE, MARKDOWN, "raw"):
            yield cell


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    text = source if isinstance(source, str) else ""
    return text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be written
