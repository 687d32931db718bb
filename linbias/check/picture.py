"""The picture of a check: yours, and where it failed the expected pattern and the difference."""

from dataclasses import replace
from textwrap import wrap

import numpy as np

from linbias.check import message, svg
from linbias.check.compare import RIGHT, Finding, Passed
from linbias.check.exercise import Exercise
from linbias.check.panels import AGREES, DIFFERS, PREFIX, Cell, Panel, panels
from linbias.check.sketches import SKETCHES

WIDTH = 740
EDGE, GAP, HEAD, LABEL = 12, 26, 46, 24

# Without an answer of the right kind there are no cells to draw.
_NOT_DRAWN = ("not_attempted", "too_slow", "raised", "no_value", "wrong_type")


def picture(name: str, finding: Finding) -> tuple[str, str] | None:
    """Return the picture as an HTML image and as text; None when there is nothing to draw.

    Both say the same: the text is the image's alternative text too.
    """
    if finding.stage in _NOT_DRAWN:
        return None
    sketch = SKETCHES.get(finding.exercise.name)
    if sketch is not None:
        return sketch(name, finding)
    title, caption = message.show_call(name, finding.attempt), _caption(finding)
    if finding.exercise.answer == "heads" and finding.stage != "wrong_shape":
        head = finding.attempt.cell[0]
        title += f", head {head}"
        finding = _one_head(finding, head)
    if not _has_cells(finding):
        return None
    shown = panels(finding.exercise, finding.attempt)
    outlined = finding.attempt.cell if finding.stage == "wrong_value" and _square(finding) else None
    words = _words(finding, title, shown, caption)
    return _draw(finding, title, shown, outlined, caption, words), words


def picture_of_right(name: str, exercise: Exercise, passed: Passed) -> tuple[str, str] | None:
    """Return the picture of a right answer; None when there is nothing to draw."""
    finding = Finding(exercise, RIGHT, passed.attempt, passed.calls, passed.calls)
    sketch = SKETCHES.get(exercise.name)
    if sketch is not None:
        return sketch(name, finding)
    title = message.show_call(name, passed.attempt)
    if exercise.answer == "heads":
        title += ", head 0"
        finding = _one_head(finding, 0)
    if not _has_cells(finding):
        return None
    yours = panels(finding.exercise, finding.attempt)[:1]
    words = _words(finding, title, yours, "")
    return _draw(finding, title, yours, None, "", words), words


def _draw(
    finding: Finding,
    title: str,
    shown: list[Panel],
    outlined: tuple[int, ...] | None,
    caption: str,
    alt: str,
) -> str:
    columns = max(len(row) for panel in shown for row in panel.rows)
    lines = max(len(panel.rows) for panel in shown)
    stacked = lines == 1
    room = WIDTH - 2 * EDGE - LABEL if stacked else (WIDTH - 2 * EDGE - 2 * GAP) / 3 - LABEL
    side = min(54 if stacked else 42, room / columns)
    tall = min(side, 36)
    labels = _labels(finding)
    parts = [svg.text(EDGE, 18, title, 13, anchor="start", weight="bold")]
    bottom, right = float(HEAD), 0.0
    for index, panel in enumerate(shown):
        x = EDGE if stacked else EDGE + index * (LABEL + columns * side + GAP)
        y = bottom + 14
        if stacked and index:
            y += 28
        if not stacked:
            y = HEAD + 14
        parts += _panel(panel, x, y, side, tall, labels, outlined)
        end = y + len(panel.rows) * tall
        bottom = end if stacked else max(bottom, end)
        right = max(right, x + LABEL + columns * side)
    parts += _legend(shown, bottom + 22)
    width = max(right + EDGE, 620)
    per_line = int((width - 2 * EDGE) / 6.1)
    wrapped = wrap(caption, per_line)
    parts += [
        svg.text(EDGE, bottom + 44 + 17 * index, line, 12.5, anchor="start")
        for index, line in enumerate(wrapped)
    ]
    return svg.image(parts, width, bottom + 38 + 17 * len(wrapped) + 6, alt)


def _panel(
    panel: Panel,
    x: float,
    y: float,
    side: float,
    tall: float,
    labels: tuple[str, str],
    outlined: tuple[int, ...] | None,
) -> list[str]:
    heading = f"{panel.title} ({panel.note})" if panel.note else panel.title
    parts = [svg.text(x + LABEL, y - 18, heading, 12, anchor="start", fill=svg.GREY)]
    size = min(11.5, side / 2.75)
    for column in range(max(map(len, panel.rows), default=0)):
        middle = x + LABEL + (column + 0.5) * side
        # Narrow columns have room for the number only.
        prefix = labels[1] if side > 22 else ""
        parts.append(svg.small(middle, y - 4, f"{prefix}{column}"))
    for i, row in enumerate(panel.rows):
        top = y + i * tall
        if labels[0] or len(panel.rows) > 1:
            line = top + tall / 2 + 3.5
            parts.append(svg.small(x + LABEL - 5, line, f"{labels[0]}{i}", anchor="end"))
        for j, cell in enumerate(row):
            parts += _cell(cell, x + LABEL + j * side, top, side, tall, size)
    if outlined is not None:
        i, j = outlined if len(outlined) == 2 else (0, outlined[0])
        if i < len(panel.rows) and j < len(panel.rows[i]):
            left, top = x + LABEL + j * side, y + i * tall
            parts.append(svg.box(left, top, side, tall, "none", stroke=svg.INK, line=2.4))
    return parts


def _cell(cell: Cell, x: float, y: float, side: float, tall: float, size: float) -> list[str]:
    parts = [svg.box(x, y, side, tall, cell.fill, dashed=cell.sign == "missing")]
    middle_x, middle_y = x + side / 2, y + tall / 2
    if cell.sign == "tick":
        parts.append(svg.tick(middle_x, middle_y, min(side, tall) * 0.36))
    elif cell.sign == "cross":
        parts.append(svg.cross(middle_x, middle_y, min(side, tall) * 0.36))
    if cell.shown:
        parts.append(svg.text(middle_x, middle_y + size * 0.36, cell.shown, size))
    return parts


_SIGNS = {
    "agrees": AGREES,
    "differs": DIFFERS,
    "too many": Cell("+", "too many", svg.DIFFERS_FILL),
    "missing": Cell("?", "missing", "#ffffff", "missing"),
    "a number": Cell("•", "a number"),
    "a name": Cell("•", "a name"),
    "-inf": Cell("−∞", "blocked", "url(#hatch)"),
}


def _legend(shown: list[Panel], y: float) -> list[str]:
    used = {cell.words for panel in shown for row in panel.rows for cell in row}
    parts, x = [], float(EDGE)
    for words, cell in _SIGNS.items():
        if words in used:
            parts += _cell(cell, x, y - 12, 18, 16, 9)
            parts.append(svg.text(x + 24, y, cell.words, 11, anchor="start", fill=svg.GREY))
            x += 24 + 6.2 * len(cell.words) + 18
    return parts


def _one_head(finding: Finding, head: int) -> Finding:
    """Return the finding about one head: a picture shows one matrix."""
    it, exercise = finding.attempt, finding.exercise
    return replace(
        finding,
        exercise=replace(exercise, axes=exercise.axes[1:]),
        attempt=replace(it, yours=it.yours[head], right=it.right[head]),
    )


def _labels(finding: Finding) -> tuple[str, str]:
    axes = finding.exercise.axes
    prefixes = [PREFIX.get(axis, "") for axis in axes]
    return (prefixes[0], prefixes[1]) if len(axes) == 2 else ("", prefixes[0])


def _caption(finding: Finding) -> str:
    if finding.stage == "wrong_value":
        return "Outlined: " * _square(finding) + message.example(finding)
    return message.facts(finding) or f"Yours is {message.came_back(finding)}."


def _has_cells(finding: Finding) -> bool:
    yours = finding.attempt.yours
    if isinstance(yours, np.ndarray):
        return yours.ndim <= 2 and yours.size > 0 and bool(finding.exercise.axes)
    return isinstance(yours, list) and bool(finding.exercise.axes) and bool(yours)


def _square(finding: Finding) -> bool:
    return isinstance(finding.attempt.right, np.ndarray)


def _words(finding: Finding, title: str, shown: list[Panel], caption: str) -> str:
    """Return the picture in words, row by row."""
    axes = finding.exercise.axes
    lines = [f"Picture of {title}."]
    for panel in shown:
        lines.append(f"{panel.title.capitalize()}{f' ({panel.note})' if panel.note else ''}:")
        for index, row in enumerate(panel.rows):
            head = f"{axes[0]} {index}: " if len(axes) == 2 else f"by {axes[0]}: "
            lines.append(f"  {head}{', '.join(cell.words for cell in row)}")
    return "\n".join([*lines, caption]).rstrip()
