"""Inline styles that format what a cell shows, and cannot move it over what stands around it."""

import re
from collections.abc import Callable


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set.

    Examples
    --------
    >>> sorted(words("b a b"))
    ['a', 'b']
    """
    return frozenset(text.split())


MAX_STYLE, MAX_VALUE = 2_000, 200

# Everything a value may be made of; a minus stands inside a word only, as in `inline-block`.
_COLOUR = r"#[0-9a-fA-F]{3,8}|(?:rgb|hsl)a?\([0-9\s.,%/]*\)"
_PART = re.compile(
    rf"[a-zA-Z]+(?:-[a-zA-Z]+)*(?![\w(])|{_COLOUR}|[0-9.]+(?:[a-z]+|%)?|\"[\w ]*\"|'[\w ]*'|[\s,]"
)
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)([a-z]+|%)?")
_ANY_NUMBER = re.compile(rf"{_COLOUR}|[0-9.]+[a-z%]*")

# The most that a length may have, by its unit.
_LENGTHS = {
    "": 2000.0,
    "px": 2000.0,
    "pt": 1500.0,
    "em": 60.0,
    "rem": 60.0,
    "ch": 200.0,
    "%": 100.0,
}
_SMALL = {"": 100.0, "px": 100.0, "pt": 75.0, "em": 6.0, "rem": 6.0, "ch": 12.0, "%": 20.0}
_FONT = {"px": 48.0, "pt": 36.0, "em": 3.0, "rem": 3.0, "%": 300.0}

_NAMED = words(
    "background-color color font-family font-style font-variant-numeric font-weight "
    "list-style-type text-align text-decoration text-transform white-space word-break "
    "overflow-wrap border-color border-style border-collapse box-sizing flex-wrap"
)
_LONG = words("width max-width min-width height max-height")
_SHORT = words(
    "border border-top border-right border-bottom border-left border-width border-radius "
    "border-spacing margin margin-top margin-right margin-bottom margin-left padding padding-top "
    "padding-right padding-bottom padding-left gap row-gap column-gap letter-spacing"
)
_WORDS = {
    "display": words("block inline-block flex inline-flex table table-row table-cell"),
    "overflow": words("auto hidden scroll"),
    "overflow-x": words("auto hidden scroll"),
    "vertical-align": words("baseline top middle bottom sub super text-top text-bottom"),
}


def _within(value: str, most: dict[str, float]) -> bool:
    """Tell whether every number of a value is a length that is not too large."""
    for part in _ANY_NUMBER.findall(value):
        number = _NUMBER.fullmatch(part)
        if part.startswith(("#", "rgb", "hsl")):
            continue
        if number is None or float(number[1]) > most.get(number[2] or "", -1.0):
            return False
    return True


def _line_height(value: str) -> bool:
    # With a unit it would be inherited as a length, and lines of larger letters would overlap.
    return value == "normal" or bool(re.fullmatch(r"[12](?:\.[0-9]{1,3})?", value))


_CHECKS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(_NAMED, lambda value: _within(value, {"": 1000.0, "%": 100.0})),
    **dict.fromkeys(_LONG, lambda value: _within(value, _LENGTHS)),
    **dict.fromkeys(_SHORT, lambda value: _within(value, _SMALL)),
    **{name: known.__contains__ for name, known in _WORDS.items()},
    "font-size": lambda value: _within(value, _FONT),
    "line-height": _line_height,
}


def _may_stay(name: str, value: str) -> bool:
    known = name in _CHECKS and 0 < len(value) <= MAX_VALUE
    return known and not _PART.sub("", value) and _CHECKS[name](value)


def safe_style(style: str, *, in_line: bool = False) -> str | None:
    """Return those rules of an inline style that stay within their element; None for no rule.

    Nothing is negative, no length is without bound, no line lower than its letters; what is
    given a height keeps what it holds within it. Addresses, escapes and calculations go.

    Parameters
    ----------
    in_line : bool
        Whether the element stands in a line of text, where a border would lie on the next lines.

    Examples
    --------
    >>> safe_style("color: red; position: fixed; margin: 0 0 0-40px")
    'color: red'
    >>> safe_style("height: 2em")
    'height: 2em; overflow: auto'
    """
    kept: dict[str, str] = {}
    for rule in style[:MAX_STYLE].split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if _may_stay(name.lower(), value):
            kept[name.lower()] = value
    if in_line and any(name.startswith(("border", "padding")) for name in kept):
        kept.setdefault("display", "inline-block")
    if kept.keys() & {"height", "max-height"} and kept.get("height") != "auto":
        kept.setdefault("overflow", "auto")
    return "; ".join(f"{name}: {value}" for name, value in kept.items()) or None
