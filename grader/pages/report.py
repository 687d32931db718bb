"""The class report: how a lesson went, for whom, and which mistakes were made."""

from pathlib import Path

from grader.course.course import Course
from grader.gradebook.scores import lesson_scores, student_names
from grader.pages.histogram import histogram
from grader.pages.links import Links, feedback_links
from grader.pages.scores_csv import scores_csv
from grader.pages.summary import Summary, summarise
from grader.pages.templating import template

__all__ = ["render_report", "report"]


def report(course: Course, lesson: str) -> Path:
    """Write the class report of a lesson, a page and a CSV file, and return the page.

    Parameters
    ----------
    course : Course
        The course.
    lesson : str
        The lesson's full name.

    Returns
    -------
    Path
        ``classroom/reports/<lesson>/report.html``; ``scores.csv`` lies beside it.
    """
    with course.gradebook() as gradebook:
        marks = lesson_scores(gradebook, lesson)
        names = student_names(gradebook)
    summary = summarise(lesson, course.outcomes(lesson), marks, names)
    folder = course.classroom / "reports" / lesson
    folder.mkdir(parents=True, exist_ok=True)
    # Excel reads UTF-8 only when the file says so in its first bytes.
    (folder / "scores.csv").write_text(scores_csv(summary), encoding="utf-8-sig", newline="")
    page = folder / "report.html"
    links = feedback_links(course, lesson, page.parent)
    page.write_text(render_report(summary, links), encoding="utf-8")
    return page


def render_report(summary: Summary, links: Links | None = None) -> str:
    """Return the report as one HTML file that loads nothing and runs nothing.

    Parameters
    ----------
    links : mapping, optional
        By student, the feedback pages and where they are.
    """
    points = [line.points for line in summary.graded]
    picture = histogram(points, summary.max_points, summary.median_points) if points else ""
    return template("report.html.j2").render(report=summary, histogram=picture, links=links or {})
