"""The picture of a failed check, its parts numbered and explained."""

import re
from base64 import b64decode
from html import escape, unescape
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from linbias._paper import INK, PAPER
from linbias.bias import bias_matrix
from linbias.plots.picture import Picture

# What each part begins with, and what it is.
PARTS = {
    "bias_matrix(": "What was called: the function and its arguments.",
    "yours": "What your function returned.",
    "expected pattern": "Where zeros, numbers (•) and blocked cells (−∞) belong; no answer key.",
    "difference": "A tick where you agree, a cross where you do not.",
    "Outlined": "The cell with the thick outline, worked out.",
}
_LEFT, _TOP, _GAP, _LINE = 30, 36, 16, 27


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
    title, drawings, caption, words = _failed_check()
    sizes = [_size(drawing) for drawing in drawings]
    below = _TOP + sizes[0][1]  # three panels of one size, and below them the legend
    parts, x = [_line(_LEFT, 24, title, "bold"), _badge(16, 19, 1)], float(_LEFT)
    for k, (drawing, (width, _)) in enumerate(zip(drawings[:3], sizes, strict=False), 2):
        parts += [_placed(drawing, x, _TOP), _badge(x + 10, _TOP + 12, k)]
        x += width + _GAP
    parts += [_placed(drawings[3], _LEFT, below), _line(_LEFT, below + 42, caption)]
    parts.append(_badge(16, below + 37, 5))
    for k, meaning in enumerate(PARTS.values(), 1):
        y = below + 50 + _LINE * k
        parts += [_badge(24, y - 5, k), _line(44, y, meaning)]
    told = "\n".join(f"{k}. {meaning}" for k, meaning in enumerate(PARTS.values(), 1))
    alt = f"The picture of a failed check, in {len(PARTS)} parts.\n{told}\n{words}"
    return _paper(max(x, 760), below + 66 + _LINE * len(PARTS), parts, alt)


def _paper(width: float, height: float, parts: list[str], alt: str) -> Picture:
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="Verdana, DejaVu Sans, sans-serif">'
        f'<title>{escape(alt)}</title><rect width="100%" height="100%" fill="{PAPER}"/>'
        f"{''.join(parts)}</svg>\n"
    )
    return Picture(text.encode(), "image/svg+xml", alt, round(width))


def _failed_check() -> tuple[str, list[str], str, str]:
    """Return the picture of an answer with a flipped sign: title, drawings, caption; its words."""
    # Only this figure needs the checks, so only this figure waits for their import.
    from linbias.check import EXERCISES
    from linbias.check.compare import examine
    from linbias.check.picture import picture

    # The comparison tries known mistakes, and some of those multiply 0 by infinity.
    with np.errstate(all="ignore"):
        finding: Any = examine(EXERCISES["bias_matrix"], _sign_flipped, ((4, 0.5),))
    html, words = picture("bias_matrix", finding) or ("", "")
    drawings = [b64decode(data).decode() for data in re.findall(r'base64,([^"]+)"', html)]
    title, caption = (unescape(text) for text in re.findall(r">([^<>]+)</(?:b|p)>", html))
    return title, drawings, caption, words


def _sign_flipped(n: int, beta: float) -> NDArray[np.float64]:
    bias = bias_matrix(n, beta)
    return np.where(np.isinf(bias), bias, np.abs(bias))


def _size(drawing: str) -> tuple[float, float]:
    root = ElementTree.fromstring(drawing)
    return float(root.attrib["width"]), float(root.attrib["height"])


def _placed(drawing: str, x: float, y: float) -> str:
    return drawing.replace("<svg ", f'<svg x="{x:g}" y="{y:g}" ', 1)


def _line(x: float, y: float, words: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="13" font-weight="{weight}" fill="{INK}">'
        f"{escape(words)}</text>"
    )


def _badge(x: float, y: float, k: int) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="9" fill="{INK}"/><text x="{x:g}" y="{y + 4.5:g}" '
        f'font-size="12" font-weight="bold" text-anchor="middle" fill="{PAPER}">{k}</text>'
    )
