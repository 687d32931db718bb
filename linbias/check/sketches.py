"""Pictures for exercises whose answer is one number: steps, a diagonal, a curve."""

from collections.abc import Callable, Mapping

import numpy as np

from linbias._paper import AGREES, DIFFERS, GREY, INK
from linbias.check import svg
from linbias.check.compare import Finding
from linbias.check.message import show_call
from linbias.check.pair_picture import two_tables
from linbias.check.values import describe, is_number, number

WIDTH, EDGE = 620, 16

Picture = tuple[str, str]


def hops(name: str, finding: Finding) -> Picture | None:
    """Draw the tokens in a row, the key and the query marked, and the way from key to query."""
    i, j = finding.attempt.arguments["i"], finding.attempt.arguments["j"]
    side = min(40.0, (WIDTH - 2 * EDGE) / (max(i, j) + 1))
    half = side / 2
    y = 40.0 if j < i else 14.0
    parts: list[str] = []
    for position in range(max(i, j) + 1):
        x = EDGE + position * side
        fill = svg.MARK if position in (i, j) else "#ffffff"
        box = svg.box(x, y, side, 30, "url(#hatch)" if i < position != j else fill)
        parts.append(svg.cell(box, svg.text(x + half, y + 20, str(position), min(12, side * 0.5))))
    for start in range(j, i):
        begin = f"M{EDGE + start * side + half:.1f} {y - 4:.0f}"
        arc = f"{begin}q{half:.1f} {-half - 6:.1f} {side:.1f} 0"
        parts.append(svg.path(arc, AGREES, 1.8))
    marks = {i: f"query {i}", j: f"key {j}"} if i != j else {i: f"query {i} and key {j}"}
    for position, mark in marks.items():
        room = 4.0 * len(mark)
        x = min(max(EDGE + position * side + half, EDGE + room), WIDTH - room)
        parts.append(svg.text(x, y + 48, mark, 12, weight="bold"))
    future = f" Key {j} comes after query {i}: it is in the future." if j > i else ""
    words = f"Tokens 0 to {max(i, j)} in a row; query {i} and key {j} are marked."
    if j < i:
        words += " One arc for each step from the key to the query."
    words += future
    return _finish(name, finding, parts, y + 62, words, future)


def diagonal(name: str, finding: Finding) -> Picture | None:
    """Draw the causal triangle with the pairs at distance d marked."""
    n, d = finding.attempt.arguments["n"], finding.attempt.arguments["d"]
    if n > 12:
        return None
    side, top = 24.0, 32.0
    parts: list[str] = []
    for i in range(n):
        parts.append(svg.text(EDGE + 16, top + i * side + 16, f"q{i}", 10, anchor="end", fill=GREY))
        parts.append(svg.text(EDGE + 22 + (i + 0.5) * side, top - 5, f"k{i}", 10, fill=GREY))
        for j in range(n):
            x, y = EDGE + 22 + j * side, top + i * side
            fill = "url(#hatch)" if j > i else svg.MARK if i - j == d else "#ffffff"
            weight = "bold" if i - j == d else "normal"
            cell = [svg.box(x, y, side, side, fill)]
            if j <= i:
                cell.append(svg.text(x + side / 2, y + 16, str(i - j), 11, weight=weight))
            parts.append(svg.cell(*cell))
    marked = f"The cells at distance {d} are yellow."
    if d >= n:
        marked = f"No cell has the distance {d}."
    words = f"The causal triangle of {n} tokens; each cell holds its distance. {marked}"
    bottom = top + n * side
    return _finish(name, finding, parts, bottom + 8, words, f" {marked}")


def decay(name: str, finding: Finding) -> Picture | None:
    """Draw how the weight falls with the distance, the half, and where yours lies."""
    beta = finding.attempt.arguments["beta"]
    axes = "weight, as a share of self's", "distance in tokens"
    return _curve(name, finding, lambda d: np.exp(-beta * d), 0.5, axes)


def held(name: str, finding: Finding) -> Picture | None:
    """Draw how much weight the nearest keys hold, the mass asked for, and where yours lies."""
    beta, mass = finding.attempt.arguments["beta"], finding.attempt.arguments["mass"]
    axes = "share that k keys hold", "number k of nearest keys"
    return _curve(name, finding, lambda k: 1 - np.exp(-beta * k), mass, axes)


def _curve(
    name: str,
    finding: Finding,
    share: Callable[..., np.ndarray],
    line: float,
    axes: tuple[str, str],
) -> Picture | None:
    label, axis = axes
    yours, right = finding.attempt.yours, finding.attempt.right
    if not is_number(yours) or not 0 <= yours <= 20 * right:
        return None
    end = max(1.25 * yours, 2.0 * right)
    left, top, width, height = 60.0, 30.0, WIDTH - 100.0, 150.0
    xs = np.linspace(0, end, 60)
    points = zip(left + width * xs / end, top + height * (1 - share(xs)), strict=True)
    parts = [
        svg.text(left, 20, label, 11, anchor="start", fill=GREY),
        svg.path(f"M{left} {top}V{top + height}H{left + width}", GREY, 1),
        svg.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), INK),
    ]
    for mark in (0, line, 1) if line < 0.9 else (0, line):
        parts.append(
            svg.text(left - 8, top + height * (1 - mark) + 4, number(mark), 11, anchor="end")
        )
    level = top + height * (1 - line)
    parts.append(svg.path(f"M{left} {level:.1f}H{left + width}", GREY, 1.2, dashed=True))
    for mark in _round_marks(end):
        parts.append(svg.text(left + width * mark / end, top + height + 16, number(mark), 11))
    x, y = left + width * yours / end, top + height * (1 - float(share(yours)))
    ink, sign = (AGREES, svg.tick) if finding.right else (DIFFERS, svg.cross)
    # Where three lines meet a tick could not be seen, so it stands beside.
    off = 12 if finding.right else 0
    parts += [svg.path(f"M{x:.1f} {top}V{top + height}", ink, 1.4), sign(x + off, y - off, 12)]
    parts.append(svg.text(x + 8, top + height - 8, "yours", 12, anchor="start", fill=ink))
    parts.append(svg.text(left + width, top + height + 32, axis, 11, anchor="end", fill=GREY))
    here = float(share(yours))
    words = (
        f"A curve: {label}, against the {axis}. A dashed line at {number(line)}. "
        f"At yours the curve stands at {here:.3g}."
    )
    more = f" There the curve stands at {here:.3g}."
    return _finish(name, finding, parts, top + height + 42, words, more)


def _round_marks(end: float) -> list[float]:
    """Return about five round numbers from 0 to end."""
    step = 10.0 ** np.floor(np.log10(end / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if end / (step * factor) <= 6)
    return [float(mark) for mark in np.arange(0, end, step)]


def _title(name: str, finding: Finding) -> str:
    return show_call(name, finding.attempt)


def _yours(finding: Finding) -> str:
    return f"Yours: {describe(finding.attempt.yours).removeprefix('the number ')}."


def _finish(
    name: str, finding: Finding, parts: list[str], height: float, words: str, more: str
) -> Picture:
    title, yours = _title(name, finding), _yours(finding)
    drawing = svg.image(parts, WIDTH, height, words, own_line=True)
    return svg.page(
        title, [drawing], f"{finding.sign} {yours}{more}"
    ), f"Picture of {title}. {words} {yours}"


SKETCHES: Mapping[str, Callable[[str, Finding], Picture | None]] = {
    "distance": hops,
    "linear_bias": hops,
    "pairs_at_distance": diagonal,
    "half_distance": decay,
    "window": held,
    "same_attention": two_tables,
}
