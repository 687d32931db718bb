"""The slopes of models with many heads, and how far back each head looks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from linbias import _arguments
from linbias._paper import FAINT, INK, LINE, PAPER
from linbias.effect import weights_by_distance
from linbias.heads import slopes_official, slopes_paper
from linbias.plots.style import BARS, GUESS, HIDDEN, canvas, told

MOST_HEADS = 16
_KEPT: dict[str, Any] = BARS[0]
# Bars stand on the paper, which shows through: a hidden cell stays light on a dark page.
_REST: dict[str, Any] = HIDDEN | {"facecolor": "none", "edgecolor": LINE}
_GUESS: dict[str, Any] = GUESS
# A slope is no share and has no sign: it is drawn in ink, and shapes tell the kinds apart.
_DOT: dict[str, Any] = {"marker": "o", "color": INK, "linestyle": ""}
_FILLED_UP: dict[str, Any] = {"marker": "^", "color": INK, "linestyle": "", "markersize": 9}


def head_slopes(counts: Sequence[Any], guess: float | None = None, ax: Axes | None = None) -> Axes:
    """Return the slopes of models with so many heads, a row of dots for each model.

    Parameters
    ----------
    counts : sequence of int
        Numbers of heads, 1 to 16 each. Where one is no power of two there are two rows, one for
        the authors' code and one for the paper's sentence.
    guess : float, optional
        A guessed first slope of the last model, above 0, marked by a diamond.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        If a number of heads is not a whole number from 1 to 16.

    Examples
    --------
    >>> head_slopes([4])
    Slopes on an axis on which every step halves, from 1/256 to 1.
    4 heads: 0.25, 0.0625, 0.0156, 0.00391.
    """
    rows = [row for count in counts for row in _rows(count)]
    with canvas(ax, 880, 110 + 46 * len(rows), left=140) as axes:
        for y, (_, slopes, own) in enumerate(rows):
            axes.plot(slopes[:own], np.full(own, y), label="_", **_DOT)
            axes.plot(slopes[own:], np.full(len(slopes) - own, y), label="_", **_FILLED_UP)
        axes.plot([], [], label="slope of a head", **_DOT)
        if any(own < len(slopes) for _, slopes, own in rows):
            axes.plot([], [], label="slope that the code fills up with", **_FILLED_UP)
        if guess is not None and guess > 0:
            axes.plot([guess], [len(rows) - 1], label="your guess", **_GUESS)
        _slope_axes(axes, [name for name, _, _ in rows])
        head = "Slopes on an axis on which every step halves, from 1/256 to 1."
        lines = [
            f"{name}: {', '.join(f'{slope:.3g}' for slope in slopes)}." for name, slopes, _ in rows
        ]
        return told(axes, "\n".join([head, *lines]))


def _slope_axes(axes: Axes, names: Sequence[str]) -> None:
    """Label the rows with names, and the axis with slopes, each half of the next."""
    powers = range(8, -1, -1)
    axes.set_xscale("log", base=2)
    axes.minorticks_off()
    axes.set_xticks([2.0**-p for p in powers], [f"1/{2**p}" if p else "1" for p in powers])
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(2**-8.5, 2**0.5), ylim=(len(names) - 0.4, -0.6))
    axes.set_xlabel("slope β, in nats per token: flat heads left, steep heads right")
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)


def head_windows(H: Any, n: Any, mass: Any, ax: Axes | None = None) -> Axes:
    """Return how many of n keys each of H heads needs for a share of the weight.

    Parameters
    ----------
    H : int
        The number of heads, 1 to 16.
    n : int
        The number of keys, at least 1.
    mass : float
        The share of the weight, between 0 and 1, for equal contents.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        If H, n or mass is not such a number.

    Examples
    --------
    >>> head_windows(4, 100, 0.95)
    Keys that hold 95 % of the weight, of 100 keys, equal contents.
    Slope 1/4: 12. Slope 1/16: 48. Slope 1/64: 89. Slope 1/256: 94.
    """
    slopes, keys = slopes_official(_heads(H)), _arguments.whole("n", n, 1)
    share = _arguments.share("mass", mass)
    needed = [_nearest(slope, keys, share) for slope in slopes.tolist()]
    names = [f"1/{1 / slope:.3g}" for slope in slopes]
    with canvas(ax, 880, 90 + 34 * len(names), left=80, top=16) as axes:
        _window_bars(axes, needed, keys)
        axes.set_yticks(range(len(names)), names)
        axes.set(xlim=(0, keys), ylim=(len(names) - 0.4, -0.6), ylabel="slope of the head")
        axes.set_xlabel(
            f"keys back: solid, the nearest ones that hold {100 * mass:g} % of the weight; "
            "hatched, the rest"
        )
        head = f"Keys that hold {100 * mass:g} % of the weight, of {keys} keys, equal contents."
        lines = [f"Slope {name}: {count}." for name, count in zip(names, needed, strict=True)]
        return told(axes, f"{head}\n{' '.join(lines)}")


def _nearest(beta: float, keys: int, mass: float) -> int:
    """Return how many of the nearest keys hold a share of the weight of all keys."""
    held = np.cumsum(weights_by_distance(keys, beta))
    return min(int(np.searchsorted(held, mass)) + 1, keys)


def _window_bars(axes: Axes, needed: Sequence[int], keys: int) -> None:
    at = range(len(needed))
    axes.barh(at, [keys] * len(needed), height=0.7, **_REST)
    axes.barh(at, needed, height=0.7, **_KEPT)
    for y, count in enumerate(needed):
        inside = count > 0.9 * keys
        axes.text(
            count + (-0.01 if inside else 0.01) * keys,
            y,
            f"{count}",
            va="center",
            ha="right" if inside else "left",
            color=PAPER if inside else INK,
            bbox=None if inside else {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
        )


def _heads(count: Any) -> int:
    heads = _arguments.whole("the number of heads", count, 1)
    if heads > MOST_HEADS:
        raise ValueError(f"the number of heads must be at most {MOST_HEADS}, got {heads}.")
    return heads


def _rows(count: Any) -> list[tuple[str, NDArray[np.float64], int]]:
    """Return for each rule its name, its slopes, and how many are not filled up."""
    H = _heads(count)
    if H & (H - 1) == 0:
        return [(f"{H} heads" if H > 1 else "1 head", slopes_paper(H), H)]
    own = 2 ** (H.bit_length() - 1)
    return [
        (f"{H} heads, code", slopes_official(H), own),
        (f"{H} heads, paper", slopes_paper(H), H),
    ]
