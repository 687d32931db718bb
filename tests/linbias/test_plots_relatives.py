"""The figures of lesson 07: a line, a root and a logarithm; and what turning does."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from linbias import bias_matrix, kerple_log, plots


@pytest.mark.parametrize("figure", [plots.family, plots.turned])
def test_a_figure_is_drawn_on_the_axes_that_were_given(figure):
    axes = Figure().subplots()

    assert figure(ax=axes) is axes
    assert all([axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left")])
    assert len({line.get_marker() for line in axes.lines}) == len(axes.lines)


def test_the_family_is_drawn_by_distance():
    line, _, log = plots.family(40).lines

    assert line.get_ydata() == pytest.approx(bias_matrix(41, 1 / 16)[-1, ::-1])
    assert log.get_ydata() == pytest.approx(kerple_log(41, 1, 1)[-1, ::-1])


def test_turned_pairs_swing_and_their_range_is_told():
    axes = plots.turned((0.5,))

    assert axes.lines[0].get_ydata() == pytest.approx(np.cos(0.5 * np.arange(31)))
    assert "speed 0.5: it swings between -1.00 and 1." in axes.alt
