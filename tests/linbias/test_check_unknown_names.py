"""A NameError in a notebook comes with a friendly word where a lesson asks for the name."""

import nbformat
import pytest
from nbclient import NotebookClient

from linbias.check.unknown_names import hint


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("A", '"A"'),
        ("b", '"B"'),
        ("true", '"true"'),
        ("row_4", "Run its answer cell first"),
        ("E", ""),
        ("somthing", ""),
        ("", ""),
    ],
)
def test_a_name_that_a_lesson_asks_for_has_a_hint(name, said):
    found = hint(name, {"row_4"})

    assert said in found
    assert bool(found) == bool(said)


def test_jupyter_shows_the_hint_below_the_error():
    cells = ["from linbias.check import check_answer", "row_4 = A", 'check_answer("row_4", row_4)']
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])

    NotebookClient(notebook, timeout=60, allow_errors=True).execute()

    shown = ["\n".join(output.traceback) for cell in notebook.cells[1:] for output in cell.outputs]
    assert "NameError" in shown[0]
    assert shown[0].endswith('A choice is text: write it with quotes, "A".')
    assert "Run its answer cell first" in shown[1]
