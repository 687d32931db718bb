"""Plain values: what a student returned, read without asking it anything."""

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linbias.check import CASES, EXERCISES, QUESTIONS, CheckFailed, check, check_answer
from linbias.check.same import same
from linbias.check.values import Raised, Unreadable, describe, number, plain

numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(10**9), 10**9)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(values)
def test_a_plain_value_is_its_own_plain_value_and_equals_itself(value: Any) -> None:
    once = plain(value)

    assert same(once, plain(once))
    assert same(once, once)
    assert describe(once)


@given(st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=4))
def test_lists_and_arrays_of_numbers_are_the_same_value(rows: Any) -> None:
    assert same(plain(rows), plain(np.array(rows, dtype=float)))


@given(values, values)
def test_sameness_has_no_direction(one: Any, other: Any) -> None:
    one, other = plain(one), plain(other)

    if not isinstance(one, (int, float, np.ndarray)) or isinstance(one, bool):
        assert same(one, other) == same(other, one)


def test_the_copy_is_nobody_elses() -> None:
    array = np.zeros(3)
    copy = plain(array)
    array += 1

    assert copy.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0.0, False),
        (np.ones(2), np.ones(2, dtype=bool)),
        (np.ones(2), np.ones((1, 2))),
        (np.ones(1), 1.0),
        ([["a"]], [["b"]]),
        ([["a"]], [["a"], []]),
        (None, 0),
        (Raised("ValueError"), Raised("TypeError")),
        (Raised("ValueError"), None),
        (float("inf"), 1e308),
        (float("inf"), float("-inf")),
        (float("nan"), 0.0),
    ],
)
def test_different_answers_are_not_the_same(one: Any, other: Any) -> None:
    assert not same(plain(one), plain(other))
    assert not same(plain(other), plain(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (3, 3.0),
        (0.0, -0.0),
        (float("nan"), float("nan")),
        (float("-inf"), float("-inf")),
        (0.1 + 0.2, 0.3),
        (np.array([np.nan, -np.inf]), np.array([np.nan, -np.inf])),
        (Raised("ValueError", "one text"), Raised("ValueError", "another")),
    ],
)
def test_equal_answers_are_the_same(one: Any, other: Any) -> None:
    assert same(plain(one), plain(other))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.zeros((3, 4)), "a 3x4 array of numbers"),
        (np.zeros(3), "3 numbers"),
        (np.zeros((2, 2), dtype=bool), "a 2x2 array of True and False"),
        (3, "the number 3"),
        (-0.30000000000000004, "the number -0.3"),
        (True, "True"),
        (None, "None"),
        ("text", "the text 'text'"),
        (["a", "b"], "a list with 2 entries"),
        (object(), "an object"),
        ([[object()]], "a list that holds a list that holds an object"),
    ],
)
def test_a_value_is_described_in_a_few_words(value: Any, said: str) -> None:
    assert describe(plain(value)) == said


def test_a_remedy_comes_with_what_cannot_be_read() -> None:
    generator = plain(item for item in [1])

    assert isinstance(generator, Unreadable)
    assert "list(...)" in generator.remedy


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (-0.0, "0"), (1 / 3, "0.3333"), (1e-9, "1e-09"), (float("-inf"), "-inf")],
)
def test_a_number_is_written_short(value: float, text: str) -> None:
    assert number(value) == text


arrays = st.tuples(st.integers(0, 14), st.integers(0, 14), numbers).map(
    lambda shape: np.full(shape[:2], float(shape[2]))
)
anything = values | arrays | st.sampled_from([np.eye(40), np.zeros((2, 2, 2)), {}, object(), b"x"])


def checked(name: str, function: Callable[..., Any]) -> None:
    """Check a function that may be wrong, but must not break the check."""

    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    with contextlib.suppress(CheckFailed):
        check(student, *CASES[name])


@pytest.mark.parametrize("name", ["bias_matrix", "bias_row", "score_labels", "window"])
@given(value=anything)
@settings(max_examples=40)
def test_whatever_comes_back_a_check_passes_or_fails_with_a_message(name: str, value: Any) -> None:
    checked(name, lambda *arguments: value)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 1e300, -1e-300, 123456.7, True])
def test_extreme_numbers_in_the_right_shape_are_no_trouble(name: str, value: Any) -> None:
    """In one cell of an answer that is right otherwise, and in all of them."""

    def one_cell(*arguments: Any) -> Any:
        answer = np.array(EXERCISES[name].reference(*arguments), dtype=object)
        answer.flat[-1] = value
        return answer

    def all_cells(*arguments: Any) -> Any:
        return np.full(np.shape(one_cell(*arguments)), value)

    checked(name, one_cell)
    checked(name, all_cells)


@pytest.mark.parametrize("name", QUESTIONS)
@given(answer=anything)
@settings(max_examples=15)
def test_whatever_is_answered_a_question_passes_or_fails_with_a_message(
    name: str, answer: Any
) -> None:
    with contextlib.suppress(CheckFailed):
        check_answer(name, answer)
