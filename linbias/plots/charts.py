"""Charts of slopes: the bias by distance, and how far each slope looks."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from linbias._paper import ABOVE, BELOW, GREY, INK, LINE, PAPER
from linbias.bias import bias_row
from linbias.effect import half_distance, window
from linbias.plots.readable import between, slope_name, slope_names, slopes
from linbias.plots.style import GUESS, MARKERS, canvas, number, places, told


def bias_by_distance(
    betas: Sequence[Any] = (0.1, 0.5, 1.0),
    furthest: Any = 6,
    guesses: Sequence[tuple[int, float]] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw the bias and the size of the penalty against the distance, on one axis.

    Parameters
    ----------
    betas : sequence of float
        One to three slopes, each above 0, in nats per token.
    furthest : int
        The largest distance shown, 1 to 20, in tokens.
    guesses : sequence of (int, float)
        Distances, and the bias that somebody guessed there: diamonds.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes
        Solid lines fall: the bias, which is added. Dashed lines rise: its size, the penalty.

    Raises
    ------
    TypeError, ValueError
        If a slope or the distance is not such a number, or there are not one to three slopes.

    Examples
    --------
    >>> bias_by_distance([0.5], furthest=2)
    Lines over the distance 0 to 2, all starting at 0: the bias falls, the penalty grows.
    beta = 0.5, bias at distance 0 to 2: 0.0, −0.5, −1.0; penalty: 0.0, 0.5, 1.0.
    """
    steep, reach = slopes(betas, 3), between("furthest", furthest, 1, 20)
    most = max([max(steep) * reach, *(abs(value) for _, value in guesses)])
    lines = [
        f"Lines over the distance 0 to {reach}, all starting at 0: "
        "the bias falls, the penalty grows."
    ]
    with canvas(ax, 700, 396, left=60, right=170, top=40) as axes:
        _distance_axes(axes, reach, most)
        for k, beta in enumerate(steep):
            biases = bias_row(reach, beta)[::-1].tolist()
            _fan(axes, k, f"penalty, β = {slope_name(beta)}", [-bias for bias in biases], most)
            _fan(axes, k, f"bias, β = {slope_name(beta)}", biases, most)
            told_biases = ", ".join(number(bias, places(biases)) for bias in biases)
            lines.append(
                f"beta = {slope_name(beta)}, bias at distance 0 to {reach}: {told_biases}; "
                f"penalty: {told_biases.replace('−', '')}."
            )
        for distance, value in guesses:
            _guess(axes, distance, value, reach)
            lines.append(f"Your guess for the bias at distance {distance} was {value:g}.")
        return told(axes, "\n".join(lines))


def _distance_axes(axes: Axes, reach: int, most: float) -> None:
    ticks = [-most, -most / 2, 0, most / 2, most]
    axes.set(xlim=(0, reach), ylim=(-1.1 * most, 1.1 * most), xticks=range(reach + 1))
    axes.set_yticks(ticks, [number(tick, places(ticks)) for tick in ticks])
    axes.set_xlabel("distance i − j, in tokens")
    axes.set_title("in units of the score", fontsize=10, fontweight="normal", x=-0.1)
    axes.grid(axis="y")
    axes.axhline(0, color=INK, linewidth=0.75)
    for sign, words in ((1, "penalty: its size, grows"), (-1, "bias: what is added, falls")):
        place = (0.03 * reach, sign * most)
        axes.text(*place, words, va="center_baseline", fontsize=9.75, color=GREY)


def _fan(axes: Axes, k: int, name: str, values: list[float], most: float) -> None:
    up = values[-1] > 0
    colour = ABOVE if up else BELOW
    axes.plot(
        values,
        color=colour,
        linestyle="--" if up else "-",
        marker=MARKERS[k],
        markerfacecolor=PAPER if up else colour,
        clip_on=False,
    )
    # Labels of small slopes keep clear of the zero line.
    end = math.copysign(max(abs(values[-1]), 0.075 * most), values[-1])
    axes.annotate(
        name,
        (len(values) - 1, end),
        (10, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=9.75,
        color=colour,
        annotation_clip=False,
    )


def _guess(axes: Axes, distance: int, value: float, reach: int) -> None:
    axes.plot(distance, value, clip_on=False, **GUESS)
    # Near the start the lines fan out to the right, so the words stand outside of them.
    outside = 0 if 2 * distance > reach else 12 if value > 0 else -12
    axes.annotate(
        "your guess",
        (distance, value),
        (5 if outside else -10, outside),
        textcoords="offset points",
        ha="right",
        va="center_baseline",
        fontsize=9.75,
    )


def ruler(betas: Sequence[Any] = (1.0, 0.1), ax: Axes | None = None) -> Axes:
    """Draw how far each slope looks: where weights halve, and how many keys hold 95 percent.

    Parameters
    ----------
    betas : sequence of float
        One to eight slopes, each above 0, in nats per token.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes
        A bar per slope, on a logarithmic axis: a diamond at the half distance, the bar's end at
        the 95 percent window. The context is unlimited and contents are equal.

    Raises
    ------
    TypeError, ValueError
        If a slope is not such a number, or there are not one to eight of them.

    Examples
    --------
    >>> ruler([0.1])
    Rulers of slopes, with unlimited context and equal contents.
    beta = 0.1: the weight halves every 6.93 tokens, the nearest 30 keys hold 95 percent.
    """
    rows = [(beta, half_distance(beta), window(beta, 0.95)) for beta in slopes(betas, 8)]
    names = slope_names([beta for beta, *_ in rows])
    lines = ["Rulers of slopes, with unlimited context and equal contents."]
    with canvas(ax, 700, 112 + 52 * len(rows), left=96, right=34, top=56) as axes:
        _ruler_axes(axes, [half for _, half, _ in rows], [keys for *_, keys in rows], names)
        for row, (name, (_, half, keys)) in enumerate(zip(names, rows, strict=True)):
            _measure(axes, row, half, keys)
            lines.append(
                f"beta = {name}: the weight halves every {half:.3g} tokens, "
                f"the nearest {keys} keys hold 95 percent."
            )
        return told(axes, "\n".join(lines))


def _ruler_axes(axes: Axes, halves: list[float], windows: list[int], names: list[str]) -> None:
    last = 10.0 ** math.ceil(math.log10(max(windows)) + 0.2)
    first = min(0.5, *(half / 1.5 for half in halves))
    powers = range(math.ceil(math.log10(first)), round(math.log10(last)) + 1)
    axes.set_xscale("log")
    axes.set(xlim=(first, last), ylim=(len(names) - 0.5, -0.5))
    axes.set_xticks([10.0**power for power in powers], [f"{10.0**power:g}" for power in powers])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(names)), [f"β = {name}" for name in names])
    axes.tick_params(axis="y", length=0, labelsize=10.5)
    axes.set_xlabel("tokens (each tick is ten times as far)")
    signs = [
        Line2D([], [], marker="D", color=GREY, linestyle="", label="the weight has halved"),
        Line2D(
            *([], []),
            marker="|",
            color=INK,
            linestyle="",
            markersize=15,
            markeredgewidth=3,
            label="this many of the nearest keys hold 95%",
        ),
    ]
    axes.legend(
        handles=signs,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        fontsize=9.75,
        labelcolor=GREY,
        borderpad=0,
    )


def _measure(axes: Axes, row: int, half: float, keys: int) -> None:
    first, _ = axes.get_xlim()
    axes.barh(row, keys - first, left=first, height=0.35, color=LINE)
    axes.plot(half, row, marker="D", markersize=9, color=GREY, markeredgecolor=PAPER)
    axes.vlines(keys, row - 0.25, row + 0.25, color=INK, linewidth=3)
    above: dict[str, Any] = {
        "textcoords": "offset points",
        "ha": "center",
        "fontsize": 9.75,
        "color": GREY,
    }
    axes.annotate(f"{half:.3g}", (half, row), (0, 8), **above)
    beside: dict[str, Any] = {
        "textcoords": "offset points",
        "va": "center_baseline",
        "fontsize": 10.5,
    }
    axes.annotate(str(keys), (keys, row), (8, 0), fontweight="bold", **beside)
