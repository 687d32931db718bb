"""The triangle and the matrices: the right number in every cell, and readable."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from reading_svg import texts

from linbias import attention_weights, bias_matrix, causal_mask, plots, score_labels, softmax_rows
from linbias.plots import style
from linbias.plots.grid import colour

rng = np.random.default_rng(7)
Q, K = rng.normal(size=(2, 4, 3))


def low(number):
    """Return a number as a subscript."""
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def hatched(axes):
    """Return how many cells are hatched."""
    collections = [one for one in axes.collections if isinstance(one, PolyCollection)]
    one_by_one = [one for one in axes.patches if one.get_hatch()]
    return sum(len(one.get_paths()) for one in collections if one.get_hatch()) + len(one_by_one)


def shade(value, largest):
    return to_hex(colour(np.array([value]), largest)[0])


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 12), st.floats(0.01, 8))
def test_the_triangle_holds_every_name_and_every_bias(n, beta):
    shown, bias = texts(plots.triangle(n, beta)), bias_matrix(n, beta)
    digits = style.places(bias[:, 0])

    for i in range(n):
        for j in range(i + 1):
            at = shown.index(f"q{low(i)}k{low(j)}")
            assert shown[at + 1] == style.number(bias[i, j], digits)


def test_the_names_stand_row_by_row():
    names = [text for text in texts(plots.triangle(4)) if re.fullmatch(r"q.k.", text)]
    plain = [name.translate(str.maketrans("₀₁₂₃", "0123")) for name in names]

    assert plain == [name for row in score_labels(4) for name in row]


def test_the_triangle_of_seven_names_28_pairs_and_hatches_21():
    picture = plots.triangle(7)

    assert sum(bool(re.fullmatch("q.k.", text)) for text in texts(picture)) == 28
    assert hatched(picture) == 21


def test_the_triangle_gets_stronger_to_the_left_and_is_white_on_the_diagonal():
    row = [shade(-0.5 * distance, 3.0) for distance in range(7)]
    squares = [one for one in plots.triangle(7, 0.5).patches if not one.get_hatch()]

    assert row[0] == "#fdfdfd"
    assert sorted(row, reverse=True) == row
    assert [to_hex(one.get_facecolor()) for one in squares[-7:]] == row[::-1]


def test_a_guess_of_visible_pairs_is_written_on_the_triangle():
    sentence = "You guessed 21 visible pairs; there are 28 of 49."

    assert sentence in texts(plots.triangle(7, guess=21))
    assert sentence in plots.triangle(7, guess=21).alt
    assert "guessed" not in plots.triangle(7).alt


def test_a_heatmap_shows_its_numbers_row_by_row():
    picture = plots.heatmap([[0.0, -np.inf], [-0.25, 2.0], [np.nan, 1.0]], "Some & numbers")

    assert [text.get_text() for text in picture.texts] == [
        *["0.00", "−∞", "−0.25", "2.00", "NaN", "1.00", "query i ↓"],
    ]
    assert {"Some & numbers", "key j →"} <= set(texts(picture))
    assert "Row 2: NaN, 1.00." in picture.alt
    assert hatched(picture) == 2


def test_a_hidden_cell_is_hatched_and_keeps_its_number():
    picture = plots.heatmap(softmax_rows(bias_matrix(3, 1.0)), hidden=~causal_mask(3))

    assert hatched(picture) == 3
    assert texts(picture).count("0.00") == 3


def test_a_large_heatmap_tells_its_range_instead_of_its_numbers():
    picture = plots.heatmap(bias_matrix(20, 0.5))

    assert "The numbers run from −9.5 to 0.0." in picture.alt
    assert "190 cells are hidden." in picture.alt


def test_white_is_zero_blue_is_below_and_orange_above():
    assert shade(0.0, 2.0) == "#fdfdfd"
    red, _, blue = (int(shade(-2.0, 2.0)[k : k + 2], 16) for k in (1, 3, 5))
    assert blue > red
    red, _, blue = (int(shade(2.0, 2.0)[k : k + 2], 16) for k in (1, 3, 5))
    assert red > blue


def luminance(colour):
    """How bright a colour is, as the Web Content Accessibility Guidelines reckon it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return np.dot(linear, [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@given(st.floats(-1, 1))
def test_the_number_in_a_cell_can_be_read_on_its_colour(value):
    assert contrast(style.CELL_INK, shade(value, 1.0)) >= 4.5


def test_series_differ_by_more_than_colour():
    assert len({bar.get("hatch") for bar in style.BARS}) == len(set(style.MARKERS)) == 3


def test_a_small_share_that_is_seen_is_not_called_zero():
    weights = softmax_rows(bias_matrix(7, 2.0))
    shown = texts(plots.heatmap(weights, hidden=~causal_mask(7), shares=True))

    assert shown.count("<0.01") == 10
    assert shown.count("0.00") == 21


def test_the_steps_lead_from_scores_to_attention():
    told = plots.steps(Q, K, 0.5).alt.splitlines()
    last = told[4].removeprefix("4. softmax: ").rstrip(".").split("; ")
    weights = [[float(number) for number in row.split(", ")] for row in last]

    np.testing.assert_allclose(weights, attention_weights(Q, K, 0.5), atol=0.006)
    assert told[3].count("−∞") == 6
    assert told[2].split(": ")[1].split(", ")[0] == told[1].split(": ")[1].split(", ")[0]
    assert texts(plots.steps(Q, K, 0.5)).count("−∞") == 6


def test_the_bias_does_not_touch_the_future_s_scores():
    told = plots.steps(Q, K, 0.5).alt.splitlines()

    rows = [line.split(": ")[1].rstrip(".").split("; ") for line in told[1:3]]
    scores, biased = ([row.split(", ") for row in matrix] for matrix in rows)
    assert all(scores[i][j] == biased[i][j] for i in range(4) for j in range(i, 4))
    assert all(scores[i][j] != biased[i][j] for i in range(4) for j in range(i))
