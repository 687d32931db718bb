"""What nbconvert would put into a page for a piece of Markdown, told by its own renderer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.sanitize.html import TAGS
from grader.sanitize.images import safe_data_url
from grader.sanitize.nesting import CLOSED_BY_THE_NEXT, TAG, VOID
from grader.sanitize.tags import safe_tags

Attachments = Mapping[str, Mapping[str, str]]

# A neighbouring notebook is harmless; any other address on the server may do something.
_LINK = re.compile(
    r"(?:https?://|mailto:|#)[^\s]*|(?:(?:\.\.|[\w%-]+)/)*[\w%-]+\.ipynb", re.IGNORECASE
)


@dataclass
class Sighting:
    """One thing the renderer met: code and formulas mark the way, the others may be dangerous."""

    kind: str
    text: str
    safe: bool = True


@dataclass
class Report:
    """What was met, in order, and which tags were left open or closed unasked."""

    sightings: list[Sighting] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    balanced: bool = True

    @property
    def inert(self) -> bool:
        """Whether a page may hold what the renderer makes of the text."""
        return self.balanced and not self.open_tags and all(s.safe for s in self.sightings)


class _Watcher(IPythonRenderer):  # type: ignore[misc]  # nbconvert is untyped
    """nbconvert's own renderer, which tells what it was handed in the order of the source."""

    def __init__(self, attachments: Attachments) -> None:
        super().__init__(escape=False, attachments=attachments)
        self.report = Report()

    def _saw(self, kind: str, text: str, safe: bool = True) -> None:
        self.report.sightings.append(Sighting(kind, text, safe))

    def _html(self, html: str) -> None:
        self._saw("html", html, safe_tags(html) == html)
        for tag in TAG.finditer(html):
            name = tag["name"].lower()
            if name in VOID | CLOSED_BY_THE_NEXT or name not in TAGS:
                continue
            if not tag["close"]:
                self.report.open_tags.append(name)
            elif self.report.open_tags[-1:] == [name]:
                self.report.open_tags.pop()
            else:
                self.report.balanced = False

    def inline_html(self, html: str) -> str:
        self._html(html)
        return str(super().inline_html(html))

    def block_html(self, html: str) -> str:
        self._html(html)
        return str(super().block_html(html))

    def block_code(self, code: str, info: str | None = None) -> str:
        # nbconvert copies a Mermaid diagram into the page as it is.
        self._saw("code", code, not (info or "").startswith("mermaid"))
        return str(super().block_code(code, info))

    def codespan(self, text: str) -> str:
        self._saw("code", text)
        return str(super().codespan(text))

    def inline_math(self, body: str) -> str:
        self._saw("code", body)
        return str(super().inline_math(body))

    def block_math(self, body: str) -> str:
        self._saw("code", body)
        return str(super().block_math(body))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        self._saw("link", url, bool(_LINK.fullmatch(url)))
        return str(super().link(text, url, title))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        name = url.removeprefix("attachment:")
        known = name in self.attachments and url != name
        safe = known or safe_data_url(url) is not None
        self._saw("link", url, safe)
        return str(super().image(text, url, title)) if safe else ""


def watch(source: str, attachments: Attachments) -> Report:
    """Return what nbconvert's renderer meets in a text, without the page that it would make.

    Examples
    --------
    >>> watch("*x* <b>y</b>", {}).inert, watch("<script>", {}).inert
    (True, False)
    """
    watcher = _Watcher(attachments)
    MarkdownWithMath(renderer=watcher).render(source)
    return watcher.report
