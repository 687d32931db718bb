"""The distribution of scores as a small picture in SVG."""

from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

from grader.pages.templating import number

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 30, 44
MOST_BINS = 15
BIN_WIDTHS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


def binned(points: Sequence[float], most: float) -> tuple[list[float], list[int]]:
    """Return the edges of equal bins from 0 to `most` or above, and how many scores lie in each.

    The bins' width is a round number. A score on an edge belongs to the bin above it; the
    highest to the last bin.

    Examples
    --------
    >>> binned([0, 1, 2, 2], 2)
    ([0, 1, 2], [1, 3])
    """
    smallest = 1 if most >= 2 else 0.1
    fitting = (width for width in BIN_WIDTHS if smallest <= width and most <= width * MOST_BINS)
    width = next(fitting, most / MOST_BINS)
    bins = max(1, ceil(most / width - 1e-9))
    counts = [0] * bins
    for score in points:
        counts[min(int(score / width + 1e-9), bins - 1)] += 1
    return [width * edge for edge in range(bins + 1)], counts


def _text(x: float, y: float, words: str, anchor: str = "middle") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, words
    )


def _bars(counts: Sequence[int], step: float, scale: float) -> Markup:
    floor = HEIGHT - BOTTOM
    parts = []
    for place, count in enumerate(counts):
        x, height = LEFT + place * step, count * scale
        parts.append(
            Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                x + 2, floor - height, step - 4, height
            )
        )
        if count:
            parts.append(_text(x + step / 2, floor - height - 6, str(count)))
    return Markup("").join(parts)


def _median(value: float, most: float, inner: float) -> Markup:
    x = LEFT + inner * (value / most if most else 0)
    anchor = "end" if x > WIDTH - 120 else "start"
    line = Markup('<line class="median" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>').format(
        x, TOP - 16, HEIGHT - BOTTOM
    )
    return line + _text(
        x + (-5 if anchor == "end" else 5), TOP - 12, f"median {number(value)}", anchor
    )


def words(edges: Sequence[float], counts: Sequence[int]) -> str:
    """Return the picture in words, for who cannot see it.

    Examples
    --------
    >>> words([0.0, 1.0, 2.0], [1, 3])
    'Students by points: 0 to 1: 1; 1 to 2: 3.'
    """
    parts = (
        f"{number(low)} to {number(high)}: {count}"
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    )
    return f"Students by points: {'; '.join(parts)}."


def histogram(points: Sequence[float], most: float, median: float | None) -> Markup:
    """Return the distribution of scores as an SVG element that holds its own words."""
    edges, counts = binned(points, most)
    inner, floor = WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM
    step = inner / len(counts)
    scale = (floor - TOP - 16) / max(1, *counts)
    labels = Markup("").join(
        _text(LEFT + place * step, floor + 18, number(edge)) for place, edge in enumerate(edges)
    )
    axis = Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        LEFT, WIDTH - RIGHT, floor, floor
    )
    title = _text(LEFT + inner / 2, HEIGHT - 8, "points")
    side = Markup(
        '<text transform="translate(14 {}) rotate(-90)" text-anchor="middle">students</text>'
    )
    return Markup(
        '<svg class="histogram" role="img" viewBox="0 0 {} {}" aria-label="{}">{}</svg>'
    ).format(
        WIDTH,
        HEIGHT,
        words(edges, counts),
        _bars(counts, step, scale)
        + axis
        + labels
        + title
        + side.format(ceil((TOP + floor) / 2))
        + (_median(median, edges[-1], inner) if median is not None else Markup("")),
    )
