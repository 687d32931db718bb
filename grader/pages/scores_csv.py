"""The scores as CSV, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from grader.pages.summary import StudentLine, Summary
from grader.pages.templating import number

# A spreadsheet takes what begins so for a formula, and runs it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: str) -> str:
    """Return text that a spreadsheet takes for text.

    Examples
    --------
    >>> cell("=HYPERLINK(1)"), cell("Ada")
    ("'=HYPERLINK(1)", 'Ada')
    """
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else value


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of texts as CSV; a spreadsheet takes none of them for a formula."""
    file = io.StringIO()
    csv.writer(file).writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()


STALE = "graded before the last release"


def _row(line: StudentLine, exercises: list[str]) -> list[str]:
    points = {attempt.cell: attempt.points for attempt in line.attempts}
    return [
        cell(line.student),
        cell(line.name),
        *(number(got) if line.has_points else "" for got in (line.points, line.max_points)),
        line.outcome.status,
        cell(line.outcome.reason),
        cell("; ".join([*line.outcome.notes, *[STALE] * line.stale])),
        f"{line.seconds_late:.0f}",
        number(line.penalty),
        cell(" ".join(line.waiting)),
        *("" if (got := points.get(name)) is None else number(got) for name in exercises),
    ]


def scores_csv(summary: Summary) -> str:
    """Return one line a student: the score, what became of it, and the points of each exercise."""
    exercises = [line.name for line in summary.exercises]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [
            *("student", "name", "points", "max_points", "status", "reason", "notes"),
            *("seconds_late", "late_penalty", "waits_for_a_teacher"),
            *map(cell, exercises),
        ]
    )
    writer.writerows(_row(line, exercises) for line in summary.students)
    return file.getvalue()
