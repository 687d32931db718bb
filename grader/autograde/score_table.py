"""What `grader autograde` prints: each submission's points, as the gradebook has them."""

from collections.abc import Mapping, Sequence

from grader.gradebook.totals import Total
from grader.outcome import Outcome
from grader.table import points, table
from grader.text import duration


def score_table(outcomes: Sequence[Outcome], totals: Mapping[str, Total]) -> str:
    """Return a line for each outcome of a lesson.

    Parameters
    ----------
    totals : mapping
        The gradebook's points of the lesson, by student.
    """
    rows = [_row(outcome, totals.get(outcome.student)) for outcome in outcomes]
    parts = [table(["student", "points", "status", "why"], rows)]
    if any(totals[one.student].marked for one in outcomes if one.student in totals):
        parts.append("* Answers wait for a person: formgrader, Manual Grading.")
    return "\n\n".join(parts)


def _row(outcome: Outcome, total: Total | None) -> list[str]:
    late = f"{duration(total.seconds_late)} late" if total and total.seconds_late else ""
    if total and total.penalty:
        late += f", {total.penalty:g} points off"
    said = outcome.reason or "; ".join(outcome.notes)
    return [outcome.student, _entry(total), outcome.status, "; ".join(filter(None, [late, said]))]


def _entry(total: Total | None) -> str:
    if total is None:
        return "-"
    return points(total.points, total.possible) + " *" * total.marked
