"""The slopes of models with many heads, and how far back each head looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from linbias import _arguments
from linbias.effect import window
from linbias.heads import slopes_official, slopes_paper
from linbias.plots import drawn
from linbias.plots.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_HEADS = 16
# A slope is no share and has no sign: it is drawn in ink, and shapes tell the kinds apart.
_DOT: dict[str, Any] = {"color": drawn.INK, "markersize": 8}
_FILLED_UP: dict[str, Any] = {"color": "white", "markeredgecolor": drawn.INK, "markersize": 9}


def head_slopes(counts: Sequence[Any], guess: float | None = None) -> Picture:
    """Return the slopes of models with so many heads, a row of dots for each model.

    Parameters
    ----------
    counts : sequence of int
        Numbers of heads, 1 to 16 each. Where one is no power of two there are two rows, one for
        the authors' code and one for the paper's sentence.
    guess : float, optional
        A guessed first slope of the last model, above 0, marked by a cross.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If a number of heads is not a whole number from 1 to 16.

    Examples
    --------
    >>> print(head_slopes([4]))
    Slopes on an axis on which every step halves, from 1/256 to 1.
    4 heads: 0.25, 0.0625, 0.0156, 0.00391.
    """
    rows = [row for count in counts for row in _rows(count)]
    figure = drawn.new_figure(12.0, 1.5 + 0.62 * len(rows))
    axes = figure.subplots()
    for y, (_, slopes, own) in enumerate(rows):
        _dots(axes, y, slopes, own)
    if guess is not None and guess > 0:
        axes.plot(guess, len(rows) - 1, "X", color="#a85100", markersize=13, label="your guess")
    axes.plot([], [], "o", label="slope of a head", **_DOT)
    if any(own < len(slopes) for _, slopes, own in rows):
        axes.plot([], [], "D", label="filled up", **_FILLED_UP)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows], fontsize=13)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xscale("log", base=2)
    powers = range(8, -1, -1)
    axes.set_xticks(
        [2.0**-p for p in powers], [f"1/{2**p}" if p else "1" for p in powers], fontsize=12
    )
    axes.set_xlim(2**-8.5, 2**0.5)
    axes.set_xlabel("slope β, in nats per token: flat heads left, steep heads right", fontsize=12)
    axes.grid(axis="x", color=drawn.FAINT)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, fontsize=12)
    head = "Slopes on an axis on which every step halves, from 1/256 to 1."
    told = [f"{name}: {', '.join(f'{slope:.3g}' for slope in slopes)}." for name, slopes, _ in rows]
    return drawn.finished(figure, "\n".join([head, *told]))


def head_windows(H: Any, n: Any, mass: Any) -> Picture:
    """Return how many of n keys each of H heads needs for a share of the weight.

    Parameters
    ----------
    H : int
        The number of heads, 1 to 16.
    n : int
        The number of keys, at least 1.
    mass : float
        The share of the weight, between 0 and 1, for equal contents and an unlimited text.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If H, n or mass is not such a number.

    Examples
    --------
    >>> print(head_windows(4, 100, 0.95))
    Keys that hold 95 % of the weight, of 100 keys, equal contents.
    Slope 1/4: 12. Slope 1/16: 48. Slope 1/64: all 100. Slope 1/256: all 100.
    """
    slopes, keys = slopes_official(_heads(H)), _arguments.whole("n", n, 1)
    needed = [min(window(slope, mass), keys) for slope in slopes.tolist()]
    names = [f"1/{1 / slope:.3g}" for slope in slopes]
    figure = drawn.new_figure(12.0, 1.3 + 0.45 * len(names))
    axes = figure.subplots()
    at = range(len(names))
    axes.barh(
        at, [keys] * len(names), color="#f6f8fa", edgecolor="#d0d7de", hatch="///", height=0.7
    )
    axes.barh(at, needed, color=drawn.DARK_GREEN, height=0.7)
    for y, count in enumerate(needed):
        inside = count > 0.9 * keys
        axes.text(
            count + (-0.01 if inside else 0.01) * keys,
            y,
            f"{count}",
            va="center",
            ha="right" if inside else "left",
            color="white" if inside else drawn.INK,
            fontsize=12,
            bbox=None if inside else {"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
    axes.set_yticks(at, names, fontsize=12)
    axes.invert_yaxis()
    axes.set_xlim(0, keys)
    axes.tick_params(axis="x", labelsize=12)
    axes.set_ylabel("slope of the head", fontsize=12)
    axes.set_xlabel(
        f"keys back: solid, the nearest ones that hold {mass:.0%} of the weight; hatched, the rest",
        fontsize=12,
    )
    axes.spines[["top", "right"]].set_visible(False)
    told = [
        f"Slope {name}: {'all ' * (count == keys)}{count}."
        for name, count in zip(names, needed, strict=True)
    ]
    head = f"Keys that hold {100 * mass:g} % of the weight, of {keys} keys, equal contents."
    return drawn.finished(figure, f"{head}\n{' '.join(told)}")


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


def _dots(axes: Axes, y: int, slopes: NDArray[np.float64], own: int) -> None:
    height = np.full(len(slopes), float(y))
    axes.plot(slopes[:own], height[:own], "o", **_DOT)
    axes.plot(slopes[own:], height[own:], "D", **_FILLED_UP)
