"""The page about one's own lesson, read by a program: its files, its cells, its commands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PAGE = Path(__file__).parent / "own-lesson.md"

_BLOCK = re.compile(
    r"^```\{code-block\} (?P<language>\w+)\n(?::caption: (?P<caption>[^\n]*)\n\n)?"
    r"(?P<text>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)
_CELL = re.compile(
    r"Cell \d+: (?P<kind>[\w -]+?)(?:, ID (?P<id>\w+))?(?:, Points (?P<points>\d+))?"
)

# What the types are called in JupyterLab's panel, and what nbgrader writes into such a cell.
KINDS: dict[str, dict[str, Any]] = {
    "Autograded answer": {"grade": False, "solution": True, "locked": False},
    "Autograded tests": {"grade": True, "solution": False, "locked": True},
    "Manually graded answer": {"grade": True, "solution": True, "locked": False},
    "Read-only": {"grade": False, "solution": False, "locked": True},
}


@dataclass(frozen=True)
class Block:
    """A code block of the page, with what stands above it."""

    language: str
    caption: str
    text: str

    @property
    def file(self) -> str:
        """The file that it is; empty for none."""
        return self.caption if re.fullmatch(r"\w+\.\w+", self.caption) else ""

    @property
    def cell(self) -> re.Match[str] | None:
        """Which cell of the lesson it is."""
        return _CELL.fullmatch(self.caption)


def blocks(page: str) -> list[Block]:
    """Return a page's code blocks.

    Examples
    --------
    >>> blocks("```{code-block} console\\n$ grader check\\n```")
    [Block(language='console', caption='', text='$ grader check')]
    """
    return [Block(one["language"], one["caption"] or "", one["text"]) for one in _found(page)]


def _found(page: str) -> Iterator[re.Match[str]]:
    return _BLOCK.finditer(page)


def notebook_of(page: str) -> Any:
    """Return the lesson that somebody makes in JupyterLab who follows the page."""
    cells = [_cell(block, block.cell) for block in blocks(page) if block.cell]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _cell(block: Block, named: re.Match[str]) -> Any:
    """Return a cell as JupyterLab writes it after the choices of its caption."""
    markdown = block.language == "markdown"
    name = named["id"] or re.sub(r"\W+", "_", named[0].lower()).strip("_")
    cell = (new_markdown_cell if markdown else new_code_cell)(block.text, id=name)
    if named["kind"] in KINDS:
        known = KINDS[named["kind"]] | {"grade_id": name, "schema_version": 3, "task": False}
        points = {"points": int(named["points"])} if named["points"] else {}
        cell.metadata["nbgrader"] = known | points | {"cell_type": cell.cell_type}
    return cell
