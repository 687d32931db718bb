"""The slopes of many heads: the paper's sentence, the authors' code, and what they make."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import (
    alibi_bias,
    bias_matrix,
    key_only_bias,
    same_attention,
    slopes_official,
    slopes_paper,
    slopes_power_of_two,
)

heads = st.integers(1, 128)
powers = st.integers(0, 7).map(lambda power: 2**power)


def as_the_code_has_it(n):
    """The recursion of the authors' code, in our own words."""
    if n & (n - 1) == 0:
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]
    power = 2 ** int(math.log2(n))
    return as_the_code_has_it(power) + as_the_code_has_it(2 * power)[0::2][: n - power]


@given(heads)
def test_the_official_list_is_that_of_the_recursion(H):
    np.testing.assert_allclose(slopes_official(H), as_the_code_has_it(H), rtol=1e-12)


@given(powers)
def test_for_a_power_of_two_all_three_rules_agree(H):
    assert np.array_equal(slopes_official(H), slopes_paper(H))
    assert np.array_equal(slopes_power_of_two(H), slopes_paper(H))


@given(heads)
def test_the_paper_s_list_is_geometric_and_ends_at_1_over_256(H):
    slopes = slopes_paper(H)

    np.testing.assert_allclose(slopes[1:] / slopes[:-1], slopes[0], rtol=1e-12)
    assert slopes[-1] == 2**-8


@given(heads)
def test_elsewhere_they_differ(H):
    power = H & (H - 1) == 0

    assert np.allclose(slopes_official(H), slopes_paper(H)) == power


@pytest.mark.parametrize(
    ("H", "exponents"),
    [
        (8, [-1, -2, -3, -4, -5, -6, -7, -8]),
        (16, [-h / 2 for h in range(1, 17)]),
        (6, [-2, -4, -6, -8, -1, -3]),
        (12, [-1, -2, -3, -4, -5, -6, -7, -8, -0.5, -1.5, -2.5, -3.5]),
    ],
)
def test_the_exponents_that_the_lesson_prints(H, exponents):
    np.testing.assert_allclose(np.log2(slopes_official(H)), exponents)


def test_the_neighbouring_formula_rises_and_is_not_geometric():
    """What lesson 06 lets students find: 1/2^(8/k) for k = 1 ... 8."""
    wrong = 0.5 ** (8 / np.arange(1, 9))

    assert wrong.round(3).tolist() == [0.004, 0.062, 0.157, 0.25, 0.33, 0.397, 0.453, 0.5]
    assert (np.diff(wrong) > 0).all()
    assert np.ptp(wrong[1:] / wrong[:-1]) > 1


@pytest.mark.parametrize("H", [3, 12, 24])
def test_another_number_of_heads_is_refused_with_the_two_rules(H):
    with pytest.raises(ValueError, match=f"power of two, got {H}.*slopes_official and slopes_pap"):
        slopes_power_of_two(H)


@given(st.integers(1, 20), st.integers(1, 7))
def test_the_bias_has_its_heads_first(H, n):
    bias = alibi_bias(H, n)

    assert bias.shape == (H, n, n)
    for head, slope in enumerate(slopes_official(H)):
        assert np.array_equal(bias[head], bias_matrix(n, slope))
        assert same_attention(bias[head], key_only_bias(n, slope))
