"""The course's style: its colours, the axes that a figure is drawn on, and how it is shown.

A figure function takes ``ax=None`` and returns the Axes, as Matplotlib's users expect::

    def dots(values, ax=None):
        with canvas(ax, 500, 240) as axes:
            axes.plot(values, "o", color=BELOW)
            return told(axes, f"Dots at {values}.")

Without ``ax`` it gets axes of its own, which a notebook shows as SVG with the words of `told`.
"""

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from linbias._paper import ABOVE, BELOW, GREY, SHARE, dark_rules
from linbias.plots.picture import Picture

# Stands on coloured cells, which are light in a dark theme too.
CELL_INK = "#1c1e22"
# Cells: white is 0, the further from 0 the stronger; what is hidden is hatched. This white is not
# PAPER, as it stays white in a dark theme.
WHITE = "#fdfdfd"
# The outline of a cell, to be seen beside white and beside a dark theme's paper.
OUTLINE = "#6e7781"
SIGNED = LinearSegmentedColormap.from_list("signed", ["#4a93db", WHITE, "#f0923a"], N=255)
SHARES = LinearSegmentedColormap.from_list("shares", [WHITE, "#52b48b"])
HIDDEN: dict[str, Any] = {
    "facecolor": "#f6f8fa",
    "edgecolor": "#c9d1d9",
    "hatch": "////",
    "linewidth": 0,
}
# Series that are alike differ by marker, and bars by hatch.
MARKERS = ("o", "s", "^")
# Series that differ in kind have a colour, a marker and a line each.
KINDS: tuple[dict[str, Any], ...] = (
    {"color": BELOW, "marker": MARKERS[0], "linestyle": "-"},
    {"color": ABOVE, "marker": MARKERS[1], "linestyle": "--"},
    {"color": GREY, "marker": MARKERS[2], "linestyle": ":"},
)
BARS: tuple[dict[str, Any], ...] = (
    {"facecolor": SHARE, "edgecolor": SHARE},
    {"facecolor": "#e3f4ec", "edgecolor": "#2f9a6e", "hatch": "///"},
    {"facecolor": "#d5efe3", "edgecolor": SHARE, "hatch": ".."},
)
# What somebody guessed is a diamond, light in a dark theme too.
GUESS: dict[str, Any] = {
    "marker": "D",
    "color": WHITE,
    "markeredgecolor": CELL_INK,
    "linestyle": "",
    "markersize": 9,
    "zorder": 5,
}

PX = 1 / 96  # a CSS pixel in inches
with as_file(files("linbias.plots") / "course.mplstyle") as _path:
    RC = mpl.rc_params_from_file(_path, use_default_template=False)
# Matplotlib writes colours as styles.
_DARK_RULES = dark_rules('[style*="{what}: {light}"]')


class CourseAxes(Axes):
    """Axes of a figure of its own, which a notebook shows as it is.

    Attributes
    ----------
    alt : str
        What is to be seen, for whoever hears the notebook instead of seeing it.
    """

    alt: str = ""

    @property
    def picture(self) -> Picture:
        """The whole figure, as it looks now."""
        return as_picture(self)

    @property
    def html(self) -> str:
        """The figure as one HTML element."""
        return self.picture.html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the text: it is what a terminal can show."""
        return self.alt or super().__repr__()

    def __str__(self) -> str:
        return repr(self)


@contextmanager
def canvas(
    ax: Axes | None,
    width: float,
    height: float,
    *,
    left: float = 64,
    right: float = 24,
    top: float = 44,
    bottom: float = 56,
) -> Iterator[Axes]:
    """Give the axes to draw on in the course's style: ax itself, or new ones.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        What the figure function's caller gave.
    width, height : float
        The size of a new figure, in CSS pixels.
    left, right, top, bottom : float
        The margins around new axes, in CSS pixels: room for labels. (No layout engine is used;
        it would take longer than the drawing.)

    Examples
    --------
    >>> with canvas(None, 300, 200) as axes:
    ...     line = axes.plot([1, 2], color=BELOW)
    ...     told(axes, "A line from 1 to 2.")
    A line from 1 to 2.
    """
    with mpl.rc_context(RC):
        if ax is None:
            figure = Figure(figsize=(width * PX, height * PX))
            inner = (
                left / width,
                bottom / height,
                (width - left - right) / width,
                (height - top - bottom) / height,
            )
            ax = figure.add_axes(inner, axes_class=CourseAxes)
        yield ax


def told(ax: Axes, alt: str) -> Axes:
    """Return the axes, with the words that say what is to be seen on them."""
    if isinstance(ax, CourseAxes):
        ax.alt = alt
    return ax


def as_picture(drawn: Axes | Picture) -> Picture:
    """Return what a figure function returned as a picture; a picture is one already."""
    if isinstance(drawn, Picture):
        return drawn
    figure = drawn.get_figure(root=True)
    assert figure is not None  # removed axes are not shown
    return picture(figure, getattr(drawn, "alt", ""))


def picture(figure: Figure, alt: str) -> Picture:
    """Return a figure as SVG: its text is text, it has a title, and it knows a dark page.

    The same figure gives the same bytes on every machine.
    """
    file = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context(RC):
        figure.savefig(file, format="svg", metadata={"Title": alt, **nothing})
    text = file.getvalue()
    text = text[text.index("<svg") :].replace("<defs>", f"{_DARK_RULES}<defs>", 1)
    text = text.replace("<svg ", '<svg role="img" ', 1)
    return Picture(text.encode(), "image/svg+xml", alt, round(figure.get_figwidth() / PX))


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
    finite = np.array([value for value in values if math.isfinite(value)])
    for count in range(most):
        if np.all(np.abs(finite - finite.round(count)) < 1e-9):
            return count
    return most
