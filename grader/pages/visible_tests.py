"""What the visible part of each test says: feedback for the time before a lesson is over.

Who may hand in again and again could otherwise find out, try by try, what hidden tests ask.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.course.cells import Pair, grade_id, hidden_line_numbers, is_test, split
from grader.outcome import CellResult, GradedNotebook

Cell = Mapping[str, Any]


def by_visible_tests(
    graded: GradedNotebook, cells: Sequence[Cell], marks: Pair
) -> tuple[GradedNotebook, list[Cell]]:
    """Return verdicts and cells as they would be if there were no hidden tests.

    Parameters
    ----------
    graded : GradedNotebook
        The verdicts; each says at which line a test was not passed.
    cells : sequence of mapping
        The autograded notebook's cells, with the hidden lines in the tests.
    marks : Pair
        What a hidden region begins and ends with.
    """
    sources = {grade_id(cell): cell["source"] for cell in cells if is_test(cell)}
    told = _told(graded.results, sources, marks)
    results = {result.cell: result for result in told}
    before = {result.cell: result for result in graded.results}
    changed = {cell for cell in before if results.get(cell) != before[cell]}
    return replace(graded, results=tuple(results.values())), [
        _without_error(cell) if grade_id(cell) in changed else cell for cell in cells
    ]


def _told(
    results: Sequence[CellResult], sources: Mapping[str, str], marks: Pair
) -> Iterator[CellResult]:
    for result in results:
        source = sources.get(result.cell, "")
        visible, hidden = split(source, marks)
        partly = 0 < (result.points or 0) < result.max_points
        if hidden and (partly or not any(line.strip() for line in visible)):
            continue  # the hidden part decides, so there is nothing to tell
        if result.line in hidden_line_numbers(source, marks):
            result = CellResult(result.cell, result.max_points, result.max_points)
        yield result


def _without_error(cell: Cell) -> Cell:
    outputs = [one for one in cell.get("outputs", []) if one["output_type"] != "error"]
    return {**cell, "outputs": outputs}
