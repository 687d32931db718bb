"""A term on a small course: after each step, whoever shows a student's points shows the same."""

import csv
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from statistics import fmean
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from tiny_course import graded_cell, write_notebook

from grader.cli import main
from grader.course.course import Course

TWICE = "def twice(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION"
RIGHT = {
    "square": "def square(x): return x * x",
    "answer": "answer = 42",
    "explain_square": "Four sides.",
    "twice": "def twice(x): return 2 * x",
}
WRONG = {"square": "def square(x): return x + x", "explain_square": "Round."}
PLUGIN = """
from nbgrader.plugins import BasePlugin

class TenPercentADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * (1 + total_seconds_late // 86400)
"""
SETTING = '\nc.AssignLatePenalties.plugin_class = "late.TenPercentADay"\n'

Points = dict[str, float]


class Term:
    """One lesson of two notebooks, and what a lecturer does with it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys

    @property
    def course(self) -> Course:
        return Course(self.root)

    def run(self, *command: str) -> str:
        assert main([*command, "--course", str(self.root)]) == 0
        return self.capsys.readouterr().out

    def hand_in(self, student: str, answers: dict[str, str], when: str, *names: str) -> None:
        course = self.course
        folder = course.folder("submitted", student, "ps1")
        for name in names or ("ps1", "two"):
            notebook = nbformat.read(course.folder("release", ".", "ps1") / f"{name}.ipynb", 4)
            for cell in notebook.cells:
                cell.source = answers.get(cell.id, cell.source)
            write_notebook(notebook, folder / f"{name}.ipynb")
        (folder / "timestamp.txt").write_text(f"{when} UTC")

    def mark(self, student: str, cell: str, points: float, extra: float | None = None) -> None:
        """Give points by hand, as the formgrader writes them."""
        with self.course.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, "ps1", "ps1", student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
            gradebook.find_comment(cell, "ps1", "ps1", student).manual_comment = "Well done."
            gradebook.db.commit()

    def due(self, when: str) -> None:
        with self.course.gradebook() as gradebook:
            gradebook.update_or_create_assignment("ps1", duedate=when)

    def points_of_a_test(self, points: float) -> None:
        source = self.root / "solutions" / "ps1" / "ps1.ipynb"
        notebook = nbformat.read(source, 4)
        for cell in notebook.cells:
            if cell.id == "test_square":
                cell.metadata.nbgrader.points = points
        write_notebook(notebook, source)

    def shown(self) -> Points:
        """Return the points of each student, which everybody shows alike."""
        before = self._without_a_run()
        table = dict(_of_table(self.run("autograde", "ps1")))
        after = self._without_a_run() | {"autograde": table}
        for found in (before, after):
            assert all(points == found["export"] for points in found.values()), found
        return table

    def _without_a_run(self) -> dict[str, Points]:
        self.run("feedback", "ps1")
        self.run("report", "ps1")
        exported = {row["student_id"]: _rounded(row["score"]) for row in self._exported()}
        return {
            "export": exported,
            **self._of_formgrader(exported),
            "report": dict(_of_page(self._report("report.html"))),
            "scores.csv": {
                row["student"]: _rounded(row["points"])
                for row in csv.DictReader(io.StringIO(self._report("scores.csv")))
            },
            "feedback": dict(self._of_feedback()),
        }

    def _of_formgrader(self, students: Iterable[str]) -> dict[str, Points]:
        """Return what its lists show: of the lesson, of the class, of a student, of a notebook."""
        api = NbGraderAPI(self.course.directory)
        by_notebook: Points = defaultdict(float)
        for notebook in api.get_notebooks("ps1"):
            listed = api.get_notebook_submissions("ps1", notebook["name"])
            for one in listed:
                by_notebook[one["student"]] += one["score"]
            total = notebook["average_score"] * notebook["num_submissions"]
            assert total == pytest.approx(sum(one["score"] for one in listed))
        lesson = [one for one in api.get_submissions("ps1") if one["autograded"]]
        found = {
            "submissions": {one["student"]: one["score"] for one in lesson},
            "a submission": {one: api.get_submission("ps1", one)["score"] for one in students},
            "students": {one["id"]: one["score"] for one in api.get_students()},
            "a student": {one: api.get_student(one)["score"] for one in students},
            "a student's lessons": {
                one: sum(each["score"] for each in api.get_student_submissions(one))
                for one in students
            },
            "a student's notebooks": {
                one: sum(each["score"] for each in api.get_student_notebook_submissions(one, "ps1"))
                for one in students
            },
            "a notebook's submissions": by_notebook,
        }
        mean = fmean(found["submissions"].values())
        assert api.get_assignment("ps1")["average_score"] == pytest.approx(mean)
        return {
            f"formgrader, {name}": {one: _rounded(points) for one, points in all_points.items()}
            for name, all_points in found.items()
        }

    def _report(self, name: str) -> str:
        return (self.root / "classroom/reports/ps1" / name).read_text(encoding="utf-8-sig")

    def _exported(self) -> list[dict[str, str]]:
        file = self.root / "grades.csv"
        with self.course.gradebook() as gradebook:
            CsvExportPlugin(to=str(file)).export(gradebook)
        return list(csv.DictReader(io.StringIO(file.read_text())))

    def _of_feedback(self) -> Iterator[tuple[str, float]]:
        for folder in sorted((self.root / "classroom/feedback").iterdir()):
            pages = [page.read_text() for page in sorted((folder / "ps1").glob("*.html"))]
            found = {re.findall(r"<strong>([\d.]+) of", page)[0] for page in pages}
            assert len(pages) == 2
            assert len(found) == 1, "each page of a lesson shows the lesson's total"
            yield folder.name, _rounded(found.pop())


def _rounded(points: Any) -> float:
    return round(float(points), 2)


def _of_table(text: str) -> Iterator[tuple[str, float]]:
    for student, points in re.findall(r"^(\S+) +([\d.]+) / ", text, re.MULTILINE):
        yield student, _rounded(points)


def _of_page(page: str) -> Iterator[tuple[str, float]]:
    scores = re.sub(r"</?(?:a|wbr)\b[^<>]*>", "", page[page.index("<h2>Students</h2>") :])
    row = r"<tr>\n<td class=\"who\">\s*(\S+).*?</td>\n<td class=\"number\">([\d.]+) of"
    for student, points in re.findall(row, scores, re.DOTALL):
        yield unescape(student), _rounded(points)


@pytest.fixture
def term(tiny_course, monkeypatch, capsys) -> Term:
    second = [
        new_markdown_cell("# Twice", id="title"),
        graded_cell("solution", "twice", TWICE),
        graded_cell("test", "test_twice", "assert twice(4) == 8", points=4),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    write_notebook(
        new_notebook(cells=second, metadata={"kernelspec": kernel}),
        tiny_course.root / "solutions" / "ps1" / "two.ipynb",
    )
    monkeypatch.delitem(sys.modules, "late", raising=False)
    return Term(tiny_course.root, capsys)


def test_everybody_shows_the_same_points_at_every_moment_of_a_term(term):
    term.run("release", "ps1")
    term.hand_in("ada", RIGHT, "2026-10-30 17:00:00")
    term.hand_in("bob", WRONG, "2026-10-30 19:00:00")
    term.hand_in("eve", RIGHT, "2026-10-30 17:30:00", "ps1")
    term.run("autograde", "ps1")
    assert term.shown() == {"ada": 7, "bob": 0, "eve": 3}

    # Marks given by hand, one with extra credit, one over a test's.
    term.mark("ada", "explain_square", 2.5, extra=1)
    term.mark("bob", "explain_square", 1)
    assert term.shown() == {"ada": 10.5, "bob": 1, "eve": 3}

    # Changed points: the scores of before stay until they are graded again, and are marked.
    term.points_of_a_test(6)
    term.run("release", "ps1")
    term.run("report", "ps1")
    assert "3 of 3 submissions were graded before the last release" in term._report("report.html")
    assert term.shown() == {"ada": 14.5, "bob": 1, "eve": 7}
    assert "before the last release" not in term._report("report.html")
    assert "Answers that wait for a teacher" in term._report("report.html")

    # Graded again although nothing has changed.
    term.run("autograde", "ps1", "--student", "ada", "--force")
    assert term.shown() == {"ada": 14.5, "bob": 1, "eve": 7}

    # Late work: a plugin of the course's folder, then another due date.
    (term.root / "late.py").write_text(PLUGIN)
    with (term.root / "nbgrader_config.py").open("a") as settings:
        settings.write(SETTING)
    term.due("2026-10-30 18:00:00")
    assert term.run("autograde", "ps1").count("points off") == 1
    assert term.shown() == {"ada": 14.5, "bob": 0.9, "eve": 7}
    term.due("2026-10-29 17:15:00")
    term.run("autograde", "ps1")
    assert term.shown() == {"ada": 13.05, "bob": 0.8, "eve": 5.6}
    term.due("2026-10-30 18:00:00")
    term.run("autograde", "ps1")

    # Marked by hand after the penalty was taken: it is of the new points, without grading again.
    term.mark("bob", "explain_square", 2)
    assert term._without_a_run()["export"] == {"ada": 14.5, "bob": 1.8, "eve": 7}
    assert term.shown() == {"ada": 14.5, "bob": 1.8, "eve": 7}

    # Handed in a second time, later.
    term.hand_in("bob", RIGHT, "2026-10-30 20:00:00")
    term.run("autograde", "ps1")
    assert term.shown() == {"ada": 14.5, "bob": 11.7, "eve": 7}

    # A student gets another name, one leaves.
    term.run("rename", "eve", "eve.ray")
    assert term.shown() == {"ada": 14.5, "bob": 11.7, "eve.ray": 7}
    (term.root / "students.csv").write_text("id\nada\neve.ray\n")
    term.run("roster", str(term.root / "students.csv"), "--withdraw-missing")
    assert term.shown() == {"ada": 14.5, "eve.ray": 7}
