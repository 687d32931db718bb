"""The style of the figures: axes as Matplotlib knows them, shown with words, light or dark."""

import re
import subprocess
import sys

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from reading_svg import NAMESPACE, drawn, texts

from linbias import _paper, plots
from linbias.plots import style


def line(ax=None):
    with style.canvas(ax, 300, 200) as axes:
        axes.plot([0, 1], color=_paper.BELOW)
        axes.set_title("A $line$ & more")
        return style.told(axes, "A line <up>.")


def test_without_axes_a_figure_of_its_own_is_shown_with_its_words():
    axes = line()

    assert repr(axes) == axes.picture.alt == "A line <up>."
    assert 'alt="A line &lt;up&gt;."' in axes._repr_html_()
    assert axes.picture.width == 300
    assert drawn(axes.picture).find(f"{NAMESPACE}title").text == "A line <up>."
    assert drawn(axes.picture).get("role") == "img"


def test_given_axes_are_drawn_on_and_returned():
    axes = Figure().subplots()

    assert line(axes) is axes
    assert len(axes.lines) == 1


def test_text_stays_text_and_a_dollar_a_dollar():
    assert "A $line$ & more" in texts(line().picture)


def test_a_figure_is_the_same_file_each_time_and_has_no_date():
    assert line().picture == line().picture
    assert not re.search(rb"20\d\d-\d\d", line().picture.data)


def test_every_colour_on_paper_has_its_like_for_a_dark_page():
    svg = line().picture.data.decode()

    assert "prefers-color-scheme: dark" in svg
    for colour in (_paper.INK, _paper.PAPER, _paper.BELOW):
        assert f'[style*="fill: {colour}"]' in svg
        assert f"{colour}" in svg.split("</style>", 1)[1] or colour == _paper.PAPER
    assert "color-scheme:dark" in line().html


def luminance(colour):
    """How bright a colour is, as the Web Content Accessibility Guidelines reckon it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(a * b for a, b in zip(linear, [0.2126, 0.7152, 0.0722], strict=True))


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", ["INK", "GREY", "BELOW", "ABOVE", "SHARE", "AGREES", "DIFFERS"])
def test_words_can_be_read_on_light_and_on_dark_paper(colour):
    light = getattr(_paper, colour)

    assert contrast(light, _paper.PAPER) >= 4.5
    assert contrast(_paper.DARK[light], _paper.DARK[_paper.PAPER]) >= 4.5


def test_the_user_s_own_settings_stay_theirs():
    program = "import matplotlib; before = matplotlib.rcParams.copy()\n"
    program += "from linbias.plots import style\n"
    program += "with style.canvas(None, 300, 200) as ax: ax.figure\n"
    program += "import sys\n"
    program += "print(before == matplotlib.rcParams.copy(), 'matplotlib.pyplot' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (answer.stdout, answer.stderr) == ("True False\n", "")


def test_the_outline_of_a_cell_is_seen_on_white_and_on_dark_paper():
    for beside in (style.WHITE, _paper.DARK[_paper.PAPER]):
        assert contrast(style.OUTLINE, beside) >= 3


@pytest.mark.parametrize("beta", [None, 0.5])
def test_visible_cells_are_light_in_a_dark_theme_too(beta):
    faces = {to_hex(patch.get_facecolor()) for patch in plots.triangle(4, beta).patches}

    assert len(faces) == (2 if beta is None else 5)
    assert faces & set(_paper.DARK) == set()
