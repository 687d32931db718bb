"""The experiment as a whole: what is trained and tested, in which process, and when it is not."""

import os

import numpy as np
import pytest

from linbias.experiment import NOT_REPEATED, run
from linbias.experiment.model import last_losses, losses
from linbias.experiment.parallel import in_processes
from linbias.experiment.positions import ALIBI, SINUSOIDAL
from linbias.experiment.runs import CONTEXTS, losses_after, piece_losses, targets
from linbias.experiment.text import read_text
from linbias.experiment.train import train


@pytest.fixture(autouse=True)
def not_graded(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@pytest.fixture(scope="module")
def runs():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        return run([0, 1], steps=1, lengths=[32, 64], processes=1, tell=lambda line: None)


def test_there_is_a_model_for_each_seed_and_each_way_to_tell_positions(runs):
    assert runs.names == ("ALiBi", "sinusoidal", "no position")
    assert [model.seed for model in runs.of("sinusoidal")] == [0, 1]
    assert repr(runs) == "6 trained models; the next cells look at them."


def test_each_is_tested_on_the_whole_held_out_text_at_every_length(runs):
    for model in runs.models:
        assert {length: found.shape for length, found in model.losses.items()} == {
            32: (511, 32),
            64: (255, 64),
        }


def test_pieces_follow_each_other_and_do_not_overlap(runs):
    model, ids = runs.models[0], np.arange(70) % 7

    found = piece_losses(model.parameters, model.position, ids, 32)

    second = losses(model.parameters, model.position, ids[None, 32:65])
    assert found.shape == (2, 32)
    assert found[1:] == pytest.approx(second, abs=1e-5)


def test_a_character_is_predicted_from_its_own_context(runs):
    model, ids = runs.models[0], runs.text.held_out

    found = losses_after(model, ids[None, 10:14], ids[14:15])

    expected = last_losses(model.parameters, model.position, ids[None, 10:15])
    assert found == pytest.approx(expected, abs=1e-5)


def test_every_target_has_the_longest_context_before_it(runs):
    places = targets(runs.text.held_out)

    assert places.min() == max(CONTEXTS)
    assert places.max() < len(runs.text.held_out)
    assert len(places) > 400


@pytest.mark.parametrize("kind", ["autograde", "validate"])
def test_while_a_notebook_is_graded_nothing_is_trained_and_this_is_said(kind, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", kind)
    told = []

    graded = run(tell=told.append)

    assert (graded.models, told, repr(graded)) == ((), [NOT_REPEATED], NOT_REPEATED)


def test_other_processes_have_one_thread_each_and_this_one_keeps_its_own():
    before = os.environ.get("OPENBLAS_NUM_THREADS")

    found = list(in_processes(os.getenv, ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"], 2))

    assert found == ["1", "1"]
    assert os.environ.get("OPENBLAS_NUM_THREADS") == before


def test_a_model_from_another_process_is_the_same():
    """To the last digits: another process adds up with another number of threads."""
    (here,) = in_processes(_one_step, [0], 1)
    (there, _) = in_processes(_one_step, [0, 1], 2)

    assert there == pytest.approx(here, abs=1e-4)


def _one_step(seed):
    return train(read_text(), ALIBI, seed, steps=1)["mix"]


def test_beyond_the_training_length_sinusoidal_models_fail_and_alibi_does_not():
    """A short training is enough to see it; the lesson trains longer."""
    alibi, sinusoidal = in_processes(_harm, [ALIBI, SINUSOIDAL], 2)

    assert abs(alibi) < 0.05
    assert sinusoidal > 0.08


def _harm(position):
    """How much higher the loss is on pieces of 512 than on pieces of 32."""
    text = read_text()
    parameters, ids = train(text, position, 0, steps=150), text.held_out[:4097]
    long, short = (piece_losses(parameters, position, ids, length) for length in (512, 32))
    return long.mean() - short.mean()
