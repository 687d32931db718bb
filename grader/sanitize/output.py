"""A cell's outputs made inert: text, clean HTML and whole pictures stay, scripts and widgets go."""

import re
from collections.abc import Mapping
from typing import Any

from grader.sanitize.html import clean
from grader.sanitize.images import safe_bitmap, safe_svg
from grader.sanitize.markdown import safe_source
from grader.sanitize.nesting import manageable

MAX_TEXT = 50_000
MAX_LINES = 1_000
MAX_HTML = 3_000_000

BITMAPS = ("image/png", "image/jpeg", "image/gif")
WIDGET_TEXT = "[interactive figure: it moves in the notebook only]"

_MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")
_NOTE = 60  # The note on what is missing must not itself make a text too long.
_WIDGET = "application/vnd.jupyter.widget-view+json"


def text_of(value: object) -> str:
    """Return a field of a notebook as text that a file can hold; it may be a list of lines."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return a field of a notebook as a mapping; empty where it is something else."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object, most: int) -> list[Any]:
    """Return the first entries of a list; none where it is something else."""
    return value[:most] if isinstance(value, list) else []


def count_of(value: object) -> int | None:
    """Return a whole number; None where it is something else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def shortened(text: str, most: int = MAX_TEXT, lines: int = MAX_LINES) -> str:
    """Return the text, or its beginning and its end with a line that says what is missing.

    Examples
    --------
    >>> print(shortened("ab" + "." * 1000 + "gh", most=4))
    ab
    ... 1000 characters left out ...
    gh
    """
    rows = text.splitlines(keepends=True)
    if len(rows) > lines + 1:
        gap = f"... {len(rows) - lines} lines left out ...\n"
        text = "".join([*rows[: lines // 2], gap, *rows[-(lines // 2) :]])
    if len(text) > most + _NOTE:
        half = most // 2
        text = f"{text[:half]}\n... {len(text) - most} characters left out ...\n{text[-half:]}"
    return text


def _picture(mime: str, data: Mapping[str, Any], alt: str) -> dict[str, Any]:
    if mime == "image/svg+xml":
        svg = safe_svg(text_of(data[mime]))
        tag = f'<img alt="{alt}" src="data:image/svg+xml;base64,{svg}">'
        return {"text/html": clean(tag)} if svg else {}
    bitmap = safe_bitmap(mime, text_of(data[mime]))
    return {mime: bitmap} if bitmap else {}


def _bundle(data: Mapping[str, Any], alt: str) -> dict[str, Any]:
    """Return what may be shown of one output, in all its forms."""
    kept: dict[str, Any] = {}
    for mime in (*BITMAPS, "image/svg+xml"):
        if mime in data:
            kept |= _picture(mime, data, alt)
    html = text_of(data.get("text/html"))
    affordable = len(html) <= MAX_HTML and manageable(html)
    if affordable and (cleaned := clean(html)).strip():
        kept["text/html"] = cleaned
    if "text/markdown" in data:
        kept["text/markdown"] = safe_source(text_of(data["text/markdown"]))
    if "text/latex" in data:
        kept["text/latex"] = shortened(text_of(data["text/latex"]), 5_000)
    if "text/plain" in data and _WIDGET not in data:
        kept["text/plain"] = shortened(text_of(data["text/plain"]))
    elif not kept:
        kept["text/plain"] = _proxy(data)
    return kept


def _proxy(data: Mapping[str, Any]) -> str:
    if _WIDGET in data:
        return WIDGET_TEXT
    missing = sorted(mime for mime in data if _MIME.fullmatch(mime))
    return f"[not shown: {', '.join(missing[:5]) or 'an output without a form'}]"


def _size_and_alt(metadata: Mapping[str, Any]) -> dict[str, Any]:
    sizes = {key: metadata[key] for key in ("width", "height") if count_of(metadata.get(key))}
    sizes = {key: value for key, value in sizes.items() if 0 < value <= 10_000}
    alt = text_of(metadata.get("alt"))[:2_000]
    return sizes | ({"alt": alt} if alt else {})


def _result(output: Mapping[str, Any]) -> dict[str, Any]:
    data = {str(mime): value for mime, value in mapping_of(output.get("data")).items()}
    metadata = mapping_of(output.get("metadata"))
    alt = next((text_of(mapping_of(entry).get("alt")) for entry in metadata.values()), "")
    alt = re.sub(r"[<>\"&]", " ", alt)[:2_000]
    kept = _bundle(data, alt)
    about = {
        mime: _size_and_alt(mapping_of(metadata.get(mime))) for mime in BITMAPS if mime in kept
    }
    return {"data": kept, "metadata": {mime: value for mime, value in about.items() if value}}


def safe_output(output: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return one output of a cell made inert, or None where its kind is unknown.

    Parameters
    ----------
    output : mapping
        As nbformat 4 has it; wrong types are allowed.
    """
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": shortened(text_of(output.get("text")))}
    if kind == "error":
        lines = [shortened(text_of(line), 10_000) for line in list_of(output.get("traceback"), 500)]
        fields = {name: shortened(text_of(output.get(name)), 5_000) for name in ("ename", "evalue")}
        return {"output_type": kind, **fields, "traceback": lines}
    if kind == "display_data":
        return {"output_type": kind, **_result(output)}
    if kind == "execute_result":
        count = count_of(output.get("execution_count"))
        return {"output_type": kind, "execution_count": count, **_result(output)}
    return None
