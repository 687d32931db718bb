"""A student's feedback page: what it says, from the verdicts, the gradebook and the notebook."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from grader.course.cells import Delimiters, grade_id, is_task, split
from grader.gradebook.scores import NotebookScores
from grader.gradebook.totals import Total
from grader.outcome import GradedNotebook, Outcome
from grader.pages import feedback_cells as cells_html
from grader.pages.feedback_cells import CODE_STYLE, GIVEN, TEST, Kind, kind_of
from grader.pages.hidden_tests import Secrets
from grader.pages.templating import Verdict, number, template, verdict
from grader.pages.visible_tests import by_visible_tests
from grader.sanitize.notebook import safe_notebook
from grader.text import one_line

NOT_ATTEMPTED = "not_attempted"
STANDARD = Delimiters()
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Row:
    """One graded cell, as the page tells it."""

    cell: str
    title: str
    verdict: Verdict
    points: float | None
    max_points: float
    message: str = ""
    sentence: str = ""
    by_hand: bool = False

    @property
    def score(self) -> str:
        """Points of the maximum, in words for a person."""
        got = "–" if self.points is None else number(self.points)
        return f"{got} of {number(self.max_points)}"

    @property
    def advice(self) -> str:
        """The one line for the table: the mistake's sentence, or how the message begins."""
        line = self.sentence or next(iter(self.message.strip().splitlines()), "")
        return line if len(line) <= 160 else line[:159].rstrip() + "…"

    @property
    def details(self) -> str:
        """What the message says beyond the sentence."""
        rest = self.message.replace(self.sentence, "", 1) if self.sentence else self.message
        return re.sub(r"\n{3,}", "\n\n", rest).strip("\n")


@dataclass(frozen=True)
class Block:
    """One cell of the notebook, ready for the page."""

    kind: Kind
    source: Markup
    words: bool = False
    outputs: tuple[Markup, ...] = ()
    row: Row | None = None
    hidden: bool = False
    comment: Markup | None = None
    model: Markup | None = None


@dataclass(frozen=True)
class Place:
    """Where a page stands in its lesson.

    Attributes
    ----------
    notebook : str
        The notebook that it is of.
    notebooks : tuple of str
        All notebooks of the lesson, for which there are pages beside it.
    total : Total or None
        The gradebook's points of the lesson; None where it has none.
    """

    notebook: str
    notebooks: tuple[str, ...] = ()
    total: Total | None = None

    @property
    def others(self) -> list[tuple[str, str]]:
        """The names of the lesson's other notebooks, and where their pages are."""
        return [(name, f"{quote(name)}.html") for name in self.notebooks if name != self.notebook]


@dataclass(frozen=True)
class Page:
    """All that a feedback page says.

    Attributes
    ----------
    failed : bool
        Whether the page itself could not be made.
    visible_only : bool
        Whether it tells of the visible tests only.
    """

    student: str
    lesson: str
    outcome: Outcome
    rows: Sequence[Row] = ()
    blocks: Sequence[Block] = ()
    marks: NotebookScores = field(default_factory=NotebookScores)
    place: Place = field(default_factory=lambda: Place(""))
    failed: bool = False
    visible_only: bool = False

    @property
    def damaged(self) -> bool:
        """Whether the submission could not be graded."""
        return self.outcome.status == "damaged"

    @property
    def why(self) -> str:
        """Why it could not be graded: this notebook, where that is known of each."""
        return _graded(self.outcome, self.place.notebook).reason or self.outcome.reason

    @property
    def not_graded(self) -> bool:
        """Whether the grader has failed, which is no grade."""
        return self.outcome.status == "not graded"

    @property
    def total(self) -> Total:
        """The points of the whole lesson."""
        return self.here if self.visible_only else self.place.total or self.here

    @property
    def here(self) -> Total:
        """The points of this notebook."""
        got, unread = sum(row.points or 0.0 for row in self.rows), self._unread
        return Total(
            max(got - self.marks.penalty, 0.0),
            sum(row.max_points for row in self.rows if row.points is not None),
            sum(row.max_points for row in unread),
            self.marks.seconds_late,
            self.marks.penalty,
            to_read=len(unread),
        )

    @property
    def _unread(self) -> list[Row]:
        return [row for row in self.rows if row.points is None]


def _graded(outcome: Outcome, notebook: str) -> GradedNotebook:
    found = (one for one in outcome.notebooks if one.name == notebook)
    return next(found, GradedNotebook(notebook, outcome.status))


def _row(cell: str, title: str, marks: NotebookScores, graded: GradedNotebook) -> Row | None:
    mark = marks.marks.get(cell)
    result = next((result for result in graded.results if result.cell == cell), None)
    if mark is None and result is None:
        return None
    if mark is not None:
        points, most = mark.points, mark.max_points
    else:
        assert result is not None
        points, most = result.points, result.max_points
    said = result if result and (points or 0) < most else None
    blank = cell in graded.unchanged or (said is not None and said.mistake == NOT_ATTEMPTED)
    return Row(
        cell,
        title,
        verdict(points, most, attempted=not blank),
        points,
        most,
        message=said.message if said else "",
        sentence=said.sentence if said else "",
        by_hand=mark is not None and mark.by_hand,
    )


def _block(
    cell: Mapping[str, Any],
    row: Row | None,
    comment: str | None,
    model: str | None,
    secrets: Secrets | None,
    delimiters: Delimiters,
) -> Block:
    kind = kind_of(cell)
    outputs = cell.get("outputs", [])
    visible, hidden = split(cell["source"], delimiters.hidden_tests)
    hidden = hidden if kind in (TEST, GIVEN) else []
    if kind is TEST and row and row.message:
        # The message says what went wrong; the traceback would only repeat the test's code.
        outputs = [output for output in outputs if output["output_type"] != "error"]
    if is_task(cell):  # it is for who grades
        cell = {**cell, "source": "\n".join(split(cell["source"], delimiters.mark_scheme)[0])}
    if hidden and secrets is not None:
        cell = {**cell, "source": "\n".join(visible).rstrip("\n")}
    show_hidden = secrets is None
    # What a student's own cell holds stays as it is: a guess that came out redacted would be right.
    secrets = (secrets if kind is TEST else None) or Secrets()
    return Block(
        kind,
        cells_html.source_html(cell, secrets),
        cell["cell_type"] == "markdown",
        tuple(cells_html.output_html(output, secrets) for output in outputs),
        row,
        hidden=bool(hidden) and not show_hidden,
        comment=cells_html.comment_html(comment) if comment else None,
        model=cells_html.comment_html(model) if model else None,
    )


def _is_read(marks: NotebookScores, cell: str) -> bool:
    """Whether a person has given points, and need not look again."""
    mark = marks.marks.get(cell)
    return mark is not None and mark.by_hand and not mark.waits


def make_page(
    outcome: Outcome,
    place: Place,
    notebook: Mapping[str, Any] | None,
    marks: NotebookScores | None,
    *,
    headings: Mapping[str, str] = NONE,
    models: Mapping[str, str] = NONE,
    show_hidden_tests: bool = False,
    visible_only: bool = False,
    delimiters: Delimiters = STANDARD,
) -> Page:
    """Put together a student's page.

    Parameters
    ----------
    outcome : Outcome
        The verdicts, with their messages.
    place : Place
        Which notebook of the lesson it is.
    notebook : mapping or None
        The autograded notebook, from anyone; None where there is none.
    marks : NotebookScores or None
        The gradebook's points, which count where they differ from the outcome's.
    headings : mapping
        By the cell's ``grade_id``, the heading that it stands under, in the instructor's words.
    models : mapping
        By the cell's ``grade_id``, the instructor's own answer in words; it is shown when a person
        has given the student's answer points.
    show_hidden_tests : bool
        Whether students see the code of hidden tests.
    visible_only : bool
        Whether the page tells of the visible tests only, and of no points in the gradebook.
    delimiters : Delimiters
        What marks a hidden test.
    """
    marks = marks or NotebookScores()
    graded = _graded(outcome, place.notebook)
    safe = safe_notebook(notebook or {})
    cells: list[Mapping[str, Any]] = list(safe["cells"])
    if visible_only:
        graded, cells = by_visible_tests(graded, cells, delimiters.hidden_tests)
        marks = replace(marks, marks={}, comments={})
    tests = [cell["source"] for cell in cells if kind_of(cell) is TEST]
    secrets = None if show_hidden_tests else Secrets.of(tests, delimiters.hidden_tests)
    rows: list[Row] = []
    blocks: list[Block] = []
    for cell in cells:
        name = grade_id(cell)
        row = _row(name, headings.get(name, ""), marks, graded) if name else None
        rows += [row] if row else []
        model = models.get(name) if _is_read(marks, name) else None
        comment = marks.comments.get(name)
        blocks.append(_block(cell, row, comment, model, secrets, delimiters))
    seen = {row.cell for row in rows}
    known = dict.fromkeys([*(one.cell for one in graded.results), *marks.marks])
    unseen = [cell for cell in known if cell not in seen]
    rows += [row for cell in unseen if (row := _row(cell, headings.get(cell, ""), marks, graded))]
    return Page(
        outcome.student,
        outcome.lesson,
        outcome,
        rows=tuple(rows),
        blocks=tuple(blocks),
        marks=marks,
        place=place,
        visible_only=visible_only,
    )


def render_page(page: Page) -> str:
    """Return the page as one HTML file that loads nothing and runs nothing."""
    return template("feedback.html.j2").render(page=page, code_style=CODE_STYLE)


def render_failed(outcome: Outcome) -> str:
    """Return the page of a student whose page could not be made."""
    return render_page(Page(one_line(outcome.student), outcome.lesson, outcome, failed=True))
