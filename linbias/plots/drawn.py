"""A Matplotlib figure as a picture of the course: SVG whose text is text, with words beside it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

from linbias.plots.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, DARK_GREEN = "#4a93db", "#f0923a", "#52b48b", "#00704f"
INK, GREY, FAINT = "#1b1f24", "#57606a", "#eaeef2"


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure; width and height in inches of 72 pixels."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def finished(figure: Figure, alt: str) -> Picture:
    """Return a figure as a picture with its alternative text."""
    import matplotlib as mpl

    file = io.BytesIO()
    rules = {
        "svg.fonttype": "none",
        "svg.hashsalt": "linbias",
        "font.family": ["Verdana", "DejaVu Sans", "sans-serif"],
    }
    with mpl.rc_context(cast("Any", rules)):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(file.getvalue(), "image/svg+xml", alt, round(72 * figure.get_figwidth()))


def tint(value: float, darkest: float, *, shares: bool = False) -> str:
    """Return a cell's colour: blue below 0, orange above, green for a share, white for 0.

    Examples
    --------
    >>> tint(0.0, 1.0), tint(-1.0, 1.0)
    ('#ffffff', '#4a93db')
    """
    from matplotlib.colors import to_hex, to_rgb

    hue = GREEN if shares else ORANGE if value > 0 else BLUE
    strength = min(abs(value) / darkest, 1.0)
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(hue))
    return to_hex((red, green, blue))
