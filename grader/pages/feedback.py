"""Feedback: a page for each student that says what is right, what is not yet, and why."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool

from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook.scores import lesson_scores
from grader.outcome import GradedNotebook, Outcome
from grader.pages.feedback_page import make_page, render_page

# nbgrader finds a page's submission by these when it releases feedback.
PASSED_ON = ("timestamp.txt", "submission_secret.txt")


def feedback(course: Course, lesson: str, students: Sequence[str] | None = None) -> list[Path]:
    """Write a feedback page for each graded submission of a lesson, and return the pages.

    Parameters
    ----------
    course : Course
        The course.
    lesson : str
        The lesson's full name.
    students : sequence of str, optional
        Only these students; everybody by default.

    Returns
    -------
    list of Path
        ``classroom/feedback/<student>/<lesson>/<notebook>.html``, by student: where
        ``nbgrader release_feedback`` and the formgrader look for them. A damaged submission has
        a page as well, which says what to do.
    """
    show = FeedbackExporter(config=course.config).show_hidden_tests
    written: list[Path] = []
    with course.gradebook() as gradebook:
        marks = lesson_scores(gradebook, lesson)
    for outcome in _chosen(course, lesson, students):
        folder = _fresh_folder(course, outcome)
        for name in _names(course, outcome):
            own = marks.get((outcome.student, name))
            notebook = _autograded(course, outcome, name)
            page = make_page(
                outcome,
                name,
                notebook,
                own,
                show_hidden_tests=show,
                delimiters=course.delimiters,
            )
            written.append(folder / f"{name}.html")
            written[-1].write_text(render_page(page), encoding="utf-8")
    return written


def _chosen(course: Course, lesson: str, students: Sequence[str] | None) -> list[Outcome]:
    outcomes = course.outcomes(lesson)
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
    file = course.folder("autograded", outcome.student, outcome.lesson) / f"{name}.ipynb"
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _fresh_folder(course: Course, outcome: Outcome) -> Path:
    """Return the student's feedback folder, with what nbgrader needs to release it."""
    folder = course.folder("feedback", outcome.student, outcome.lesson)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _passed_on(course, outcome).items():
        (folder / name).write_bytes(content)
    return folder


def _passed_on(course: Course, outcome: Outcome) -> dict[str, bytes]:
    """Return the small files that belong to a submission, by their names."""
    found = {}
    for step in ("submitted", "autograded"):
        for name in PASSED_ON:
            file = course.folder(step, outcome.student, outcome.lesson) / name
            # A student's link could lead anywhere; what it leads to is not theirs to be shown.
            if file.is_file() and not file.is_symlink() and file.stat().st_size < 10_000:
                found[name] = file.read_bytes()
    return found


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
            marks = lesson_scores(gradebook, lesson, student).get((student, name))
        outcome = _outcome(course, student, lesson, name)
        page = make_page(
            outcome,
            name,
            nb,
            marks,
            show_hidden_tests=self.show_hidden_tests,
            delimiters=course.delimiters,
        )
        # nbgrader takes them from the autograded folder, where its own autograder leaves them.
        resources["outputs"] = _passed_on(course, outcome)
        return render_page(page), resources

    def _course(self) -> Course:
        directory = getattr(self.parent, "coursedir", None)
        return Course.here(directory.root if directory else os.curdir)


def _outcome(course: Course, student: str, lesson: str, name: str) -> Outcome:
    """Return what our grader wrote, or an empty outcome where another program graded."""
    file = course.outcome_file(student, lesson)
    if file.is_file():
        return Outcome.from_json(file.read_text(encoding="utf-8"))
    return Outcome(student, lesson, "graded", notebooks=(GradedNotebook(name, "graded"),))
