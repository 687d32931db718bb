"""What bfloat16 makes of the last token's attention over a long text."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from linbias import _arguments
from linbias._paper import FAINT, INK
from linbias.attention import softmax_rows
from linbias.plots.style import BARS, canvas, told
from linbias.precision import bf16

KEYS = 8
_BAR: dict[str, Any] = BARS[0]
_FORMS = ("from the distance, −β(i − j)", "from the position, +βj")


def low_precision(n: Any, beta: Any, ax: Axes | None = None) -> Axes:
    """Return the last token's shares with every number of its bias kept in bfloat16.

    Parameters
    ----------
    n : int
        The number of tokens, at least 8.
    beta : float
        The slope, at least 0, in nats per token.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes
        Two rows of bars for the eight nearest keys; short lines mark the exact shares.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number of at least 8, or beta is not a finite number of at least 0.

    Examples
    --------
    >>> low_precision(2048, 0.5)
    The last of 2048 tokens, beta = 0.5, equal contents, all numbers of the bias in bfloat16.
    Shares of the 8 nearest keys, 7 back to the token itself:
    exact: 0.01, 0.02, 0.03, 0.05, 0.09, 0.14, 0.24, 0.39.
    from the distance, −β(i − j): 0.01, 0.02, 0.03, 0.05, 0.09, 0.14, 0.24, 0.39.
    from the position, +βj: 0.00, 0.00, 0.00, 0.00, 0.24, 0.24, 0.24, 0.24.
    """
    length, slope = _arguments.whole("n", n, KEYS), _arguments.slope(beta)
    exact, *forms = _shares(length, slope)
    with canvas(ax, 880, 330, top=64) as axes:
        for side, title, shares in zip((0, KEYS + 1), _FORMS, forms, strict=True):
            _bars(axes, side, shares, exact, labelled=side == 0)
            axes.text(side - 0.4, 0.475, f"bias {title}", fontsize=10.5, fontweight="bold")
        ticks = [*range(KEYS), *range(KEYS + 1, 2 * KEYS + 1)]
        axes.set_xticks(ticks, [str(k) for k in range(KEYS - 1, -1, -1)] * 2)
        axes.set_yticks([0, 0.2, 0.4], ["0 %", "20 %", "40 %"])
        axes.set(xlim=(-0.6, 2 * KEYS + 0.6), ylim=(0, 0.5))
        axes.set(xlabel="tokens back (0 is the token itself)", ylabel="share of attention")
        axes.grid(axis="y", color=FAINT)
        axes.set_axisbelow(True)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=2)
        return told(axes, _alt(length, slope, [exact, *forms]))


def _shares(n: int, beta: float) -> list[NDArray[np.float64]]:
    """Return the shares of the nearest keys: exact, from distances, from positions."""
    j = np.arange(n)
    biases = (beta * (j - n + 1.0), bf16(-beta * bf16(n - 1 - j)), bf16(beta * bf16(j)))
    return [softmax_rows(bias[None, :])[0, -KEYS:] for bias in biases]


def _bars(
    axes: Axes,
    side: int,
    shares: NDArray[np.float64],
    exact: NDArray[np.float64],
    *,
    labelled: bool,
) -> None:
    at = side + np.arange(KEYS)
    names = ("in bfloat16", "exact") if labelled else ("_", "_")
    axes.bar(at, shares, width=0.72, label=names[0], **_BAR)
    axes.hlines(exact, at - 0.42, at + 0.42, color=INK, linewidth=2, label=names[1])
    for x, share, right in zip(at.tolist(), shares, exact, strict=True):
        shown = f"{share:.0%}" if share >= 0.005 else "<1%"
        # A number stands on its bar, or above the line that it would lie on.
        above = right if 0 < right - share < 0.06 else share
        axes.text(x, above + 0.012, shown, ha="center", fontsize=9)


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
