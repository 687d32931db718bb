"""From scores to attention in four panels: scale, add the bias, hide the future, softmax."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linbias import _arguments
from linbias.attention import attention_weights
from linbias.bias import causal_mask
from linbias.plots import svg
from linbias.plots.cells import grid, positions
from linbias.plots.picture import Picture

MOST_TOKENS = 6
_PANELS = (
    ("1. scaled scores", "q · k / √d"),
    ("2. add the bias", "−β · (i − j) for j ≤ i"),
    ("3. hide the future", "−∞ for j > i"),
    ("4. softmax", "each row sums to 1"),
)


def steps(Q: ArrayLike, K: ArrayLike, beta: Any) -> Picture:
    """Return four matrices side by side that lead from the scores to the attention weights.

    Parameters
    ----------
    Q, K : array_like of float, shape (n, d)
        One query and one key per token, at most 6 tokens.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        As `linbias.attention_weights`, and if there are more than 6 tokens.

    Examples
    --------
    >>> print(steps([[1.0], [1.0]], [[1.0], [1.0]], 0.5))
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
    panel, gap, left, top = 184.0, 38.0, 30.0, 92.0
    # One scale for the first three, so that a colour means the same number of nats.
    darkest = float(np.abs(matrices[:2]).max() or 1.0)
    parts: list[str] = []
    for k, (cells, (title, rule)) in enumerate(zip(matrices, _PANELS, strict=True)):
        x, size = left + k * (panel + gap), panel / n
        parts.append(svg.text(x, 28, title, 15, anchor="start", bold=True))
        parts.append(svg.text(x, 50, rule, 12, svg.GREY, anchor="start"))
        parts += positions(cells.shape, x, top, size)
        hidden = ~causal_mask(n) if k >= 2 else None
        parts += grid(cells, x, top, size, 2, 1.0 if k == 3 else darkest, hidden, shares=k == 3)
        if k:
            parts.append(svg.arrow(x - gap + 5, top - 12, x - gap + 20))
    foot = (
        "Row i is query i, column j is key j. Blue is below 0, orange above, green a share, "
        "hatched is hidden."
    )
    parts.append(svg.text(left, top + panel + 26, foot, 12, svg.GREY, anchor="start"))
    return svg.drawing(900, top + panel + 44, parts, _alt(matrices, beta))


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
        rows = (", ".join(svg.number(value, 2) for value in row) for row in cells)
        lines.append(f"{title}: {'; '.join(rows)}.")
    return "\n".join(lines)
