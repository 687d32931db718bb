"""How one query shares its attention: bars, with somebody's guess on them."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from linbias.effect import weights_by_distance
from linbias.plots.readable import between, percent, slope_name, slopes
from linbias.plots.style import BARS, GUESS, canvas, told


def row_weights(
    i: Any = 6,
    betas: Sequence[Any] = (0.1, 1.0),
    guesses: Sequence[Any] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw how query i shares its attention over the keys 0 ... i when contents are equal.

    Parameters
    ----------
    i : int
        The query, 0 to 15.
    betas : sequence of float
        One to three slopes, each at least 0, in nats per token.
    guesses : sequence of float
        For each slope the share, 0 to 1, that somebody guessed for the query's own key.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes
        A group of bars per key; a guess is a diamond at key i.

    Raises
    ------
    TypeError, ValueError
        If i or a slope is not such a number, or there are not one to three slopes.

    Examples
    --------
    >>> row_weights(2, [1.0], guesses=[0.5])
    Bars: how query 2 shares its attention over the keys 0 to 2 when contents are equal.
    beta = 1: 9%, 24%, 67%. Your guess for key 2 was 50%.
    """
    query, steep = between("i", i, 0, 15), slopes(betas, 3, zero=True)
    with canvas(ax, 700, 354, left=60, right=20, top=48) as axes:
        _axis(axes, query)
        wide = 0.8 / len(steep)
        for k, beta in enumerate(steep):
            shares = _shares(query, beta)
            places = [j - 0.4 + wide * (k + 0.5) for j in range(query + 1)]
            axes.bar(places, shares, 0.92 * wide, label=_name(beta, shares, guesses[k:]), **BARS[k])
            _label(axes, places, shares, min(9.75, 190 * wide / (query + 1)))
        for k, guess in enumerate(guesses[: len(steep)]):
            axes.plot(query - 0.4 + wide * (k + 0.5), guess, **GUESS)
        axes.legend(loc="upper left", borderaxespad=0)
        return told(axes, _alt(query, steep, guesses))


def move_bars(axes: Axes, i: int, beta: float) -> None:
    """Let the bars of `row_weights` for one slope show another one; cheaper than to draw anew."""
    shares = _shares(i, beta)
    for bar, words, share in zip(axes.patches, axes.texts, shares, strict=True):
        assert isinstance(bar, Rectangle)
        bar.set_height(share)
        words.set_y(share + 0.015)
        words.set_text(percent(share))
    legend = axes.get_legend()
    assert legend is not None  # row_weights has made one
    legend.get_texts()[0].set_text(_name(beta, shares, ()))
    told(axes, _alt(i, [beta], ()))


def _shares(i: int, beta: float) -> list[float]:
    shares: list[float] = weights_by_distance(i + 1, beta)[::-1].tolist()
    return shares


def _axis(axes: Axes, query: int) -> None:
    axes.set(xlim=(-0.5, query + 0.5), ylim=(0, 1.04), xticks=range(query + 1))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xlabel(f"key j (key {query} is the query itself)")
    axes.set_title("share of attention", fontsize=10, fontweight="normal", x=-0.07)
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _label(axes: Axes, places: list[float], shares: list[float], size: float) -> None:
    if size < 6:
        return
    for x, share in zip(places, shares, strict=True):
        axes.text(x, share + 0.015, percent(share), ha="center", fontsize=size)


def _name(beta: float, shares: list[float], guesses: Sequence[Any]) -> str:
    name = f"β = {slope_name(beta)}"
    if not guesses:
        return name
    return f"{name}: you guessed {percent(guesses[0])}, it is {percent(shares[-1])}"


def _alt(query: int, betas: Sequence[float], guesses: Sequence[Any]) -> str:
    lines = [
        f"Bars: how query {query} shares its attention over the keys 0 to {query} "
        "when contents are equal."
    ]
    for k, beta in enumerate(betas):
        line = f"beta = {slope_name(beta)}: {', '.join(map(percent, _shares(query, beta)))}."
        if k < len(guesses):
            line += f" Your guess for key {query} was {percent(guesses[k])}."
        lines.append(line)
    return "\n".join(lines)
