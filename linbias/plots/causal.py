"""The picture of the course: the causal triangle, with the bias that each score gets."""

from typing import Any

from linbias import _arguments
from linbias.bias import linear_bias, score_labels
from linbias.plots import svg
from linbias.plots.picture import Picture

MOST_TOKENS = 12


def triangle(n: Any = 7, beta: Any = None, guess: int | None = None) -> Picture:
    """Return the causal triangle: the scores of n tokens, and with beta what is added to each.

    Parameters
    ----------
    n : int
        The number of tokens, 1 to 12.
    beta : float, optional
        The slope, at least 0, in nats per token. Without it only the names are shown.
    guess : int, optional
        How many visible pairs somebody guessed.

    Returns
    -------
    Picture
        Row i is the query, column j the key; what lies above the diagonal is hatched.

    Raises
    ------
    TypeError, ValueError
        If n is not a whole number from 1 to 12, or beta not a finite number of at least 0.

    Examples
    --------
    >>> print(triangle(2, 0.5))
    Causal triangle of 2 tokens, bias for beta = 0.5. Row i is query i, column j is key j.
    Query 0: q0k0 0.0, 1 hidden.
    Query 1: q1k0 −0.5, q1k1 0.0.
    """
    length = _arguments.whole("n", n, 1)
    wide, high, left, top = 680 / length, (52 if length <= 8 else 40), 96, 108
    if length > MOST_TOKENS:
        raise ValueError(f"n must be at most {MOST_TOKENS} to be readable here, got {length}.")
    by_distance = [] if beta is None else [linear_bias(d, 0, beta) for d in range(length)]
    parts = _triangle_head(length, beta, guess) + _headings(length, left, top, wide, high)
    for i in range(length):
        for j in range(length):
            cell = (left + j * wide, top + i * high, wide, high)
            parts.append(_named_cell(i, j, by_distance, cell))
    bottom = top + length * high
    parts += _triangle_foot(beta, left, bottom)
    height = bottom + (54 if beta is None else 82)
    alt = _triangle_alt(length, beta, by_distance)
    if guess is not None:
        alt += f"\n{_counted(length, guess)}"
    return svg.drawing(800, height, parts, alt)


def _triangle_head(n: int, beta: Any, guess: int | None) -> list[str]:
    if beta is None:
        title, line = "The scores of causal attention", "Each query meets itself and the past."
    else:
        title = "What the linear bias adds to each score"
        line = f"bias(i, j) = −β · (i − j), here with β = {beta:g}"
    if guess is not None:
        line = _counted(n, guess)
    return [
        svg.text(24, 38, title, 22, anchor="start", bold=True),
        svg.text(24, 64, line, 15, svg.GREY, anchor="start"),
    ]


def _counted(n: int, guess: int) -> str:
    return f"You guessed {guess} visible pairs; there are {n * (n + 1) // 2} of {n * n}."


def _headings(n: int, left: float, top: float, wide: float, high: float) -> list[str]:
    size = 14 if n <= 8 else 12
    keys = [svg.text(left + (j + 0.5) * wide, top - 10, f"key {j}", size) for j in range(n)]
    queries = [
        svg.text(left - 10, top + (i + 0.5) * high + 5, f"query {i}", size, anchor="end")
        for i in range(n)
    ]
    return keys + queries


def _named_cell(
    i: int, j: int, by_distance: list[float], cell: tuple[float, float, float, float]
) -> str:
    x, y, wide, high = cell
    inner, middle = (x + 2, y + 2, wide - 4, high - 4), x + wide / 2
    if j > i:
        return svg.box(*inner, svg.FUTURE)
    edge = svg.INK if i == j else svg.LINE
    if not by_distance:
        name = svg.score_name(middle, y + high / 2 + 5, i, j, 17, svg.INK)
        return svg.box(*inner, svg.PAPER, edge) + name
    fill = svg.shade(by_distance[i - j], -by_distance[-1])
    small, large = (11, 13) if high < 50 else (13, 17)
    name = svg.score_name(middle, y + high * 0.4, i, j, small, svg.INK)
    value = svg.number(by_distance[i - j], svg.places(by_distance))
    value = svg.text(middle, y + high * 0.82, value, large, bold=True)
    return svg.box(*inner, fill, edge) + name + value


def _triangle_foot(beta: Any, left: float, bottom: float) -> list[str]:
    y = bottom + (30 if beta is None else 58)
    parts = [
        svg.box(left + 2, y - 14, 26, 18, svg.FUTURE),
        svg.text(left + 36, y, "the future, hidden", 13, svg.GREY, anchor="start"),
        svg.box(left + 202, y - 14, 26, 18, svg.PAPER, svg.INK),
        svg.text(left + 238, y, "a token and itself", 13, svg.GREY, anchor="start"),
    ]
    if beta is None:
        return parts
    step = f"each step into the past costs another {beta:g}"
    shades = [svg.box(left + 386 + 20 * k, y - 14, 20, 18, svg.shade(-k, 3)) for k in (1, 2, 3)]
    return [
        *parts,
        *shades,
        svg.text(left + 474, y, "bluer: a larger penalty", 13, svg.GREY, anchor="start"),
        svg.arrow(left + 676, bottom + 20, left + 4),
        svg.box(left + 170, bottom + 8, 350, 24, svg.PAPER),
        svg.text(left + 345, bottom + 25, step, 14),
    ]


def _triangle_alt(n: int, beta: Any, by_distance: list[float]) -> str:
    what = "names of the scores" if beta is None else f"bias for beta = {beta:g}"
    lines = [f"Causal triangle of {n} tokens, {what}. Row i is query i, column j is key j."]
    digits = svg.places(by_distance)
    for i, names in enumerate(score_labels(n)):
        if by_distance:
            biases = (svg.number(by_distance[i - j], digits) for j in range(i + 1))
            names = [f"{name} {bias}" for name, bias in zip(names, biases, strict=True)]
        hidden = f", {n - 1 - i} hidden" if i < n - 1 else ""
        lines.append(f"Query {i}: {', '.join(names)}{hidden}.")
    return "\n".join(lines)
