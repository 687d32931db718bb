"""A student's notebook made inert: afterwards any page may show it, nbgrader's own included.

Notebooks are data from strangers. nbconvert puts the HTML of Markdown cells and outputs into
pages as it is, and some fields of the file unescaped as well; the formgrader serves such pages
with the instructor's rights. So a notebook is built anew here from the fields that are known.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

from grader.images import safe_bitmap
from grader.safe_markdown import safe_source
from grader.safe_output import (
    BITMAPS,
    count_of,
    list_of,
    mapping_of,
    safe_output,
    shortened,
    text_of,
)

MAX_SOURCE = 200_000
MAX_CELLS = 2_000
MAX_OUTPUTS = 200
MAX_MARKDOWN_TOTAL = 400_000

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NAME = re.compile(r"[\w.+-]{1,60}")
_NBGRADER_FLAGS = ("grade", "solution", "locked", "task", "remove")
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def _safe_nbgrader(nbgrader: Mapping[str, Any]) -> dict[str, Any]:
    """Return nbgrader's own marks; its templates print the grade_id unescaped."""
    grade_id = nbgrader.get("grade_id")
    if not isinstance(grade_id, str) or not _ID.fullmatch(grade_id):
        return {}
    kept: dict[str, Any] = {"grade_id": grade_id}
    kept |= {name: bool(nbgrader[name]) for name in _NBGRADER_FLAGS if name in nbgrader}
    for name in ("points", "schema_version"):
        value = nbgrader.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            kept[name] = value
    for name in ("checksum", "cell_type"):
        if _NAME.fullmatch(text_of(nbgrader.get(name))):
            kept[name] = nbgrader[name]
    return kept


def _safe_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: metadata[name]
        for name in ("deletable", "editable")
        if isinstance(metadata.get(name), bool)
    }
    nbgrader = _safe_nbgrader(mapping_of(metadata.get("nbgrader")))
    return kept | ({"nbgrader": nbgrader} if nbgrader else {})


def _safe_attachments(attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    kept = {}
    for name, images in list(attachments.items())[:50]:
        found = {
            mime: bitmap
            for mime in BITMAPS
            if (bitmap := safe_bitmap(mime, text_of(mapping_of(images).get(mime))))
        }
        if found and isinstance(name, str):
            kept[name] = found
    return kept


def _safe_cell(cell: Mapping[str, Any], position: int) -> dict[str, Any] | None:
    kind, source = cell.get("cell_type"), text_of(cell.get("source"))
    name = cell.get("id")
    made: dict[str, Any] = {
        "cell_type": kind,
        "id": name if isinstance(name, str) and _ID.fullmatch(name) else f"cell-{position}",
        "metadata": _safe_metadata(mapping_of(cell.get("metadata"))),
    }
    if kind == "code":
        outputs = [
            safe_output(mapping_of(one)) for one in list_of(cell.get("outputs"), MAX_OUTPUTS)
        ]
        made["source"] = shortened(source, MAX_SOURCE, lines=10_000)
        made["execution_count"] = count_of(cell.get("execution_count"))
        made["outputs"] = [output for output in outputs if output]
    elif kind == "markdown":
        attachments = _safe_attachments(mapping_of(cell.get("attachments")))
        made["source"] = safe_source(source, attachments)
        made |= {"attachments": attachments} if attachments else {}
    elif kind == "raw":
        # nbconvert copies a raw cell of the page's own type into the page.
        made["source"] = shortened(source).replace("<", "‹")
    else:
        return None
    return made


def _unique(cells: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[str] = set()
    kept = []
    for position, cell in enumerate(cells):
        if cell["id"] in seen:
            cell = cell | {"id": f"cell-{position}-again"}
        seen.add(cell["id"])
        kept.append(cell)
    return kept


def _bounded_markdown(cells: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kept, total = [], 0
    for cell in cells:
        total += len(cell["source"]) if cell["cell_type"] == "markdown" else 0
        if cell["cell_type"] == "markdown" and total > MAX_MARKDOWN_TOTAL:
            cell = cell | {"source": "*(This notebook's text is too long to be shown.)*"}
        kept.append(cell)
    return kept


def _safe_top(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kernel = mapping_of(metadata.get("kernelspec"))
    names = {key: text_of(kernel.get(key)) for key in ("name", "language")}
    known = all(_NAME.fullmatch(value) for value in names.values())
    title = re.sub(r"[^\w .()+-]", "", text_of(kernel.get("display_name")))[:60] or names["name"]
    language = mapping_of(metadata.get("language_info")).get("name")
    safe = isinstance(language, str) and _NAME.fullmatch(language)
    return {
        "kernelspec": {"display_name": title, **names} if known else _KERNEL,
        "language_info": {"name": language if safe else "python"},
    }


def safe_notebook(notebook: Mapping[str, Any]) -> NotebookNode:
    """Return a copy of a notebook that holds nothing active, whoever wrote it.

    Parameters
    ----------
    notebook : mapping
        A notebook of nbformat 4; wrong types and unknown fields are allowed.

    Returns
    -------
    NotebookNode
        Cells with their nbgrader marks, sources, outputs and attached images. Markdown and HTML
        are clean; images are whole PNG, JPEG or GIF; an SVG becomes an ``<img>``; scripts,
        widgets and unknown types become a line of text that names them; all sizes are bounded.
        Applied twice, it changes nothing the second time.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "source": "<script>run()</script>"}
    >>> safe_notebook({"cells": [cell], "metadata": {}}).cells[0].source
    '&lt;script>run()&lt;/script>'
    """
    cells = [
        _safe_cell(mapping_of(cell), position)
        for position, cell in enumerate(list_of(notebook.get("cells"), MAX_CELLS))
    ]
    return from_dict(
        {
            "cells": _bounded_markdown(_unique(cell for cell in cells if cell)),
            "metadata": _safe_top(mapping_of(notebook.get("metadata"))),
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


class SafeNotebook(Preprocessor):  # type: ignore[misc]  # nbconvert is untyped
    """Applies `safe_notebook` before nbconvert makes a page, whichever program graded it."""

    enabled = True

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook made inert."""
        return safe_notebook(nb), resources
