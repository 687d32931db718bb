"""Three ways to tell positions."""

import numpy as np
import pytest

from linbias import bias_matrix
from linbias.experiment.positions import ALIBI, NONE, SINUSOIDAL, sinusoids


def test_alibi_adds_the_bias_matrix_of_each_slope():
    bias = ALIBI.bias(6)

    assert bias.shape == (4, 6, 6)
    for head, slope in enumerate(ALIBI.slopes):
        assert bias[head] == pytest.approx(bias_matrix(6, slope))
    assert not np.any(ALIBI.added(6, 8))


@pytest.mark.parametrize("position", [NONE, SINUSOIDAL])
def test_the_others_have_the_causal_mask_only(position):
    assert np.array_equal(position.bias(5)[2], bias_matrix(5, 0.0))


def test_only_the_sinusoidal_model_adds_vectors():
    assert np.array_equal(SINUSOIDAL.added(5, 8), sinusoids(5, 8))
    assert not np.any(NONE.added(5, 8))


def test_a_sinusoid_turns_by_one_angle_at_every_step():
    """So the product of two vectors depends on their distance only."""
    vectors = sinusoids(40, 16)
    products = vectors @ vectors.T

    assert products[3, 10] == pytest.approx(products[23, 30], abs=1e-4)
    assert np.diag(products) == pytest.approx(np.full(40, 8), abs=1e-4)
