"""The cells of a graded notebook as HTML for a feedback page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from grader.course.cells import is_locked, is_solution, is_task, is_test
from grader.pages.hidden_tests import Secrets
from grader.sanitize.formula import mathml
from grader.sanitize.html import clean
from grader.sanitize.markdown_html import markdown_html

# Of Pygments' styles, one whose colours can be read on the paper: WCAG asks for a contrast of 4.5.
CODE_STYLE = Markup(HtmlFormatter(style="default").get_style_defs([".code", ".highlight"]))

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BITMAPS = ("image/png", "image/jpeg", "image/gif")
_NO_ALT = "A figure that this cell's code drew"


# What is wider or higher than its place scrolls, and not every browser lets keys do that.
_SCROLLS = Markup('tabindex="0"')


@dataclass(frozen=True)
class Kind:
    """What a cell is to the student: a heading above it, and the name of its style."""

    label: str
    name: str


ANSWER = Kind("Your answer", "answer")
TEST = Kind("Test", "test")
GIVEN = Kind("Given", "given")
OWN = Kind("Code", "own")
TEXT = Kind("", "text")


def kind_of(cell: Mapping[str, Any]) -> Kind:
    """Return what a cell is, by its nbgrader metadata."""
    if is_solution(cell) or is_task(cell):
        return ANSWER
    if cell["cell_type"] == "markdown":
        return TEXT
    if is_test(cell):
        return TEST
    return GIVEN if is_locked(cell) else OWN


@lru_cache(maxsize=256)
def code_html(source: str) -> Markup:
    """Return Python code with its parts coloured."""
    html = highlight(source, PythonLexer(), HtmlFormatter(cssclass="code"))
    return Markup(html.replace("<pre>", f"<pre {_SCROLLS}>", 1))


def _pre(text: str, name: str) -> Markup:
    return Markup('<pre class="{}" {}>{}</pre>').format(
        name, _SCROLLS, _ANSI.sub("", text).rstrip("\n")
    )


def _latex(text: str) -> Markup:
    inner = text.strip().strip("$").strip()
    return Markup('<div class="formula">{}</div>').format(Markup(mathml(inner, block=True)))


def _bundle_html(data: Mapping[str, str], metadata: Mapping[str, Any], secrets: Secrets) -> Markup:
    if "text/html" in data:
        return Markup('<div class="html">{}</div>').format(
            Markup(clean(secrets.redact_html(data["text/html"])))
        )
    if "text/markdown" in data:
        return Markup(markdown_html(secrets.redact(data["text/markdown"])))
    for mime in _BITMAPS:
        if mime in data:
            alt = metadata.get(mime, {}).get("alt", _NO_ALT)
            return Markup('<img src="data:{};base64,{}" alt="{}">').format(mime, data[mime], alt)
    if "text/latex" in data:
        return _latex(secrets.redact(data["text/latex"]))
    return _pre(secrets.redact(data.get("text/plain", "")), "result")


def output_html(output: Mapping[str, Any], secrets: Secrets) -> Markup:
    """Return one output of a safe notebook as HTML, without the lines of hidden tests."""
    kind = output["output_type"]
    if kind == "stream":
        return _pre(secrets.redact(output["text"]), output["name"])
    if kind == "error":
        lines = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
        return _pre(secrets.redact(lines), "error")
    return _bundle_html(output["data"], output["metadata"], secrets)


def source_html(cell: Mapping[str, Any], secrets: Secrets) -> Markup:
    """Return a cell's text or code as HTML."""
    source = secrets.redact(cell["source"])
    if cell["cell_type"] == "markdown":
        return Markup(markdown_html(source, cell.get("attachments")))
    if cell["cell_type"] == "raw":
        return _pre(source, "raw")
    return code_html(source)


def comment_html(comment: str) -> Markup:
    """Return a teacher's comment, which is Markdown, as HTML."""
    return Markup(markdown_html(comment))
