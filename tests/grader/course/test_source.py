"""A lesson as grading knows it: from the gradebook, in the instructor's order, read as IPython."""

import ast

import nbformat
import pytest
from engine import answer, check, lesson, locked, written

from grader.course.lesson import SourceCell, SourceNotebook, parse, read
from grader.course.source import read_lesson
from grader.errors import CourseError

TINY = ["setup", "square", "test_square", "answer", "test_answer", "explain_square"]


@pytest.fixture
def tiny(released_course) -> SourceNotebook:
    (notebook,) = read_lesson(released_course, "ps1")
    return notebook


def named(source: SourceNotebook, name: str) -> SourceCell:
    return next(cell for cell in source.cells if cell.cell == name)


# From the gradebook


def test_the_cells_stand_in_the_instructors_order(tiny):
    assert [cell.cell for cell in tiny.cells] == TINY


def test_what_a_cell_is_for_comes_from_the_gradebook(tiny):
    assert [cell.cell for cell in tiny.cells if cell.is_test] == ["test_square", "test_answer"]
    assert [cell.cell for cell in tiny.cells if cell.is_manual] == ["explain_square"]
    assert [cell.cell for cell in tiny.cells if cell.solution] == [
        "square",
        "answer",
        "explain_square",
    ]
    assert [cell.cell for cell in tiny.cells if cell.locked] == [
        "setup",
        "test_square",
        "test_answer",
    ]
    assert {cell.cell: cell.points for cell in tiny.cells if cell.points is not None} == {
        "test_square": 2.0,
        "test_answer": 1.0,
        "explain_square": 3.0,
    }


def test_tests_come_with_their_hidden_part_and_answers_without_the_solution(tiny):
    assert "square(-4) == 16" in named(tiny, "test_square").source
    assert "x * x" not in named(tiny, "square").source
    assert "NotImplementedError" in named(tiny, "square").source


def test_a_lesson_that_is_not_released_is_refused_with_what_to_do(released_course):
    with pytest.raises(CourseError, match="Run `grader release ps2`"):
        read_lesson(released_course, "ps2")


def test_without_the_instructors_file_the_cells_stand_by_name(released_course):
    (released_course.folder("source", ".", "ps1") / "ps1.ipynb").unlink()
    (notebook,) = read_lesson(released_course, "ps1")

    assert [cell.cell for cell in notebook.cells] == sorted(TINY)


def test_a_lessons_other_files_come_along_and_its_checkpoints_do_not(released_course):
    folder = released_course.folder("source", ".", "ps1")
    (folder / "data").mkdir()
    (folder / "data" / "heights.csv").write_bytes(b"1,2\n")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "ps1-checkpoint.ipynb").write_text("{}")
    (notebook,) = read_lesson(released_course, "ps1")

    assert notebook.files == (("data/heights.csv", "MSwyCg=="),)


def test_a_task_is_graded_by_a_person(released_course):
    with released_course.gradebook() as gradebook:
        place = ("essay", "ps1", "ps1")
        gradebook.add_task_cell(*place, max_score=4, cell_type="markdown")
        gradebook.add_source_cell(*place, source="Write.", cell_type="markdown", locked=False)
    (source,) = read_lesson(released_course, "ps1")
    essay = named(source, "essay")

    assert (essay.is_manual, essay.is_test, essay.task, essay.points) == (True, False, True, 4.0)


# As plain data


def test_a_lesson_travels_as_json(tiny):
    with_files = SourceNotebook("ps1", "ps1", tiny.cells, (("a.csv", "MQ=="),))
    for source in (tiny, with_files):
        back = SourceNotebook.from_json(source.to_json())
        assert back == source
        assert back.digest == source.digest


def test_any_change_of_a_cell_changes_the_digest():
    before = lesson(check("test", "assert f(1)", points=1))
    changed = [
        lesson(check("test", "assert f(2)", points=1)),
        lesson(check("test", "assert f(1)", points=2)),
        lesson(check("exam", "assert f(1)", points=1)),
        lesson(locked("test", "assert f(1)")),
        SourceNotebook("ps1", "ps1", before.cells, (("a.csv", ""),)),
    ]

    assert len({source.digest for source in [before, *changed]}) == 6


def test_imports_are_those_of_locked_cells_and_tests():
    source = SourceNotebook(
        "ps1",
        "ps1",
        (
            locked("l", "import numpy as np, json\nfrom os.path import join\nfrom . import own"),
            check("t", "def f():\n    import math\n%matplotlib inline"),
            locked("broken", "import ("),
            answer("a", "import antigravity"),
            written("m", "import this"),
        ),
    )

    # What is imported from a module may be a module itself.
    assert source.imports == ("json", "math", "numpy", "os.path", "os.path.join")


# Read as IPython reads it


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("%matplotlib inline\nx = 1", "x = 1"),
        ("%config InlineBackend.figure_format = 'svg'", ""),
        ("%load_ext autoreload\n%autoreload 2", ""),
        ("%time assert f(2) == 4", "assert f(2) == 4"),
        ("%%time\nassert f(2) == 4\nf(2)", "assert f(2) == 4\nf(2)"),
        ("%%capture\nf(2)", "f(2)"),
        (">>> x = 1", "x = 1"),
    ],
)
def test_magics_that_set_up_or_measure_leave_the_code_that_they_are_about(source, code):
    assert ast.unparse(read(source)) == code


@pytest.mark.parametrize(
    "source", ["%run tests.py", "!ls", "%%bash\nls", "x = %time f(2)", "%%capture -x\nf(2)"]
)
def test_magics_that_do_anything_else_stay_so_that_the_test_fails_without_them(source):
    assert "get_ipython()" in ast.unparse(read(source))


@pytest.mark.parametrize(
    ("source", "line"),
    [("x", 1), ("\n\nx", 3), (" \n\nx", 3), ("%matplotlib inline\nx", 2), ("\n%%time\n\nx", 4)],
)
def test_lines_are_counted_as_they_stand_in_the_cell(source, line):
    assert [statement.lineno for statement in read(source).body] == [line]


@pytest.mark.parametrize("source", ["x = (", "def", "x = '\0'", "return = 1"])
def test_what_cannot_be_read_is_an_error_or_by_wish_nothing(source):
    with pytest.raises((SyntaxError, ValueError)):
        read(source)

    assert parse(source).body == []


def test_the_released_notebook_of_the_tiny_course_is_what_the_gradebook_has(released_course, tiny):
    file = released_course.folder("release", ".", "ps1") / "ps1.ipynb"
    there = nbformat.read(file, as_version=4).cells
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in there]

    assert [name for name in names if name] == [cell.cell for cell in tiny.cells]
