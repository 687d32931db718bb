"""The few SVG shapes that the pictures are made of: text, boxes, lines, markers, arrows.

Written by hand because a picture then costs about a millisecond, where a plotting library takes
a hundred times as long; a slider can follow the mouse, grading a class does not wait for
figures, the picture stays sharp at any size, and it is the same file on every machine.
"""

import math
from collections.abc import Iterable
from html import escape

from linbias.plots.picture import Picture

INK, GREY, PAPER, LINE, FAINT = "#1b1f24", "#57606a", "#ffffff", "#d0d7de", "#eaeef2"
# The course's colours: blue is below 0 and takes away, orange is above 0 and gives, green is a
# share of attention. Told apart by every kind of colour vision, and numbers are always signed.
MINUS, PLUS, SHARE = (0x4A, 0x93, 0xDB), (0xF0, 0x92, 0x3A), (0x52, 0xB4, 0x8B)
BELOW, ABOVE = "#0067a5", "#a85100"
# Verdana and DejaVu Sans are equally wide, so texts fit their boxes on every system.
FONT = "Verdana, DejaVu Sans, sans-serif"
FUTURE = "url(#future)"
# Bars are shares, so all are green: a pattern tells the series apart.
FILLS = ("#00704f", "url(#stripes)", "url(#dots)")


def _pattern(name: str, size: int, ground: str, mark: str) -> str:
    return (
        f'<pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="{size}" height="{size}" fill="{ground}"/>'
        f"{mark}</pattern>"
    )


_PATTERNS = "".join(
    [
        "<defs>",
        _pattern("future", 7, "#f6f8fa", '<rect width="2" height="7" fill="#d8dee4"/>'),
        _pattern("stripes", 8, "#52b48b", '<rect width="3" height="8" fill="#e3f4ec"/>'),
        _pattern("dots", 8, "#d5efe3", '<circle cx="4" cy="4" r="1.8" fill="#00704f"/>'),
        "</defs>",
    ]
)


def drawing(width: float, height: float, parts: Iterable[str], alt: str) -> Picture:
    """Return the parts as one picture on white paper."""
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{FONT}" text-anchor="middle">'
        f"<title>{escape(alt)}</title>{_PATTERNS}{box(0, 0, width, height, PAPER)}"
        f"{''.join(parts)}</svg>\n"
    )
    return Picture(text.encode(), "image/svg+xml", alt, round(width))


def box(x: float, y: float, width: float, height: float, fill: str, edge: str = "") -> str:
    """Return a filled box; `edge` is its outline's colour."""
    outline = f' stroke="{edge}" stroke-width="2"' if edge else ""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"{outline}/>'
    )


def text(
    x: float,
    y: float,
    words: str,
    size: float = 14,
    fill: str = INK,
    *,
    anchor: str = "",
    bold: bool = False,
) -> str:
    """Return a line of text; y is its baseline, `anchor` is start or end instead of middle."""
    extra = f' text-anchor="{anchor}"' if anchor else ""
    extra += ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{extra}>'
        f"{escape(words, quote=False)}</text>"
    )


def score_name(x: float, y: float, i: int, j: int, size: float, fill: str) -> str:
    """Return the name of a score, q and k with their positions as subscripts."""
    low, small = size * 0.25, size * 0.72
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}">q'
        f'<tspan dy="{low:g}" font-size="{small:g}">{i}</tspan>'
        f'<tspan dy="{-low:g}" dx="{size * 0.12:g}">k</tspan>'
        f'<tspan dy="{low:g}" font-size="{small:g}">{j}</tspan></text>'
    )


def arrow(x: float, y: float, to: float, colour: str = GREY) -> str:
    """Return a horizontal arrow from x to `to` at the height y."""
    back = 8 if to < x else -8
    return (
        f'<path d="M{x:g} {y:g}H{to:g}M{to + back:g} {y - 5:g}L{to:g} {y:g}l{back} 5" '
        f'fill="none" stroke="{colour}" stroke-width="2"/>'
    )


def line(
    points: Iterable[tuple[float, float]], colour: str, width: float = 2, dash: str = ""
) -> str:
    """Return straight lines from point to point."""
    path = "L".join(f"{x:g} {y:g}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>'


def marker(kind: str, x: float, y: float, size: float, fill: str, edge: str) -> str:
    """Return a marker: kind is circle, square, triangle or diamond; size is half its width."""
    outlines = {
        "square": f"M{-size:g} {-size:g}h{2 * size:g}v{2 * size:g}h{-2 * size:g}z",
        "triangle": f"M0 {-size:g}L{size:g} {size:g}H{-size:g}z",
        "diamond": f"M0 {-size:g}L{size:g} 0L0 {size:g}L{-size:g} 0z",
    }
    style = f'fill="{fill}" stroke="{edge}" stroke-width="2"'
    if kind == "circle":
        return f'<circle cx="{x:g}" cy="{y:g}" r="{size:g}" {style}/>'
    return f'<path transform="translate({x:g} {y:g})" d="{outlines[kind]}" {style}/>'


def shade(value: float, largest: float, *, shares: bool = False) -> str:
    """Return the colour of a cell: white is 0; the further from 0, the stronger.

    Blue is below 0, orange above, a share of attention green; dark ink can be read on all of it.
    """
    if not math.isfinite(value):
        return FUTURE
    depth = min(abs(value) / largest, 1.0) if largest > 0 else 0.0
    parts = [
        round(255 - depth * (255 - c)) for c in (MINUS if value < 0 else SHARE if shares else PLUS)
    ]
    return f"#{parts[0]:02x}{parts[1]:02x}{parts[2]:02x}"


def number(value: float, places: int) -> str:
    """Return a number with a true minus sign: 0.00 never has one.

    >>> number(-0.5, 2), number(-0.001, 2), number(-math.inf, 2)
    ('−0.50', '0.00', '−∞')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    return f"{round(float(value), places) + 0.0:.{places}f}".replace("-", "−")


def places(values: Iterable[float], most: int = 2) -> int:
    """Return how many decimals show the values, at most `most`.

    >>> places([0.0, -0.5, -1.0]), places([0.37]), places([1 / 3])
    (1, 2, 2)
    """
    finite = [value for value in values if math.isfinite(value)]
    for count in range(most):
        if all(abs(value - round(value, count)) < 1e-9 for value in finite):
            return count
    return most
