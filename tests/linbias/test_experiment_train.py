"""Training: what the models see, and that they learn."""

import sys

import numpy as np
import pytest

from linbias.experiment.model import losses
from linbias.experiment.positions import ALIBI, NONE
from linbias.experiment.text import Text, read_text
from linbias.experiment.train import LENGTH, Adam, random_pieces, rate_at, train


def test_the_text_is_numbers_for_characters_and_its_end_is_held_out():
    text = read_text()

    assert len(text.held_out) == 32 * 512
    most = 120 if sys.version_info >= (3, 14) else 100
    assert text.training.max() < len(text.characters) < most
    assert "python" in "".join(text.characters[one] for one in text.training)


def test_a_python_without_the_text_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pydoc_data.topics", None)

    with pytest.raises(ModuleNotFoundError, match=r"pydoc_data.topics.*install"):
        read_text.__wrapped__()


def test_pieces_are_runs_of_the_text():
    ids = np.arange(100)

    pieces = random_pieces(ids, 50, 8, np.random.default_rng(0))

    assert pieces.shape == (50, 9)
    assert np.all(np.diff(pieces) == 1)


def test_the_rate_rises_and_falls_to_nothing():
    rates = [rate_at(step, 1000) for step in range(1000)]

    assert np.argmax(rates) == 49
    assert rates[-1] < 1e-5 < rates[0]


def test_adam_goes_downhill_by_its_rate_at_first():
    parameters = {"x": np.array([1.0, -2.0])}

    Adam(parameters).step({"x": np.array([100.0, -0.01])}, rate=0.5)

    assert parameters["x"] == pytest.approx([0.5, -1.5], abs=1e-4)


ABAB = Text("ab", np.tile([0, 1], 200), np.tile([0, 1], 50))


@pytest.mark.parametrize("position", [ALIBI, NONE])
def test_a_model_learns_what_follows_what(position):
    parameters = train(ABAB, position, 0, steps=30, length=8)

    assert losses(parameters, position, ABAB.held_out[None, :9]).max() < 0.1


def test_the_same_seed_trains_the_same_model():
    one, same, other = (train(ABAB, ALIBI, seed, steps=3, length=8) for seed in (1, 1, 2))

    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["qkv"], other["qkv"])


def test_the_lesson_trains_on_pieces_of_32():
    assert LENGTH == 32
