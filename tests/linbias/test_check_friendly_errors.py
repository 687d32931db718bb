"""In a notebook, names that are not bound yet and stubs that are left have a friendly word."""

import nbformat
import pytest
from nbclient import NotebookClient

from linbias.check.friendly_errors import hint


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


def shown_by_jupyter(*cells):
    """Return what is shown of the errors of a notebook's cells."""
    cells = ["from linbias.check import check_answer", *cells]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])

    NotebookClient(notebook, timeout=60, allow_errors=True).execute()

    return ["\n".join(output.traceback) for cell in notebook.cells for output in cell.outputs]


def test_jupyter_shows_the_hint_below_the_error():
    shown = shown_by_jupyter("row_4 = A", 'check_answer("row_4", row_4)')

    assert "NameError" in shown[0]
    assert shown[0].endswith('A choice is text: write it with quotes, "A".')
    assert "Run its answer cell first" in shown[1]


def test_jupyter_tells_of_a_stub_in_a_sentence_and_of_other_errors_as_ever():
    stub = "def distance(i, j):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    shown = shown_by_jupyter(
        "row_4 = None\n# YOUR CODE HERE\nraise NotImplementedError()",
        stub,
        "print(distance(5, 2))",
        'raise NotImplementedError("later")',
        "import asyncio\nasyncio.AbstractEventLoop().close()",
    )

    assert shown[0].replace("\n", " ") == (
        "NotImplementedError: Not answered yet: write your answer in place of the line that raises."
    )
    assert shown[1].startswith("NotImplementedError: distance is not written yet. Write your")
    assert all("Traceback" not in one for one in shown[:2])
    assert all("Traceback" in one for one in shown[2:])


def test_jupyter_tells_in_a_sentence_that_there_is_no_such_task():
    (shown,) = shown_by_jupyter("from linbias.check import hint\nhint(2.3)")

    assert shown.startswith("ValueError: There is no task 2.3. Give its number in quotes")
    assert "Traceback" not in shown
