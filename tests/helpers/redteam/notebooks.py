"""Tricks with the notebook's file: its cells, its metadata, its JSON (1, 15, 17, 22, 23)."""

import copy
import json
from collections.abc import Callable
from typing import Any

from redteam.hostile import Hostile, Notebook

Edit = Callable[[Notebook], Notebook | str | bytes]


def cell_of(notebook: Notebook, name: str) -> dict[str, Any]:
    """Return one of its cells."""
    found: dict[str, Any] = next(cell for cell in notebook["cells"] if cell["id"] == name)
    return found


def each_test(change: Callable[[dict[str, Any]], object]) -> Edit:
    """Return an edit that changes each test cell."""

    def edit(notebook: Notebook) -> Notebook:
        for cell in notebook["cells"]:
            if cell["id"].startswith("test_"):
                change(cell)
        return notebook

    return edit


def of_notebook(**changes: Any) -> Edit:
    """Return an edit that sets things of the whole notebook."""
    return lambda notebook: notebook | changes


def skip(cell: dict[str, Any]) -> None:
    cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove-cell"]
    cell["metadata"]["nbclient"] = {"skip": True}


def empty(cell: dict[str, Any]) -> None:
    cell["source"] = ""
    cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "2"}}]


def worth_more(cell: dict[str, Any]) -> None:
    cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "checksum": "0" * 32}


def no_test(cell: dict[str, Any]) -> None:
    cell["metadata"]["nbgrader"] |= {"grade": False, "solution": True, "cell_type": "markdown"}


def retype(cell: dict[str, Any]) -> None:
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def delete_tests(notebook: Notebook) -> Notebook:
    kept = [cell for cell in notebook["cells"] if not cell["id"].startswith("test_")]
    return notebook | {"cells": kept}


def empty_copy_last(notebook: Notebook) -> Notebook:
    copies = copy.deepcopy([c for c in notebook["cells"] if c["id"].startswith("test_")])
    for cell in copies:
        cell["source"] = "pass"
    return notebook | {"cells": notebook["cells"] + copies}


def setup_last(notebook: Notebook) -> Notebook:
    """Let the tests run before the instructor's helpers are there: so the student's would do."""
    first = cell_of(notebook, "setup")
    return notebook | {"cells": [c for c in notebook["cells"] if c is not first] + [first]}


def setup_copied_last(notebook: Notebook) -> Notebook:
    return notebook | {"cells": notebook["cells"] + [cell_of(notebook, "setup")]}


def tests_swapped(notebook: Notebook) -> Notebook:
    """Let the test that is passed stand under the name of one that is worth more."""
    easy, dear = cell_of(notebook, "test_answer"), cell_of(notebook, "test_score")
    easy["metadata"], dear["metadata"] = dear["metadata"], easy["metadata"]
    return notebook


def tests_of_students(notebook: Notebook) -> Notebook:
    """Claim that the student's own cell is a test of the lesson, and one that the lesson lacks."""
    own = copy.deepcopy(cell_of(notebook, "test_answer"))
    own["metadata"]["nbgrader"] |= {"grade_id": "test_mine", "points": 1000}
    return notebook | {"cells": [*notebook["cells"], own]}


def attached(value: Any) -> Edit:
    def edit(notebook: Notebook) -> Notebook:
        cell_of(notebook, "explain")["attachments"] = value
        return notebook

    return edit


def deep(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels):
        value = {"a": value}
    return value


def deep_json(notebook: Notebook) -> str:
    return json.dumps(notebook)[:-1] + ', "x": ' + "[" * 200_000 + "]" * 200_000 + "}"


def huge_number(notebook: Notebook) -> str:
    return json.dumps(notebook)[:-1] + ', "x": ' + "9" * 100_000 + "}"


def many_cells(notebook: Notebook) -> Notebook:
    own = {"cell_type": "markdown", "metadata": {}, "source": "", "id": "x"}
    return notebook | {"cells": notebook["cells"] + [own] * 100_000}


OWN_HELPERS = "same = agrees = lambda *args: None\n"

NOTEBOOKS = [
    Hostile("skip_execution_tag", 1, edit=each_test(skip)),
    Hostile("emptied_tests", 4, edit=each_test(empty)),
    Hostile("cells_copied", 15, edit=empty_copy_last),
    Hostile("cells_deleted", 23, edit=delete_tests),
    Hostile("points_1000", 23, edit=each_test(worth_more)),
    Hostile("tests_disowned", 23, edit=each_test(no_test)),
    Hostile("tests_retyped", 23, edit=each_test(retype)),
    Hostile("tests_swapped", 23, edit=tests_swapped, keeps=False),
    Hostile("tests_of_its_own", 23, edit=tests_of_students),
    *(
        Hostile(
            name,
            23,
            {"square": OWN_HELPERS + "def square(x):\n    return 0", "answer": "answer = 1"},
            edit=edit,
            keeps=False,
        )
        for name, edit in (("helpers_last", setup_last), ("helpers_copied", setup_copied_last))
    ),
    Hostile("helpers_last_but_right", 0, edit=setup_last),
    Hostile(
        "other_kernel",
        22,
        edit=of_notebook(metadata={"kernelspec": {"name": "bash", "language": "bash"}}),
    ),
    Hostile("no_kernel", 22, edit=of_notebook(metadata={})),
    Hostile("format_4_99", 0, edit=of_notebook(nbformat_minor=99)),
    Hostile("format_5", 0, edit=of_notebook(nbformat=5), keeps=False),
    Hostile("format_3", 0, edit=of_notebook(nbformat=3, worksheets=[{"cells": 3}]), keeps=False),
    Hostile("format_1000_digits", 0, edit=of_notebook(nbformat=10**1000), keeps=False),
    Hostile("deep_json", 0, edit=deep_json, keeps=False),
    Hostile("huge_number", 0, edit=huge_number, keeps=False),
    Hostile("too_many_cells", 0, edit=many_cells, keeps=False),
    Hostile("surrogate_in_text", 0, {"explain": "\ud800 \udfff"}),
    Hostile("surrogate_attached", 0, edit=attached({"\ud800.png": {"image/png": "\udfff"}})),
    Hostile("deep_attachment", 0, edit=attached({"a": deep(900)}), keeps=False),
    Hostile("attachment_of_numbers", 0, edit=attached({"a": 1, "b": [None]}), keeps=False),
    Hostile("not_text", 0, edit=lambda _: bytes(range(256)), keeps=False),
    Hostile("nothing", 0, edit=lambda _: b"", keeps=False),
    Hostile("zeros", 0, edit=lambda _: bytes(10**6), keeps=False),
]
