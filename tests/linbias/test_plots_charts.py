"""The charts: bars, lines and rulers stand where their numbers say, guesses too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from reading_svg import texts

from linbias import bias_matrix, plots, softmax_rows, weights_by_distance
from linbias._paper import ABOVE, BELOW
from linbias.plots.bars import move_bars
from linbias.plots.cells import move_heatmap
from linbias.plots.moving import Moving


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 15), st.floats(0, 4))
def test_the_bars_are_as_high_as_the_shares(i, beta):
    heights = [bar.get_height() for bar in plots.row_weights(i, [beta]).patches]

    np.testing.assert_allclose(heights, weights_by_distance(i + 1, beta)[::-1])


def diamonds(axes):
    """Return where the guesses stand."""
    return [tuple(map(float, line.get_xydata()[0])) for line in axes.lines if is_guess(line)]


def is_guess(line):
    return line.get_marker() == "D"


def test_a_guess_stands_on_its_bar_at_its_height():
    picture = plots.row_weights(6, (0.1, 1.0), (0.3, 0.5))

    np.testing.assert_allclose(diamonds(picture), [(6 - 0.2, 0.3), (6 + 0.2, 0.5)])
    assert diamonds(plots.row_weights(6, (0.1, 1.0))) == []
    assert "β = 1: you guessed 50%, it is 63%" in texts(picture)
    assert (
        "beta = 1: 0.2%, 0.4%, 1%, 3%, 9%, 23%, 63%. Your guess for key 6 was 50%." in picture.alt
    )


def test_bars_that_moved_are_bars_that_were_drawn_there():
    moved, drawn_there = Moving(plots.row_weights(6, [0.5])), plots.row_weights(6, [2.0])
    move_bars(moved.axes, 6, 2.0)

    assert moved.picture.alt == drawn_there.alt
    assert sorted(texts(moved.picture)) == sorted(texts(drawn_there))
    assert [bar.get_height() for bar in moved.axes.patches] == [
        bar.get_height() for bar in drawn_there.patches
    ]


def test_cells_that_moved_are_cells_that_were_drawn_there():
    first, then = (softmax_rows(bias_matrix(5, beta)) for beta in (0.1, 2.0))
    moved = Moving(plots.heatmap(first, "beta", shares=True))
    move_heatmap(moved.axes, then, "then")
    drawn_there = plots.heatmap(then, "then", shares=True)

    assert moved.picture.alt == drawn_there.alt
    assert sorted(texts(moved.picture)) == sorted(texts(drawn_there))


def test_the_bias_falls_as_much_as_the_penalty_grows():
    picture = plots.bias_by_distance([0.5], 4, guesses=[(3, 1.5)])

    assert "bias at distance 0 to 4: 0.0, −0.5, −1.0, −1.5, −2.0; " in picture.alt
    assert "penalty: 0.0, 0.5, 1.0, 1.5, 2.0." in picture.alt
    assert "Your guess for the bias at distance 3 was 1.5." in picture.alt
    assert "your guess" in texts(picture)
    assert "your guess" not in texts(plots.bias_by_distance([0.5], 4))


@pytest.mark.parametrize("guess", [-2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2])
def test_the_words_of_an_early_guess_stand_clear_of_the_lines(guess):
    axes = plots.bias_by_distance([0.25], 6, guesses=[(1, guess)])
    words = next(text for text in axes.texts if text.get_text() == "your guess")
    box = words.get_window_extent(FigureCanvasAgg(axes.figure).get_renderer())

    assert len(axes.lines) > 3
    for line in axes.lines:
        assert not line.get_path().transformed(line.get_transform()).intersects_bbox(box)


def test_the_dashed_line_rises_and_the_solid_line_falls():
    lines = {line.get_color(): line for line in plots.bias_by_distance([0.5], 2).lines}

    assert list(lines[ABOVE].get_ydata()) == [0, 0.5, 1]
    assert list(lines[BELOW].get_ydata()) == [0, -0.5, -1]
    assert lines[ABOVE].get_linestyle() == "--"
    assert lines[BELOW].get_linestyle() == "-"


def test_a_guess_beyond_the_lines_widens_the_axis():
    assert "−9.0" in texts(plots.bias_by_distance([0.5], 4, guesses=[(4, -9)]))


def test_the_rulers_of_the_paper_s_slopes():
    told = plots.ruler([1 / 2, 1 / 4, 1 / 16, 1 / 256])

    assert "beta = 1/256: the weight halves every 177 tokens, the nearest 767 keys" in told.alt
    for text in ("β = 1/2", "β = 1/16", "1.39", "2.77", "11.1", "177", "6", "12", "48", "767"):
        assert text in texts(told)
