"""The class report: how a lesson went, for whom, and which mistakes were made."""

from collections.abc import Sequence

from grader.course.course import Course
from grader.course.proof import kept, remarks
from grader.course.released import changes_told
from grader.gradebook.gone import gone_told
from grader.gradebook.submissions import submissions
from grader.pages.histogram import histogram
from grader.pages.links import Links, feedback_links
from grader.pages.scores_csv import scores_csv
from grader.pages.summary import Summary, summarise
from grader.pages.templating import Written, template
from grader.writing import write_whole

__all__ = ["render_report", "report"]


def report(course: Course, lesson: str) -> Written:
    """Write the class report of a lesson, a page and a CSV file.

    Parameters
    ----------
    course : Course
        The course.
    lesson : str
        The lesson's full name.

    Returns
    -------
    Written
        ``classroom/reports/<lesson>/report.html``; ``scores.csv`` lies beside it. A student whose
        line cannot be made has one that says so.

    Raises
    ------
    CourseError
        When the lesson was not released.
    """
    with course.gradebook() as gradebook:
        found = submissions(course, gradebook, lesson)
    summary = summarise(lesson, found.outcomes, found.scores, found.names, found.stale)
    folder = course.classroom / "reports" / lesson
    folder.mkdir(parents=True, exist_ok=True)
    # Excel reads UTF-8 only when the file says so in its first bytes.
    csv = scores_csv(summary).encode("utf-8-sig", "backslashreplace")
    write_whole(folder / "scores.csv", csv)
    page = folder / "report.html"
    proof = kept(course, lesson)
    links = feedback_links(course, lesson, page.parent)
    told = [
        *changes_told(course, lesson),
        *gone_told(course, lesson),
        *(remarks(proof) if proof else ()),
    ]
    text = render_report(summary, told, links)
    write_whole(page, text.encode("utf-8", "backslashreplace"))
    return Written((page,), summary.failed)


def render_report(summary: Summary, remarks: Sequence[str] = (), links: Links | None = None) -> str:
    """Return the report as one HTML file that loads nothing and runs nothing.

    Parameters
    ----------
    remarks : sequence of str
        What is to be known of the lesson, such as which tests run inside the session.
    links : mapping, optional
        By student, the feedback pages and where they are.
    """
    points = [line.points for line in summary.graded]
    picture = histogram(points, summary.max_points, summary.median_points) if points else ""
    return template("report.html.j2").render(
        report=summary, histogram=picture, remarks=remarks, links=links or {}
    )
