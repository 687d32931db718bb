"""Text from strangers, made such that every file can hold it and every terminal can print it."""

import re
from collections.abc import Sequence

# Surrogates are no characters; the others move the cursor, command the terminal, or turn the
# order of what is read around. U+061C to U+2069 are Unicode's bidirectional controls.
_UNSEEN = (
    "\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029"
    "\u202a-\u202e\u2066-\u2069"
)
_IN_TEXT = re.compile(f"[{_UNSEEN}]")
_IN_A_NAME = re.compile(f"[{_UNSEEN}\n\t]")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,30}m")


def readable(text: str) -> str:
    r"""Return text of any number of lines with what cannot be seen in it made visible.

    Colours of a terminal go; surrogates and control characters stand as Python writes them.

    Examples
    --------
    >>> print(readable("\x1b[31mred\x1b[0m\r\n\x1b]0;title\x07\ud800"))
    red
    \x1b]0;title\x07\ud800
    """
    return _IN_TEXT.sub(_escaped, _COLOUR.sub("", text).replace("\r\n", "\n"))


def one_line(text: str) -> str:
    r"""Return a name or a sentence as one line, with what cannot be seen in it made visible.

    Examples
    --------
    >>> print(one_line("new\nline\x1b[2J"))
    new\nline\x1b[2J
    """
    return _IN_A_NAME.sub(_escaped, text)


def first_of(names: Sequence[str], most: int = 10) -> str:
    """Return the first names of a list as one line, which says whether there are more.

    Examples
    --------
    >>> first_of(["ada", "ben"]), first_of(["ada", "ben", "cleo"], most=2)
    ('ada, ben', 'ada, ben, ...')
    """
    return ", ".join([*map(one_line, names[:most]), *["..."] * (len(names) > most)])


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units.

    Examples
    --------
    >>> duration(93), duration(90000), duration(0.25)
    ('1 min 33 s', '1 d 1 h', '0.25 s')
    """
    if seconds < 60:
        return f"{seconds:.2g} s"
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    parts: list[str] = []
    for name, size in units:
        amount, seconds = divmod(seconds, size)
        if amount or parts:
            parts.append(f"{amount:.0f} {name}")
    return " ".join(part for part in parts[:2] if not part.startswith("0 "))


def _escaped(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]
