"""What a page costs grows with what was handed in, and not with its square."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.pages.feedback_cells import code_html
from grader.pages.headings import titles_of
from grader.pages.hidden_tests import Secrets
from grader.sanitize.html import clean
from grader.sanitize.markdown import safe_source
from grader.sanitize.markdown_html import markdown_html
from grader.sanitize.nesting import manageable
from grader.sanitize.style import safe_style
from grader.sanitize.tags import safe_tags

SECRETS = Secrets(frozenset({"check(f, 7)"}))
READERS: dict[str, Callable[[str], Any]] = {
    "clean": clean,
    "safe_tags": safe_tags,
    "manageable": manageable,
    "safe_source": safe_source,
    "markdown_html": markdown_html,
    "safe_style": safe_style,
    "titles_of": lambda text: titles_of({"cells": [{"cell_type": "markdown", "source": text}]}),
    "redact": SECRETS.redact,
    "redact_html": SECRETS.redact_html,
    "code_html": lambda text: code_html(text[:50_000]),
}
PIECES = [
    "&amp",
    "&#",
    "# a",
    "#",
    " ",
    "\t",
    "\r",
    "<",
    "<a ",
    "<b>",
    "<!--",
    "[",
    "](",
    "`",
    "*",
    "a-",
]


def seconds(reader: Callable[[str], Any], piece: str, size: int) -> float:
    text = f"# a{piece * (size // len(piece))}x"
    begin = time.process_time()
    reader(text)
    return time.process_time() - begin


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_twice_the_text_takes_no_more_than_some_three_times_the_time(
    reader: Callable[[str], Any],
) -> None:
    for piece in PIECES:
        short = seconds(reader, piece, 40_000)
        assert short < 0.3 or seconds(reader, piece, 80_000) < 3 * short, piece
