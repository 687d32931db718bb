"""The picture of a yes or no about two matrices: both of them, and their difference."""

from textwrap import wrap
from typing import Any

import numpy as np

from linbias.check import svg
from linbias.check.compare import Finding
from linbias.check.message import example
from linbias.check.values import number

EDGE, SIDE, TALL, LABEL, TOP = 16, 38, 30, 22, 66
PER_LINE = 88


def two_tables(name: str, finding: Finding) -> tuple[str, str] | None:
    """Draw A, B and B - A, cell by cell: what softmax does not see is constant along a row."""
    if type(finding.attempt.yours) is not bool:
        return None
    A, B = (np.asarray(finding.attempt.arguments[key]) for key in "AB")
    with np.errstate(invalid="ignore"):
        tables = {"A": A, "B": B, "B − A": B - A}
    n = len(A)
    parts = [svg.text(EDGE, 22, f"{name}(A, B)", 13, anchor="start", weight="bold")]
    for index, (title, table) in enumerate(tables.items()):
        parts += _table(EDGE + index * (LABEL + n * SIDE + 20), title, table)
    said = f"Yours: {finding.attempt.yours}. {'' if finding.right else example(finding)}".rstrip()
    bottom, lines = TOP + n * TALL, wrap(said, PER_LINE)
    sign = svg.tick if finding.right else svg.cross
    parts.append(sign(EDGE + 6, bottom + 22, 9))
    parts += [
        svg.text(EDGE + 20, bottom + 26 + 17 * index, line, 12, anchor="start")
        for index, line in enumerate(lines)
    ]
    words = [f"Picture of {name}(A, B)."]
    for title, table in tables.items():
        words.append(f"{title}:")
        words += [f"  row {i}: {', '.join(map(_shown, row))}" for i, row in enumerate(table)]
    text = "\n".join([*words, said])
    width = max(EDGE + 3 * (LABEL + n * SIDE + 20), 620)
    return svg.image(parts, width, bottom + 26 + 17 * len(lines), text), text


def _table(x: float, title: str, table: Any) -> list[str]:
    parts = [svg.text(x + LABEL, TOP - 22, title, 12, anchor="start", fill=svg.GREY)]
    for i, row in enumerate(table):
        y = TOP + i * TALL
        parts.append(svg.small(x + LABEL - 5, y + TALL / 2 + 4, f"q{i}", anchor="end"))
        for j, value in enumerate(row):
            left = x + LABEL + j * SIDE
            fill = "#ffffff" if np.isfinite(value) else "url(#hatch)"
            parts.append(svg.box(left, y, SIDE, TALL, fill))
            shown = _shown(value).replace("-", "−").replace("inf", "∞")
            parts.append(svg.text(left + SIDE / 2, y + TALL / 2 + 4, shown, 11))
            if i == 0:
                parts.append(svg.small(left + SIDE / 2, TOP - 4, f"k{j}"))
    return parts


def _shown(value: float) -> str:
    return "" if np.isnan(value) else number(value, 3)
