"""The lessons' guesses: what is told of a guess, and what is not told before or at all."""

import pytest
from ipywidgets import Box, FloatSlider, IntSlider

from linbias import predictions
from linbias.experiment import Runs, run


def committed(form, *guesses):
    """Return the words and the picture after these guesses."""
    children = form.box.children
    controls = [part for row in children if isinstance(row, Box) for part in row.children]
    sliders = [part for part in controls if isinstance(part, (IntSlider, FloatSlider))]
    for slider, guess in zip(sliders, guesses, strict=True):
        slider.value = slider.min
        slider.value = guess
    children[-2].click()
    return children[-1].value


def test_the_bias_is_told_beside_the_guess():
    told = committed(predictions.bias_of_two_distances(), -0.25, 1.5)

    assert "you guessed -0.25, the formula gives -0.25: well guessed." in told
    assert "you guessed 1.5, it gives -1.5: your guess is too high." in told


def test_the_number_of_pairs_is_not_told_for_a_question_asks_it():
    told = committed(predictions.visible_pairs(), 30)

    assert "28" not in told.partition("<img")[2].partition("src=")[0]
    assert "you count yourself" in told


@pytest.mark.parametrize(
    ("guess", "word"), [(28, "near"), (21, "near"), (49, "too high"), (7, "too low")]
)
def test_a_guess_of_the_pairs_is_called_near_or_not(guess, word):
    assert f"Your guess is {word}." in committed(predictions.visible_pairs(), guess)


@pytest.mark.parametrize(
    ("guess", "praise"),
    [(73, "well guessed"), (75, "well guessed"), (60, "near"), (100, "too high"), (0, "too low")],
)
def test_the_second_share_is_told_with_the_guess(guess, praise):
    told = committed(predictions.second_share(), guess)

    assert f"You guessed {guess} %. It is 73 %, as before" in told
    assert praise in told
    assert "scores 1000 and 1001: 0.27, 0.73" in told


def test_the_share_of_self_is_told_for_both_slopes():
    told = committed(predictions.share_of_self(), 14, 63)

    assert "With beta = 0.1 you guessed 14 %, it is 19 %: your guess is too low." in told
    assert "With beta = 1 you guessed 63 %, it is 63 %: well guessed." in told


def test_the_share_with_the_key_alone_is_told_with_the_guess():
    told = committed(predictions.share_with_key_only(), 60)

    assert "You guessed 60 %. It is 46 %, as before: your guess is too high." in told
    assert "with +βj: 0.10, 0.17, 0.28, 0.46" in told


@pytest.mark.parametrize(("guess", "praise"), [(0.71, True), (0.5, False)])
def test_the_first_slope_is_told_with_the_guess(guess, praise):
    told = committed(predictions.first_slope(), guess)

    assert f"You guessed {guess:.2f}. It is 0.707" in told
    assert ("well guessed" in told) == praise
    assert "16 heads: 0.707, 0.5" in told


def test_the_perplexities_are_told_beside_the_guesses(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    runs = run([0, 1], steps=1, lengths=[32, 512], processes=1, tell=lambda line: None)

    told = committed(predictions.perplexity_at_512(runs), 6, 10, 8)

    assert "sinusoidal: you guessed 10, it is " in told
    assert "Diamonds show your guess." in told


def test_where_nothing_was_trained_the_guess_is_told_why():
    assert "is not repeated while" in committed(predictions.perplexity_at_512(Runs()), 6, 10, 8)


def test_the_shares_of_far_keys_are_told_beside_the_guesses():
    told = committed(predictions.share_beyond_100(), 20, 30)

    assert "ALiBi: you guessed 20 %, it is 0.2 %: your guess is too high." in told
    assert "logarithm: you guessed 30 %, it is 31 %: well guessed." in told
