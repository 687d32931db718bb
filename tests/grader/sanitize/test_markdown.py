"""Markdown from anyone stays readable, and whatever renders it makes nothing dangerous of it."""

import time

import pytest
from hostile_pages import MARKDOWN, PNG, dangers
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from grader.sanitize.markdown import safe_source
from grader.sanitize.markdown_html import markdown_html

HARMLESS = [
    "# Title\n\nWords with *stress*, **weight** and `code`.",
    "A list:\n\n- one\n- two\n\n1. first",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "H<sub>2</sub>O and x<sup>2</sup><br>next line",
    "<details><summary>Hint</summary>\n\nThink of row 0.\n\n</details>",
    '<div class="alert alert-info">Mind the sign.</div>',
    "`<script>alert(1)</script>` is a tag",
    "```html\n<script>alert(1)</script>\n```",
    "    <b onclick=x>indented code</b>",
    "$a < b$ and $$B_{ij} = -\\beta (i-j)$$",
    "1 < 2, a<b, x & y, &lt;b&gt;",
    "[the paper](https://example.org/a_(b)) and <https://example.org>",
    "<!-- a note to myself -->",
    "Go on with [02](../02_causal_triangle/02_causal_triangle.ipynb).",
    "![drawn](data:image/png;base64," + PNG + ")",
]

FRAGMENTS = st.sampled_from(
    [
        *MARKDOWN.values(),
        "<",
        ">",
        '"',
        "`",
        "```",
        "\n",
        "\n\n",
        "$",
        "[",
        "](",
        ")",
        "<!--",
        "-->",
    ]
)


@pytest.mark.parametrize("source", MARKDOWN.values(), ids=MARKDOWN)
def test_nbconvert_renders_nothing_dangerous_of_a_safe_source(source: str) -> None:
    assert dangers(markdown2html_mistune(safe_source(source))) == []


@pytest.mark.parametrize("source", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_as_our_pages_show_it_is_harmless(source: str) -> None:
    assert dangers(markdown_html(source)) == []


@pytest.mark.parametrize("source", HARMLESS)
def test_a_harmless_text_stays_as_it_was_typed(source: str) -> None:
    assert safe_source(source) == source


def test_code_that_shows_a_script_is_still_readable_as_code() -> None:
    source = "`<script>a()</script>`\n\n<script>b()</script>\n\n```\n<script>c()</script>\n```"

    shown = markdown_html(source)

    assert "<code>&lt;script&gt;a()&lt;/script&gt;</code>" in shown
    assert "&lt;script&gt;c()&lt;/script&gt;\n</code>" in shown


def test_a_note_says_so_when_a_text_has_to_be_shown_as_typed() -> None:
    shown = markdown_html("</div></div>**x**")

    assert "Shown as it was typed" in shown
    assert "&lt;/div&gt;&lt;/div&gt;**x**" in shown


def test_no_text_takes_the_renderer_long() -> None:
    """Without bounds these take nbconvert's renderer minutes."""
    begin = time.process_time()
    for sign in ("\\begin{a}", "\\\\[", "\\\\(", " ", "[", "![a](", "<a ", "`a``", "|a", "> "):
        markdown2html_mistune(safe_source("x" + sign * (100_000 // len(sign)) + "x"))

    assert time.process_time() - begin < 6


@given(st.lists(FRAGMENTS | st.text(max_size=8), max_size=6))
def test_dangers_stay_harmless_however_they_are_put_together(pieces: list[str]) -> None:
    source = safe_source("".join(pieces))

    assert dangers(markdown2html_mistune(source)) == []
    assert safe_source(source) == source


def test_a_neighbouring_notebooks_name_stays_though_a_page_cannot_lead_there() -> None:
    shown = markdown_html("Go on with [lesson 02](../02/02.ipynb).")

    assert shown == "<p>Go on with lesson 02.</p>\n"
