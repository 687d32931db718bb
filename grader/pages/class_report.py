"""The report of the class over all lessons."""

from collections.abc import Mapping
from pathlib import Path

from grader.course.course import Course
from grader.gradebook.submissions import submissions
from grader.gradebook.totals import class_totals
from grader.pages.class_summary import MISSED, SHARE, ClassSummary, summarise_class
from grader.pages.links import Links, feedback_links
from grader.pages.summary import summarise
from grader.pages.templating import template


def class_report(course: Course) -> Path:
    """Write the report of the class over all lessons, and return it.

    Returns
    -------
    Path
        ``classroom/reports/class.html``.
    """
    lessons = course.lessons()
    with course.gradebook() as gradebook:
        totals = class_totals(gradebook, lessons)
        by_lesson = {lesson: submissions(course, gradebook, lesson) for lesson in totals.lessons}
    summaries = [
        summarise(lesson, found.outcomes, found.scores, found.names, found.stale)
        for lesson, found in by_lesson.items()
    ]
    page = course.classroom / "reports" / "class.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    links = {lesson: feedback_links(course, lesson, page.parent) for lesson in by_lesson}
    reports = {lesson for lesson in by_lesson if (page.parent / lesson / "report.html").is_file()}
    html = render_class(summarise_class(totals, summaries), links, reports)
    page.write_text(html, encoding="utf-8", errors="backslashreplace")
    return page


def render_class(
    summary: ClassSummary, links: Mapping[str, Links], reports: set[str] | None = None
) -> str:
    """Return the page as one HTML file that loads nothing and runs nothing.

    Parameters
    ----------
    links : mapping
        By lesson and student, the feedback pages.
    reports : set of str, optional
        The lessons that have a report of their own.
    """
    return template("class.html.j2").render(
        report=summary,
        links=links,
        reports=reports or set(),
        missed=MISSED,
        share=SHARE,
    )
