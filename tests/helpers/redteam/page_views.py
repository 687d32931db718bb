"""The pages and tables that a teacher and the students open, made without a server."""

import csv
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbgrader.plugins import CsvExportPlugin

from grader.course.course import Course
from grader.pages.feedback import feedback


def pages_of(course: Course) -> dict[str, str]:
    """Write the feedback and return each student's page."""
    written = feedback(course, "ps1")
    assert written.failed == {}
    return {page.parent.parent.name: page.read_text(encoding="utf-8") for page in written.pages}


def formgrader_page(course: Course, student: str) -> str:
    """Return the page on which the formgrader shows a submission, as its handler makes it."""
    exporter = HTMLExporter(config=course.config, template_name="formgrade")
    file = course.folder("autograded", student, "ps1") / "ps1.ipynb"
    names = ("assignment_id", "notebook_id", "submission_id", "base_url", "notebook_path")
    about = dict.fromkeys((*names, "last_name", "first_name"), "") | {"student": student}
    html, _ = exporter.from_filename(str(file), resources=about | {"index": 0, "total": 1})
    return str(html)


def export(course: Course, file: Path) -> list[dict[str, str]]:
    """Return the rows of what ``nbgrader export`` writes."""
    with course.gradebook() as gradebook:
        CsvExportPlugin(config=course.config, to=str(file)).export(gradebook)
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
