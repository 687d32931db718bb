"""Three bias matrices that give one attention."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from linbias._paper import INK, LINE
from linbias.attention import softmax_rows
from linbias.bias import bias_matrix, causal_mask
from linbias.plots.style import CELL_INK, HIDDEN, SHARES, SIGNED, canvas, number, told
from linbias.same import key_only_bias

MOST_WORDS = 8
CELL = 37  # CSS pixels
# In cells: what a table needs above it and to its left.
TOP, LEFT = 2.0, 1.5
_TITLES = ("distance: −β(i − j)", "key alone: +βj", "last row: −β(n − 1 − j)")


def three_forms(words: Sequence[str], beta: Any, ax: Axes | None = None) -> Axes:
    """Return three bias matrices of a sentence, and below them the one table of shares.

    Parameters
    ----------
    words : sequence of str
        One word per token, 2 to 8.
    beta : float
        The slope, at least 0, in nats per token.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        If there are not 2 to 8 words, or beta is not a finite number of at least 0.

    Examples
    --------
    >>> three_forms(["The", "cat"], 0.5)
    Three bias matrices for: The cat. Beta is 0.5, the future is blocked.
    distance: −β(i − j). The: 0.0; cat: −0.5, 0.0.
    key alone: +βj. The: 0.0; cat: 0.0, 0.5.
    last row: −β(n − 1 − j). The: −0.5; cat: −0.5, 0.0.
    One attention, equal contents. The: 1.00; cat: 0.38, 0.62.
    """
    n = len(words)
    if not 2 <= n <= MOST_WORDS:
        raise ValueError(f"words must be 2 to {MOST_WORDS} words to fit the figure, got {n}.")
    matrices = _forms(n, beta)
    shares = softmax_rows(matrices[0])
    across, down = 3 * (n + LEFT) + 0.4, 2 * (n + TOP) + 0.4
    deepest = max(float(np.abs(matrix[np.isfinite(matrix)]).max()) for matrix in matrices) or 1.0
    with canvas(ax, CELL * across, CELL * down, left=0, right=0, top=0, bottom=0) as axes:
        axes.set_axis_off()
        axes.set(xlim=(0, across), ylim=(down, 0), aspect="equal")
        for k, (matrix, title) in enumerate(zip(matrices, _TITLES, strict=True)):
            _table(axes, (k * (n + LEFT), 0), matrix, words, title, deepest)
        _table(axes, (n + LEFT, n + TOP), shares, words, "softmax: the same shares")
        return told(axes, _alt(words, beta, matrices, shares))


def _forms(n: int, beta: Any) -> list[NDArray[np.float64]]:
    distance = bias_matrix(n, beta)
    return [distance, key_only_bias(n, beta), np.where(causal_mask(n), distance[-1], -np.inf)]


def _table(
    axes: Axes,
    corner: tuple[float, float],
    matrix: NDArray[np.float64],
    words: Sequence[str],
    title: str,
    deepest: float | None = None,
) -> None:
    """Draw one matrix, its rows and columns labelled with words; without `deepest`, of shares."""
    left, top = corner[0] + LEFT, corner[1] + TOP
    axes.text(left, corner[1] + 0.6, title, fontsize=11, fontweight="bold", va="center")
    for k, word in enumerate(words):
        axes.text(left - 0.15, top + k + 0.5, word, ha="right", va="center", color=INK)
        axes.text(left + k + 0.5, top - 0.2, word, ha="center", va="bottom", color=INK)
    for i, j in np.ndindex(matrix.shape):
        value = float(matrix[i, j])
        fill = SHARES(value) if deepest is None else SIGNED(0.5 + value / deepest / 2)
        look: dict[str, Any] = (
            HIDDEN if j > i else {"facecolor": fill, "edgecolor": LINE, "linewidth": 0.75}
        )
        axes.add_patch(Rectangle((left + j, top + i), 1, 1, **look))
        if j <= i:
            shown = number(value, 2 if deepest is None else 1)
            axes.text(
                left + j + 0.5,
                top + i + 0.5,
                shown,
                ha="center",
                va="center",
                fontsize=9,
                color=CELL_INK,
            )


def _alt(
    words: Sequence[str],
    beta: Any,
    matrices: Sequence[NDArray[np.float64]],
    shares: NDArray[np.float64],
) -> str:
    head = f"Three bias matrices for: {' '.join(words)}. Beta is {beta:g}, the future is blocked."
    tables = [*zip(_TITLES, matrices, strict=True), ("One attention, equal contents", shares)]
    lines = [
        f"{title}. {_rows(matrix, words, shares=matrix is shares)}" for title, matrix in tables
    ]
    return "\n".join([head, *lines])


def _rows(matrix: NDArray[np.float64], words: Sequence[str], *, shares: bool) -> str:
    rows = (
        f"{word}: {', '.join(number(value, 2 if shares else 1) for value in row[: i + 1])}"
        for i, (word, row) in enumerate(zip(words, matrix, strict=True))
    )
    return "; ".join(rows) + "."
