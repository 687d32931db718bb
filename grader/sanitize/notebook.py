"""A student's notebook made inert: afterwards any page may show it, nbgrader's own included.

Notebooks are data from strangers. nbconvert puts the HTML of Markdown cells and outputs into
pages as it is, and some fields of the file unescaped as well; the formgrader serves such pages
with the instructor's rights. So a notebook is built anew here from the fields that are known.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

from grader.sanitize.images import safe_bitmap
from grader.sanitize.markdown import MAX_MARKDOWN, safe_source
from grader.sanitize.nesting import tags_in
from grader.sanitize.output import (
    BITMAPS,
    count_of,
    list_of,
    mapping_of,
    safe_output,
    shortened,
    text_of,
)

MAX_CODE = 50_000
MAX_CODE_TOTAL = 500_000
MAX_CELLS = 2_000
MAX_OUTPUTS = 200
MAX_MARKDOWN_TOTAL = 400_000
MAX_TAGS_TOTAL = 30_000
TOO_MUCH_CODE = "# This notebook's code is too long to be shown."
TOO_LONG = "*(This notebook's text is too long to be shown.)*"

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
            kept[text_of(name)] = found
    return kept


@dataclass
class _Budget:
    """What may still be spent on one notebook: each part is bounded, and so is their sum."""

    code: int = MAX_CODE_TOTAL
    markdown: int = MAX_MARKDOWN_TOTAL
    tags: int = MAX_TAGS_TOTAL

    def code_of(self, source: str) -> str:
        """Return code, shortened, while there is room for it."""
        self.code -= min(len(source), MAX_CODE)
        return shortened(source, MAX_CODE, lines=5_000) if self.code >= 0 else TOO_MUCH_CODE

    def markdown_of(self, source: str, attachments: dict[str, dict[str, str]]) -> str:
        """Return Markdown made safe, while there is room for it."""
        self.markdown -= min(len(source), MAX_MARKDOWN)
        return safe_source(source, attachments) if self.markdown >= 0 else TOO_LONG

    def output_of(self, output: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return an output made safe, without those of its forms that there is no room for."""
        data = dict(mapping_of(output.get("data")))
        self.tags -= tags_in(text_of(data.get("text/html")))
        self.markdown -= min(len(text_of(data.get("text/markdown"))), MAX_MARKDOWN)
        if self.tags < 0:
            data.pop("text/html", None)
        if self.markdown < 0:
            data.pop("text/markdown", None)
        return safe_output({**output, "data": data})


def _safe_cell(cell: Mapping[str, Any], position: int, budget: _Budget) -> dict[str, Any] | None:
    kind, source = cell.get("cell_type"), text_of(cell.get("source"))
    name = cell.get("id")
    made: dict[str, Any] = {
        "cell_type": kind,
        "id": name if isinstance(name, str) and _ID.fullmatch(name) else f"cell-{position}",
        "metadata": _safe_metadata(mapping_of(cell.get("metadata"))),
    }
    if kind == "code":
        shown = list_of(cell.get("outputs"), MAX_OUTPUTS)
        outputs = [budget.output_of(mapping_of(output)) for output in shown]
        made["source"] = budget.code_of(source)
        made["execution_count"] = count_of(cell.get("execution_count"))
        made["outputs"] = [output for output in outputs if output]
    elif kind == "markdown":
        attachments = _safe_attachments(mapping_of(cell.get("attachments")))
        made["source"] = budget.markdown_of(source, attachments)
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
    return from_dict(safe_form(notebook))


def safe_form(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `safe_notebook` does, as plain dicts and lists."""
    budget = _Budget()
    cells = [
        _safe_cell(mapping_of(cell), position, budget)
        for position, cell in enumerate(list_of(notebook.get("cells"), MAX_CELLS))
    ]
    return {
        "cells": _unique(cell for cell in cells if cell),
        "metadata": _safe_top(mapping_of(notebook.get("metadata"))),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class SafeNotebook(Preprocessor):  # type: ignore[misc]  # nbconvert is untyped
    """Applies `safe_notebook` before nbconvert makes a page, whichever program graded it."""

    enabled = True

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook made inert."""
        return safe_notebook(nb), resources
