"""Small pieces of SVG. Ticks and crosses are drawn, since not every font has them."""

from base64 import b64encode
from html import escape

from linbias._paper import AGREES, DARK_PAGES, DIFFERS, GREY, INK, PAPER, dark_rules

FONT = "system-ui,'Segoe UI',Helvetica,Arial,sans-serif"
# Cells are light on a dark page too, as in the figures: blue is below 0, orange above, green a
# share of attention. Agreeing and differing have colours of their own, so that none means two
# things.
AGREES_FILL, DIFFERS_FILL = "#f3f5f7", "#f3e1f3"
MARK, TRUE, NAN = "#ffe37a", "#d8dee4", "#fff1c2"
# A notebook would break the lines of the error that follows in the middle of a word.
WHOLE_WORDS = (
    "<style>.jp-OutputArea-child:has(.linbias-check) ~ .jp-OutputArea-child pre"
    "{word-break:normal;overflow-wrap:anywhere}</style>"
)
_DARK_RULES = dark_rules(":not(.cell)>[{what}='{light}']")
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#f0f0f0"/>'
    '<rect width="1.4" height="6" fill="#b5b5b5"/></pattern></defs>'
)


def text(
    x: float,
    y: float,
    words: str,
    size: float = 12,
    *,
    anchor: str = "middle",
    fill: str = INK,
    weight: str = "normal",
) -> str:
    """Return words whose middle, start or end stands at x, on the baseline y."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" text-anchor="{anchor}" '
        f'fill="{fill}" font-weight="{weight}">{escape(words)}</text>'
    )


def small(x: float, y: float, words: str, size: float = 9.5, *, anchor: str = "middle") -> str:
    """Return words that label an axis."""
    return text(x, y, words, size, anchor=anchor, fill=GREY)


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    stroke: str = "#c4c4c4",
    line: float = 1,
    dashed: bool = False,
) -> str:
    """Return a rectangle; fill may be ``url(#hatch)``."""
    dash = ' stroke-dasharray="3 2"' if dashed else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{line}"{dash}/>'
    )


def cell(*parts: str) -> str:
    """Return what lies on a cell's own colour: it does not follow a dark page."""
    return f'<g class="cell">{"".join(parts)}</g>'


def path(points: str, stroke: str, line: float = 2, *, dashed: bool = False) -> str:
    """Return a line along the points of an SVG path."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<path d="{points}" fill="none" stroke="{stroke}" stroke-width="{line}" '
        f'stroke-linecap="round" stroke-linejoin="round"{dash}/>'
    )


def tick(x: float, y: float, size: float) -> str:
    """Return a tick around the point x, y."""
    s = size / 2
    return path(
        f"M{x - s:.1f} {y:.1f}L{x - s / 4:.1f} {y + s * 0.8:.1f}L{x + s:.1f} {y - s * 0.8:.1f}",
        AGREES,
    )


def cross(x: float, y: float, size: float) -> str:
    """Return a cross around the point x, y."""
    s = size / 2
    return path(
        f"M{x - s:.1f} {y - s:.1f}L{x + s:.1f} {y + s:.1f}M{x + s:.1f} {y - s:.1f}"
        f"L{x - s:.1f} {y + s:.1f}",
        DIFFERS,
        2.4,
    )


def tint(depth: float, hue: str) -> str:
    """Return a colour from white (0) to a tint (1) that dark words stay readable on."""
    deepest = {"blue": (122, 178, 224), "orange": (245, 166, 94), "green": (110, 193, 158)}[hue]
    share = min(max(depth, 0.0), 1.0)
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in deepest)


def page(title: str, images: list[str], caption: str) -> str:
    """Return a title, images side by side while there is room, and a caption, as HTML.

    The caption's lines are broken by the window, and so are the images' rows.
    """
    below = f'<p style="margin:6px 0;max-width:760px">{escape(caption)}</p>' if caption else ""
    return (
        f'<div class="linbias-check"><p style="margin:6px 0"><b>{escape(title)}</b></p>'
        f"{' '.join(images)}{below}{WHOLE_WORDS}{DARK_PAGES}</div>"
    )


def image(
    parts: list[str], width: float, height: float, alt: str, *, own_line: bool = False
) -> str:
    """Return an HTML image of the parts, which carries its own text.

    It stands beside others while there is room, unless it gets its own line.
    """
    line = "display:block;" if own_line else "vertical-align:top;"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONT}">{_DARK_RULES}{HATCH}'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    data = b64encode(svg.encode()).decode()
    return (
        f'<img alt="{escape(alt)}" class="linbias" src="data:image/svg+xml;base64,{data}" '
        f'width="{width:.0f}" style="{line}max-width:100%;height:auto;margin:2px 0">'
    )
