"""Charts of slopes: the bias by distance, and how far each slope looks."""

import math
from collections.abc import Sequence
from typing import Any

from linbias.bias import bias_row
from linbias.effect import half_distance, window
from linbias.plots import svg
from linbias.plots.frame import Frame
from linbias.plots.picture import Picture
from linbias.plots.readable import between, slope_name, slope_names, slopes

MARKERS = ("circle", "square", "triangle")


def bias_by_distance(
    betas: Sequence[Any] = (0.1, 0.5, 1.0),
    furthest: Any = 6,
    guesses: Sequence[tuple[int, float]] = (),
) -> Picture:
    """Return the bias and the size of the penalty against the distance, on one axis.

    Parameters
    ----------
    betas : sequence of float
        One to three slopes, each above 0, in nats per token.
    furthest : int
        The largest distance shown, 1 to 20, in tokens.
    guesses : sequence of (int, float)
        Distances, and the bias that somebody guessed there: diamonds.

    Returns
    -------
    Picture
        Solid lines fall: the bias, which is added. Dashed lines rise: its size, the penalty.

    Raises
    ------
    TypeError, ValueError
        If a slope or the distance is not such a number, or there are not one to three slopes.

    Examples
    --------
    >>> print(bias_by_distance([0.5], furthest=2))
    Lines over the distance 0 to 2, all starting at 0: the bias falls, the penalty grows.
    beta = 0.5, bias at distance 0 to 2: 0.0, −0.5, −1.0; penalty: 0.0, 0.5, 1.0.
    """
    steep, reach = slopes(betas, 3), between("furthest", furthest, 1, 20)
    most = max(steep) * reach
    most = max([most, *(abs(value) for _, value in guesses)])
    frame = Frame(60, 40, 470, 300, (0, reach), (-1.1 * most, 1.1 * most))
    parts = frame.y_axis("in units of the score", [-most, -most / 2, 0, most / 2, most])
    parts += frame.x_axis("distance i − j, in tokens", range(reach + 1))
    parts.append(svg.line([frame.at(0, 0), frame.at(reach, 0)], svg.INK, 1))
    lines = [
        "Lines over the distance 0 to {0}, all starting at 0: the bias falls, the penalty grows."
    ]
    for k, beta in enumerate(steep):
        biases = bias_row(reach, beta)[::-1].tolist()
        parts += _fan(frame, k, f"penalty, β = {slope_name(beta)}", [-bias for bias in biases])
        parts += _fan(frame, k, f"bias, β = {slope_name(beta)}", biases)
        digits = svg.places(biases)
        told = ", ".join(svg.number(bias, digits) for bias in biases)
        lines.append(
            f"beta = {slope_name(beta)}, bias at distance 0 to {reach}: {told}; "
            f"penalty: {told.replace('−', '')}."
        )
    for distance, value in guesses:
        x, y = frame.at(distance, value)
        parts.append(svg.marker("diamond", x, y, 8, svg.PAPER, svg.INK))
        aside, anchor = (-14, "end") if 2 * distance > reach else (14, "start")
        parts.append(svg.text(x + aside, y + 5, "your guess", 13, anchor=anchor))
        lines.append(f"Your guess for the bias at distance {distance} was {value:g}.")
    for sign, words in ((1, "penalty: its size, grows"), (-1, "bias: what is added, falls")):
        x, y = frame.at(0, sign * most)
        parts.append(svg.text(x + 12, y + 5, words, 13, svg.GREY, anchor="start"))
    return svg.drawing(700, frame.bottom + 56, parts, "\n".join(lines).format(reach))


def ruler(betas: Sequence[Any] = (1.0, 0.1)) -> Picture:
    """Return how far each slope looks: where weights halve, and how many keys hold 95 percent.

    Parameters
    ----------
    betas : sequence of float
        One to eight slopes, each above 0, in nats per token.

    Returns
    -------
    Picture
        A bar per slope, on a logarithmic axis: a diamond at the half distance, the bar's end at
        the 95 percent window. The context is unlimited and contents are equal.

    Raises
    ------
    TypeError, ValueError
        If a slope is not such a number, or there are not one to eight of them.

    Examples
    --------
    >>> print(ruler([0.1]))
    Rulers of slopes, with unlimited context and equal contents.
    beta = 0.1: the weight halves every 6.93 tokens, the nearest 30 keys hold 95 percent.
    """
    rows = [(beta, half_distance(beta), window(beta, 0.95)) for beta in slopes(betas, 8)]
    last = 10.0 ** math.ceil(math.log10(max(keys for *_, keys in rows)) + 0.2)
    first = min(0.5, *(half / 1.5 for _, half, _ in rows))
    frame = Frame(96, 56, 570, 52 * len(rows), (first, last), (0, len(rows)), log=True)
    parts = frame.x_axis("tokens (each tick is ten times as far)", _powers(first, last))
    parts += [
        svg.marker("diamond", 106, 24, 7, svg.GREY, svg.PAPER),
        svg.text(120, 29, "the weight has halved", 13, svg.GREY, anchor="start"),
        svg.line([(306, 14), (306, 34)], svg.INK, 4),
        svg.text(318, 29, "this many of the nearest keys hold 95%", 13, svg.GREY, anchor="start"),
    ]
    lines = ["Rulers of slopes, with unlimited context and equal contents."]
    names = slope_names([beta for beta, *_ in rows])
    for k, (name, (_, half, keys)) in enumerate(zip(names, rows, strict=True)):
        parts += _measure(frame, len(rows) - k - 0.5, name, half, keys)
        lines.append(
            f"beta = {name}: the weight halves every {half:.3g} tokens, "
            f"the nearest {keys} keys hold 95 percent."
        )
    return svg.drawing(700, frame.bottom + 56, parts, "\n".join(lines))


def _fan(frame: Frame, k: int, name: str, values: list[float]) -> list[str]:
    up = values[-1] > 0
    colour = svg.ABOVE if up else svg.BELOW
    points = [frame.at(distance, value) for distance, value in enumerate(values)]
    # Labels of small slopes keep clear of the zero line.
    x, y = points[-1]
    away = max(10 - abs(y - frame.at(0, 0)[1]), 0) * (-1 if up else 1)
    fill = svg.PAPER if up else colour
    return [
        svg.line(points, colour, 2, "6 4" if up else ""),
        *(svg.marker(MARKERS[k], *point, 5, fill, colour) for point in points),
        svg.text(x + 14, y + 5 + away, name, 13, colour, anchor="start"),
    ]


def _measure(frame: Frame, row: float, name: str, half: float, keys: int) -> list[str]:
    (x, y), (middle, _) = frame.at(keys, row), frame.at(half, row)
    return [
        svg.box(frame.left, y - 9, x - frame.left, 18, svg.LINE),
        svg.text(frame.left - 12, y + 5, f"β = {name}", 14, anchor="end"),
        svg.marker("diamond", middle, y, 8, svg.GREY, svg.PAPER),
        svg.text(middle, y - 14, f"{half:.3g}", 13, svg.GREY),
        svg.line([(x, y - 13), (x, y + 13)], svg.INK, 4),
        svg.text(x + 10, y + 5, str(keys), 14, anchor="start", bold=True),
    ]


def _powers(first: float, last: float) -> list[float]:
    exponents = range(math.ceil(math.log10(first)), round(math.log10(last)) + 1)
    return [10.0**exponent for exponent in exponents]
