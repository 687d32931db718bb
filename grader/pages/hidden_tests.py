"""Hidden tests stay hidden: in the code of a test cell and in whatever repeats it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import Self

from grader.course.cells import Pair, split

INSTEAD = "[a line of a hidden test]"

# A line as short as `)` or `else:` tells nothing, and taking it out would spoil other text.
SHORTEST = 8
_TAG = re.compile(r"<[^<>]*>")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Secrets:
    """The lines of a notebook's hidden tests that must not be seen in any output."""

    lines: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sources: Iterable[str], marks: Pair) -> Self:
        """Gather the hidden lines of several cells; lines that are visible elsewhere are none."""
        visible: set[str] = set()
        hidden: set[str] = set()
        for source in sources:
            shown, secret = split(source, marks)
            visible |= {line.strip() for line in shown}
            hidden |= {line.strip() for line in secret}
        return cls(frozenset(line for line in hidden - visible if len(line) >= SHORTEST))

    def redact(self, text: str) -> str:
        """Return the text with every line that repeats a hidden one replaced.

        Examples
        --------
        >>> Secrets(frozenset({"check(f, 7)"})).redact("----> 3 check(f, 7)\\nTypeError")
        '[a line of a hidden test]\\nTypeError'
        """
        if not self.lines:
            return text
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        plain = _ANSI.sub("", line)
        return INSTEAD if any(secret in plain for secret in self.lines) else line

    def redact_html(self, html: str) -> str:
        """Return HTML, or one line in its place where its text holds a hidden line.

        Examples
        --------
        >>> Secrets(frozenset({"check(f, 7)"})).redact_html("<b>check</b>(f, <i>7</i>)")
        '[a line of a hidden test]'
        """
        text = unescape(_TAG.sub("", html))
        return INSTEAD if any(secret in text for secret in self.lines) else html
