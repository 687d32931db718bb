"""The notebooks that students get: up to date, without answers, and without points for nothing."""

import difflib
import re
from itertools import islice
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from grader.course.cells import grade_id, is_test
from grader.course.course import Course
from grader.course.release import render

ROOT = Path(__file__).parents[1]
LESSONS = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))
STALE = (
    "notebooks/{0} is not what solutions/{0} produces.\nRun `grader release` and commit the result."
)

every_lesson = pytest.mark.parametrize("lesson", LESSONS)


@every_lesson
def test_notebooks_are_what_solutions_produce(tmp_path, lesson):
    for made in render(Course(ROOT), lesson, tmp_path):
        name = str(made.relative_to(tmp_path))
        committed = ROOT / "notebooks" / name
        assert committed.is_file(), STALE.format(name)
        diff = difflib.unified_diff(
            committed.read_text().splitlines(), made.read_text().splitlines(), lineterm="", n=1
        )
        text = "\n".join([STALE.format(name), *islice(diff, 2, 12)])
        assert committed.read_bytes() == made.read_bytes(), text


@every_lesson
def test_a_lesson_is_one_notebook_and_nothing_else(lesson):
    """Whatever lies beside a source notebook is copied to the students."""
    for folder in ("solutions", "notebooks"):
        files = [path.name for path in (ROOT / folder / lesson).rglob("*") if path.is_file()]
        kept = [name for name in files if not name.endswith("-checkpoint.ipynb")]
        assert kept == [f"{lesson}.ipynb"], folder


def test_no_released_lesson_has_lost_its_source():
    assert sorted(path.parent.name for path in ROOT.glob("notebooks/*/*.ipynb")) == LESSONS


def secrets(source: nbformat.NotebookNode) -> set[str]:
    """The lines of a source notebook that stand only where students must not look."""
    hidden, shown = set(), set()
    for cell in source.cells:
        inside = False
        for line in map(str.strip, cell.source.splitlines()):
            edge = re.search(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)", line)
            if edge:
                # A mark scheme may lie within a solution.
                inside = edge[1] == "BEGIN" or edge[2] == "MARK SCHEME"
            else:
                (hidden if inside else shown).add(line)
    return {line for line in hidden - shown if len(line) > 12}


@every_lesson
def test_students_get_no_solution_no_hidden_test_and_no_mark_scheme(lesson):
    source = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
    released = nbformat.read(ROOT / "notebooks" / lesson / f"{lesson}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in released.cells)

    assert len(secrets(source)) > 3
    assert [line for line in secrets(source) if line in text] == []
    assert re.findall("(?:BEGIN|END) (?:SOLUTION|HIDDEN|MARK)", text) == []
    assert all(not cell.get("outputs") for cell in released.cells)


@every_lesson
def test_every_test_fails_on_the_notebook_as_handed_out(lesson, monkeypatch):
    """A test that passes before anything is answered gives points for nothing.

    As with "Run All" in Jupyter: no test stops the others.
    """
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")  # lesson 08 trains nothing then
    notebook = nbformat.read(ROOT / "notebooks" / lesson / f"{lesson}.ipynb", as_version=4)

    NotebookClient(notebook, timeout=60, allow_errors=False).execute()

    passed = [
        grade_id(cell)
        for cell in filter(is_test, notebook.cells)
        if not any(output.output_type == "error" for output in cell.outputs)
    ]
    assert passed == []
    assert {determine_grade(cell)[0] for cell in filter(is_test, notebook.cells)} == {0}
