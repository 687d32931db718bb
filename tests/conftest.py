"""What the tests share: a tiny course to release, hand in and grade; CI skips nothing."""

import os
import shutil
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from grader.session.imports import without_slow_imports

without_slow_imports()  # as the grader does; each of pytest's processes waited for it

import nbformat
from serving import CHROMIUM, FLAGS
from tiny_course import HandIn, make_tiny_course, write_notebook

from grader.autograde.prove import release_proved
from grader.course.course import Course

# What the tests check is no student's progress; the kernels that they start inherit this.
os.environ["LINBIAS_PROGRESS"] = "off"

# A shell without job control has its background jobs ignore interruptions, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No deadline, as machines are shared; the same examples every time, so that failures repeat.
settings.register_profile("linbias", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("quick", settings.get_profile("linbias"), max_examples=10)
settings.load_profile("linbias")


@pytest.fixture
def tiny_course(tmp_path: Path) -> Course:
    """A fresh course with one lesson, ps1, not yet released."""
    return Course(make_tiny_course(tmp_path / "course"))


@pytest.fixture(scope="session")
def _released_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released tiny course to copy: making a gradebook takes seconds, copying it none."""
    root = make_tiny_course(tmp_path_factory.mktemp("released") / "course")
    release_proved(Course(root), "ps1")
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
