"""How one query shares its attention: bars, with somebody's guess on them."""

from collections.abc import Sequence
from typing import Any

from linbias.effect import weights_by_distance
from linbias.plots import svg
from linbias.plots.frame import Frame
from linbias.plots.picture import Picture
from linbias.plots.readable import between, percent, slope_name, slopes


def row_weights(
    i: Any = 6, betas: Sequence[Any] = (0.1, 1.0), guesses: Sequence[Any] = ()
) -> Picture:
    """Return how query i shares its attention over the keys 0 ... i when contents are equal.

    Parameters
    ----------
    i : int
        The query, 0 to 15.
    betas : sequence of float
        One to three slopes, each at least 0, in nats per token.
    guesses : sequence of float
        For each slope the share, 0 to 1, that somebody guessed for the query's own key.

    Returns
    -------
    Picture
        A group of bars per key; a guess is a diamond at key i.

    Raises
    ------
    TypeError, ValueError
        If i or a slope is not such a number, or there are not one to three slopes.

    Examples
    --------
    >>> print(row_weights(2, [1.0], guesses=[0.5]))
    Bars: how query 2 shares its attention over the keys 0 to 2 when contents are equal.
    beta = 1: 9%, 24%, 67%. Your guess for key 2 was 50%.
    """
    query, steep = between("i", i, 0, 15), slopes(betas, 3, zero=True)
    frame = Frame(60, 48, 620, 250, (-0.5, query + 0.5), (0, 1))
    parts = frame.y_axis("share of attention", [0, 0.25, 0.5, 0.75, 1], percent=True)
    parts += frame.x_axis(f"key j (key {query} is the query itself)", range(query + 1))
    lines = [
        f"Bars: how query {query} shares its attention over the keys 0 to {query} "
        "when contents are equal."
    ]
    for k, beta in enumerate(steep):
        shares = weights_by_distance(query + 1, beta)[::-1].tolist()
        name, told = f"β = {slope_name(beta)}", ", ".join(map(percent, shares))
        lines.append(f"beta = {slope_name(beta)}: {told}.")
        if k < len(guesses):
            name += f": you guessed {percent(guesses[k])}, it is {percent(shares[-1])}"
            lines[-1] += f" Your guess for key {query} was {percent(guesses[k])}."
        parts += _bars(frame, k, len(steep), shares)
        parts += _swatch(frame, k, name)
    for k, guess in enumerate(guesses[: len(steep)]):
        x, y = frame.at(query - 0.4 + 0.8 * (k + 0.5) / len(steep), guess)
        parts.append(svg.marker("diamond", x, y, 8, svg.PAPER, svg.INK))
    return svg.drawing(700, frame.bottom + 56, parts, "\n".join(lines))


def _bars(frame: Frame, k: int, count: int, shares: list[float]) -> list[str]:
    wide = 0.8 / count * frame.width / len(shares)
    size, parts = min(13.0, wide / 2.6), []
    for j, share in enumerate(shares):
        x, y = frame.at(j - 0.4 + 0.8 * k / count, share)
        parts.append(svg.box(x + 1, y, wide - 2, frame.bottom - y, svg.FILLS[k]))
        if size >= 8:
            parts.append(svg.text(x + wide / 2, y - 5, percent(share), size))
    return parts


def _swatch(frame: Frame, k: int, name: str) -> list[str]:
    x, y = frame.left + 16, frame.top + 10 + 26 * k
    swatch = svg.box(x, y, 26, 16, svg.FILLS[k])
    return [swatch, svg.text(x + 36, y + 13, name, 14, anchor="start")]
