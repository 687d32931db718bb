"""A chart by Matplotlib as a picture of the course: SVG whose text is text, with its words."""

import io
import textwrap
from collections.abc import Callable
from typing import Any

from linbias.plots import svg
from linbias.plots.picture import Picture

STYLE: Any = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "font.size": 11,
    "grid.color": "#e3e3e3",
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "svg.fonttype": "none",
    "svg.hashsalt": "linbias",
}
INCHES = (7.0, 4.0)
DOTS = 96


def figure_of(draw: Callable[[Any], str], ax: Any = None) -> Any:
    """Draw on the given axes and return them; without any, return a picture.

    Parameters
    ----------
    draw : callable
        Draws on axes and returns in words what is to be seen.
    """
    if ax is not None:
        draw(ax)
        return ax
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=INCHES)
        words = draw(figure.subplots())
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return Picture(file.getvalue(), "image/svg+xml", words, round(INCHES[0] * DOTS))


def note(words: str) -> Picture:
    """Return a picture that says why there is none."""
    lines = textwrap.wrap(words, 88)
    parts = [
        svg.text(12, 26 + 20 * k, line, 14, svg.GREY, anchor="start")
        for k, line in enumerate(lines)
    ]
    return svg.drawing(700, 20 * len(lines) + 24, parts, words)
