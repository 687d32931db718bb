"""The figures of lesson 05: three forms of the bias, and short numbers."""

import xml.etree.ElementTree as ET

import pytest

from linbias import plots

CAT = ["The", "cat", "sat", "on", "the", "mat"]


def words_in(picture):
    """Return the texts that stand in an SVG as texts."""
    root = ET.fromstring(picture.data)
    return [
        "".join(part.itertext()).strip() for part in root.iter("{http://www.w3.org/2000/svg}text")
    ]


def test_the_three_forms_stand_beside_one_table_of_shares():
    picture = plots.three_forms(CAT, 0.5)

    assert "key alone: +βj. The: 0.0; cat: 0.0, 0.5" in picture.alt
    assert "One attention, equal contents. The: 1.00; cat: 0.38, 0.62" in picture.alt
    assert words_in(picture).count("sat") == 8  # a row and a column of four tables
    assert words_in(picture).count("−2.5") == 1 + 6


def test_words_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="words must be 2 to 8 words to fit the figure, got 9"):
        plots.three_forms(["a"] * 9, 0.5)


def test_short_numbers_move_the_shares_of_the_position_form_only():
    picture = plots.low_precision(2048, 0.5)

    exact, distance, position = picture.alt.splitlines()[2:]
    assert exact.partition(": ")[2] == distance.partition(": ")[2]
    assert position.endswith("0.24, 0.24, 0.24, 0.24.")
    assert "39%" in words_in(picture)


def test_a_text_without_eight_keys_is_refused():
    with pytest.raises(ValueError, match="n must be at least 8, got 7"):
        plots.low_precision(7, 0.5)


@pytest.mark.parametrize("draw", [lambda: plots.three_forms(CAT, 0.5)])
def test_a_figure_is_the_same_file_every_time(draw):
    assert draw().data == draw().data
