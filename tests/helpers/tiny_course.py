"""A tiny course of one lesson, and the cells that such lessons are made of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CONFIG = '''"""A course for tests."""

from pathlib import Path

from grader.nbgrader_hooks import configure

c = get_config()  # noqa: F821

configure(c, Path(__file__).parent)
'''

SQUARE = """def square(x):
    \"\"\"Return x times x.\"\"\"
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION"""

TEST_SQUARE = """assert square(3) == 9, "square(3) is 9"
### BEGIN HIDDEN TESTS
assert square(-4) == 16, "square(-4) is 16"
### END HIDDEN TESTS"""

ANSWER = """### BEGIN SOLUTION
answer = 42
### END SOLUTION"""

TEST_ANSWER = """assert answer > 0, "the answer is positive"
### BEGIN HIDDEN TESTS
assert answer == 42, "the answer is 42"
### END HIDDEN TESTS"""

HandIn = Callable[..., Path]


def graded_cell(kind: str, grade_id: str, source: str, points: float = 0) -> Any:
    """Return a cell with nbgrader's metadata; `kind` is locked, solution, test or manual."""
    metadata = {
        "cell_type": "markdown" if kind == "manual" else "code",
        "grade": kind in ("test", "manual"),
        "grade_id": grade_id,
        "locked": kind in ("locked", "test"),
        "schema_version": 3,
        "solution": kind in ("solution", "manual"),
        "task": False,
    }
    if metadata["grade"]:
        metadata["points"] = points
    cell = new_markdown_cell if kind == "manual" else new_code_cell
    return cell(source, id=grade_id, metadata={"nbgrader": metadata})


def tiny_notebook() -> Any:
    """Return a lesson with a function, a variable and a written answer, worth 2, 1 and 3 points."""
    cells = [
        new_markdown_cell("# Squares", id="title"),
        graded_cell("locked", "setup", "import math"),
        graded_cell("solution", "square", SQUARE),
        graded_cell("test", "test_square", TEST_SQUARE, points=2),
        graded_cell("solution", "answer", ANSWER),
        graded_cell("test", "test_answer", TEST_ANSWER, points=1),
        graded_cell("manual", "explain_square", "A square has four equal sides.", points=3),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write_notebook(notebook: Any, path: Path) -> Path:
    """Write a notebook, making its folder, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def make_tiny_course(root: Path) -> Path:
    """Make the course's folder and return it."""
    write_notebook(tiny_notebook(), root / "solutions" / "ps1" / "ps1.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG)
    return root
