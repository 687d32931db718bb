"""What beta does: weights by distance, half distance, window, content."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linbias import (
    attention_weights,
    content_needed,
    half_distance,
    softmax_rows,
    weights_by_distance,
    window,
)

lengths = st.integers(1, 24)
slopes = st.floats(0, 8)
steep = st.floats(0.01, 8)


def loop_weights_by_distance(n, beta):
    """The definition: e^(-beta d), shared out."""
    total = 0.0
    for d in range(n):
        total += math.exp(-beta * d)
    return [math.exp(-beta * d) / total for d in range(n)]


def loop_window(beta, mass):
    """The definition: take keys from the nearest on until they hold enough."""
    keys, held = 0, 0.0
    while held < mass:
        held += (1 - math.exp(-beta)) * math.exp(-beta * keys)
        keys += 1
    return keys


def effective_keys(weights):
    """exp(entropy): how many equally weighted keys would be as spread out."""
    return math.exp(-np.sum(weights * np.log(weights)))


@given(lengths, slopes)
def test_the_weights_are_the_loop(n, beta):
    np.testing.assert_allclose(
        weights_by_distance(n, beta), loop_weights_by_distance(n, beta), rtol=1e-12
    )


@given(lengths, slopes)
def test_the_weights_are_attention_s_last_row_read_from_self_outwards(n, beta):
    equal = np.zeros((n, 3))

    np.testing.assert_allclose(
        weights_by_distance(n, beta), attention_weights(equal, equal, beta)[-1, ::-1], rtol=1e-12
    )


@given(steep, st.floats(0.001, 0.999))
def test_the_window_is_the_loop(beta, mass):
    # Where a window is exactly full, rounding may ask for one key more.
    keys = -math.log(1 - mass) / beta
    assume(abs(keys - round(keys)) > 1e-6)

    assert window(beta, mass) == loop_window(beta, mass)


@given(steep)
def test_after_the_half_distance_the_factor_is_one_half(beta):
    assert math.exp(-beta * half_distance(beta)) == pytest.approx(1 / 2)


@given(slopes, st.integers(1, 50))
def test_the_needed_content_makes_a_far_key_tie_with_self(beta, d):
    near_and_far = softmax_rows([[0.0, -beta * d + content_needed(beta, d)]])

    np.testing.assert_allclose(near_and_far, [[0.5, 0.5]])


@given(st.integers(2, 24), st.floats(0.01, 4), st.floats(0.01, 4))
def test_a_larger_slope_gives_more_weight_to_the_token_itself(n, beta, more):
    assert weights_by_distance(n, beta + more)[0] > weights_by_distance(n, beta)[0]


# Row 6 of 7 tokens, from key 0 to key 6; then mean distance and effective keys.
ROW_6 = {
    0: ([0.1429] * 7, 3.000, 7.000),
    0.1: ([0.1037, 0.1147, 0.1267, 0.1400, 0.1548, 0.1710, 0.1890], 2.603, 6.863),
    0.25: ([0.0597, 0.0767, 0.0985, 0.1265, 0.1624, 0.2085, 0.2677], 2.049, 6.234),
    0.5: ([0.0202, 0.0333, 0.0549, 0.0905, 0.1493, 0.2461, 0.4057], 1.324, 4.777),
    1.0: ([0.0016, 0.0043, 0.0116, 0.0315, 0.0856, 0.2328, 0.6327], 0.576, 2.810),
    2.0: ([0.0000, 0.0000, 0.0003, 0.0021, 0.0158, 0.1170, 0.8647], 0.157, 1.582),
}


@pytest.mark.parametrize("beta", ROW_6)
def test_row_6_of_seven_tokens(beta):
    by_key, mean_distance, effective = ROW_6[beta]
    weights = weights_by_distance(7, beta)

    np.testing.assert_allclose(weights[::-1], by_key, atol=5e-5)
    assert weights @ np.arange(7) == pytest.approx(mean_distance, abs=5e-4)
    assert effective_keys(weights) == pytest.approx(effective, abs=5e-4)


# Self weight, mean distance, half distance, 95 % window, 99 % window; unlimited context.
RULERS = {
    1 / 2: (0.3935, 1.54, 1.39, 6, 10),
    1 / 4: (0.2212, 3.52, 2.77, 12, 19),
    1 / 16: (0.0606, 15.5, 11.1, 48, 74),
    1 / 256: (0.0039, 255.5, 177.5, 767, 1179),
}


@pytest.mark.parametrize("beta", RULERS)
def test_the_ruler_of_a_slope(beta):
    itself, mean_distance, half, most, nearly_all = RULERS[beta]
    long = weights_by_distance(20_000, beta)

    assert long[0] == pytest.approx(itself, abs=5e-5)
    assert long @ np.arange(20_000) == pytest.approx(mean_distance, rel=5e-3)
    assert half_distance(beta) == pytest.approx(half, rel=5e-3)
    assert (window(beta, 0.95), window(beta, 0.99)) == (most, nearly_all)


def test_95_percent_is_3_keys_for_slope_1_and_30_for_a_tenth():
    assert (window(1.0, 0.95), window(0.1, 0.95)) == (3, 30)


def test_key_0_against_self_in_row_6_is_e_to_the_minus_6_beta():
    for beta, ratio in {1.0: 0.0025, 0.1: 0.549}.items():
        weights = weights_by_distance(7, beta)
        assert weights[6] / weights[0] == pytest.approx(ratio, abs=5e-4)


def test_distance_0_costs_nothing_and_so_does_a_slope_of_0():
    assert content_needed(0.5, 0) == content_needed(0, 9) == 0.0
    assert content_needed(0.5, 6) == 3.0


def test_some_key_holds_even_the_smallest_mass():
    assert window(8, 5e-324) == 1


def test_the_results_are_plain_python_or_float64():
    assert type(half_distance(np.float32(0.5))) is float
    assert type(window(np.float64(0.5), np.float64(0.95))) is int
    assert type(content_needed(1, np.int64(3))) is float
    assert weights_by_distance(np.int8(3), 1).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: weights_by_distance(0, 0.5), r"n must be at least 1, got 0"),
        (lambda: weights_by_distance(3, -0.5), r"beta must be at least 0, got -0.5"),
        (lambda: half_distance(0), r"beta must be greater than 0, got 0: without a bias"),
        (lambda: half_distance(-1), r"beta must be at least 0, got -1"),
        (lambda: window(0.0, 0.95), r"beta must be greater than 0, got 0"),
        (lambda: window(0.5, 95), r"mass must lie between 0 and 1.*got 95.*95 percent as 0.95"),
        (lambda: window(0.5, 1), r"mass must lie between 0 and 1, both excluded, got 1"),
        (lambda: window(0.5, 0), r"mass must lie between 0 and 1, both excluded, got 0"),
        (lambda: window(0.5, float("nan")), r"mass must lie between 0 and 1.*got nan"),
        (lambda: content_needed(0.5, -1), r"d must be at least 0, got -1"),
        (lambda: content_needed(math.inf, 1), r"beta must be finite, got inf"),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(call, text):
    with pytest.raises(ValueError, match=text):
        call()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: weights_by_distance(3.0, 0.5), r"n must be a whole number, got 3.0"),
        (lambda: weights_by_distance(3, "a"), r"beta must be one real number, got 'a'"),
        (lambda: half_distance(None), r"beta must be one real number, got None"),
        (lambda: window(0.5, "95%"), r"mass must be one real number, got '95%'"),
        (lambda: content_needed(0.5, 1.5), r"d must be a whole number, got 1.5"),
    ],
)
def test_another_type_is_refused_by_name(call, text):
    with pytest.raises(TypeError, match=text):
        call()
