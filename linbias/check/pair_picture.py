"""The picture of a yes or no about two matrices: both of them, and their difference."""

from typing import Any

import numpy as np

from linbias._paper import GREY
from linbias.check import svg
from linbias.check.compare import Finding
from linbias.check.message import example
from linbias.check.values import number

# More decimals would touch the neighbouring cell.
DECIMALS = 2

EDGE, SIDE, TALL, LABEL, TOP = 16, 38, 30, 22, 34


def two_tables(name: str, finding: Finding) -> tuple[str, str] | None:
    """Draw A, B and B - A, cell by cell: what softmax does not see is constant along a row."""
    if type(finding.attempt.yours) is not bool:
        return None
    A, B = (np.asarray(finding.attempt.arguments[key]) for key in "AB")
    with np.errstate(invalid="ignore"):
        tables = {"A": A, "B": B, "B − A": B - A}
    n = len(A)
    wide, high = LABEL + n * SIDE + EDGE, TOP + n * TALL + 6
    told = {title: _told(title, table) for title, table in tables.items()}
    images = [
        svg.image(_table(title, table), wide, high, told[title]) for title, table in tables.items()
    ]
    said = f"Yours: {finding.attempt.yours}."
    if not finding.right:
        said = f"{said} {example(finding)}"
    text = "\n".join([f"Picture of {name}(A, B).", *told.values(), said])
    return svg.page(f"{name}(A, B)", images, f"{finding.sign} {said}"), text


def _told(title: str, table: Any) -> str:
    rows = [f"  row {i}: {', '.join(map(_shown, row))}" for i, row in enumerate(table)]
    return "\n".join([f"{title}:", *rows])


def _table(title: str, table: Any) -> list[str]:
    parts = [svg.text(LABEL, TOP - 18, title, 12, anchor="start", fill=GREY)]
    for i, row in enumerate(table):
        y = TOP + i * TALL
        parts.append(svg.small(LABEL - 5, y + TALL / 2 + 4, f"q{i}", anchor="end"))
        for j, value in enumerate(row):
            left = LABEL + j * SIDE
            fill = "#ffffff" if np.isfinite(value) else "url(#hatch)"
            shown = _shown(value).replace("-", "−").replace("inf", "∞")
            words = svg.text(left + SIDE / 2, y + TALL / 2 + 4, shown, 11)
            parts.append(svg.cell(svg.box(left, y, SIDE, TALL, fill), words))
            if i == 0:
                parts.append(svg.small(left + SIDE / 2, TOP - 4, f"k{j}"))
    return parts


def _shown(value: float) -> str:
    return "" if np.isnan(value) else number(round(value, DECIMALS), 3)
