"""What the tests share: a tiny course to release, hand in and grade; CI skips nothing."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import settings
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from serving import CHROMIUM, FLAGS

from grader.course import Course
from grader.release import release

# No deadline, as machines are shared; the same examples every time, so that failures repeat.
settings.register_profile("linbias", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("linbias")

CONFIG = '''"""A course for tests."""

from pathlib import Path

from grader.plain import configure

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


@pytest.fixture
def tiny_course(tmp_path: Path) -> Course:
    """A fresh course with one lesson, ps1, not yet released."""
    return Course(make_tiny_course(tmp_path / "course"))


@pytest.fixture(scope="session")
def _released_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released tiny course to copy: making a gradebook takes seconds, copying it none."""
    root = make_tiny_course(tmp_path_factory.mktemp("released") / "course")
    release(Course(root), "ps1")
    return root


@pytest.fixture
def released_course(tmp_path: Path, _released_root: Path) -> Course:
    """The tiny course with ps1 released: notebooks/ps1/ps1.ipynb and the gradebook."""
    return Course(shutil.copytree(_released_root, tmp_path / "course"))


@pytest.fixture
def hand_in(released_course: Course) -> HandIn:
    """Hand in ps1; cells go by their grade_id: ``hand_in("ada", answer="answer = 42")``."""

    def hand_in(student: str, **sources: str) -> Path:
        notebook = nbformat.read(released_course.folder("release", ".", "ps1") / "ps1.ipynb", 4)
        for cell in notebook.cells:
            cell.source = sources.get(cell.id, cell.source)
        return write_notebook(
            notebook, released_course.folder("submitted", student, "ps1") / "ps1.ipynb"
        )

    return hand_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is missing")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def in_ci() -> bool:
    """Whether this is a run that has to prove everything."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def refuse_to_skip(report: Any) -> Any:
    """In CI what would be skipped fails: nothing is proved by a test that did not run."""
    if in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and CI skips nothing: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Look at each test's report."""
    return refuse_to_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Look at each module's report: a whole module may be skipped, too."""
    return refuse_to_skip((yield))
