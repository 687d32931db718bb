"""A matrix as a picture: coloured cells, their numbers, and positions around them."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias.plots import svg
from linbias.plots.picture import Picture

MOST_CELLS, MOST_TOLD = 32, 12


def heatmap(
    matrix: ArrayLike,
    title: str = "",
    *,
    rows: str = "query i",
    columns: str = "key j",
    hidden: NDArray[np.bool_] | None = None,
    shares: bool = False,
    names: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Picture:
    """Return a matrix as coloured cells, numbered while there is room for numbers.

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

    Returns
    -------
    Picture

    Raises
    ------
    TypeError
        If matrix does not hold real numbers.
    ValueError
        If matrix is not a matrix or has more than 32 rows or columns.

    Examples
    --------
    >>> print(heatmap([[0.0, -np.inf], [-0.5, 0.0]], "Bias"))
    Bias. 2 rows (query i), 2 columns (key j).
    Row 0: 0.0, −∞.
    Row 1: −0.5, 0.0.
    """
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
    size = min(48, 560 / max(cells.shape))
    longest = max(map(len, names[0])) if names else 0
    left, top = max(84, 8 * longest + 20), 76 if title else 48
    digits = svg.places(cells.ravel().tolist())
    width = max(left + cells.shape[1] * size + 24, left + 10 * len(title))
    parts = [
        svg.text(left, 28, title, 17, anchor="start", bold=True),
        svg.text(left, top - 26, columns and f"{columns} →", 12, svg.GREY, anchor="start"),
        svg.text(left - 10, top - 8, rows and f"{rows} ↓", 12, svg.GREY, anchor="end"),
        *grid(cells, left, top, size, digits, hidden=hidden, shares=shares),
        *positions(cells.shape, left, top, size, names),
    ]
    alt = _matrix_alt(cells, title, rows, columns, digits, names)
    return svg.drawing(width, top + cells.shape[0] * size + 20, parts, alt)


def grid(
    cells: NDArray[np.float64],
    left: float,
    top: float,
    size: float,
    digits: int,
    darkest: float | None = None,
    hidden: NDArray[np.bool_] | None = None,
    *,
    shares: bool = False,
) -> list[str]:
    """Return the cells of a matrix as shapes, with their numbers while there is room.

    The colour is darkest at the size `darkest`, by default the largest in the matrix.
    """
    finite = np.abs(cells[np.isfinite(cells)])
    largest = darkest or float(finite.max(initial=0.0))
    letters = max(len(svg.number(value, digits)) for value in cells.ravel().tolist())
    font = min(15.0, 1.35 * size / letters)
    parts = []
    for i, row in enumerate(cells.tolist()):
        for j, value in enumerate(row):
            blocked = hidden is not None and hidden[i, j]
            fill = svg.shade(-math.inf if blocked else value, largest, shares=shares)
            ink = svg.GREY if fill == svg.FUTURE else svg.INK
            x, y = left + j * size, top + i * size
            parts.append(svg.box(x, y, size - 1, size - 1, fill))
            if font >= 8:
                middle = (x + (size - 1) / 2, y + size / 2 + 0.35 * font)
                parts.append(svg.text(*middle, svg.number(value, digits), font, ink))
    return [svg.box(left - 1, top - 1, *_outer(cells.shape, size), svg.LINE), *parts]


def _outer(shape: tuple[int, ...], size: float) -> tuple[float, float]:
    return shape[1] * size + 1, shape[0] * size + 1


def positions(
    shape: tuple[int, ...],
    left: float,
    top: float,
    size: float,
    names: tuple[Sequence[str], Sequence[str]] | None = None,
) -> list[str]:
    """Return the columns' numbers or names above a matrix, and those of its rows beside it."""
    rows, columns = names or (range(shape[0]), range(shape[1]))
    # Every fourth position where the cells are too small for all of them.
    step = 1 if size >= 22 else 4
    across = [
        svg.text(left + (j + 0.5) * size, top - 8, str(columns[j]), 12, svg.GREY)
        for j in range(0, shape[1], step)
    ]
    down = [
        svg.text(left - 10, top + (i + 0.5) * size + 4, str(rows[i]), 12, svg.GREY, anchor="end")
        for i in range(0, shape[0], step)
    ]
    return across + down


def _matrix_alt(
    cells: NDArray[np.float64],
    title: str,
    rows: str,
    columns: str,
    digits: int,
    names: tuple[Sequence[str], Sequence[str]] | None,
) -> str:
    m, n = cells.shape
    if names:
        lines = [f"{title or 'A matrix'}. Columns: {', '.join(names[1])}."]
        for name, row in zip(names[0], cells, strict=True):
            told = ", ".join(svg.number(value, digits) for value in row)
            lines.append(f"{name}: {told}.")
        return "\n".join(lines)
    lines = [f"{title or 'A matrix'}. {m} rows ({rows}), {n} columns ({columns})."]
    if max(m, n) <= MOST_TOLD:
        for i, row in enumerate(cells):
            lines.append(f"Row {i}: {', '.join(svg.number(value, digits) for value in row)}.")
        return "\n".join(lines)
    finite = cells[np.isfinite(cells)]
    if finite.size:
        low, high = svg.number(finite.min(), digits), svg.number(finite.max(), digits)
        lines.append(f"The numbers run from {low} to {high}.")
    lines.append(f"{cells.size - finite.size} cells are hidden.")
    return "\n".join(lines)
