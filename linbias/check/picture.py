"""The picture of a check: yours, and where it failed the expected pattern and the difference."""

from dataclasses import replace

import numpy as np

from linbias._paper import GREY, INK
from linbias.check import message, svg
from linbias.check.compare import RIGHT, Finding, Passed
from linbias.check.exercise import Exercise
from linbias.check.panels import AGREES, DIFFERS, PREFIX, Cell, Panel, panels
from linbias.check.sketches import SKETCHES

WIDTH = 740
EDGE, HEAD, LABEL = 8, 34, 24

# Without an answer of the right kind there are no cells to draw.
_NOT_DRAWN = ("not_attempted", "too_slow", "raised", "no_value", "wrong_type")


def picture(name: str, finding: Finding) -> tuple[str, str] | None:
    """Return the picture as HTML and as text; None when there is nothing to draw.

    Both say the same: the images' alternative texts are parts of the text.
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
    told = (_told(panel, finding) for panel in shown)
    words = "\n".join([f"Picture of {title}.", *told, caption])
    return _draw(finding, title, shown, outlined, caption), words


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
    words = f"Picture of {title}.\n{_told(yours[0], finding)}"
    return _draw(finding, title, yours, None, ""), words


def _draw(
    finding: Finding,
    title: str,
    shown: list[Panel],
    outlined: tuple[int, ...] | None,
    caption: str,
) -> str:
    columns = max(len(row) for panel in shown for row in panel.rows)
    lines = max(len(panel.rows) for panel in shown)
    # Rows of one line stand below each other, so that their columns can be compared.
    flat = lines == 1
    room = WIDTH / (1 if flat else len(shown)) - EDGE - LABEL
    # Three tables of four columns stand side by side in a window of 1000 pixels.
    side = min(54 if flat else 36, room / columns)
    tall, labels = min(side, 36), _labels(finding)
    width, height = LABEL + columns * side + EDGE, HEAD + lines * tall + 6
    images = [
        svg.image(
            _panel(panel, side, tall, labels, outlined),
            max(width, 90),
            height,
            _told(panel, finding),
            own_line=flat,
        )
        for panel in shown
    ]
    return svg.page(title, images + _legend(shown), caption)


def _panel(
    panel: Panel,
    side: float,
    tall: float,
    labels: tuple[str, str],
    outlined: tuple[int, ...] | None,
) -> list[str]:
    x, y = 0.0, float(HEAD)
    heading = f"{panel.title} ({panel.note})" if panel.note else panel.title
    parts = [svg.text(x + LABEL, y - 18, heading, 12, anchor="start", fill=GREY)]
    # Five characters fit a cell, such as −0.37.
    size = min(11.5, max(side / 3.5, 6))
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
            parts.append(_cell(cell, x + LABEL + j * side, top, side, tall, size))
    if outlined is not None:
        i, j = outlined if len(outlined) == 2 else (0, outlined[0])
        if i < len(panel.rows) and j < len(panel.rows[i]):
            left, top = x + LABEL + j * side, y + i * tall
            # Within the cell, to be seen beside a dark page too.
            box = svg.box(left + 1, top + 1, side - 2, tall - 2, "none", stroke=INK, line=2.4)
            parts.append(svg.cell(box))
    return parts


def _cell(cell: Cell, x: float, y: float, side: float, tall: float, size: float) -> str:
    parts = [svg.box(x, y, side, tall, cell.fill, dashed=cell.sign == "missing")]
    middle_x, middle_y = x + side / 2, y + tall / 2
    if cell.sign == "tick":
        parts.append(svg.tick(middle_x, middle_y, min(side, tall) * 0.36))
    elif cell.sign == "cross":
        parts.append(svg.cross(middle_x, middle_y, min(side, tall) * 0.36))
    if cell.shown:
        parts.append(svg.text(middle_x, middle_y + size * 0.36, cell.shown, size))
    return svg.cell(*parts)


_SIGNS = {
    "agrees": AGREES,
    "differs": DIFFERS,
    "too many": Cell("+", "too many", svg.DIFFERS_FILL),
    "missing": Cell("?", "missing", "#ffffff", "missing"),
    "a number": Cell("•", "a number"),
    "a name": Cell("•", "a name"),
    "-inf": Cell("−∞", "blocked", "url(#hatch)"),
}


def _legend(shown: list[Panel]) -> list[str]:
    used = {cell.words for panel in shown for row in panel.rows for cell in row}
    parts, x = [], 4.0
    for words, cell in _SIGNS.items():
        if words in used:
            parts.append(_cell(cell, x, 3, 18, 16, 9))
            parts.append(svg.text(x + 24, 15, cell.words, 11, anchor="start", fill=GREY))
            x += 24 + 6.2 * len(cell.words) + 18
    # The panels' words name the signs, so the legend needs none.
    return [svg.image(parts, x, 22, "", own_line=True)] if parts else []


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


def _told(panel: Panel, finding: Finding) -> str:
    """Return a panel in words, row by row."""
    axes = finding.exercise.axes
    lines = [f"{panel.title.capitalize()}{f' ({panel.note})' if panel.note else ''}:"]
    for index, row in enumerate(panel.rows):
        head = f"{axes[0]} {index}: " if len(axes) == 2 else f"by {axes[0]}: "
        lines.append(f"  {head}{', '.join(cell.words for cell in row)}")
    return "\n".join(lines)
