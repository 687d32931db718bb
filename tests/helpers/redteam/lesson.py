"""The lesson that the hostile class hands in: its tests use what tricks play on."""

from typing import Any

from nbformat.v4 import new_notebook
from tiny_course import graded_cell

SETUP = """import numpy as np

RIGHT = {"square": lambda x: x * x, "double": lambda x: 2 * x}


def same(mine, right):
    assert mine == right, "this is not the answer"


def agrees(function, x):
    assert function(x) == RIGHT[function.__name__](x), "not the same\""""

SQUARE = """def square(x):
    ### BEGIN SOLUTION
    return x * x  # $marker
    ### END SOLUTION"""

TEST_SQUARE = """assert square(3) == 9, "square(3) is 9"
### BEGIN HIDDEN TESTS
expected = {"$marker": 16}
assert square(-4) == expected["$marker"], "square(-4) is 16"
np.testing.assert_allclose(square(np.array([1.5, 2.0])), [2.25, 4.0])
### END HIDDEN TESTS"""

TEST_SCORE = """right = sum(square(x) == x * x for x in (4, 5, 7))
right"""

TEST_PAIRS = """for mine, right in zip(map(square, [2, 5]), [4, 25]):
    assert mine == right"""

TEST_REFUSAL = """try:
    square(None)
except TypeError:
    pass
else:
    raise AssertionError("None has no square")"""

# Every test but test_answer asks for a square.
POINTS = {
    "test_square": 2,
    "test_score": 3,
    "test_pairs": 1,
    "test_refusal": 1,
    "test_name": 1,
    "test_answer": 1,
}


def lesson(marker: str) -> Any:
    """Return the instructor's notebook; `marker` is what must not become known."""
    tests = {
        "test_square": TEST_SQUARE,
        "test_score": TEST_SCORE,
        "test_pairs": TEST_PAIRS,
        "test_refusal": TEST_REFUSAL,
        "test_name": "agrees(square, 6)",
    }
    cells = [
        graded_cell("locked", "setup", SETUP),
        graded_cell("solution", "square", SQUARE.replace("$marker", marker)),
        *(
            graded_cell("test", name, text.replace("$marker", marker), POINTS[name])
            for name, text in tests.items()
        ),
        graded_cell("solution", "answer", "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"),
        graded_cell("test", "test_answer", "same(answer, 42)", POINTS["test_answer"]),
        graded_cell("manual", "explain", "A square has four equal sides.", points=3),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})
