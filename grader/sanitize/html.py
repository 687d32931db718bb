"""HTML that students' code wrote, made inert: words, tables and inline images stay."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape

import nh3

from grader.sanitize.images import safe_data_url
from grader.sanitize.nesting import manageable
from grader.sanitize.style import safe_style, words

TAGS = words(
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt "
    "ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead "
    "time tr tt u ul var wbr"
)
BLOCKS = words(
    "blockquote caption center col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 "
    "h6 hr li ol p pre section summary table tbody td tfoot th thead tr ul"
)
TOO_TANGLED = "<em>[not shown: HTML that is too long or too tangled]</em>"

# Their content is code, or a picture told in elements: nothing to read once the tag is gone.
WITH_CONTENT = words(
    "script style template noscript iframe object applet svg math title head xmp plaintext "
    "noembed noframes textarea select audio video canvas"
)

# `id` and `name` are missing on purpose: the formgrader finds its score fields by their id.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"align", "class", "dir", "lang", "style", "title", "valign"}),
    "a": frozenset({"href"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "details": frozenset({"open"}),
    "font": frozenset({"color"}),
    "img": frozenset({"alt", "height", "src", "width"}),
    "ol": frozenset({"start", "type"}),
    "table": frozenset({"border"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
}

_CLASSES = re.compile(
    r"highlight|dataframe|language-[\w+-]{1,30}|alert(?:-[a-z]{1,10})?|[a-z]{1,2}\d?"
)
_NUMBER = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:px|%|em)?")
_LOST_IMAGE = re.compile(r'<img(?:\s+(?!src=)[\w-]+="[^"]*")*>')
_LINK = re.compile(r"(?:https?://|mailto:)[^\s\"'<>\\]*|#[\w.~%-]*", re.IGNORECASE)


def _classes(value: str) -> str | None:
    return " ".join(name for name in value.split() if _CLASSES.fullmatch(name)) or None


def _link(value: str) -> str | None:
    return value if _LINK.fullmatch(value) else None


def _number(value: str) -> str | None:
    return value if _NUMBER.fullmatch(value.strip()) else None


def _color(value: str) -> str | None:
    return value if re.fullmatch(r"#?\w{3,20}", value) else None


def _text(value: str) -> str | None:
    return value[:2000]


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "class": _classes,
    "color": _color,
    "href": _link,
    "src": safe_data_url,
    **dict.fromkeys(("height", "width", "border", "colspan", "rowspan", "span", "start"), _number),
}


def safe_attribute(tag: str, name: str, value: str) -> str | None:
    """Return what an attribute may say, or None where it must go.

    Examples
    --------
    >>> safe_attribute("a", "href", "javascript:alert(1)") is None
    True
    >>> safe_attribute("td", "style", "color: red; position: fixed")
    'color: red'
    """
    if name not in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, frozenset()):
        return None
    if name == "style":
        return safe_style(value, in_line=tag not in BLOCKS)
    return _CHECKS.get(name, _text)(value)


def _instead_of_image(match: re.Match[str]) -> str:
    alt = re.search(r'\salt="([^"]*)"', match[0])
    words_left = f": {escape(unescape(alt[1]))}" if alt and alt[1] else ""
    return f"<em>[image not shown{words_left}]</em>"


def clean(html: str) -> str:
    """Return HTML with nothing that runs, loads, submits or covers the page.

    Parameters
    ----------
    html : str
        A fragment, from anyone.

    Returns
    -------
    str
        Well-formed HTML of the elements in `TAGS`; the words of other elements stay, scripts and
        styles go with their content. Images stay when they are inline and whole. In the place
        of HTML that would take long to mend stands a line that says so.

    Notes
    -----
    nh3 reads HTML as browsers do and writes it anew, so that two readers cannot disagree.

    Examples
    --------
    >>> clean("<b onclick=run()>right</b><script>run()</script>")
    '<b>right</b>'
    """
    return _remembered(html) if len(html) < 2**17 else _clean(html)


def _clean(html: str) -> str:
    if not manageable(html):
        return TOO_TANGLED
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=safe_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    return _LOST_IMAGE.sub(_instead_of_image, cleaned)


# A lesson's own figures are in every student's notebook.
_remembered = lru_cache(maxsize=64)(_clean)
