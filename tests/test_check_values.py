"""Plain values: what a student returned, read without asking it anything."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
