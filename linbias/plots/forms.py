"""Three bias matrices that give one attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from linbias.attention import softmax_rows
from linbias.bias import bias_matrix, causal_mask
from linbias.plots import drawn
from linbias.plots.picture import Picture
from linbias.same import key_only_bias

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WORDS = 8
_TITLES = ("distance: −β(i − j)", "key alone: +βj", "last row: −β(n − 1 − j)")


def three_forms(words: Sequence[str], beta: Any) -> Picture:
    """Return three bias matrices of a sentence, and below them the one table of shares.

    Parameters
    ----------
    words : sequence of str
        One word per token, 2 to 8.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If there are not 2 to 8 words, or beta is not a finite number of at least 0.

    Examples
    --------
    >>> print(three_forms(["The", "cat"], 0.5))
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
    figure = drawn.new_figure(12.6, 8.6)
    above, below = cast("Any", figure.subfigures(2, 1, height_ratios=(1, 1.05)))
    deepest = max(float(np.abs(matrix[np.isfinite(matrix)]).max()) for matrix in matrices) or 1.0
    for axes, matrix, title in zip(above.subplots(1, 3), matrices, _TITLES, strict=True):
        _table(axes, matrix, words, title, deepest)
    for axes in below.subplots(1, 3):
        axes.set_axis_off()
    below.axes[1].set_axis_on()
    _table(below.axes[1], shares, words, "softmax: the same shares", 1.0, shares=True)
    return drawn.finished(figure, _alt(words, beta, matrices, shares))


def _forms(n: int, beta: Any) -> list[NDArray[np.float64]]:
    distance = bias_matrix(n, beta)
    return [distance, key_only_bias(n, beta), np.where(causal_mask(n), distance[-1], -np.inf)]


def _table(
    axes: Axes,
    matrix: NDArray[np.float64],
    words: Sequence[str],
    title: str,
    deepest: float,
    *,
    shares: bool = False,
) -> None:
    """Draw one matrix, its rows and columns labelled with words."""
    from matplotlib.patches import Rectangle

    n = len(words)
    for i, j in np.ndindex(n, n):
        where, value = (j - 0.5, i - 0.5), float(matrix[i, j])
        if j > i:
            cell = Rectangle(where, 1, 1, facecolor="#f6f8fa", edgecolor="#d0d7de", hatch="///")
        else:
            colour = drawn.tint(value, deepest, shares=shares)
            cell = Rectangle(where, 1, 1, facecolor=colour, edgecolor="#d0d7de")
            axes.text(j, i, _number(value, shares=shares), ha="center", va="center", fontsize=12)
        axes.add_patch(cell)
    axes.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), aspect="equal")
    axes.set_title(title, fontsize=14, fontweight="bold", pad=10)
    axes.set_xticks(range(n), words, fontsize=12)
    axes.set_yticks(range(n), words, fontsize=12)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _number(value: float, *, shares: bool) -> str:
    return f"{value:.2f}" if shares else f"{value + 0.0:.1f}".replace("-", "−")


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
        f"{word}: {', '.join(_number(value, shares=shares) for value in row[: i + 1])}"
        for i, (word, row) in enumerate(zip(words, matrix, strict=True))
    )
    return "; ".join(rows) + "."
