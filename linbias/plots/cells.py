"""A matrix as a figure: coloured cells, their numbers, and positions around them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from linbias._paper import GREY
from linbias.plots.grid import bare, every, grid, move_cells
from linbias.plots.style import canvas, number, places, told

MOST_CELLS, MOST_TOLD = 32, 12
Names = tuple[Sequence[str], Sequence[str]]


def heatmap(
    matrix: ArrayLike,
    title: str = "",
    *,
    rows: str = "query i",
    columns: str = "key j",
    hidden: NDArray[np.bool_] | None = None,
    shares: bool = False,
    names: Names | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix as coloured cells, numbered while there is room for numbers.

    Parameters
    ----------
    matrix : array_like of float, shape (m, n)
        At most 32 rows and columns. Blue is below 0, orange above, white is 0; -inf and NaN are
        hatched.
    title : str
        What the matrix is.
    rows, columns : str
        What a row and a column stand for.
    hidden : ndarray of bool, shape (m, n), optional
        Which cells to hatch because they are blocked, whatever number they hold.
    shares : bool
        Whether the numbers are shares of attention, which are green.
    names : tuple of two sequences of str, optional
        The names of the rows and of the columns, in place of their numbers.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If matrix does not hold real numbers.
    ValueError
        If matrix is not a matrix or has more than 32 rows or columns.

    Examples
    --------
    >>> heatmap([[0.0, -np.inf], [-0.5, 0.0]], "Bias")
    Bias. 2 rows (query i), 2 columns (key j).
    Row 0: 0.0, −∞.
    Row 1: −0.5, 0.0.
    """
    cells = _readable(matrix)
    size = min(48, 560 / max(cells.shape))
    room = {"left": max(84, 8 * max(map(len, names[0])) + 20) if names else 84.0, "right": 24.0}
    room |= {"top": 80 if title else 52, "bottom": 20}
    width = room["left"] + max(cells.shape[1] * size + room["right"], 10 * len(title))
    room["right"] = width - room["left"] - cells.shape[1] * size
    height = room["top"] + cells.shape[0] * size + room["bottom"]
    digits = places(cells.ravel().tolist())
    with canvas(ax, width, height, **room) as axes:
        bare(axes, cells.shape[1], cells.shape[0])
        axes.set_aspect("equal")
        grid(axes, cells, digits, hidden=hidden, shares=shares)
        _name_positions(axes, cells.shape, names)
        if title:
            _entitle(axes, title)
        axes.set_xlabel(columns and f"{columns} →", loc="left", fontsize=9, labelpad=5)
        corner: dict[str, Any] = {
            "xytext": (-7.5, 6),
            "textcoords": "offset points",
            "annotation_clip": False,
        }
        if rows:
            axes.annotate(f"{rows} ↓", (0, 0), ha="right", fontsize=9, color=GREY, **corner)
        return told(axes, _alt(cells, title, rows, columns, digits, names))


def _entitle(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", y=1, pad=39, fontsize=12.5, fontweight="bold")


def move_heatmap(
    axes: Axes, shares: NDArray[np.float64], title: str, names: Names | None = None
) -> None:
    """Let a heat map of shares show other ones of the same shape; cheaper than to draw anew."""
    move_cells(axes, shares, 2)
    _entitle(axes, title)
    told(axes, _alt(shares, title, "query i", "key j", 2, names))


def _readable(matrix: ArrayLike) -> NDArray[np.float64]:
    cells = np.asarray(matrix)
    if cells.dtype.kind not in "iuf":
        raise TypeError(
            f"matrix must hold real numbers, got {cells.dtype}: use an array of floats."
        )
    if cells.ndim != 2 or 0 in cells.shape:
        raise ValueError(f"matrix must have rows and columns, got shape {cells.shape}.")
    if max(cells.shape) > MOST_CELLS:
        raise ValueError(
            f"matrix must have at most {MOST_CELLS} rows and columns to be readable as a "
            f"picture, got shape {cells.shape}: show a part of it."
        )
    return cells.astype(float)


def _name_positions(axes: Axes, shape: tuple[int, ...], names: Names | None) -> None:
    rows, columns = names or (range(shape[0]), range(shape[1]))
    across, down = every(shape[1], axes), every(shape[0], axes)
    axes.set_xticks([j + 0.5 for j in across], [str(columns[j]) for j in across])
    axes.set_yticks([i + 0.5 for i in down], [str(rows[i]) for i in down])


def _alt(
    cells: NDArray[np.float64],
    title: str,
    rows: str,
    columns: str,
    digits: int,
    names: Names | None,
) -> str:
    m, n = cells.shape
    if names:
        lines = [f"{title or 'A matrix'}. Columns: {', '.join(names[1])}."]
        for name, row in zip(names[0], cells, strict=True):
            told = ", ".join(number(value, digits) for value in row)
            lines.append(f"{name}: {told}.")
        return "\n".join(lines)
    lines = [f"{title or 'A matrix'}. {m} rows ({rows}), {n} columns ({columns})."]
    if max(m, n) <= MOST_TOLD:
        for i, row in enumerate(cells):
            lines.append(f"Row {i}: {', '.join(number(value, digits) for value in row)}.")
        return "\n".join(lines)
    finite = cells[np.isfinite(cells)]
    if finite.size:
        low, high = number(finite.min(), digits), number(finite.max(), digits)
        lines.append(f"The numbers run from {low} to {high}.")
    lines.append(f"{cells.size - finite.size} cells are hidden.")
    return "\n".join(lines)
