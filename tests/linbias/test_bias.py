"""The bias for one pair, one row and the whole triangle."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import (
    bias_matrix,
    bias_row,
    causal_mask,
    distance,
    linear_bias,
    pairs_at_distance,
    score_labels,
)

lengths = st.integers(1, 24)
slopes = st.floats(0, 8)


def loop_bias_matrix(n, beta):
    """The definition, cell by cell."""
    bias = np.full((n, n), -np.inf)
    for i in range(n):
        for j in range(i + 1):
            bias[i, j] = -beta * (i - j)
    return bias


def loop_causal_mask(n):
    """The definition, cell by cell."""
    visible = np.zeros((n, n), dtype=bool)
    for i in range(n):
        for j in range(n):
            visible[i, j] = j <= i
    return visible


def loop_pairs_at_distance(n, d):
    """The definition, pair by pair."""
    pairs = 0
    for i in range(n):
        for j in range(i + 1):
            pairs += i - j == d
    return pairs


def loop_score_labels(n):
    """The definition, label by label."""
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            if j <= i:
                row.append("q" + str(i) + "k" + str(j))
        rows.append(row)
    return rows


@given(lengths, slopes)
def test_the_matrix_is_the_double_loop(n, beta):
    np.testing.assert_allclose(bias_matrix(n, beta), loop_bias_matrix(n, beta), rtol=1e-15)


@given(lengths)
def test_the_mask_is_the_double_loop(n):
    np.testing.assert_array_equal(causal_mask(n), loop_causal_mask(n))
    assert causal_mask(n).dtype == bool


@given(lengths)
def test_the_labels_are_the_double_loop(n):
    assert score_labels(n) == loop_score_labels(n)


@given(lengths, st.integers(0, 30))
def test_pairs_at_a_distance_are_the_double_loop(n, d):
    assert pairs_at_distance(n, d) == loop_pairs_at_distance(n, d)


@given(lengths, slopes)
def test_pair_row_and_matrix_agree(n, beta):
    matrix = bias_matrix(n, beta)

    for i in range(n):
        np.testing.assert_array_equal(bias_row(i, beta), matrix[i, : i + 1])
        for j in range(i + 1):
            assert linear_bias(i, j, beta) == matrix[i, j]
            assert linear_bias(i, j, beta) == pytest.approx(-beta * distance(i, j), rel=1e-15)


@given(lengths, slopes)
def test_every_diagonal_is_constant(n, beta):
    matrix = bias_matrix(n, beta)

    for d in range(n):
        assert len(set(np.diagonal(matrix, -d))) == 1


@given(lengths, slopes)
def test_the_diagonal_is_plain_zero_and_no_minus_zero_is_anywhere(n, beta):
    """-0.0 prints as -0. and would puzzle the reader."""
    matrix = bias_matrix(n, beta)

    assert not np.diagonal(matrix).any()
    assert not np.signbit(matrix[matrix == 0]).any()


@pytest.mark.parametrize("beta", [0, 0.0])
def test_a_slope_of_zero_gives_plain_zeros(beta):
    assert str(linear_bias(3, 1, beta)) == "0.0"
    assert not np.signbit(bias_row(3, beta)).any()


@given(lengths, slopes)
def test_all_visible_biases_sum_to_the_formula(n, beta):
    matrix = bias_matrix(n, beta)

    assert matrix[causal_mask(n)].sum() == pytest.approx(-beta * n * (n * n - 1) / 6)


def test_seven_tokens_have_28_pairs_whose_biases_sum_to_minus_56_beta():
    visible = causal_mask(7)

    assert visible.sum() == 28
    assert bias_matrix(7, 0.5)[visible].sum() == -28.0
    assert [pairs_at_distance(7, d) for d in range(9)] == [7, 6, 5, 4, 3, 2, 1, 0, 0]


def test_query_5_and_key_2_with_slope_a_tenth_give_minus_three_tenths():
    assert distance(5, 2) == 3
    assert linear_bias(5, 2, 0.1) == pytest.approx(-0.3)


def test_query_4_pays_most_for_key_0():
    np.testing.assert_array_equal(bias_row(4, 0.5), [-2.0, -1.5, -1.0, -0.5, 0.0])


def test_the_labels_of_the_triangle_run_from_q0k0_to_q6k6():
    labels = score_labels(7)

    assert [len(row) for row in labels] == [1, 2, 3, 4, 5, 6, 7]
    assert labels[0] == ["q0k0"]
    assert labels[6] == ["q6k0", "q6k1", "q6k2", "q6k3", "q6k4", "q6k5", "q6k6"]


def test_the_results_are_plain_python_or_float64():
    assert type(distance(np.int64(3), np.int8(1))) is int
    assert type(linear_bias(np.int64(3), 1, np.float32(0.5))) is float
    assert type(pairs_at_distance(np.int64(3), 1)) is int
    assert bias_row(3, 1).dtype == bias_matrix(3, 1).dtype == np.float64
    assert linear_bias(3, 1, Fraction(1, 2)) == -1.0


@pytest.mark.parametrize("function", [distance, lambda i, j: linear_bias(i, j, 0.5)])
def test_a_key_in_the_future_is_refused(function):
    with pytest.raises(ValueError, match=r"key 5 is in the future of query 2: .* needs j <= i"):
        function(2, 5)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: distance(-1, 0), r"i must be at least 0, got -1"),
        (lambda: distance(1, -1), r"j must be at least 0, got -1"),
        (lambda: linear_bias(1, -1, 0.5), r"j must be at least 0, got -1"),
        (lambda: bias_row(-1, 0.5), r"i must be at least 0, got -1"),
        (lambda: score_labels(0), r"n must be at least 1, got 0"),
        (lambda: causal_mask(0), r"n must be at least 1, got 0"),
        (lambda: bias_matrix(-3, 0.5), r"n must be at least 1, got -3"),
        (lambda: pairs_at_distance(0, 0), r"n must be at least 1, got 0"),
        (lambda: pairs_at_distance(3, -1), r"d must be at least 0, got -1"),
        (lambda: linear_bias(2, 1, -0.5), r"beta must be at least 0, got -0.5: .* rewards distan"),
        (lambda: bias_row(2, -0.5), r"beta must be at least 0, got -0.5"),
        (lambda: bias_matrix(2, -0.5), r"Pass beta itself; the formula brings the minus sign"),
        (lambda: bias_matrix(2, float("nan")), r"beta must be finite, got nan: use a number"),
        (lambda: bias_matrix(2, float("inf")), r"beta must be finite, got inf: use a number"),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(call, text):
    with pytest.raises(ValueError, match=text):
        call()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: distance(2.0, 1), r"i must be a whole number, got 2.0: use an int such as 4"),
        (lambda: distance(True, 0), r"i must be a whole number, got True: pass 1 instead"),
        (lambda: distance(2, np.bool_(False)), r"j must be a whole number, got False: pass 0"),
        (lambda: linear_bias(2, "1", 0.5), r"j must be a whole number, got '1'"),
        (lambda: bias_row(None, 0.5), r"i must be a whole number, got None"),
        (lambda: score_labels("3"), r"n must be a whole number, got '3'"),
        (lambda: causal_mask(3.5), r"n must be a whole number, got 3.5"),
        (lambda: bias_matrix([3], 0.5), r"n must be a whole number, got \[3\]"),
        (lambda: pairs_at_distance(3, 1.0), r"d must be a whole number, got 1.0"),
        (lambda: bias_matrix(3, "0.5"), r"beta must be one real number, got '0.5': use a float"),
        (lambda: bias_matrix(3, True), r"beta must be one real number, got True"),
        (lambda: bias_row(3, 1j), r"beta must be one real number, got 1j"),
        (lambda: linear_bias(3, 1, [0.5, 1.0]), r"beta must be one real number, got \[0.5, 1.0\]"),
    ],
)
def test_another_type_is_refused_by_name(call, text):
    with pytest.raises(TypeError, match=text):
        call()
