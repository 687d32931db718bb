"""The picture of the course: the causal triangle, with the bias that each score gets."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Patch, Rectangle

from linbias import _arguments
from linbias._paper import GREY, LINE
from linbias.bias import linear_bias, score_labels
from linbias.plots.grid import bare, cell_points, colour
from linbias.plots.style import CELL_INK, HIDDEN, OUTLINE, WHITE, canvas, number, places, told

MOST_TOKENS = 12
# A token that looks at itself: no bias, and an outline.
SELF: dict[str, Any] = {"facecolor": WHITE, "edgecolor": OUTLINE, "linewidth": 1.8}
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def triangle(
    n: Any = 7, beta: Any = None, guess: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the causal triangle: the scores of n tokens, and with beta what is added to each.

    Parameters
    ----------
    n : int
        The number of tokens, 1 to 12.
    beta : float, optional
        The slope, at least 0, in nats per token. Without it only the names are shown.
    guess : int, optional
        How many visible pairs somebody guessed.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it on axes of its own.

    Returns
    -------
    matplotlib.axes.Axes
        Row i is the query, column j the key; what lies above the diagonal is hatched.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number from 1 to 12, or beta not a finite number of at least 0.

    Examples
    --------
    >>> triangle(2, 0.5)
    Causal triangle of 2 tokens, bias for beta = 0.5. Row i is query i, column j is key j.
    Query 0: q0k0 0.0, 1 hidden.
    Query 1: q1k0 −0.5, q1k1 0.0.
    """
    length = _arguments.whole("n", n, 1)
    if length > MOST_TOKENS:
        raise ValueError(f"n must be at most {MOST_TOKENS} to be readable here, got {length}.")
    biases = [] if beta is None else [linear_bias(d, 0, beta) for d in range(length)]
    high, bottom = (52 if length <= 8 else 40), (50 if beta is None else 76)
    height = 108 + length * high + bottom
    with canvas(ax, 800, height, left=96, right=24, top=108, bottom=bottom) as axes:
        bare(axes, length, length)
        _positions(axes, length)
        for i in range(length):
            for j in range(length):
                _cell(axes, i, j, biases)
        _head(axes, *_titles(length, beta, guess))
        _foot(axes, length, beta)
        alt = _alt(length, beta, biases)
        return told(axes, alt if guess is None else f"{alt}\n{_counted(length, guess)}")


def _titles(n: int, beta: Any, guess: int | None) -> tuple[str, str]:
    if beta is None:
        title, line = "The scores of causal attention", "Each query meets itself and the past."
    else:
        title = "What the linear bias adds to each score"
        line = f"bias(i, j) = −β · (i − j), here with β = {beta:g}"
    return title, (line if guess is None else _counted(n, guess))


def _counted(n: int, guess: int) -> str:
    return f"You guessed {guess} visible pairs; there are {n * (n + 1) // 2} of {n * n}."


def _head(axes: Axes, title: str, line: str) -> None:
    title_looks: dict[str, Any] = {"fontsize": 16.5, "fontweight": "bold"}
    line_looks: dict[str, Any] = {"fontsize": 11.25, "color": GREY}
    for words, up, looks in ((title, 52, title_looks), (line, 32, line_looks)):
        axes.annotate(
            words, (0, 0), (-54, up), textcoords="offset points", annotation_clip=False, **looks
        )


def _positions(axes: Axes, n: int) -> None:
    middles = np.arange(n) + 0.5
    axes.set_xticks(middles, [f"key {j}" for j in range(n)])
    axes.set_yticks(middles, [f"query {i}" for i in range(n)])
    axes.tick_params(labelsize=10.5 if n <= 8 else 9)


def _cell(axes: Axes, i: int, j: int, biases: list[float]) -> None:
    if j > i:
        axes.add_patch(Rectangle((j + 0.03, i + 0.04), 0.94, 0.92, **HIDDEN))
        return
    face = to_hex(colour(np.array([biases[i - j]]), -biases[-1])[0]) if biases else WHITE
    looks = SELF if i == j else {"edgecolor": LINE}
    axes.add_patch(Rectangle((j + 0.03, i + 0.04), 0.94, 0.92, **{"facecolor": face, **looks}))
    size = min(1.0, cell_points(axes) / 39)
    name = f"q{i}k{j}".translate(_LOW)
    if not biases:
        _word(axes, i + 0.5, j, name, 12.75 * size)
        return
    _word(axes, i + 0.3, j, name, 9.75 * size)
    value = number(biases[i - j], places(biases))
    _word(axes, i + 0.7, j, value, 12.75 * size, fontweight="bold")


def _word(axes: Axes, y: float, j: int, words: str, size: float, **looks: Any) -> None:
    axes.text(
        j + 0.5,
        y,
        words,
        ha="center",
        va="center_baseline",
        fontsize=size,
        color=CELL_INK,
        **looks,
    )


def _foot(axes: Axes, n: int, beta: Any) -> None:
    signs = [
        Patch(**HIDDEN, label="the future, hidden"),
        Patch(**SELF, label="a token and itself"),
    ]
    if beta is not None:
        signs.append(Patch(facecolor="#4a93db", label="bluer: a larger penalty"))
        x = n / 2
        axes.annotate(
            "",
            (0, -4),
            (n, -4),
            xycoords=("data", "axes points"),
            annotation_clip=False,
            arrowprops={"arrowstyle": "->", "color": GREY, "linewidth": 1.5, "shrinkA": 0},
        )
        axes.annotate(
            f"each step into the past costs another {beta:g}",
            (x, -11),
            xycoords=("data", "axes points"),
            ha="center",
            va="top",
            fontsize=10.5,
            annotation_clip=False,
        )
    height = axes.get_window_extent().height
    below = (10 if beta is None else 34) / 96 * axes.figure.dpi / height
    axes.legend(
        handles=signs,
        loc="upper left",
        bbox_to_anchor=(0, -below),
        ncols=3,
        borderaxespad=0,
        borderpad=0,
        fontsize=9.75,
        labelcolor=GREY,
    )


def _alt(n: int, beta: Any, by_distance: list[float]) -> str:
    what = "names of the scores" if beta is None else f"bias for beta = {beta:g}"
    lines = [f"Causal triangle of {n} tokens, {what}. Row i is query i, column j is key j."]
    digits = places(by_distance)
    for i, names in enumerate(score_labels(n)):
        if by_distance:
            biases = (number(by_distance[i - j], digits) for j in range(i + 1))
            names = [f"{name} {bias}" for name, bias in zip(names, biases, strict=True)]
        hidden = f", {n - 1 - i} hidden" if i < n - 1 else ""
        lines.append(f"Query {i}: {', '.join(names)}{hidden}.")
    return "\n".join(lines)
