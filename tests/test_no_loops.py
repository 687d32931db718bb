"""Exercise 2.4 allows no loop, in grading as in the notebook: the judge reads the answer's text."""

from pathlib import Path

import pytest
from engine import graded

from grader.autograde.grade import terms_of
from grader.course.course import Course
from grader.course.release import rendered
from grader.course.source import rendered_lesson
from grader.outcome import CellResult

COURSE = Course(Path(__file__).parents[1])
HEAD = "def bias_matrix_no_loops(n, beta):\n"
LOOPS = """    bias = np.full((n, n), -np.inf)
    for i in range(n):
        for j in range(i + 1):
            bias[i, j] = -beta * (i - j)
    return bias
"""


@pytest.fixture(scope="module")
def answered():
    """Grade lesson 02 with one answer to 2.4; all others are the official ones."""
    (source,) = rendered_lesson(COURSE, rendered(COURSE, "02_causal_triangle"))
    official = {cell.cell: cell.answer for cell in source.cells if cell.solution and cell.answer}

    def grade(text: str) -> CellResult:
        found = graded(source, terms_of(COURSE), **official | {"bias_matrix_no_loops": text})
        return next(one for one in found.results if one.cell == "test_bias_matrix_no_loops")

    return grade


@pytest.mark.parametrize(
    "text",
    [
        HEAD + LOOPS,
        HEAD + "    return bias_matrix(n, beta)",
        "bias_matrix_no_loops = bias_matrix",
        f"def own(n, beta):\n{LOOPS}{HEAD}    return own(n, beta)",
    ],
    ids=["two loops", "calls the loops of 2.3", "another name for 2.3", "calls a helper"],
)
def test_a_loop_earns_nothing(answered, text):
    found = answered(text)

    assert found.points == 0
    assert found.mistake == "loop_used"
    assert "which has a loop" in found.message or "it has a loop" in found.message


def test_the_package_itself_earns_nothing(answered):
    found = answered(f"import linbias\n{HEAD}    return linbias.bias_matrix(n, beta)")

    assert found.points == 0
    assert "Write the computation yourself" in found.message


def test_broadcasting_earns_its_points(answered):
    text = f"{HEAD}    d = np.subtract.outer(np.arange(n), np.arange(n))\n"

    assert answered(f"{text}    return np.where(d < 0, -np.inf, -beta * d)").points == 2
