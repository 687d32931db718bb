"""Restoring: the instructor's cells decide, whatever a submission says of itself."""

import json
from typing import Any

import nbformat
import pytest
from engine import answer, cell, cells, check, lesson, locked, notebook, written
from hypothesis import given
from hypothesis import strategies as st

from grader.course.cells import Delimiters
from grader.judge.restore import MAX_CELLS, DamagedSubmission, Step, restore

SETUP = locked("setup", "limit = 3")
SQUARE = answer("square", "def square(x):\n    raise NotImplementedError")
TEST = check(
    "test_square", "assert square(3) == 9\n### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS"
)
ESSAY = written("essay", "Write.\n\n=== BEGIN MARK SCHEME ===\nsecret\n=== END MARK SCHEME ===")
SOURCE = lesson(SETUP, SQUARE, TEST, ESSAY)
NAMES = ["imports", "setup", "square", "test_square", "essay"]
OWN: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": "print(1)", "outputs": []}


def handed_in(**answers: str) -> list[dict[str, Any]]:
    return cells(SOURCE, **answers)


def restored(submission: list[dict[str, Any]]) -> tuple[list[Step], list[str]]:
    return restore(notebook(submission), SOURCE)


def order(steps: list[Step]) -> list[str]:
    return [step.known.cell if step.known else "" for step in steps]


def text(steps: list[Step], name: str) -> str:
    return next(step.source for step in steps if step.known and step.known.cell == name)


def test_an_honest_notebook_stays_as_it_is():
    steps, notes = restored(handed_in(square="def square(x): return x * x"))

    assert order(steps) == NAMES
    assert notes == []
    assert text(steps, "square") == "def square(x): return x * x"


def test_tests_come_back_with_their_hidden_part_and_nobody_is_told_off_for_it():
    steps, notes = restored(handed_in())

    assert text(steps, "test_square") == TEST.source
    assert notes == []


def test_a_changed_locked_cell_is_restored_and_noted():
    steps, notes = restored(handed_in(setup="limit = 0", test_square="pass"))

    assert text(steps, "setup") == "limit = 3"
    assert text(steps, "test_square") == TEST.source
    assert notes == [
        "The text of the locked cell test_square was changed; it is restored.",
        "The text of the locked cell setup was changed; it is restored.",
    ]


@pytest.mark.parametrize("missing", NAMES)
def test_a_missing_cell_is_put_back_after_the_one_it_followed(missing):
    rest = [one for one in handed_in() if one["metadata"]["nbgrader"]["grade_id"] != missing]
    steps, notes = restored(rest)

    assert order(steps) == NAMES
    assert notes == [f"The cell {missing} was missing and has been put back."]


def test_a_missing_cell_follows_its_own_predecessor_also_among_a_students_cells():
    first, *others = handed_in()
    steps, _ = restored([OWN, first, OWN, *others[:2], OWN])

    assert order(steps) == ["", "imports", "", "setup", "square", "test_square", "essay", ""]


def test_a_missing_answer_is_put_back_as_it_was_handed_out():
    steps, _ = restored([])
    essay = steps[-1]

    assert essay.source == "Write.\n"
    assert essay.unchanged
    assert text(steps, "test_square") == TEST.source


def test_of_a_cell_that_stands_twice_the_later_one_counts():
    once = handed_in(square="first")
    steps, notes = restored([*once, cell(SQUARE, "second")])

    assert [step.source for step in steps if step.known is SQUARE] == ["second"]
    assert [step.source for step in steps if not step.known] == ["first"]
    assert "The cell square stands in it more than once; the last one counts." in notes


def test_cells_in_another_order_are_put_in_order_and_noted():
    steps, notes = restored(list(reversed(handed_in(square="mine"))))

    assert order(steps) == NAMES
    assert text(steps, "square") == "mine"
    assert notes == ["The cells stood in another order than they were handed out in."]


def test_a_students_own_cells_keep_their_places_when_others_are_put_in_order():
    first, second, *others = handed_in()
    steps, _ = restored([OWN, second, OWN, first, *others])

    assert order(steps) == ["", "imports", "", "setup", "square", "test_square", "essay"]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_cell_of_another_type_has_its_own_type_again(kind):
    changed = [one | {"cell_type": kind} for one in handed_in(square="def square(x): return 9")]
    steps, notes = restored(changed)

    assert [step.cell_type for step in steps] == ["code"] * 4 + ["markdown"]
    assert f"The cell test_square was a {kind} cell and is code again." in notes
    assert text(steps, "square") == "def square(x): return 9"


LIES = {
    "more points": {"points": 1000},
    "not graded": {"grade": False},
    "a solution": {"solution": True},
    "not locked": {"locked": False},
    "a task": {"task": True},
    "another checksum": {"checksum": "0"},
    "another schema": {"schema_version": 99},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_a_submission_says_of_its_cells_decides_nothing(lie):
    changed = handed_in()
    for one in changed:
        one["metadata"]["nbgrader"] |= lie
        one["metadata"]["tags"] = ["skip-execution"]

    assert restored(changed) == restored(handed_in())


@pytest.mark.parametrize(
    "claim",
    [{}, {"nbgrader": {}}, {"nbgrader": []}, {"nbgrader": {"grade_id": ["x"]}}, [], None, 1],
)
def test_a_cell_without_a_known_name_is_the_students_own(claim):
    steps, _ = restored([*handed_in(), OWN | {"metadata": claim}])

    assert steps[-1] == Step("code", "print(1)", None)


def test_an_unknown_name_is_the_students_own():
    steps, _ = restored([*handed_in(), OWN | {"metadata": {"nbgrader": {"grade_id": "bonus"}}}])

    assert steps[-1].known is None


def test_things_that_are_no_cells_are_passed_over():
    steps, _ = restored([None, 5, "a", {}, {"cell_type": "magic"}, *handed_in()])  # type: ignore[list-item]

    assert order(steps) == NAMES


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (["a\n", "b"], "a\nb"),
        (["a", 5, None], "a"),
        ("\ud800", "?"),
        (None, ""),
        (5, ""),
        ({"a": 1}, ""),
    ],
)
def test_a_cells_text_is_text(source, text):
    steps, _ = restored([OWN | {"source": source}])

    assert next(step.source for step in steps if not step.known) == text


def test_attachments_stay_with_markdown_and_only_there():
    picture = {"a.png": {"image/png": "AA=="}}
    steps, _ = restored(
        [
            OWN | {"attachments": picture},
            OWN | {"cell_type": "markdown", "attachments": picture},
            OWN | {"cell_type": "markdown", "attachments": "a.png"},
        ]
    )

    assert [step.attachments for step in steps if not step.known] == [None, picture, None]


# Answers that were not touched


@pytest.mark.parametrize(
    ("text", "unchanged"),
    [
        (SQUARE.source, True),
        (SQUARE.source + "\n\n", True),
        (SQUARE.source + " # mine", False),
        ("", False),
    ],
)
def test_an_answer_is_unchanged_while_it_is_as_handed_out(text, unchanged):
    steps, _ = restored(handed_in(square=text))

    assert [step.unchanged for step in steps if step.known is SQUARE] == [unchanged]


def test_a_mark_scheme_does_not_make_an_answer_look_changed():
    steps, _ = restored(handed_in())

    assert steps[-1].unchanged


@pytest.mark.parametrize(
    ("source", "handed_out"),
    [
        ("a", "a"),
        ("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS", "a"),
        ("a\n    ### BEGIN HIDDEN TESTS\n    b\n    ### END HIDDEN TESTS\nc", "a\nc"),
        ("### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc\n" * 2, "c\nc\n"),
        ("a\n=== BEGIN MARK SCHEME ===\nb\n=== END MARK SCHEME ===\nc", "a\nc"),
    ],
)
def test_students_get_a_cell_without_hidden_tests_and_mark_schemes(source, handed_out):
    assert Delimiters().released(source) == handed_out


def test_the_metadata_of_a_restored_cell_is_valid_for_nbgrader():
    from nbgrader.nbgraderformat import MetadataValidator

    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.from_dict(cell(known, "text", id=f"c{place}", outputs=[]))
            for place, known in enumerate(SOURCE.cells)
            if known.cell_type == "code"
        ]
    )
    MetadataValidator().validate_nb(made)


# Formats

OLD_CELL = {
    "cell_type": "code",
    "language": "python",
    "input": ["def square(x):\n", "    return x * x"],
    "metadata": {"nbgrader": SQUARE.metadata},
    "outputs": [],
    "collapsed": False,
}


def test_a_notebook_of_format_3_is_read():
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [OLD_CELL], "metadata": {}}]}
    steps, _ = restore(json.dumps(old).encode(), SOURCE)

    assert text(steps, "square") == "def square(x):\n    return x * x"


@pytest.mark.parametrize("minor", [0, 2, 5, 99])
def test_any_notebook_of_format_4_is_read(minor):
    steps, notes = restore(notebook(handed_in(), nbformat_minor=minor), SOURCE)

    assert (order(steps), notes) == (NAMES, [])


def test_a_byte_order_mark_does_no_harm():
    steps, _ = restore(b"\xef\xbb\xbf" + notebook(handed_in()), SOURCE)

    assert order(steps) == NAMES


DAMAGED = {
    "nothing": (b"", "JSON is broken"),
    "half a file": (notebook(handed_in())[:100], "JSON is broken"),
    "no text": (b"\x89PNG\r\n\xff", "not text"),
    "UTF-16": (notebook(handed_in()).decode().encode("utf-16"), "not text"),
    "a web page": (b"<!DOCTYPE html>", "JSON is broken"),
    "a list": (b"[]", "not a notebook"),
    "deep nesting": (b"[" * 10**5, "JSON is broken"),
    "a long number": (b'{"nbformat": ' + b"4" * 5000 + b"}", "JSON is broken"),
    "no format": (b"{}", "format is 'None'"),
    "format 5": (notebook([], nbformat=5), "format is '5'"),
    "format 0": (notebook([], nbformat=0), "format is '0'"),
    "format true": (notebook([], nbformat=True), "format is 'True'"),
    "format four": (notebook([], nbformat="4"), "format is '4'"),
    "a broken format 3": (b'{"nbformat": 3, "worksheets": [{"cells": 5}]}', "old format 3"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cells of no kind": (notebook(None), "no list of cells"),  # type: ignore[arg-type]
    "too many cells": (notebook([OWN] * (MAX_CELLS + 1)), f"more than {MAX_CELLS}"),
}


@pytest.mark.parametrize(("file", "why"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_notebook_is_damaged_and_the_reason_says_why(file, why):
    with pytest.raises(DamagedSubmission, match=why):
        restore(file, SOURCE)


def check_restored(file: bytes) -> None:
    """Either the file is damaged, or each of the instructor's cells is there once, in order."""
    try:
        steps, _ = restore(file, SOURCE)
    except DamagedSubmission:
        return
    assert [name for name in order(steps) if name] == NAMES
    for step in steps:
        if step.known:
            assert step.cell_type == step.known.cell_type
            assert not step.known.locked or step.source == step.known.source
        step.source.encode()


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader(file):
    check_restored(file)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
grade_ids = st.sampled_from([*NAMES, "other"]) | json_values
odd_cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | json_values},
    optional={
        "metadata": st.fixed_dictionaries(
            {"nbgrader": st.fixed_dictionaries({"grade_id": grade_ids})}
        )
        | json_values,
        "source": st.text(max_size=8) | st.lists(st.text(max_size=8)) | json_values,
        "input": st.text(max_size=8) | json_values,
        "outputs": json_values,
        "attachments": json_values,
    },
)
odd_notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3, 2, 1]) | json_values},
    optional={
        "cells": st.lists(odd_cells | json_values, max_size=6) | json_values,
        "worksheets": st.lists(
            st.fixed_dictionaries({"cells": st.lists(odd_cells, max_size=3)}) | json_values,
            max_size=2,
        )
        | json_values,
        "metadata": json_values,
        "nbformat_minor": json_values,
    },
)


@pytest.mark.filterwarnings("ignore")  # nbformat warns of what it finds in old formats
@given(odd_notebooks)
def test_no_notebook_breaks_the_reader(odd):
    check_restored(json.dumps(odd).encode())
