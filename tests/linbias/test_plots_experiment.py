"""The curves of lesson 08: what they compute, their words, and what grading shows instead."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from linbias import contexts, loss_by_position, perplexity, plots
from linbias.experiment import NOT_REPEATED, Runs, run

FIGURES = (plots.extrapolation, plots.by_position, plots.by_context)


@pytest.fixture(scope="module")
def runs():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        return run([0, 1], steps=1, lengths=[32, 64], processes=1, tell=lambda line: None)


@pytest.mark.parametrize("figure", FIGURES)
def test_while_a_notebook_is_graded_the_figure_says_why_there_is_none(figure):
    asked = []

    axes = figure(Runs(), asked.append)

    assert axes.alt == NOT_REPEATED
    assert asked == []


def _stub(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("figure", FIGURES)
def test_a_function_that_is_not_written_yet_gives_a_sentence_and_no_traceback(figure, runs):
    given = Figure().subplots()

    assert "Write it above and check it" in figure(runs, _stub).alt
    assert figure(runs, _stub, ax=given) is given


def test_losses_that_do_not_fit_the_positions_give_a_sentence(runs):
    axes = plots.by_position(runs, lambda losses: losses.mean(axis=1)[:5])

    assert "needs 64 numbers, one for each position; your function gave 5." in axes.alt


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_drawn_on_the_axes_that_were_given(figure, runs):
    axes = Figure().subplots()

    assert figure(runs, ax=axes) is axes
    assert [line.get_label() for line in axes.lines[:3]] == ["ALiBi", "sinusoidal", "no position"]
    assert all(
        [axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left"), axes.get_legend()]
    )


def test_the_students_perplexity_draws_the_curve(runs):
    doubled = plots.extrapolation(runs, lambda losses: 2 * perplexity(losses))

    at_32 = np.mean([perplexity(one.losses[32].ravel()) for one in runs.of("ALiBi")])
    assert doubled.lines[0].get_ydata()[0] == pytest.approx(2 * at_32)


def test_a_guess_is_a_diamond_at_the_longest_pieces(runs):
    axes = plots.extrapolation(runs, guesses={"sinusoidal": 7})

    (diamond,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert diamond.get_xydata().tolist() == [[64, 7]]


def test_positions_are_grouped_in_doubling_widths(runs):
    axes = plots.by_position(runs, lambda losses: np.arange(1, losses.shape[1] + 1))

    assert axes.lines[0].get_ydata().tolist() == [1, 2, 3.5, 6.5, 12.5, 24.5, 48.5]
    assert [tick.get_text() for tick in axes.get_xticklabels()][2:4] == ["3–4", "5–8"]


def test_the_students_windows_are_what_the_models_see(runs):
    def blind(ids, targets, c):
        return np.zeros((len(targets), c), dtype=int)

    seeing, unseeing = (plots.by_context(runs, one) for one in (contexts, blind))

    assert not np.allclose(seeing.lines[0].get_ydata(), unseeing.lines[0].get_ydata())


def test_the_words_tell_the_means_and_the_spread(runs):
    told = plots.by_position(runs, loss_by_position).alt.splitlines()

    assert told[0].startswith("Loss by position in pieces of 64: 1, 2, 3–4, 5–8")
    assert all("the widest band is" in line for line in told[1:])
    assert len(told) == 4
