"""How tangled a piece of HTML is: browsers and cleaners mend what is badly nested, at any price."""

import re

MAX_TAGS = 10_000
MAX_DEPTH = 100
MAX_REFERENCES = 50_000  # such as &amp;: reading them takes time that grows with their square
MAX_FORMATTING_DEPTH = 10
FEW_TAGS = 300
FEW_FORMATTING = 20

TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?P<attributes>(?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`]+))?)*)"
    r"\s*(?P<empty>/?)>"
)
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>=`]+)))?")
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--|[<>]).)*-->", re.DOTALL)
VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})
CLOSED_BY_THE_NEXT = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "rt", "rp"}
)

# What is left open of these is opened again in every paragraph that follows.
_FORMATTING = frozenset(
    {
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    }
)
_ANY_TAG = re.compile(r"<[a-zA-Z]")
_ANY_FORMATTING = re.compile(rf"<(?:{'|'.join(sorted(_FORMATTING))})\b", re.IGNORECASE)


def _well_nested(html: str) -> bool:
    """Tell whether every tag is plain to read and closed in turn, and none lies too deep."""
    open_tags: list[str] = []
    at = 0
    while (at := html.find("<", at)) >= 0:
        match = COMMENT.match(html, at) or TAG.match(html, at)
        if match is None:
            return False
        at = match.end()
        name = match["name"].lower() if match.re is TAG else ""
        if not name or name in VOID | CLOSED_BY_THE_NEXT:
            continue
        if not match["close"]:
            open_tags.append(name)
            formatting = sum(tag in _FORMATTING for tag in open_tags)
            if len(open_tags) > MAX_DEPTH or formatting > MAX_FORMATTING_DEPTH:
                return False
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags


def tags_in(html: str) -> int:
    """Return how many elements a piece of HTML opens."""
    return len(_ANY_TAG.findall(html))


def manageable(html: str) -> bool:
    """Tell whether HTML can be mended in a time that its length foretells.

    A few kilobytes of tags that are never closed become many megabytes when they are mended as
    the standard wants it. Short pieces may be untidy; longer ones have to be well nested.

    Examples
    --------
    >>> manageable("<p>untidy<b>")
    True
    >>> manageable("<td>1</td>" * 1000), manageable("<b>" * 1000)
    (True, False)
    """
    tags = tags_in(html)
    if html.count("&") > MAX_REFERENCES:
        return False
    if tags <= FEW_TAGS and len(_ANY_FORMATTING.findall(html)) <= FEW_FORMATTING:
        return True
    return tags <= MAX_TAGS and _well_nested(html)
