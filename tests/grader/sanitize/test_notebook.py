"""A notebook from anyone is made inert: nothing runs, and sizes are bounded."""

from typing import Any

import pytest
from hostile_pages import OUTPUTS, PNG, dangers, hostile_notebook
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from grader.sanitize.notebook import safe_notebook


@pytest.mark.parametrize("data", OUTPUTS.values(), ids=OUTPUTS)
def test_every_output_is_harmless_and_leaves_something_to_read(data: dict[str, Any]) -> None:
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}

    [safe] = safe_notebook({"cells": [cell]}).cells[0].outputs

    shown = markdown2html_mistune(safe.data.get("text/markdown", ""))
    assert dangers(safe.data.get("text/html", "") + shown) == []
    assert safe.data
    assert set(safe.data) <= {"text/plain", "text/html", "text/markdown", "text/latex", "image/png"}


def test_many_outputs_cost_no_more_than_a_few() -> None:
    page = "<p>" + "<i>x</i>" * 250
    outputs = [{"output_type": "display_data", "data": {"text/html": page}}] * 200
    cell = {"cell_type": "code", "source": "", "outputs": outputs}

    safe = safe_notebook({"cells": [cell] * 10})

    shown = [output for cell in safe.cells for output in cell.outputs]
    assert sum("text/html" in output.data for output in shown) < 150
    assert shown[-1].data["text/plain"].startswith("[not shown")


def test_a_notebooks_text_is_bounded_as_a_whole() -> None:
    for kind in ("markdown", "code"):
        cell = {"cell_type": kind, "source": "word " * 3000}

        safe = safe_notebook({"cells": [cell] * 100})

        assert safe.cells[0].source == cell["source"]
        assert "too long to be shown" in safe.cells[-1].source


def test_made_safe_twice_is_made_safe_once() -> None:
    once = safe_notebook(hostile_notebook())

    assert safe_notebook(once) == once


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner)))
def test_a_notebook_of_any_types_is_made_safe_without_an_error(value: Any) -> None:
    names = ("source", "outputs", "metadata", "attachments", "id", "execution_count")
    cells = [
        {"cell_type": kind, name: value} for kind in ("code", "markdown", "raw") for name in names
    ]
    cells.append({"cell_type": "code", "outputs": [{"output_type": "display_data", "data": value}]})
    cells.append({"cell_type": "code", "outputs": [{"output_type": "stream", "text": value}]})

    assert len(safe_notebook({"cells": cells, "metadata": value}).cells) == len(cells)


def test_what_nbgrader_needs_stays() -> None:
    nbgrader = {
        "grade_id": "test_square",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 2.5,
        "schema_version": 3,
        "cell_type": "code",
        "checksum": "0123456789abcdef",
    }
    cell = {"cell_type": "code", "source": "x", "metadata": {"nbgrader": nbgrader}, "outputs": []}

    assert safe_notebook({"cells": [cell]}).cells[0].metadata.nbgrader == nbgrader


def test_a_figure_stays_with_its_words() -> None:
    metadata = {"image/png": {"alt": "Bars that fall", "width": 300}}
    output = {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": metadata}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}

    [shown] = safe_notebook({"cells": [cell]}).cells[0].outputs

    assert shown.data["image/png"] == PNG
    assert shown.metadata == metadata


def test_cells_of_one_name_get_names_of_their_own() -> None:
    cell = {"cell_type": "raw", "id": "same", "source": "<b>raw</b>"}

    safe = safe_notebook({"cells": [cell] * 3}).cells

    assert len({cell.id for cell in safe}) == 3
    assert "<" not in safe[0].source


def test_long_output_is_cut_in_the_middle() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "begin" + "x" * 10**6 + "end"}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}

    text = safe_notebook({"cells": [cell]}).cells[0].outputs[0].text

    assert text.startswith("begin")
    assert text.endswith("end")
    assert "characters left out" in text
    assert len(text) < 60_000
