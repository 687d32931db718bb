"""Points that a lesson's text promises, beside those that its cells have."""

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from tiny_course import graded_cell, write_notebook

from grader.course.lint import stale_points


@pytest.fixture
def told(tmp_path):
    """Return what is said of a lesson of 6 points, whose first notebook has these two texts."""

    def stale(title, section):
        first = [
            new_markdown_cell(title),
            new_markdown_cell(section),
            graded_cell("test", "one", "assert f(1)", points=1),
            graded_cell("test", "two", "assert f(2)", points=2.5),
            new_markdown_cell("## Another"),
            graded_cell("test", "three", "assert g(1)", points=1.5),
        ]
        second = [graded_cell("test", "four", "assert h(1)", points=1)]
        paths = []
        for name, cells in {"a": first, "b": second}.items():
            paths.append(tmp_path / f"{name}.ipynb")
            write_notebook(new_notebook(cells=cells), paths[-1])
        return list(stale_points(paths))

    return stale


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("# One · 6 points", "## First (3.5 points)"),
        ("# One, 5 points of 6 points", "## First"),
        ("# One", "## First\n\n1 point for the first test, 2.5 points for the second."),
        ("# One", "A hint costs no points. There are 12 pointers."),
    ],
)
def test_points_that_the_lesson_a_notebook_a_section_or_a_cell_has_are_right(told, title, section):
    assert told(title, section) == []


def test_points_that_nothing_has_are_told_with_those_of_the_lesson(told):
    assert told("# One · 7 points", "## First (3 points)") == [
        f"a.ipynb says '{said} points' in its text, and no section and no cell has as many. "
        "The whole lesson has 6."
        for said in (7, 3)
    ]
