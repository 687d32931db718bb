"""A check in a real notebook: what the student sees, and what nbgrader makes of it."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

POINTS = 2

WRONG = """
def bias_matrix(n, beta):
    i, j = np.arange(n)[:, None], np.arange(n)
    return np.where(j <= i, beta * (i - j), -np.inf)

check(bias_matrix, (4, 0.5), (7, 0.37))
"""
RIGHT_BUT_NOISY = """
import sys, warnings

def bias_matrix(n, beta):
    warnings.warn("deprecated")
    print("working on it", file=sys.stderr)
    bias = np.log(np.tri(n))  # a RuntimeWarning: divide by zero
    return bias - beta * np.tril(np.arange(n)[:, None] - np.arange(n))

check(bias_matrix, (4, 0.5), (7, 0.37))
"""
STUB = """
def bias_row(i, beta):
    raise NotImplementedError

check(bias_row, (4, 0.5))
"""
CELLS = {
    "import": "import numpy as np\nfrom linbias import plots\n"
    "from linbias.check import check, check_answer, draw, hint, mastery, solution",
    "wrong": WRONG,
    "right": RIGHT_BUT_NOISY,
    "stub": STUB,
    "hidden": "check(bias_matrix, *draw('bias_matrix', 3, '02'))",
    "wrong_answer": "check_answer('bias_5_2', 0.3)",
    "right_answer": "check_answer('bias_5_2', -0.3)",
    "slip": "check_answer('bias_5_2', 0.3)",
    "hint": "hint()",
    "solution": "solution('bias_5_2')",
    "map": "plots.mastery_map(mastery())",
}


@pytest.fixture(scope="module")
def progress_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the kernel notes what checks gave."""
    return tmp_path_factory.mktemp("home") / "notes" / "progress.jsonl"


@pytest.fixture(scope="module")
def cells(progress_file: Path) -> dict[str, Any]:
    """The cells after one run in one kernel, as a student runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        patch.setenv("LINBIAS_PROGRESS", str(progress_file))
        patch.setenv("JPY_SESSION_NAME", "/home/ada/02_causal_triangle/02_causal_triangle.ipynb")
        return executed()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], bool]:
    """The cells after one run as nbgrader runs them, and whether anything was noted."""
    file = tmp_path_factory.mktemp("graded") / "progress.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        patch.setenv("LINBIAS_PROGRESS", str(file))
        return executed(), file.exists()


def executed() -> dict[str, Any]:
    """Return the cells after one run in one kernel."""
    grading = {"grade": True, "solution": False, "points": POINTS, "grade_id": "test"}
    notebook = new_notebook(
        cells=[new_code_cell(source, metadata={"nbgrader": grading}) for source in CELLS.values()],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    nbformat.validate(notebook)
    return dict(zip(CELLS, notebook.cells, strict=True))


def grade(cell: Any) -> float | None:
    return determine_grade(cell)[0]  # type: ignore[no-any-return]


def kinds(cell: Any) -> list[str]:
    return [output.output_type for output in cell.outputs]


def test_a_wrong_answer_shows_the_picture_and_then_an_error(cells: dict[str, Any]) -> None:
    assert kinds(cells["wrong"]) == ["display_data", "error"]
    picture, error = cells["wrong"].outputs

    assert picture.data["text/html"].startswith('<div class="linbias-check">')
    assert "query 2" in picture.data["text/plain"]
    assert (error.ename, "Which key should lose?" in error.evalue) == ("CheckFailed", True)


def test_the_error_is_short_and_shows_no_source(cells: dict[str, Any]) -> None:
    lines = "\n".join(cells["wrong"].outputs[-1].traceback).split("\n")

    assert lines[0] == "CheckFailed: bias_matrix: not yet."
    assert len(lines) < 16
    assert lines[-1] == "Stuck? Run hint() in a new cell."
    assert max(map(len, lines)) <= 76
    assert not any("Traceback" in line or "linbias/check" in line for line in lines)


@pytest.mark.parametrize("name", ["wrong", "stub", "wrong_answer"])
def test_nbgrader_gives_no_points_for_a_failed_check(cells: dict[str, Any], name: str) -> None:
    assert kinds(cells[name])[-1] == "error"
    assert grade(cells[name]) == 0


@pytest.mark.parametrize("name", ["right", "hidden", "right_answer"])
def test_nbgrader_gives_all_points_for_a_right_answer(
    graded: tuple[dict[str, Any], bool], name: str
) -> None:
    cells, _ = graded

    assert set(kinds(cells[name])) == {"stream"}
    assert grade(cells[name]) == POINTS


def test_in_grading_there_is_no_help_and_no_note(graded: tuple[dict[str, Any], bool]) -> None:
    cells, noted = graded

    assert not noted
    for name in ("hint", "solution"):
        assert cells[name].outputs[0].text == "While a notebook is graded there is no help.\n"
    assert "hint" not in str(cells["wrong"].outputs)
    assert "no notes are read" in cells["map"].outputs[0].data["text/html"]


def test_a_student_sees_the_picture_the_points_and_how_far_the_lesson_is(
    cells: dict[str, Any],
) -> None:
    shown = cells["right"].outputs[-1].data["text/html"]

    assert "<img alt=" in shown
    assert "2.3 · 3 points" in shown
    assert "1 of 7 checks of this lesson pass" in shown
    assert "0 on the diagonal" in shown
    assert grade(cells["right"]) == POINTS


def test_a_hint_follows_a_failed_check_and_a_solution_a_passed_one(cells: dict[str, Any]) -> None:
    assert "Hint 1 of 2: How many tokens" in cells["hint"].outputs[0].data["text/plain"]
    assert "Right is -0.3" in cells["solution"].outputs[0].data["text/plain"]


def test_what_checks_gave_is_noted_a_line_each(cells: dict[str, Any], progress_file: Path) -> None:
    noted = [json.loads(line) for line in progress_file.read_text().splitlines()]

    assert [(one["task"], one["passed"], one["mistake"]) for one in noted] == [
        ("bias_matrix", False, "sign_flipped"),
        ("bias_matrix", True, ""),
        ("bias_matrix", True, ""),
        ("bias_5_2", False, "sign_flipped"),
        ("bias_5_2", True, ""),
        ("bias_5_2", False, "sign_flipped"),
    ]
    assert "sign flipped" in cells["map"].outputs[0].data["text/html"]


def test_nothing_is_ever_written_to_stderr(cells: dict[str, Any]) -> None:
    streams = {
        output.name for cell in cells.values() for output in cell.outputs if "name" in output
    }

    assert streams == {"stdout"}


def test_a_right_answer_prints_one_line_of_its_own(cells: dict[str, Any]) -> None:
    streams = [one for one in cells["hidden"].outputs if one.output_type == "stream"]
    printed = "".join(output.text for output in streams)
    own = [line for line in printed.splitlines() if "working on it" not in line]

    assert own == ["bias_matrix: right, 3 calls checked."]


def test_a_stub_is_not_attempted_yet_and_has_no_picture(cells: dict[str, Any]) -> None:
    (error,) = cells["stub"].outputs

    assert "Not attempted yet" in error.evalue
