"""Different matrices, the same attention; and the rows of new queries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import (
    attention_weights,
    bias_matrix,
    bias_with_cache,
    key_only_bias,
    same_attention,
    softmax_rows,
)

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(2, 9)
slopes = st.floats(0.01, 4)


@given(seeds, lengths, slopes)
def test_a_constant_for_each_row_leaves_attention_as_it_is(seed, n, beta):
    rng = np.random.default_rng(seed)
    A = bias_matrix(n, beta)
    B = A + rng.normal(size=(n, 1))
    scores = rng.normal(size=(n, n))

    assert same_attention(A, B)
    np.testing.assert_allclose(softmax_rows(scores + A), softmax_rows(scores + B), atol=1e-12)


@given(seeds, lengths, slopes)
def test_one_other_cell_is_another_attention(seed, n, beta):
    i = int(np.random.default_rng(seed).integers(1, n))
    B = bias_matrix(n, beta)
    B[i, 0] += 0.1

    assert not same_attention(bias_matrix(n, beta), B)


def test_a_difference_in_a_share_that_is_nearly_nothing_is_seen():
    assert not same_attention([[0.0, -60.0]], [[0.0, -61.0]])


def test_who_is_blocked_matters():
    assert not same_attention([[0.0, -np.inf]], [[0.0, -1e4]])


@pytest.mark.parametrize(
    ("A", "B", "words"),
    [
        ([[0.0]], [[0.0, 1.0]], r"A has shape \(1, 1\) and B has shape \(1, 2\)"),
        ([[-np.inf, -np.inf]], [[0.0, 0.0]], "row 0 of A is -inf everywhere"),
        ([[0.0, 0.0]], [[0.0, np.inf]], "row 0 of B holds inf"),
        ([[0.0, np.nan]], [[0.0, 0.0]], "A has NaN at row 0, column 1"),
    ],
)
def test_what_has_no_attention_is_refused(A, B, words):
    with pytest.raises(ValueError, match=words):
        same_attention(A, B)


@given(lengths, slopes)
def test_the_three_forms_give_one_attention(n, beta):
    """What the authors' code adds, and the last row repeated, are the distance form."""
    last = bias_matrix(n, beta)[-1]
    repeated = np.where(np.tri(n, dtype=bool), last, -np.inf)

    assert same_attention(key_only_bias(n, beta), bias_matrix(n, beta))
    assert same_attention(repeated, bias_matrix(n, beta))


@given(seeds, lengths, slopes)
def test_the_key_alone_gives_the_attention_of_lesson_03(seed, n, beta):
    Q, K = np.random.default_rng(seed).normal(size=(2, n, 4))

    weights = softmax_rows(Q @ K.T / 2 + key_only_bias(n, beta))

    np.testing.assert_allclose(weights, attention_weights(Q, K, beta), atol=1e-12)


@given(lengths, slopes)
def test_only_the_distance_form_stays_when_all_move_by_one(n, beta):
    B, row = bias_matrix(n, beta), key_only_bias(n, beta)

    assert np.array_equal(B[1:, 1:], B[:-1, :-1])
    assert not np.array_equal(row[1:, 1:], row[:-1, :-1])


def test_without_the_mask_the_key_alone_is_another_attention():
    """The numbers of lesson 05."""
    i, j = np.arange(4)[:, None], np.arange(4)[None, :]
    both_ways, key = -0.5 * np.abs(i - j), 0.5 * (j + 0 * i)

    assert softmax_rows(both_ways)[0].round(3).tolist() == [0.455, 0.276, 0.167, 0.102]
    assert softmax_rows(key)[0].round(3).tolist() == [0.102, 0.167, 0.276, 0.455]
    assert not same_attention(both_ways, key)


@given(st.integers(1, 6), st.integers(0, 6), slopes)
def test_with_a_cache_the_rows_are_the_last_ones_of_the_square(n_q, cached, beta):
    n_k = n_q + cached

    np.testing.assert_allclose(bias_with_cache(n_q, n_k, beta), bias_matrix(n_k, beta)[-n_q:])


def test_left_padding_moves_each_row_as_a_whole():
    """Pads that are masked change no word's attention, however the words are counted."""
    index, words = 0.5 * np.arange(5), 0.5 * np.array([0, 0, 0, 1, 2])
    visible = np.tri(5, dtype=bool) & (np.arange(5) >= 2)
    rows = [np.where(visible, row, -np.inf)[2:] for row in (index, words)]

    assert same_attention(*rows)


def test_more_queries_than_keys_are_refused():
    with pytest.raises(ValueError, match="n_q is 3 and n_k is 2: every new query brings a key"):
        bias_with_cache(3, 2, 0.5)
