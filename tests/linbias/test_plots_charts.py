"""The charts: bars, lines and rulers stand where their numbers say, guesses too."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from reading_svg import NAMESPACE, boxes, drawn, texts

from linbias import plots, weights_by_distance
from linbias.plots import svg
from linbias.plots.frame import Frame


@given(st.integers(0, 15), st.floats(0, 4))
def test_the_bars_are_as_high_as_the_shares(i, beta):
    picture = plots.row_weights(i, [beta])
    heights = [float(bar.get("height")) for bar in boxes(picture, svg.FILLS[0])][: i + 1]

    np.testing.assert_allclose(
        np.array(heights) / 250, weights_by_distance(i + 1, beta)[::-1], atol=1e-3
    )


def test_a_guess_stands_on_its_bar_at_its_height():
    def diamonds(picture):
        paths = drawn(picture).iter(f"{NAMESPACE}path")
        return [path.get("transform") for path in paths if path.get("transform")]

    frame = Frame(60, 48, 620, 250, (-0.5, 6.5), (0, 1))
    places = [frame.at(6 - 0.2, 0.3), frame.at(6 + 0.2, 0.5)]
    picture = plots.row_weights(6, (0.1, 1.0), (0.3, 0.5))

    assert diamonds(picture) == [f"translate({x:g} {y:g})" for x, y in places]
    assert diamonds(plots.row_weights(6, (0.1, 1.0))) == []
    assert "β = 1: you guessed 50%, it is 63%" in texts(picture)
    assert (
        "beta = 1: 0.2%, 0.4%, 1%, 3%, 9%, 23%, 63%. Your guess for key 6 was 50%." in picture.alt
    )


def test_the_bias_falls_as_much_as_the_penalty_grows():
    picture = plots.bias_by_distance([0.5], 4, guesses=[(3, 1.5)])

    assert "bias at distance 0 to 4: 0.0, −0.5, −1.0, −1.5, −2.0; " in picture.alt
    assert "penalty: 0.0, 0.5, 1.0, 1.5, 2.0." in picture.alt
    assert "Your guess for the bias at distance 3 was 1.5." in picture.alt
    assert "your guess" in texts(picture)
    assert "your guess" not in texts(plots.bias_by_distance([0.5], 4))


def test_the_dashed_line_rises_and_the_solid_line_falls():
    ends = {}
    for path in drawn(plots.bias_by_distance([0.5], 2)).iter(f"{NAMESPACE}path"):
        if path.get("stroke") in (svg.BELOW, svg.ABOVE):
            heights = [float(point.split()[1]) for point in path.get("d")[1:].split("L")]
            ends[path.get("stroke-dasharray")] = heights

    # On paper, up is a smaller y.
    np.testing.assert_allclose(np.diff(ends["6 4"]), -np.diff(ends[None]), atol=0.01)
    assert (np.diff(ends["6 4"]) < 0).all()


def test_a_guess_beyond_the_lines_widens_the_axis():
    assert "−9.0" in texts(plots.bias_by_distance([0.5], 4, guesses=[(4, -9)]))


def test_the_rulers_of_the_paper_s_slopes():
    told = plots.ruler([1 / 2, 1 / 4, 1 / 16, 1 / 256])

    assert "beta = 1/256: the weight halves every 177 tokens, the nearest 767 keys" in told.alt
    for text in ("β = 1/2", "β = 1/16", "1.39", "2.77", "11.1", "177", "6", "12", "48", "767"):
        assert text in texts(told)


def test_a_frame_puts_numbers_on_paper():
    frame = Frame(10, 20, 100, 50, (1, 100), (0, 2), log=True)

    np.testing.assert_allclose(frame.at(1, 0), (10, 70))
    np.testing.assert_allclose(frame.at(10, 1), (60, 45))
    np.testing.assert_allclose(frame.at(100, 2), (110, 20))
