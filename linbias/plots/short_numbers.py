"""What bfloat16 makes of the last token's attention over a long text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from linbias import _arguments
from linbias.attention import softmax_rows
from linbias.plots import drawn
from linbias.plots.picture import Picture
from linbias.precision import bf16

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KEYS = 8
_FORMS = ("from the distance, −β(i − j)", "from the position, +βj")


def low_precision(n: Any, beta: Any) -> Picture:
    """Return the last token's shares with every number of its bias kept in bfloat16.

    Parameters
    ----------
    n : int
        The number of tokens, at least 8.
    beta : float
        The slope, at least 0, in nats per token.

    Returns
    -------
    Picture
        Two rows of bars for the eight nearest keys; short lines mark the exact shares.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 8, or beta is not a finite number of at least 0.

    Examples
    --------
    >>> print(low_precision(2048, 0.5))
    The last of 2048 tokens, beta = 0.5, equal contents, all numbers of the bias in bfloat16.
    Shares of the 8 nearest keys, 7 back to the token itself:
    exact: 0.01, 0.02, 0.03, 0.05, 0.09, 0.14, 0.24, 0.39.
    from the distance, −β(i − j): 0.01, 0.02, 0.03, 0.05, 0.09, 0.14, 0.24, 0.39.
    from the position, +βj: 0.00, 0.00, 0.00, 0.00, 0.24, 0.24, 0.24, 0.24.
    """
    length, slope = _arguments.whole("n", n, KEYS), _arguments.slope(beta)
    exact, *forms = _shares(length, slope)
    figure = drawn.new_figure(12.0, 4.6)
    axes = figure.subplots(1, 2, sharey=True)
    for panel, title, shares in zip(axes, _FORMS, forms, strict=True):
        _bars(panel, f"bias {title}", shares, exact)
    axes[0].set_ylabel("share of attention", fontsize=12)
    figure.supxlabel("tokens back (0 is the token itself)", fontsize=12)
    return drawn.finished(figure, _alt(length, slope, [exact, *forms]))


def _shares(n: int, beta: float) -> list[NDArray[np.float64]]:
    """Return the shares of the nearest keys: exact, from distances, from positions."""
    j = np.arange(n)
    biases = (beta * (j - n + 1.0), bf16(-beta * bf16(n - 1 - j)), bf16(beta * bf16(j)))
    return [softmax_rows(bias[None, :])[0, -KEYS:] for bias in biases]


def _bars(axes: Axes, title: str, shares: NDArray[np.float64], exact: NDArray[np.float64]) -> None:
    at = np.arange(KEYS)
    axes.bar(at, shares, width=0.72, color=drawn.DARK_GREEN, label="in bfloat16")
    axes.hlines(exact, at - 0.42, at + 0.42, color=drawn.INK, linewidth=2.4, label="exact")
    for x, share, right in zip(at.tolist(), shares, exact, strict=True):
        told = f"{share:.0%}" if share >= 0.005 else "<1%"
        # A number stands on its bar, or above the line that it would lie on.
        above = right if 0 < right - share < 0.06 else share
        axes.text(x, above + 0.012, told, ha="center", fontsize=12)
    axes.set_title(title, fontsize=13, fontweight="bold", pad=10)
    axes.set_xticks(at, [str(KEYS - 1 - x) for x in at], fontsize=12)
    axes.set_yticks([0, 0.2, 0.4], ["0 %", "20 %", "40 %"], fontsize=12)
    axes.set_ylim(0, 0.5)
    axes.grid(axis="y", color=drawn.FAINT)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", frameon=False, fontsize=12)


def _alt(n: int, beta: float, rows: list[NDArray[np.float64]]) -> str:
    names = ("exact", *_FORMS)
    lines = [
        f"{name}: {', '.join(f'{share:.2f}' for share in row)}."
        for name, row in zip(names, rows, strict=True)
    ]
    return "\n".join(
        [
            f"The last of {n} tokens, beta = {beta:g}, equal contents, all numbers of the bias in "
            "bfloat16.",
            f"Shares of the {KEYS} nearest keys, {KEYS - 1} back to the token itself:",
            *lines,
        ]
    )
