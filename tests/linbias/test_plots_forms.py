"""The figures of lessons 05 and 06: forms of the bias, short numbers, slopes, windows."""

import pytest
from matplotlib.figure import Figure
from reading_svg import drawn, texts

from linbias import plots, weights_by_distance

CAT = ["The", "cat", "sat", "on", "the", "mat"]
FIGURES = {
    "three forms": lambda ax=None: plots.three_forms(CAT, 0.5, ax=ax),
    "low precision": lambda ax=None: plots.low_precision(2048, 0.5, ax=ax),
    "head slopes": lambda ax=None: plots.head_slopes([8, 16, 12], 0.3, ax=ax),
    "head windows": lambda ax=None: plots.head_windows(8, 1024, 0.95, ax=ax),
}

every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


@every_figure
def test_a_figure_is_the_same_file_every_time(figure):
    assert figure().picture == figure().picture


@every_figure
def test_a_figure_draws_on_the_axes_it_is_given(figure):
    axes = Figure().subplots()

    assert figure(axes) is axes
    assert axes.get_children()


@every_figure
def test_a_figure_stays_on_its_paper(figure):
    picture = figure().picture
    svg = drawn(picture)
    right, bottom = map(float, svg.get("viewBox").split()[2:])

    assert 80 < len(picture.alt) < 1500
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("x") is not None:
            assert 0 <= float(text.get("x")) <= right
            assert 0 <= float(text.get("y")) <= bottom


def test_the_three_forms_stand_beside_one_table_of_shares():
    axes = plots.three_forms(CAT, 0.5)

    assert "key alone: +βj. The: 0.0; cat: 0.0, 0.5" in repr(axes)
    assert "One attention, equal contents. The: 1.00; cat: 0.38, 0.62" in repr(axes)
    assert texts(axes.picture).count("sat") == 8  # a row and a column of four tables
    assert texts(axes.picture).count("−2.5") == 1 + 6


def test_words_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="words must be 2 to 8 words to fit the figure, got 9"):
        plots.three_forms(["a"] * 9, 0.5)


def test_short_numbers_move_the_shares_of_the_position_form_only():
    axes = plots.low_precision(2048, 0.5)

    exact, distance, position = repr(axes).splitlines()[2:]
    assert exact.partition(": ")[2] == distance.partition(": ")[2]
    assert position.endswith("0.24, 0.24, 0.24, 0.24.")
    assert "39%" in texts(axes.picture)


def test_a_text_without_eight_keys_is_refused():
    with pytest.raises(ValueError, match="n must be at least 8, got 7"):
        plots.low_precision(7, 0.5)


def test_twelve_heads_have_a_row_for_each_rule():
    axes = plots.head_slopes([8, 12])

    assert "12 heads, code: 0.5, 0.25" in repr(axes)
    assert "12 heads, paper: 0.63, 0.397" in repr(axes)
    assert "slope that the code fills up with" in texts(axes.picture)
    assert "your guess" not in texts(axes.picture)


@pytest.mark.parametrize("count", [0, 17])
def test_heads_that_do_not_fit_are_refused(count):
    with pytest.raises(ValueError, match=f"the number of heads must be at .*got {count}"):
        plots.head_slopes([count])


def test_windows_share_out_the_weight_of_the_keys_that_there_are():
    axes = plots.head_windows(8, 1024, 0.95)

    assert "Slope 1/2: 6." in repr(axes)
    assert weights_by_distance(1024, 1 / 256)[:690].sum() < 0.95
    assert weights_by_distance(1024, 1 / 256)[:691].sum() >= 0.95
    assert "Slope 1/256: 691." in repr(axes)
