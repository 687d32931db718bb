"""The course's sentence: its head does what the lessons say of it."""

import numpy as np
import pytest

from linbias import sentence
from linbias.attention import attention_weights

THE, CAT, SAT, ON, LATER_THE, MAT, STOP = range(7)


def weights(beta: float) -> np.ndarray:
    return attention_weights(sentence.Q, sentence.K, beta)


def test_a_match_scores_two():
    scores = sentence.Q @ sentence.K.T / 2

    assert set(scores.ravel().tolist()) == {0.0, 2.0}


def test_without_a_bias_both_articles_look_alike_to_mat():
    row = weights(0)[MAT]

    assert row[THE] == pytest.approx(row[LATER_THE])
    assert row[THE] == pytest.approx(0.39, abs=0.005)


def test_with_a_bias_the_nearer_one_wins():
    assert (weights(0.5)[MAT].round(2)[[THE, LATER_THE]] == [0.09, 0.66]).all()
    assert weights(0.5)[STOP].argmax() == MAT


@pytest.mark.parametrize(("query", "key"), [(CAT, THE), (SAT, CAT), (ON, SAT), (LATER_THE, ON)])
def test_each_word_finds_what_it_looks_for(query, key):
    assert weights(0.5)[query].argmax() == key


def test_the_map_names_the_words():
    told = str(sentence.attention_map(0.5))

    assert "mat: 0.09, 0.02, 0.03, 0.05, 0.66, 0.15" in told


def test_the_slider_redraws_the_map():
    row, cells = sentence.attention_slider().box.children
    _, slider = row.children
    before = cells.value
    slider.value = 1.0

    assert "β = 1." in cells.value
    assert cells.value != before
