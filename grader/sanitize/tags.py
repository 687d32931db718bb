"""Raw HTML inside Markdown: harmless tags stay, every other sign of a tag is escaped."""

import re
from collections.abc import Iterator
from html import escape, unescape

from grader.sanitize.html import TAGS, safe_attribute
from grader.sanitize.nesting import ATTRIBUTE, COMMENT, TAG


def safe_tags(html: str) -> str:
    """Return raw HTML from Markdown with its harmless tags and every other ``<`` escaped.

    Examples
    --------
    >>> safe_tags('H<sub onclick="run()">2</sub><script>')
    'H<sub>2</sub>&lt;script>'
    """
    pieces, at = [], 0
    while (found := html.find("<", at)) >= 0:
        pieces.append(html[at:found])
        match = COMMENT.match(html, found) or TAG.match(html, found)
        pieces.append(_safe_tag(match) if match else "&lt;")
        at = match.end() if match else found + 1
    return "".join([*pieces, html[at:]])


def _safe_tag(match: re.Match[str]) -> str:
    if match.re is COMMENT:
        return match[0]
    name = match["name"].lower()
    if name not in TAGS:
        return "&lt;" + match[0][1:]
    if match["close"]:
        return match[0] if not match["attributes"] else f"</{match['name']}>"
    kept = list(_safe_attributes(name, match["attributes"]))
    if name == "img" and not any(attribute.lower().startswith("src") for attribute in kept):
        return "[image not shown]"
    if kept == [attribute[0] for attribute in ATTRIBUTE.finditer(match["attributes"])]:
        return match[0]
    return f"<{' '.join([match['name'], *kept])}{match['empty']}>"


def _safe_attributes(tag: str, attributes: str) -> Iterator[str]:
    for match in ATTRIBUTE.finditer(attributes):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        plain = unescape(value)
        safe = safe_attribute(tag, match[1].lower(), plain)
        if safe == plain:
            yield match[0]
        elif safe is not None:
            yield f'{match[1].lower()}="{escape(safe)}"'
