"""Outcomes: what is kept of them, and which of them say something of the submission."""

import json
from dataclasses import asdict

import pytest

from grader.outcome import CellResult, GradedNotebook, Outcome

NOTEBOOK = GradedNotebook(
    "ps1",
    "graded with notes",
    notes=("a cell was gone",),
    results=(CellResult("test", 1.0, 2.0, "no"), CellResult("explain", None, 3.0)),
    unchanged=("explain",),
    ipynb="{}",
)
OUTCOME = Outcome("ada", "ps1", "graded with notes", notes=("late",), notebooks=(NOTEBOOK,))


def test_an_outcome_comes_back_from_its_file_without_the_notebooks_contents():
    assert Outcome.from_json(OUTCOME.to_json()) == OUTCOME.slim
    assert OUTCOME.slim.notebooks[0].ipynb == ""
    assert OUTCOME.slim.results == OUTCOME.results


def test_a_notebook_comes_back_from_the_judges_json():
    assert GradedNotebook.of(json.loads(json.dumps(asdict(NOTEBOOK)))) == NOTEBOOK


@pytest.mark.parametrize("unknown", [{"more": 1}, {"results": [{"cell": "test", "more": 1}]}])
def test_what_is_no_notebook_is_refused(unknown):
    with pytest.raises(TypeError):
        GradedNotebook.of(asdict(NOTEBOOK) | unknown)


@pytest.mark.parametrize(
    ("status", "complete"),
    [("graded", True), ("graded with notes", True), ("damaged", False), ("not graded", False)],
)
def test_what_is_damaged_or_not_graded_is_not_complete(status, complete):
    assert Outcome("ada", "ps1", status).complete is complete
