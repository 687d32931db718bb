"""What a student displays to lie upon the grader's pages, spoil them, or learn from them."""

from redteam.hostile import trick

TEXT = "12 of 20 points. Graded by hand, do not change."

# Each tries to lie on what stands above or below it, and passed the filter of inline styles once.
COVERING = {
    "large_letters": f'<p style="line-height: 0; height: 0; font-size: 3000px">████{TEXT}</p>',
    "upwards": '<div style="display: flex; flex-direction: column-reverse; height: 0">'
    f'<div style="background-color: white; padding: 90px">{TEXT}</div></div>',
    "centred": '<div style="display: flex; align-items: center; height: 0; overflow: visible">'
    f'<div style="background-color: white; padding: 400px">{TEXT}</div></div>',
    "subtracted": f'<p style="margin: 0 0 0-4000px; background-color: white">{TEXT}</p>',
    "wide_border": f'<span style="border: 400px solid white">{TEXT}</span>',
    "raised": "<sup>" * 20 + f'<span style="font-size: 48px">████{TEXT}</span>' + "</sup>" * 20,
    "tall": f'<div style="min-height: 2000px; background-color: white">{TEXT}</div>' * 20,
}
FORMULAS = r"a\hspace{-90em}\Huge\text{" + TEXT + r"} \smash{\rule{90em}{90em}}"


def _displays(html: str) -> str:
    return f"from IPython.display import HTML, display\ndisplay(HTML({html!r}))"


PAGES = [
    *(trick(f"covers_{name}", 0, _displays(html)) for name, html in COVERING.items()),
    trick("prints_guesses", 0, "print('assert square(-4) == expected')"),
    trick("entities_without_end", 0, _displays("x").replace("'x'", "'&amp' * 200_000")),
    trick(
        "surrogate_in_a_message",
        0,
        "def square(x):\n    raise ValueError('bad \\ud800 text \\x1b[2J \\u202e')",
    ),
    trick(
        "headings_without_end",
        0,
        """
        from IPython.display import Markdown, display
        display(Markdown("# a" + "#" * 20_000 + "x"))""",
    ),
]
FORMULA_NAMES = ("=HYPERLINK(1+1)", "@SUM(1)", "+1")
