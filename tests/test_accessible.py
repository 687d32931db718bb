"""What students and teachers read is accessible: axe-core finds nothing against WCAG 2.1 AA."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe import violations
from nbformat.v4 import new_code_cell, new_notebook
from serving import Lab, serve_lab

from grader.autograde.run import autograde
from grader.course.course import Course
from grader.demo.students import CLASS
from grader.outcome import Outcome
from grader.pages.class_report import class_report
from grader.pages.feedback import feedback
from grader.pages.feedback_page import render_failed
from grader.pages.report import report
from linbias.check import EXERCISES
from tests.bench.classes import course_with

ROOT = Path(__file__).parents[1]
LESSONS = sorted(path.stem for path in ROOT.glob("notebooks/*/*.ipynb"))
THEMES = ("JupyterLab Light", "JupyterLab Dark")
LESSON = "02_causal_triangle"

# Texts and outputs are ours; the rest of JupyterLab is not.
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")
# ipywidgets gives a slider's handle no name; the field beside it has one and does the same.
WIDGETS_OWN = (".noUi-handle",)

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def failed_checks() -> Any:
    """A notebook in which a check fails once for each kind of answer."""
    kinds = {row.answer: name for name, row in EXERCISES.items() if name == row.name}
    return new_notebook(
        cells=[
            new_code_cell(
                "from linbias.check import CASES, EXERCISES, check\n"
                f"wrong = EXERCISES[{name!r}].mistakes[0].wrong\n"
                f"wrong.__name__ = {name!r}\n"
                f"check(wrong, *CASES[{name!r}])",
                metadata={"tags": ["raises-exception"]},
            )
            for name in kinds.values()
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


@pytest.fixture(scope="module")
def lab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with the released lessons; as in grading, lesson 08 does not train its models."""
    root = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(ROOT / "notebooks", root)
    nbformat.write(failed_checks(), root / "failed_checks.ipynb")
    with serve_lab(root, browser, {"NBGRADER_EXECUTION": "autograde"}) as lab:
        yield lab


@pytest.mark.parametrize("notebook", [*(f"{name}/{name}" for name in LESSONS), "failed_checks"])
def test_a_notebook_that_was_run_is_accessible_in_both_themes(notebook: str, lab: Lab) -> None:
    lab.run_all(f"{notebook}.ipynb")

    found = []
    for theme in THEMES:
        lab.use_theme(theme)
        found += [f"{theme}: {one}" for one in violations(lab.page, OURS, WIDGETS_OWN)]
    assert found == []


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The feedback, the report and the class page of a class with every kind of submission."""
    course = course_with(Course(ROOT), LESSON, CLASS, tmp_path_factory.mktemp("class") / "course")
    autograde(course, LESSON)
    failed = course.root / "failed.html"
    failed.write_text(render_failed(Outcome("ada", LESSON, "graded")))
    written = [*feedback(course, LESSON).pages, *report(course, LESSON).pages]
    return [failed, *written, class_report(course)]


def test_feedback_reports_and_the_class_page_are_accessible(
    pages: list[Path], browser: Any
) -> None:
    """At the width of a phone, where much has to scroll."""
    page = browser.new_page(viewport={"width": 400, "height": 800}, bypass_csp=True)
    found = []
    for path in pages:
        page.goto(path.as_uri())
        found += [f"{path.relative_to(path.parents[3])} {one}" for one in violations(page)]
    page.close()

    assert len(pages) > len(CLASS)
    assert found == []


def test_axe_would_notice(browser: Any) -> None:
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><img src="data:,"></html>')
    found = violations(page)
    page.close()

    assert [one.partition(":")[0] for one in found] == ["image-alt"]
