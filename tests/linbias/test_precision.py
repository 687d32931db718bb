"""bfloat16: which numbers it keeps, and what it makes of attention over a long text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import bf16_positions, softmax_rows
from linbias.precision import bf16


@given(st.integers(-256, 256))
def test_whole_numbers_up_to_256_are_exact(number):
    assert bf16(number) == number


@pytest.mark.parametrize(
    ("number", "kept"), [(257, 256), (258, 258), (259, 260), (513, 512), (515, 516), (1.0, 1.0)]
)
def test_others_go_to_the_nearest_and_halfway_to_the_even_one(number, kept):
    assert bf16(number) == kept


@given(st.floats(-1e30, 1e30))
def test_eight_binary_digits_are_kept(number):
    assert abs(float(bf16(number)) - number) <= abs(number) * 2**-8 + 1e-37


@pytest.mark.parametrize("number", [np.inf, np.nan, 1e39])
def test_a_number_that_is_not_finite_is_refused(number):
    with pytest.raises(ValueError, match="not finite in float32"):
        bf16(number)


@pytest.mark.parametrize(("n", "kept"), [(1, 1), (257, 257), (258, 257), (260, 259), (2049, 641)])
def test_positions_beyond_256_fall_together(n, kept):
    assert bf16_positions(n) == kept


@pytest.mark.parametrize(
    ("slope", "self_weight", "moved"), [(1 / 2, 0.242, 0.257), (1 / 16, None, 0.063)]
)
def test_the_key_alone_goes_wrong_in_bf16_and_the_distance_does_not(slope, self_weight, moved):
    """The numbers of lesson 05: the last of 2048 tokens, equal contents."""
    j = np.arange(2048)
    logits = (slope * (j - 2047), bf16(slope * bf16(j)), bf16(-slope * bf16(2047 - j)))
    exact, by_key, by_distance = (softmax_rows(row[None])[0] for row in logits)

    assert abs(exact - by_key).sum() / 2 == pytest.approx(moved, abs=6e-4)
    assert abs(exact - by_distance).sum() / 2 < 1e-8
    if self_weight:
        assert by_key[-1] == pytest.approx(self_weight, abs=6e-4)
        assert exact[-1] == pytest.approx(0.393, abs=6e-4)
