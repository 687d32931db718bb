"""nbgrader's marks: read as nbgrader reads them, also where a course has set others."""

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests
from tiny_course import graded_cell
from traitlets.config import Config

from grader.course.cells import Delimiters, grade_id, is_locked, is_test, split

REGIONS = [
    "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc",
    "a\n###BEGIN HIDDEN TESTS\nb\n###END HIDDEN TESTS",
    "if a:\n    # BEGIN HIDDEN TESTS (two of them)\n    b\n    # END HIDDEN TESTS\nc\n",
    "BEGIN HIDDEN TESTS\nb\nEND HIDDEN TESTS\nBEGIN HIDDEN TESTS\nc\nEND HIDDEN TESTS\nd",
]


@pytest.mark.parametrize("source", REGIONS)
def test_students_get_what_nbgrader_gives_them(source):
    cell = graded_cell("test", "t", source, points=1)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    ClearHiddenTests().preprocess(notebook, {})

    assert Delimiters().released(source) == notebook.cells[0].source


def test_a_course_may_have_set_other_delimiters():
    config = Config()
    config.ClearHiddenTests.begin_test_delimeter = "VERBORGEN"
    config.ClearHiddenTests.end_test_delimeter = "SICHTBAR"
    config.ClearSolutions.begin_solution_delimeter = "ANTWORT"
    config.ClearSolutions.end_solution_delimeter = "ENDE"
    delimiters = Delimiters.of(config)

    assert delimiters.released("a\n# VERBORGEN\nb\n# SICHTBAR\nc") == "a\nc"
    assert delimiters.answer("# ANTWORT\na = 1\n# ENDE\nb") == "a = 1\nb"
    assert split("### BEGIN HIDDEN TESTS", delimiters.hidden_tests)[1] == []


@pytest.mark.parametrize("metadata", [None, [], {"nbgrader": None}, {"nbgrader": {"grade_id": 3}}])
def test_metadata_that_no_tool_wrote_is_no_cell_of_nbgraders(metadata):
    cell = {"cell_type": "code", "source": "", "metadata": metadata}

    assert (grade_id(cell), is_test(cell), is_locked(cell)) == ("", False, False)
