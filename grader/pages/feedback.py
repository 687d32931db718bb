"""Feedback: a page for each student that says what is right, what is not yet, and why."""

import errno
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool

from grader.course.course import Course
from grader.course.reading import Unreadable, own_folder, read_file
from grader.course.source import model_answers
from grader.errors import CourseError
from grader.gradebook.scores import NotebookScores, lesson_scores
from grader.gradebook.submissions import submissions
from grader.gradebook.totals import lesson_totals
from grader.outcome import GradedNotebook, Outcome
from grader.pages.feedback_page import Place, make_page, render_failed, render_page
from grader.pages.headings import titles
from grader.pages.templating import Written, reason
from grader.text import one_line
from grader.trouble import sentence
from grader.writing import write_whole

# nbgrader finds a page's submission by these when it releases feedback.
PASSED_ON = ("timestamp.txt", "submission_secret.txt")


def feedback(
    course: Course,
    lesson: str,
    students: Sequence[str] | None = None,
    *,
    visible_only: bool = False,
) -> Written:
    """Write a feedback page for each graded submission of a lesson.

    Parameters
    ----------
    course : Course
        The course.
    lesson : str
        The lesson's full name.
    students : sequence of str, optional
        Only these students; everybody by default.
    visible_only : bool
        Whether the pages tell of the visible tests only: for before the lesson is over.

    Returns
    -------
    Written
        The pages ``classroom/feedback/<student>/<lesson>/<notebook>.html``, by student: where
        ``nbgrader release_feedback`` and the formgrader look for them. A damaged submission has
        a page as well, which says what to do. Where a page cannot be made, one that says so
        takes its place, and the next student's follows.

    Raises
    ------
    CourseError
        When the lesson was not released, or one of the students has nothing graded.
    """
    shown = Shown(FeedbackExporter(config=course.config).show_hidden_tests, visible_only)
    with course.gradebook() as gradebook:
        found = submissions(course, gradebook, lesson)
    totals = found.totals
    headings = cache(partial(titles, course, lesson))
    models = cache(partial(_models, course, lesson))
    pages: list[Path] = []
    failed: dict[str, str] = {}
    for outcome in _chosen(lesson, found.outcomes, students):
        names, total = _names(course, outcome), totals.get(outcome.student)
        for name in names:
            place = Place(name, tuple(names), total)
            words = headings(name), models(name)
            page = partial(_page, course, outcome, place, found.scores, *words, shown)
            html, why = _made(page, outcome)
            try:
                pages.append(_write(course, outcome, name, html))
            except OSError as error:
                why = _not_written(error)
            if why:
                failed[outcome.student] = why
    return Written(tuple(pages), failed)


@dataclass(frozen=True)
class Shown:
    """What of the tests a page shows.

    Attributes
    ----------
    hidden_tests : bool
        The code of hidden tests, too.
    visible_only : bool
        Neither the code of hidden tests nor what came of them.
    """

    hidden_tests: bool = False
    visible_only: bool = False


def _page(
    course: Course,
    outcome: Outcome,
    place: Place,
    marks: Mapping[tuple[str, str], NotebookScores],
    headings: Mapping[str, str],
    models: Mapping[str, str],
    shown: Shown,
    notebook: Any = None,
) -> str:
    page = make_page(
        outcome,
        place,
        notebook or _autograded(course, outcome, place.notebook),
        marks.get((outcome.student, place.notebook)),
        headings=headings,
        models=models,
        show_hidden_tests=shown.hidden_tests and not shown.visible_only,
        visible_only=shown.visible_only,
        delimiters=course.delimiters,
    )
    return render_page(page)


def _models(course: Course, lesson: str, name: str) -> dict[str, str]:
    """Return the model answers that students may see."""
    shown = course.settings.model_answers == "graded"
    return model_answers(course, lesson, name) if shown else {}


def _made(page: Callable[[], str], outcome: Outcome) -> tuple[str, str]:
    """Return a page and nothing, or one that says that there is none and the reason."""
    try:
        html = page()
        html.encode()
    except Exception as error:  # One student's page is no reason for a class to wait.
        return render_failed(outcome), reason(error)
    return html, ""


def _write(course: Course, outcome: Outcome, name: str, html: str) -> Path:
    path = _fresh_folder(course, outcome) / f"{name}.html"
    write_whole(path, html.encode())
    return path


def _not_written(error: OSError) -> str:
    """Return why a page cannot be written; in the same words for each whom the disk fails."""
    of_the_disk = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return sentence(OSError(error.errno, error.strerror)) if of_the_disk else reason(error)


def _chosen(
    lesson: str, outcomes: Sequence[Outcome], students: Sequence[str] | None
) -> list[Outcome]:
    there = [outcome.student for outcome in outcomes]
    missing = sorted(set(students or ()) - set(there))
    if missing:
        raise CourseError(
            f"{', '.join(missing)} has no graded submission of {lesson}: run `grader autograde` "
            f"first. Graded are: {', '.join(there) or 'none'}."
        )
    return [one for one in outcomes if not students or one.student in students]


def _names(course: Course, outcome: Outcome) -> list[str]:
    """Return the notebooks of a lesson; a submission too damaged to have any gets one page."""
    source = course.folder("source", ".", outcome.lesson)
    named = [notebook.name for notebook in outcome.notebooks]
    return named or sorted(path.stem for path in source.glob("*.ipynb")) or [outcome.lesson]


def _autograded(course: Course, outcome: Outcome, name: str) -> Any:
    """Return the autograded notebook as it stands on disk; None where it cannot be read."""
    file = _folder(course, "autograded", outcome) / f"{name}.ipynb"
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _fresh_folder(course: Course, outcome: Outcome) -> Path:
    """Return the student's feedback folder, with what nbgrader needs to release it."""
    folder = _folder(course, "feedback", outcome)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _passed_on(course, outcome).items():
        (folder / name).write_bytes(content)
    return folder


def _passed_on(course: Course, outcome: Outcome) -> dict[str, bytes]:
    """Return the small files that belong to a submission, by their names."""
    found = {}
    for step in ("submitted", "autograded"):
        # A student's link could lead anywhere; what it leads to is not theirs to be shown.
        with suppress(Unreadable), own_folder(_folder(course, step, outcome)) as folder:
            for name in PASSED_ON:
                with suppress(Unreadable):
                    found[name] = read_file(name, folder, 10_000, one_name=True)
    return found


def _folder(course: Course, step: str, outcome: Outcome) -> Path:
    return course.folder(step, outcome.student, outcome.lesson)


class FeedbackExporter(Exporter):  # type: ignore[misc]  # nbconvert is untyped
    """Makes the same page where ``nbgrader generate_feedback`` or the formgrader asks for one.

    Set ``c.GenerateFeedback.exporter_class = "grader.pages.feedback.FeedbackExporter"``.
    """

    show_hidden_tests = Bool(False, help="Show students the code of hidden tests.").tag(config=True)
    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of one autograded notebook."""
        resources = self._init_resources(resources)
        about = resources["nbgrader"]
        course = self._course()
        student, lesson, name = (about[key] for key in ("student", "assignment", "notebook"))
        with course.gradebook() as gradebook:
            marks = lesson_scores(gradebook, lesson, student)
        outcome = _outcome(course, student, lesson, name)
        total = lesson_totals(marks).get(student)
        place = Place(name, tuple(_names(course, outcome)), total)
        words = titles(course, lesson, name), _models(course, lesson, name)
        shown = Shown(self.show_hidden_tests)
        page = partial(_page, course, outcome, place, marks, *words, shown, notebook=nb)
        html, why = _made(page, outcome)
        if why:
            self.log.error("The page of %s could not be made: %s", one_line(student), why)
        # nbgrader takes them from the autograded folder, where its own autograder leaves them.
        resources["outputs"] = _passed_on(course, outcome)
        return html, resources

    def _course(self) -> Course:
        directory = getattr(self.parent, "coursedir", None)
        return Course.here(directory.root if directory else os.curdir)


def _outcome(course: Course, student: str, lesson: str, name: str) -> Outcome:
    """Return what our grader wrote, or an empty outcome where another program graded."""
    file = course.outcome_file(student, lesson)
    if file.is_file():
        return Outcome.from_json(file.read_text(encoding="utf-8"))
    return Outcome(student, lesson, "graded", notebooks=(GradedNotebook(name, "graded"),))
