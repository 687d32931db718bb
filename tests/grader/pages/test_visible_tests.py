"""Feedback before a lesson is over: what the visible tests say, and nothing of hidden ones."""

from dataclasses import replace
from typing import Any

import pytest
from tiny_course import graded_cell

from grader.course.cells import Delimiters
from grader.gradebook.scores import CellScore, NotebookScores
from grader.outcome import CellResult, GradedNotebook, Outcome
from grader.pages.feedback_page import Place, make_page, render_page
from grader.pages.visible_tests import by_visible_tests

MARKS = Delimiters().hidden_tests
TEST = (
    "assert square(3) == 9\n### BEGIN HIDDEN TESTS\nassert square(-4) == 16\n### END HIDDEN TESTS"
)
ALL_HIDDEN = "### BEGIN HIDDEN TESTS\nassert square(7) == 49\n### END HIDDEN TESTS"
RIGHT = CellResult("test_square", 2.0, 2.0)
AT_VISIBLE = CellResult("test_square", 0.0, 2.0, "square(3) gave 6.", line=1)
AT_HIDDEN = CellResult("test_square", 0.0, 2.0, "square(-4) gave -8.", "m", "S.", line=3)


def cells(source: str = TEST, *outputs: dict[str, Any]) -> list[Any]:
    test = graded_cell("test", "test_square", source, points=2)
    test.outputs = list(outputs)
    return [test]


def told(result: CellResult, source: str = TEST) -> tuple[CellResult, ...]:
    graded = GradedNotebook("ps1", "graded", results=(result,))
    return by_visible_tests(graded, cells(source), MARKS)[0].results


def page_of(result: CellResult, *outputs: dict[str, Any], points: float = 0.0) -> str:
    graded = GradedNotebook("ps1", "graded", results=(result,))
    outcome = Outcome("ada", "ps1", "graded", notebooks=(graded,))
    notebook = {"cells": cells(TEST, *outputs), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    marks = NotebookScores({"test_square": CellScore("test_square", points, 2.0)})
    page = make_page(outcome, Place("ps1"), notebook, marks, visible_only=True)
    return render_page(page)


def test_who_fails_a_hidden_test_only_reads_the_same_as_who_is_right() -> None:
    error = {"output_type": "error", "ename": "E", "evalue": "-8", "traceback": ["gave -8"]}

    assert page_of(AT_HIDDEN, error) == page_of(RIGHT, points=2.0)
    assert "2 of 2" in page_of(AT_HIDDEN, error)


def test_who_fails_a_visible_test_reads_why() -> None:
    assert told(AT_VISIBLE) == (AT_VISIBLE,)
    assert "square(3) gave 6." in page_of(AT_VISIBLE)


def test_the_page_says_that_hidden_tests_count_too() -> None:
    assert "Hidden tests count, too" in page_of(RIGHT)
    assert "by the visible tests" in page_of(RIGHT)


@pytest.mark.parametrize("points", [0.0, 2.0])
def test_of_a_test_that_is_all_hidden_nothing_is_told(points: float) -> None:
    assert told(replace(RIGHT, points=points), ALL_HIDDEN) == ()


def test_of_points_that_a_hidden_test_counts_out_nothing_is_told() -> None:
    assert told(replace(RIGHT, points=1.0)) == ()
    assert len(told(replace(RIGHT, points=1.0), "assert square(3) == 9")) == 1
