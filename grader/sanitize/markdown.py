"""Markdown that students wrote, its source made inert: it stays Markdown and stays readable."""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import unquote

from grader.sanitize.markdown_watch import Attachments, Report, watch
from grader.sanitize.tags import safe_tags

MAX_MARKDOWN = 20_000
ROUNDS = 4
MAX_MENDED = 30
AS_TYPED = "*Shown as it was typed, because not all of it may stand on a page:*"

_ACTIVE_SIGNS = re.compile(r"<|\]\(|\]:|\]\[|!\[|://|www\.|mermaid|&", re.IGNORECASE)
_TYPED = re.compile(re.escape(AS_TYPED) + r"\n\n(`{3,})\n(?:(?!\1|[ \t]{300})[\s\S])*\n\1\n")
_LINK_MARKS = (
    re.compile(r"(!?)(?<!\\)\[(?=[^\[\]]{0,500}\]\(\s{0,9}(<[^<>\n]*>|\S*))"),
    re.compile(r"(?m)^( {0,3})\[(?=[^\[\]]{1,500}\]:\s{0,9}(\S+))"),
    re.compile(r"()(?<!\\)<(?=([a-zA-Z][\w+.-]*:[^<>\s]*))"),
)
# The renderer looks from each of these to the end of the text: a thousand of them take minutes.
_COSTLY = re.compile(r"\\\\[(\[]|\\begin")
_LONG_GAP = re.compile(r"[ \t]{300}")


def _same_url(written: str, url: str) -> bool:
    """Tell whether a link in the source, or its beginning, is the one the renderer made of it."""
    return unquote(unescape(written.strip("<> "))).startswith(unquote(unescape(url)))


def _without_link(source: str, at: int, url: str) -> str:
    """Break the marks of one link or image, so that it is read as the text it is."""
    for mark in _LINK_MARKS:
        for match in mark.finditer(source, at):
            if _same_url(match[2], url):
                return f"{source[: match.end(1)]}\\{source[match.end(1) :]}"
    return source


def _without_tags(source: str, at: int, html: str) -> tuple[str, int]:
    """Mend raw HTML tag by tag: in a quotation or a list its lines do not stand together."""
    for tag in re.findall(r"<[^<>\n]*>?", html):
        found = source.find(tag, at)
        if found >= 0:
            mended = safe_tags(tag)
            source = source[:found] + mended + source[found + len(tag) :]
            at = found + len(mended)
    return source, at


def _mended(source: str, report: Report) -> str:
    """Replace what is dangerous where it stands; code that looks the same is passed over."""
    at = 0
    for sighting in report.sightings:
        if sighting.kind == "link":
            source = source if sighting.safe else _without_link(source, at, sighting.text)
        elif sighting.safe or sighting.kind == "code":
            found = source.find(sighting.text.strip("\n"), at)
            at = found + len(sighting.text.strip("\n")) if found >= 0 else at
        else:
            source, at = _without_tags(source, at, sighting.text)
    return re.sub(r"(?mi)^(\s*(?:`{3,}|~{3,})\s*)mermaid", r"\1text", source)


def _as_typed(source: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{AS_TYPED}\n\n{fence}\n{_LONG_GAP.sub(' ', source)}\n{fence}\n"


@lru_cache(maxsize=512)
def _inert(source: str, names: tuple[str, ...]) -> str:
    attachments = {name: {"image/png": ""} for name in names}
    try:
        text = source
        for _ in range(ROUNDS):
            report = watch(text, attachments)
            if report.inert:
                return text
            if sum(not sighting.safe for sighting in report.sightings) > MAX_MENDED:
                break
            text = _mended(text, report)
        for text in (_as_typed(source), _as_typed(escape(source, quote=False))):
            if watch(text, attachments).inert:
                return text
    except Exception:  # A text that stops the renderer would stop every page that shows it.
        pass
    return "*This text could not be shown safely.*"


def safe_source(source: str, attachments: Attachments | None = None) -> str:
    """Return Markdown source of which nbconvert makes a harmless page; most texts stay as they are.

    Parameters
    ----------
    source : str
        A Markdown cell's text, from anyone; what goes beyond `MAX_MARKDOWN` characters is cut.
    attachments : mapping, optional
        The cell's attached images, already checked.

    Returns
    -------
    str
        The same text where it is harmless. Otherwise unsafe tags are escaped, unsafe links are
        shown as typed, and where that is not enough the text becomes one block of code.

    Notes
    -----
    nbconvert's renderer itself says what it would put into a page: reading Markdown in another
    way than the page does is how such filters are passed.

    Examples
    --------
    >>> safe_source("`<script>` is a tag, **x** <sup>2</sup>")
    '`<script>` is a tag, **x** <sup>2</sup>'
    >>> safe_source("<script>run()</script>")
    '&lt;script>run()&lt;/script>'
    """
    if _TYPED.fullmatch(source):
        return source
    if len(source) > MAX_MARKDOWN:
        source = source[: MAX_MARKDOWN - 60] + "\n\n*(The rest of this long text is not shown.)*"
    if len(_COSTLY.findall(source)) > 100 or _LONG_GAP.search(source):
        return _as_typed(source)
    if not _ACTIVE_SIGNS.search(source):
        return source
    return _inert(source, tuple(attachments or ()))
