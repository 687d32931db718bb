"""Markdown as clean HTML, with its formulas as MathML, for the pages that people read."""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.sanitize.formula import mathml
from grader.sanitize.html import clean
from grader.sanitize.images import safe_data_url
from grader.sanitize.markdown import safe_source
from grader.sanitize.markdown_watch import Attachments

_TICK_BOX = re.compile(r'<input class="task-list-item-checkbox" type="checkbox"([^<>]*)>')


class _Painter(IPythonRenderer):  # type: ignore[misc]  # nbconvert is untyped
    """Sets formulas aside while HTML is cleaned: the cleaner would take MathML for a danger."""

    def __init__(self, attachments: Attachments) -> None:
        super().__init__(escape=False, attachments=attachments, exclude_anchor_links=True)
        self.formulas: list[str] = []

    def _aside(self, tex: str, block: bool) -> str:
        self.formulas.append(mathml(tex, block=block))
        return f"\ue000{len(self.formulas) - 1}\ue001"

    def inline_math(self, body: str) -> str:
        return self._aside(body, block=False)

    def block_math(self, body: str) -> str:
        return self._aside(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return self._aside(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre><code>{escape(code)}</code></pre>"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # Where a page lies says nothing of where the notebooks lie.
        if url.endswith(".ipynb") and ":" not in url:
            return text
        return str(super().link(text, url, title))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        url = self._inline(url)
        if safe_data_url(url) is None:
            return f"<em>[image not shown: {escape(unescape(text))}]</em>"
        return f'<img src="{url}" alt="{escape(unescape(text))}">'

    def _inline(self, url: str) -> str:
        images = self.attachments.get(url.removeprefix("attachment:"), {})
        return next((f"data:{mime};base64,{data}" for mime, data in images.items()), url)


def _rendered(source: str, attachments: Attachments) -> str:
    painter = _Painter(attachments)
    try:
        html = MarkdownWithMath(renderer=painter).render(re.sub("[\ue000\ue001]", "", source))
    except Exception:  # No text may stop the page that shows it.
        return f"<pre>{escape(source)}</pre>"
    html = _TICK_BOX.sub(lambda match: "☑ " if "checked" in match[1] else "☐ ", html)
    return re.sub("\ue000(\\d+)\ue001", lambda match: painter.formulas[int(match[1])], clean(html))


@lru_cache(maxsize=512)
def _rendered_alone(source: str) -> str:
    return _rendered(source, {})


def markdown_html(source: str, attachments: Attachments | None = None) -> str:
    r"""Return Markdown as clean HTML with its formulas as MathML.

    Examples
    --------
    >>> markdown_html("*far* $x$<br onclick=run()>")
    '<p><em>far</em> <math display="inline"><mrow><mi>x</mi></mrow></math><br></p>\n'
    """
    source = safe_source(source, attachments)
    return _rendered(source, attachments) if attachments else _rendered_alone(source)


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Stand in for nbconvert's filter of this name in every page that nbgrader makes."""
    cell = context.get("cell") or {}
    return markdown_html(source, cell.get("attachments") or {})
