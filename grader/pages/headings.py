"""The headings that graded cells stand under, in the notebook as the instructor released it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from grader.course.cells import grade_id
from grader.course.course import Course
from grader.sanitize.output import list_of, mapping_of, text_of

MAX_CELLS, MAX_HEADING = 2_000, 200

_HEADING = re.compile(r"#{1,6} +(.+?) *#*")
# Marks of style, and the points, which stand in the table anyway.
_NOT_WORDS = re.compile(r"[*`$]|<[^<>]*>|\s*[·(,-]\s*\d+(\.\d+)? points?\)?$")


def titles(course: Course, lesson: str, name: str) -> dict[str, str]:
    """Return for each nbgrader cell of a released notebook the heading that it stands under.

    The headings in a submission are the student's to change; none of them names a row.
    """
    file = course.folder("release", ".", lesson) / f"{name}.ipynb"
    try:
        return titles_of(mapping_of(json.loads(file.read_bytes())))
    except (OSError, ValueError, RecursionError):
        return {}


def titles_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return each nbgrader cell's heading, the last one in the Markdown cells above it.

    Examples
    --------
    >>> text = {"cell_type": "markdown", "source": "## The `answer` · 1 point"}
    >>> test = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "test_answer"}}}
    >>> titles_of({"cells": [text, test]})
    {'test_answer': 'The answer'}
    """
    title, found = "", {}
    for cell in map(mapping_of, list_of(notebook.get("cells"), MAX_CELLS)):
        if cell.get("cell_type") == "markdown":
            lines = text_of(cell.get("source")).split("\n")
            title = next(filter(None, map(_heading, reversed(lines))), title)
        if name := grade_id(cell):
            found[name] = title
    return found


def _heading(line: str) -> str:
    """Return the words of a line that is a heading; empty for other lines."""
    match = _HEADING.fullmatch(line.strip()[:MAX_HEADING])
    return _NOT_WORDS.sub("", match[1]) if match else ""
