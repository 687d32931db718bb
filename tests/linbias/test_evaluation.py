"""How models are compared at other lengths: perplexity, loss by position, equal contexts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbias import contexts, loss_by_position, perplexity, short_context_fraction

some_losses = st.lists(st.floats(0, 20), min_size=1, max_size=20)


@given(st.integers(1, 500), st.integers(1, 9))
def test_a_model_that_finds_all_tokens_equally_likely_wavers_between_all(tokens, count):
    assert perplexity([math.log(tokens)] * count) == pytest.approx(tokens)


@given(some_losses)
def test_perplexity_is_one_over_the_geometric_mean_of_the_probabilities(losses):
    product = math.prod(math.exp(-loss / len(losses)) for loss in losses)

    assert perplexity(losses) == pytest.approx(1 / product)


@given(st.integers(1, 6), st.integers(1, 6))
def test_the_loss_by_position_is_the_loop(pieces, length):
    losses = np.random.default_rng(pieces).uniform(0, 4, (pieces, length))

    found = loss_by_position(losses)

    assert found == pytest.approx([sum(row[t] for row in losses) / pieces for t in range(length)])
    assert perplexity(losses.ravel()) == pytest.approx(math.exp(found.mean()))


@given(st.integers(1, 60), st.integers(1, 90))
def test_the_fraction_counts_the_predictions_one_by_one(length, short):
    counted = sum(context <= short for context in range(1, length + 1)) / length

    assert short_context_fraction(length, short) == pytest.approx(counted)


def test_the_fractions_of_the_paper():
    """At most 100 tokens: 10 percent of the predictions in pieces of 1000, 5 percent of 2000."""
    shares = [short_context_fraction(length, 100) for length in (512, 1000, 2000)]

    assert shares == pytest.approx([0.195, 0.10, 0.05], abs=5e-4)


def test_a_context_ends_just_before_its_target():
    assert contexts(np.arange(10), [4, 9], 3).tolist() == [[1, 2, 3], [6, 7, 8]]


@given(st.integers(1, 8))
def test_a_shorter_context_is_the_end_of_a_longer_one(c):
    ids = np.random.default_rng(c).integers(0, 50, 40)
    targets = np.arange(10, 40, 3)

    assert np.array_equal(contexts(ids, targets, 9)[:, 9 - c :], contexts(ids, targets, c))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: perplexity([]), "at least one number"),
        (lambda: perplexity([[1.0]]), r"got shape \(1, 1\)"),
        (lambda: perplexity([np.inf]), "pass finite numbers"),
        (lambda: loss_by_position([1.0]), "must be a matrix"),
        (lambda: short_context_fraction(0, 5), "L must be at least 1, got 0"),
        (lambda: short_context_fraction(5, 0), "c must be at least 1, got 0"),
        (lambda: contexts([1, 2, 3], [1], 2), "must have 2 tokens before it"),
        (lambda: contexts([1, 2, 3], [3], 2), "in the text of 3 tokens, got targets from 3 to 3"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
