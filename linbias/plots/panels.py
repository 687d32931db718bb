"""From scores to attention in four panels: scale, add the bias, hide the future, softmax."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments
from linbias._paper import GREY
from linbias.attention import attention_weights
from linbias.bias import causal_mask
from linbias.plots.grid import bare, grid
from linbias.plots.style import canvas, number, told

MOST_TOKENS = 6
_PANELS = (
    ("1. scaled scores", "q · k / √d"),
    ("2. add the bias", "−β · (i − j) for j ≤ i"),
    ("3. hide the future", "−∞ for j > i"),
    ("4. softmax", "each row sums to 1"),
)
_FOOT = (
    "Row i is query i, column j is key j. Blue is below 0, orange above, green a share, "
    "hatched is hidden."
)


def steps(Q: ArrayLike, K: ArrayLike, beta: Any, ax: Axes | None = None) -> Axes:
    """Draw four matrices side by side that lead from the scores to the attention weights.

    Parameters
    ----------
    Q, K : array_like of float, shape (n, d)
        One query and one key per token, at most 6 tokens.
    beta : float
        The slope, at least 0, in nats per token.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        As `linbias.attention_weights`, and if there are more than 6 tokens.

    Examples
    --------
    >>> steps([[1.0], [1.0]], [[1.0], [1.0]], 0.5)
    From scores to attention in four steps, beta = 0.5. Row i is query i, column j is key j.
    1. scaled scores: 1.00, 1.00; 1.00, 1.00.
    2. add the bias: 1.00, 1.00; 0.50, 1.00.
    3. hide the future: 1.00, −∞; 0.50, 1.00.
    4. softmax: 1.00, 0.00; 0.38, 0.62.
    """
    matrices = _matrices(Q, K, beta)
    n = len(matrices[0])
    if n > MOST_TOKENS:
        raise ValueError(f"Q must have at most {MOST_TOKENS} rows to fit the picture, got {n}.")
    # One scale for the first three, so that a colour means the same number of nats.
    largest = float(np.abs(matrices[:2]).max() or 1.0)
    with canvas(ax, 900, 320, left=30, right=20, top=92, bottom=44) as axes:
        stride = n * 222 / 184
        bare(axes, 3 * stride + n, n)
        for k, (cells, words) in enumerate(zip(matrices, _PANELS, strict=True)):
            hidden = ~causal_mask(n) if k >= 2 else None
            last = k == 3
            grid(
                axes,
                cells,
                2,
                left=k * stride,
                largest=1.0 if last else largest,
                hidden=hidden,
                shares=last,
            )
            _head(axes, k * stride, *words, arrow=k > 0)
        axes.set_xticks(
            [k * stride + j + 0.5 for k in range(4) for j in range(n)], [*map(str, range(n))] * 4
        )
        axes.set_yticks([i + 0.5 for i in range(n)], [*map(str, range(n))])
        axes.text(0, -0.1, _FOOT, transform=axes.transAxes, va="top", fontsize=9, color=GREY)
        return told(axes, _alt(matrices, beta))


def _head(axes: Axes, x: float, title: str, rule: str, *, arrow: bool) -> None:
    looks: tuple[tuple[str, int, dict[str, Any]], ...] = (
        (title, 47, {"fontsize": 11.25, "fontweight": "bold"}),
        (rule, 31, {"fontsize": 9, "color": GREY}),
        ("→ " * arrow, 6, {"fontsize": 14, "color": GREY, "ha": "right"}),
    )
    for words, up, style in looks:
        axes.annotate(
            words,
            (x, 0),
            (0, up),
            textcoords="offset points",
            annotation_clip=False,
            **style,
        )


def _matrices(Q: ArrayLike, K: ArrayLike, beta: Any) -> list[NDArray[np.float64]]:
    weights = attention_weights(Q, K, beta)
    queries, keys = _arguments.finite_matrix("Q", Q), _arguments.finite_matrix("K", K)
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    position, visible = np.arange(len(scores)), causal_mask(len(scores))
    biased = scores - float(beta) * np.tril(position[:, None] - position[None, :])
    return [scores, biased, np.where(visible, biased, -np.inf), weights]


def _alt(matrices: list[NDArray[np.float64]], beta: Any) -> str:
    lines = [
        f"From scores to attention in four steps, beta = {beta:g}. "
        "Row i is query i, column j is key j."
    ]
    for (title, _), cells in zip(_PANELS, matrices, strict=True):
        rows = (", ".join(number(value, 2) for value in row) for row in cells)
        lines.append(f"{title}: {'; '.join(rows)}.")
    return "\n".join(lines)
