"""The picture of a failed check, its parts numbered and explained."""

import re
from base64 import b64decode
from html import escape
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from linbias.bias import bias_matrix
from linbias.plots.picture import Picture
from linbias.plots.style import INK, PAPER

# A part is found by the words it begins with, wherever the check draws it.
PARTS = {
    "bias_matrix(": "What was called: the function and its arguments.",
    "yours": "What your function returned.",
    "expected pattern": "Where zeros, numbers (•) and blocked cells (−∞) belong; no answer key.",
    "difference": "A tick where you agree, a cross where you do not.",
    "Outlined": "The cell with the thick outline, worked out.",
}
_LEFT, _LINE = 30, 27


def anatomy() -> Picture:
    """Return the picture of a failed check with its parts numbered and explained.

    The answer in it has the sign flipped.

    Returns
    -------
    Picture
        The check's own picture, as a student would see it, above the list of its parts.

    Examples
    --------
    >>> print(anatomy().alt.splitlines()[2])
    2. What your function returned.
    """
    drawing, words = _failed_check()
    root = ElementTree.fromstring(drawing)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    parts = [drawing.replace("<svg ", f'<svg x="{_LEFT}" y="6" ', 1)]
    places = _places(root)
    for k, (start, meaning) in enumerate(PARTS.items()):
        x, y = places[start]
        line = height + 26 + _LINE * k
        parts += [_badge(_LEFT + x - 14, 6 + y - 4.5, k + 1), _badge(24, line - 5, k + 1)]
        parts.append(f'<text x="44" y="{line:g}" font-size="14" fill="{INK}">{meaning}</text>')
    told = "\n".join(f"{k}. {meaning}" for k, meaning in enumerate(PARTS.values(), 1))
    alt = f"The picture of a failed check, in {len(PARTS)} parts.\n{told}\n{words}"
    return _paper(max(width + _LEFT, 640), height + 20 + _LINE * len(PARTS), parts, alt)


def _paper(width: float, height: float, parts: list[str], alt: str) -> Picture:
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="Verdana, DejaVu Sans, sans-serif">'
        f'<title>{escape(alt)}</title><rect width="100%" height="100%" fill="{PAPER}"/>'
        f"{''.join(parts)}</svg>\n"
    )
    return Picture(text.encode(), "image/svg+xml", alt, round(width))


def _failed_check() -> tuple[str, str]:
    """Return the check's drawing of an answer whose sign is flipped, and its words."""
    # Only this figure needs the checks, so only this figure waits for their import.
    from linbias.check import EXERCISES
    from linbias.check.compare import examine
    from linbias.check.picture import picture

    # The comparison tries known mistakes, and some of those multiply 0 by infinity.
    with np.errstate(all="ignore"):
        finding: Any = examine(EXERCISES["bias_matrix"], _sign_flipped, ((4, 0.5),))
    html, words = picture("bias_matrix", finding) or ("", "")
    (data,) = re.findall(r'base64,([^"]+)"', html)
    return b64decode(data).decode(), words


def _sign_flipped(n: int, beta: float) -> NDArray[np.float64]:
    bias = bias_matrix(n, beta)
    return np.where(np.isinf(bias), bias, np.abs(bias))


def _places(root: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """Return where each part's words begin; the first of two alike counts."""
    places: dict[str, tuple[float, float]] = {}
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        for start in PARTS:
            if (element.text or "").startswith(start):
                place = float(element.attrib["x"]), float(element.attrib["y"])
                places.setdefault(start, place)
    return places


def _badge(x: float, y: float, k: int) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="9" fill="{INK}"/><text x="{x:g}" y="{y + 4.5:g}" '
        f'font-size="12" font-weight="bold" text-anchor="middle" fill="{PAPER}">{k}</text>'
    )
