"""The comparison with nbgrader's own scores sees what is equal, less and more."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from tiny_course import SQUARE, TEST_SQUARE, graded_cell, write_notebook

from tests.compare import (
    EMPTY,
    RIGHT,
    Cell,
    Graded,
    Lesson,
    cells,
    find_lessons,
    report,
    solved,
    status,
)

ROOT = Path(__file__).parents[1]


def two_cells() -> Any:
    square = graded_cell("solution", "square", SQUARE)
    return new_notebook(cells=[square, graded_cell("test", "test_square", TEST_SQUARE, points=2)])


def lesson(folder: Path, notebook: Any | None = None) -> Lesson:
    path = write_notebook(notebook or two_cells(), folder / "ps1" / "square.ipynb")
    return Lesson(path, "ps1/square.ipynb")


def compared(
    folder: Path, stock: float | None, ours: float | None, inside: tuple[str, ...] = ()
) -> list[Cell]:
    """The cells of a lesson that nbgrader and the grader gave these points to its right student."""
    theirs = Graded({RIGHT: {"test_square": stock}, EMPTY: {"test_square": 0.0}}, {})
    said = {RIGHT: {"test_square": "square(3) is 9\nand more"}}
    return cells(
        lesson(folder),
        theirs,
        Graded({RIGHT: {"test_square": ours}, EMPTY: {"test_square": 0.0}}, said, "", [*inside]),
    )


def line(found: list[Cell]) -> list[str]:
    return report(found, {}).splitlines()[2].split()


# The lessons of a folder


def test_lessons_are_the_python_notebooks_with_test_cells(tmp_path):
    lesson(tmp_path)
    write_notebook(new_notebook(cells=[new_code_cell("1")]), tmp_path / "notes.ipynb")
    java = two_cells()
    java.metadata.kernelspec = {"name": "java", "language": "java", "display_name": "Java"}
    write_notebook(java, tmp_path / "java.ipynb")
    (tmp_path / "broken.ipynb").write_text("{")

    assert [found.name for found in find_lessons(tmp_path)] == ["ps1/square.ipynb"]
    assert not list(find_lessons(tmp_path, only="ps2"))


def test_old_metadata_is_upgraded(tmp_path):
    old = two_cells()
    for cell in old.cells:
        del cell.metadata.nbgrader["schema_version"], cell.metadata.nbgrader["task"]

    upgraded = lesson(tmp_path, old).notebook

    assert {cell.metadata.nbgrader.schema_version for cell in upgraded.cells} == {3}


def test_a_test_without_points_is_compared_as_one_of_one_point(tmp_path):
    free = two_cells()
    free.cells[1].metadata.nbgrader["points"] = 0

    assert lesson(tmp_path, free).tests == {"test_square": 1.0}


def test_the_key_changes_with_a_file_beside_the_notebook(tmp_path):
    before = lesson(tmp_path).key
    (tmp_path / "ps1" / "data.csv").write_text("1,2\n")

    assert lesson(tmp_path).key != before


def test_the_right_student_has_the_solution_and_no_hidden_test():
    source = two_cells()
    released = nbformat.from_dict(source)
    released.cells[0].source = "def square(x):\n    raise NotImplementedError()"
    released.cells[1].source = "assert square(3) == 9"

    answer, test = solved(released, source).cells

    assert "return x * x" in answer.source
    assert "SOLUTION" not in answer.source
    assert test.source == "assert square(3) == 9"


# What comes of it


def test_equal_points_are_all_well(tmp_path):
    found = compared(tmp_path, 2.0, 2.0)

    assert status(found) == 0
    assert line(found) == [
        "ps1/square.ipynb",
        "1",
        "1",
        "1",
        "1",
        "0",
        "0",
        "0",
        "1",
        "0",
        "2",
        "/",
        "2",
    ]


def test_points_of_tests_inside_the_session_are_not_outside(tmp_path):
    assert line(compared(tmp_path, 2.0, 2.0, inside=("test_square",)))[10:] == ["0", "/", "2"]


def test_fewer_points_are_a_loss_with_the_first_line_of_what_was_said(tmp_path):
    found = compared(tmp_path, 2.0, 1.0)

    assert status(found) == 1
    assert line(found)[4:8] == ["0", "0", "1", "0"]
    assert report(found, {}).splitlines()[-1].endswith("1, nbgrader 2 of 2  square(3) is 9")


def test_a_flag_for_a_person_is_no_loss(tmp_path):
    found = compared(tmp_path, 2.0, None)

    assert status(found) == 0
    assert line(found)[4:8] == ["0", "1", "0", "0"]


def test_points_that_nbgrader_does_not_give_are_told(tmp_path):
    assert status(compared(tmp_path, 0.0, 1.0)) == 1


def test_a_lesson_that_nbgrader_cannot_grade_stands_apart(tmp_path):
    found = compared(tmp_path, None, 0.0)

    assert status(found) == 0
    assert "It did not run." in report(found, {"ps1/square.ipynb": "It did not run."})


def test_a_lesson_of_two_cells_gets_the_same_points_both_ways(tmp_path):
    lesson(tmp_path)
    cells = tmp_path / "cells.json"

    done = subprocess.run(
        [sys.executable, "-m", "tests.compare", str(tmp_path), "--json", str(cells)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    found = {
        cell["student"]: (cell["stock"], cell["ours"]) for cell in json.loads(cells.read_text())
    }
    assert found == {RIGHT: (2.0, 2.0), EMPTY: (0.0, 0.0)}
