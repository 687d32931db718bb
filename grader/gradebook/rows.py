"""The rows of submissions in nbgrader's tables, found by the indexes that these have."""

from typing import Any

from nbgrader.api import BaseCell, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import and_


def with_rows_of(table: Any, query: Any) -> Any:
    """Join submissions with their notebooks, the lesson's cells, and a table of what these got.

    From the lesson's cells on, and as outer joins, as nbgrader's tables have indexes that way only:
    else all of a large class is read for one submission. What is not there is None.

    Parameters
    ----------
    table : class
        nbgrader's ``Grade`` or ``Comment``.
    query : sqlalchemy.Select
        Of ``SubmittedAssignment``.
    """
    submitted = and_(
        SubmittedNotebook.notebook_id == Notebook.id,
        SubmittedNotebook.assignment_id == SubmittedAssignment.id,
    )
    row = and_(table.cell_id == BaseCell.id, table.notebook_id == SubmittedNotebook.id)
    return (
        query.join(Notebook, Notebook.assignment_id == SubmittedAssignment.assignment_id)
        .outerjoin(SubmittedNotebook, submitted)
        .outerjoin(BaseCell, BaseCell.notebook_id == Notebook.id)
        .outerjoin(table, row)
    )
