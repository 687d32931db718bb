"""The report of the class over all lessons."""

from collections.abc import Mapping
from pathlib import Path

from grader.course.course import Course
from grader.gradebook.scores import lesson_scores, student_names
from grader.gradebook.totals import class_totals
from grader.pages.class_summary import MISSED, SHARE, ClassSummary, summarise_class
from grader.pages.links import Links, feedback_links
from grader.pages.summary import summarise
from grader.pages.templating import template
from grader.writing import write_whole


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
        names = student_names(gradebook)
        marks = {lesson: lesson_scores(gradebook, lesson) for lesson in totals.lessons}
    summaries = [
        summarise(lesson, course.outcomes(lesson), marks[lesson], names) for lesson in marks
    ]
    page = course.classroom / "reports" / "class.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    links = {lesson: feedback_links(course, lesson, page.parent) for lesson in marks}
    reports = {lesson for lesson in marks if (page.parent / lesson / "report.html").is_file()}
    html = render_class(summarise_class(totals, summaries), links, reports)
    write_whole(page, html.encode("utf-8", "backslashreplace"))
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
