"""Scale, add the bias with its mask, softmax, mix the values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import (
    attend,
    attend_shuffled,
    attention_weights,
    bias_matrix,
    causal_mask,
    softmax_rows,
)

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 9)
widths = st.integers(1, 6)
slopes = st.floats(0, 4)


def loop_softmax_rows(x):
    """The definition, entry by entry."""
    weights = np.zeros((len(x), len(x[0])))
    for i in range(len(x)):
        for j in range(len(x[0])):
            weights[i, j] = math.exp(x[i][j]) / sum(math.exp(entry) for entry in x[i])
    return weights


def loop_attention_weights(Q, K, beta):
    """The definition, pair by pair: what is in the future takes no part at all."""
    n, d = Q.shape
    weights = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            score = sum(Q[i, c] * K[j, c] for c in range(d)) / math.sqrt(d)
            weights[i, j] = math.exp(score - beta * (i - j))
        weights[i] /= weights[i].sum()
    return weights


def loop_attend(Q, K, V, beta):
    """The definition, value by value."""
    weights = loop_attention_weights(Q, K, beta)
    output = np.zeros((len(Q), V.shape[1]))
    for i in range(len(Q)):
        for j in range(i + 1):
            output[i] += weights[i, j] * V[j]
    return output


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


@given(seeds, lengths, widths)
def test_softmax_is_the_double_loop(seed, m, n):
    x = 5 * drawn(seed, m, n)

    np.testing.assert_allclose(softmax_rows(x), loop_softmax_rows(x), rtol=1e-12)


@given(seeds, lengths, widths, slopes)
def test_the_weights_are_the_double_loop(seed, n, d, beta):
    Q, K = drawn(seed, 2, n, d)

    np.testing.assert_allclose(
        attention_weights(Q, K, beta), loop_attention_weights(Q, K, beta), rtol=1e-10
    )


@given(seeds, lengths, widths, slopes)
def test_the_output_is_the_double_loop(seed, n, d, beta):
    Q, K = drawn(seed, 2, n, d)
    V = drawn(seed, n, 3)

    np.testing.assert_allclose(
        attend(Q, K, V, beta), loop_attend(Q, K, V, beta), rtol=1e-10, atol=1e-12
    )


@given(seeds, lengths, widths, slopes)
def test_rows_sum_to_one_and_the_future_weighs_nothing(seed, n, d, beta):
    weights = attention_weights(*drawn(seed, 2, n, d), beta)

    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert not weights[~causal_mask(n)].any()


@given(seeds, lengths, slopes)
def test_adding_a_constant_to_a_row_leaves_its_softmax_unchanged(seed, n, beta):
    """So +beta*j, which the paper's authors compute, is the same attention as -beta*(i-j)."""
    shift = 10 * drawn(seed, n, 1)
    by_key = np.where(causal_mask(n), beta * np.arange(n), -np.inf)
    right = softmax_rows(bias_matrix(n, beta))

    np.testing.assert_allclose(softmax_rows(bias_matrix(n, beta) + shift), right, rtol=1e-12)
    np.testing.assert_allclose(softmax_rows(by_key), right, rtol=1e-12)


@given(seeds, lengths, slopes)
def test_a_token_s_output_does_not_depend_on_later_tokens(seed, n, beta):
    Q, K, V = drawn(seed, 3, n + 1, 4)

    np.testing.assert_allclose(
        attend(Q, K, V, beta)[:n], attend(Q[:n], K[:n], V[:n], beta), rtol=1e-12, atol=1e-12
    )


def test_equal_scores_without_a_bias_share_equally():
    weights = attention_weights(np.zeros((3, 2)), np.zeros((3, 2)), 0)

    np.testing.assert_allclose(weights, [[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3]])


def test_the_scores_are_divided_by_sqrt_d_and_the_bias_is_not():
    """d = 4: the dot product 2 counts as 1, the bias 1 counts as 1, so both keys tie."""
    Q = np.array([[0.0, 0, 0, 0], [2.0, 0, 0, 0]])
    K = np.array([[1.0, 0, 0, 0], [0.0, 0, 0, 0]])

    np.testing.assert_allclose(attention_weights(Q, K, 1.0)[1], [0.5, 0.5])


def test_softmax_is_safe_for_large_scores_and_for_masked_keys():
    weights = softmax_rows([[1000.0, 1000.0], [-1000.0, -np.inf], [0.0, -np.inf]])

    np.testing.assert_array_equal(weights, [[0.5, 0.5], [1, 0], [1, 0]])


def test_softmax_leaves_its_argument_alone():
    x = np.array([[1.0, 2.0]])
    softmax_rows(x)

    np.testing.assert_array_equal(x, [[1.0, 2.0]])


def test_lists_and_small_types_give_float64():
    assert softmax_rows([[1, 2]]).dtype == np.float64
    assert attend(np.ones((2, 3), dtype=np.float16), [[1] * 3] * 2, [[1], [2]], 1).dtype == float


def test_small_integers_do_not_wrap_around():
    """16 * 16 does not fit into uint8; the reference computes in float64."""
    Q, K = np.array([[[1], [16]], [[15], [16]]], dtype=np.uint8)

    np.testing.assert_array_equal(
        attention_weights(Q, K, 1), attention_weights(Q.astype(float), K.astype(float), 1)
    )


Z = np.zeros((3, 2))


@given(seeds, lengths, widths)
def test_each_word_hands_over_its_share_of_its_value_wherever_it_stands(seed, n, d):
    query, keys, values = drawn(seed, d), drawn(seed, n, d), drawn(seed, n, 2)
    order = np.random.default_rng(seed).permutation(n)
    shares = loop_softmax_rows([keys @ query])[0]

    for place, handed_over in enumerate(attend_shuffled(query, keys, values, order)):
        word = order[place]
        np.testing.assert_allclose(handed_over, shares[word] * values[word], rtol=1e-9)


@given(seeds, lengths, widths)
def test_what_is_read_is_the_same_in_every_order(seed, n, d):
    query, keys, values = drawn(seed, d), drawn(seed, n, d), drawn(seed, n, 2)
    order = np.random.default_rng(seed).permutation(n)
    before, after = (
        attend_shuffled(query, keys, values, one).sum(axis=0) for one in (range(n), order)
    )

    np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: softmax_rows([[0.0], [-np.inf]]), r"row 1 of x is -inf everywhere.*visible"),
        (lambda: softmax_rows([[0.0, np.inf]]), r"row 0 of x holds inf, so its softmax would be"),
        (lambda: softmax_rows([[0.0, np.nan]]), r"x has NaN at row 0, column 1: find where it ca"),
        (lambda: softmax_rows([1.0, 2.0]), r"x must be a matrix .* got shape \(2,\)"),
        (lambda: softmax_rows(np.zeros((2, 0))), r"x must be a matrix .* got shape \(2, 0\)"),
        (lambda: softmax_rows([[1.0], [1.0, 2.0]]), r"x must be a matrix, got rows of unequal"),
        (lambda: attention_weights(Z, Z[:2], 1), r"Q has shape \(3, 2\) and K has shape \(2, 2\)"),
        (lambda: attention_weights(Z, Z[:, :1], 1), r"both need one row per token and the same"),
        (lambda: attention_weights(Z, Z - np.inf, 1), r"K has -inf at row 0, column 0: only the"),
        (lambda: attention_weights(Z + np.nan, Z, 1), r"Q has NaN at row 0, column 0"),
        (lambda: attention_weights(Z, Z, -1), r"beta must be at least 0, got -1"),
        (lambda: attend(Z, Z, Z[:2], 1), r"V has 2 rows and Q has 3: V needs one row per token"),
        (lambda: attend(Z, Z, Z[0], 1), r"V must be a matrix .* got shape \(2,\)"),
        (
            lambda: attend_shuffled(Z[0, :1], Z, Z, [0, 1, 2]),
            r"shapes \(1,\), \(3, 2\) and \(3, 2\)",
        ),
        (
            lambda: attend_shuffled(Z[0], Z, Z[:2], [0, 1, 2]),
            r"each word a key as long as the query",
        ),
        (lambda: attend_shuffled(Z[0], Z, Z, [0, 1, 1]), r"places 0 to 2 once, got \[0, 1, 1\]"),
        (lambda: attend_shuffled(Z[0], Z, Z, [[0, 1, 2]]), r"order must hold each of the places"),
    ],
)
def test_a_bad_array_is_refused_by_name(call, text):
    with pytest.raises(ValueError, match=text):
        call()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: softmax_rows([["a"]]), r"x must hold real numbers, got <U1: use an array of"),
        (lambda: softmax_rows([[1j]]), r"x must hold real numbers, got complex128"),
        (lambda: softmax_rows([[None]]), r"x must hold real numbers, got object"),
        (lambda: softmax_rows([[True]]), r"x must hold real numbers, got bool"),
        (lambda: attention_weights(Z, Z, None), r"beta must be one real number, got None"),
        (lambda: attend(Z, Z, "V", 1), r"V must hold real numbers, got <U1"),
    ],
)
def test_another_type_is_refused_by_name(call, text):
    with pytest.raises(TypeError, match=text):
        call()
