"""ALiBi's relatives: what each has in common with ALiBi, and where they part."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import (
    attention_weights,
    bias_matrix,
    book_beta,
    kerple_log,
    kerple_power,
    rope_score,
    softmax_rows,
    t5_bucket,
    two_sided,
)

lengths = st.integers(1, 12)
slopes = st.floats(0, 4)
bends = st.floats(0.01, 4)


@given(lengths, st.integers(1, 90), slopes)
def test_the_books_beta_gives_inside_the_root_what_the_slope_gives_outside(n, d, slope):
    rng = np.random.default_rng(n)
    Q, K = rng.standard_normal((2, n, d))

    inside = softmax_rows((Q @ K.T + bias_matrix(n, book_beta(slope, d))) / math.sqrt(d))

    assert inside == pytest.approx(attention_weights(Q, K, slope), abs=1e-9)


@given(lengths, slopes)
def test_the_power_1_is_alibi(n, beta):
    assert kerple_power(n, beta, 1) == pytest.approx(bias_matrix(n, beta))


def test_kerple_at_some_distances():
    """Worked out by hand."""
    last = kerple_log(65, 1, 1)[-1, ::-1]
    expected = [0, -0.693, -1.099, -1.609, -2.197, -2.833, -3.497, -4.174]

    assert last[[0, 1, 2, 4, 8, 16, 32, 64]] == pytest.approx(expected, abs=5e-4)
    assert kerple_power(5, 0.5, 0.5)[-1] == pytest.approx([-1, -0.866, -0.707, -0.5, 0], abs=5e-4)


@given(st.integers(2, 12), bends, bends)
def test_both_fall_with_the_distance_and_hide_the_future(n, one, other):
    for bias in (kerple_power(n, one, other), kerple_log(n, one, other)):
        assert np.all(np.diff(bias[-1]) > 0)
        assert np.array_equal(np.isneginf(bias), np.isneginf(bias_matrix(n, 1.0)))
        assert np.all(np.diag(bias) == 0)


def test_a_logarithm_forgets_more_slowly_than_a_line():
    """Share of the weight that is farther than 100 tokens, of 1000 with equal content."""
    biases = bias_matrix(1000, 1 / 16), kerple_log(1000, 1, 1)
    line, log = (softmax_rows(bias)[-1, :-101].sum() for bias in biases)

    assert line == pytest.approx(0.0019, abs=2e-4)
    assert log == pytest.approx(0.307, abs=3e-3)


def test_the_buckets_are_those_of_the_usual_t5():
    found = [t5_bucket(d) for d in (0, 1, 15, 16, 20, 32, 64, 127, 128, 1000)]

    assert found == [0, 1, 15, 16, 17, 21, 26, 31, 31, 31]
    assert {t5_bucket(d) for d in range(200)} == set(range(32))


@given(lengths, slopes)
def test_the_two_sided_form_looks_alike_from_both_sides(n, beta):
    both = two_sided(n, beta)

    assert np.array_equal(both, both.T)
    assert np.tril(both) == pytest.approx(np.tril(np.nan_to_num(bias_matrix(n, beta), neginf=0)))


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 50), st.floats(0, 3))
def test_a_turned_pair_knows_its_distance_only(j, d, shift, speed):
    q, k = [0.3, -1.2], [0.9, 0.4]

    here, there = (rope_score(q, k, j + d + by, j + by, speed) for by in (0, shift))

    assert here == pytest.approx(there, abs=1e-9)


def test_turning_rewards_no_nearness_by_itself():
    """The score of equal features swings with the distance; ALiBi's bias falls and falls."""
    scores = [rope_score([1, 0], [1, 0], d, 0, 0.5) for d in range(20)]

    assert min(np.diff(scores)) < 0 < max(np.diff(scores))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: book_beta(0.5, 0), "d must be at least 1"),
        (lambda: t5_bucket(-1), "d must be at least 0"),
        (lambda: kerple_power(3, 1, 0), "greater than 0"),
        (lambda: kerple_log(3, -1, 1), "at least 0"),
        (lambda: rope_score([1, 2, 3], [1, 2], 1, 0, 1), "q must be a pair of numbers, got 3"),
        (lambda: rope_score([1, 2], [1, 2], 0, 1, 1), "in the future"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
