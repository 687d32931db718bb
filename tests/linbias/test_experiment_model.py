"""The small language model: its gradients, its mask, and what it cannot see."""

import numpy as np
import pytest

from linbias.experiment.model import gradients, last_losses, losses, new_parameters
from linbias.experiment.positions import ALIBI, NONE, POSITIONS, SINUSOIDAL

CHARACTERS, STEP = 11, 1e-6


def small_model(seed=0):
    """Parameters in double precision, so that finite differences are precise."""
    rng = np.random.default_rng(seed)
    parameters = new_parameters(CHARACTERS, rng, width=8, inner=12)
    pieces = rng.integers(0, CHARACTERS, size=(3, 8))
    return {name: value.astype(np.float64) for name, value in parameters.items()}, pieces


@pytest.mark.parametrize("position", POSITIONS, ids=lambda position: position.name)
@pytest.mark.parametrize("name", small_model()[0])
def test_a_gradient_is_the_slope_of_the_loss(name, position):
    parameters, pieces = small_model()
    _, gradient = gradients(parameters, position, pieces)
    direction = np.random.default_rng(1).standard_normal(parameters[name].shape)

    def loss_at(step):
        moved = parameters | {name: parameters[name] + step * direction}
        return losses(moved, position, pieces).mean()

    measured = (loss_at(STEP) - loss_at(-STEP)) / (2 * STEP)

    assert (gradient[name] * direction).sum() == pytest.approx(measured, rel=1e-5, abs=1e-9)


def test_the_loss_that_comes_with_the_gradients_is_the_mean_of_the_losses():
    parameters, pieces = small_model()

    loss, _ = gradients(parameters, ALIBI, pieces)

    assert loss == pytest.approx(losses(parameters, ALIBI, pieces).mean())


@pytest.mark.parametrize("position", POSITIONS, ids=lambda position: position.name)
def test_a_later_character_changes_no_earlier_loss(position):
    parameters, pieces = small_model()
    other = pieces.copy()
    other[:, 5] = (other[:, 5] + 1) % CHARACTERS

    before, after = (losses(parameters, position, one) for one in (pieces, other))

    assert np.array_equal(before[:, :4], after[:, :4])
    assert not np.allclose(before[:, 4:], after[:, 4:])


@pytest.mark.parametrize("position", POSITIONS, ids=lambda position: position.name)
def test_the_last_loss_is_the_last_of_all(position):
    parameters, pieces = small_model()

    whole = losses(parameters, position, pieces)[:, -1]

    assert last_losses(parameters, position, pieces) == pytest.approx(whole)


def test_only_without_positions_the_order_of_earlier_characters_does_not_matter():
    """The mask hides the future, and what one layer sees of the past has no order."""
    parameters, pieces = small_model()
    pieces[:, :2] = [3, 4]
    swapped = pieces.copy()
    swapped[:, :2] = [4, 3]

    def last(position, of):
        return last_losses(parameters, position, of)

    assert last(NONE, swapped) == pytest.approx(last(NONE, pieces))
    for position in (ALIBI, SINUSOIDAL):
        assert last(position, swapped) != pytest.approx(last(position, pieces))


def test_a_new_model_guesses_all_characters_about_equally():
    parameters = new_parameters(CHARACTERS, np.random.default_rng(0))
    pieces = np.random.default_rng(1).integers(0, CHARACTERS, size=(50, 9))

    assert losses(parameters, NONE, pieces).mean() == pytest.approx(np.log(CHARACTERS), abs=0.7)
