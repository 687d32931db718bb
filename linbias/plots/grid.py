"""The cells of a matrix on axes: their colours, their numbers, their positions."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Colormap
from numpy.typing import NDArray

from linbias._paper import LINE
from linbias.plots.readable import share_in_cell
from linbias.plots.style import CELL_INK, HIDDEN, SHARES, SIGNED, number

_SMALLEST = 6.0  # points; a smaller number cannot be read


def colour(
    values: NDArray[np.float64], largest: float, *, shares: bool = False
) -> NDArray[np.float64]:
    """Return the RGBA colours of cells: white is 0, blue below, orange above; a share is green.

    >>> [bool(red > blue) for red, _, blue, _ in colour(np.array([-2.0, 2.0]), 2.0)]
    [False, True]
    """
    bounded = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    depth = np.clip(bounded / (largest or 1.0), -1, 1)
    colours: Colormap = SHARES if shares else SIGNED
    return np.asarray(colours(depth if shares else (depth + 1) / 2))


def grid(
    axes: Axes,
    cells: NDArray[np.float64],
    digits: int,
    *,
    left: float = 0,
    largest: float | None = None,
    hidden: NDArray[np.bool_] | None = None,
    shares: bool = False,
) -> None:
    """Draw cells of size 1, row 0 on top, numbered while there is room.

    The colour is strongest at the size `largest`, by default that of the largest number. What is
    `hidden` or not finite is hatched. The axes' limits have to be set before: they give the room.
    """
    rows, columns = cells.shape
    known = np.abs(cells[np.isfinite(cells)])
    strongest = largest or float(known.max(initial=0.0))
    axes.pcolormesh(
        np.arange(columns + 1) + left,
        np.arange(rows + 1),
        colour(cells, strongest, shares=shares),
        edgecolors=LINE,
        linewidth=0.5,
    )
    hatched = ~np.isfinite(cells) | (False if hidden is None else hidden)
    corners = [(j + left, i) for i, j in np.argwhere(hatched)]
    squares = [[(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)] for x, y in corners]
    axes.add_collection(PolyCollection(squares, **HIDDEN), autolim=False)
    words = _words(cells, digits, shares=shares)
    size = min(11.25, 1.35 * cell_points(axes) / max(len(word) for row in words for word in row))
    if size < _SMALLEST:
        return
    for i, row in enumerate(words):
        for j, word in enumerate(row):
            place = (left + j + 0.5, i + 0.5)
            axes.text(
                *place, word, ha="center", va="center_baseline", fontsize=size, color=CELL_INK
            )


def move_cells(axes: Axes, shares: NDArray[np.float64], digits: int) -> None:
    """Let the cells of a grid of shares show other ones; cheaper than to draw anew."""
    axes.collections[0].set_array(colour(shares, 1.0, shares=True))
    words = [word for row in _words(shares, digits, shares=True) for word in row]
    for text, word in zip(axes.texts, words, strict=False):  # the last text names the rows
        text.set_text(word)


def _words(cells: NDArray[np.float64], digits: int, *, shares: bool) -> list[list[str]]:
    name = share_in_cell if shares else number
    return [[name(value, digits) for value in row] for row in cells.tolist()]


def cell_points(axes: Axes) -> float:
    """Return how wide and high a cell of size 1 is, in points: the smaller of the two."""
    box, (x, to_x), (y, to_y) = axes.get_window_extent(), axes.get_xlim(), axes.get_ylim()
    figure = axes.get_figure(root=True)
    assert figure is not None  # removed axes are not drawn on
    pixels = min(box.width / abs(to_x - x), box.height / abs(to_y - y))
    return float(pixels * 72 / figure.dpi)


def bare(axes: Axes, columns: float, rows: float) -> None:
    """Prepare axes for cells: row 0 on top, positions above and left, no frame."""
    axes.set(xlim=(0, columns), ylim=(rows, 0))
    axes.spines[:].set_visible(False)
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, pad=5, labeltop=True, labelbottom=False, labelsize=9)


def every(count: int, axes: Axes) -> range:
    """Return which positions to name: every fourth where cells are too small for all."""
    return range(0, count, 1 if cell_points(axes) >= 16 else 4)
