"""The figures: right numbers in their cells, words that say what is to be seen, quickly drawn."""

import base64
import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from reading_svg import NAMESPACE, drawn, texts

from linbias import (
    bias_matrix,
    plots,
    softmax_rows,
)
from linbias.check import EXERCISES
from linbias.check.mistakes_met import Mastery, Met
from linbias.check.tasks import TASKS

ROOT = Path(__file__).parents[2]
README_PICTURE = ROOT / "linbias" / "plots" / "triangle.svg"
MODULES = sorted(Path(plots.__file__).parent.glob("[a-z]*.py"))
rng = np.random.default_rng(7)
Q, K = rng.normal(size=(2, 4, 3))
LONGEST = max((row.slug for one in EXERCISES.values() for row in one.mistakes), key=len)
SLIPS = Mastery(
    (
        Met("01_one_pair", "distance", "swapped", 12, True, "", ""),
        Met("08_train_short_test_long", "contexts", LONGEST, 100, False, "", ""),
    ),
    {"01_one_pair": 8},
    dict.fromkeys(TASKS, 14),
)

FIGURES = {
    "triangle": lambda: plots.triangle(7, 0.5),
    "triangle of names": lambda: plots.triangle(),
    "triangle with a guess": lambda: plots.triangle(7, guess=21),
    "heatmap": lambda: plots.heatmap(bias_matrix(7, 0.37), "Bias & mask <1>"),
    "large heatmap": lambda: plots.heatmap(softmax_rows(bias_matrix(32, 0.1))),
    "steps": lambda: plots.steps(Q, K, 0.5),
    "bias by distance": lambda: plots.bias_by_distance(guesses=[(1, 0.5), (6, -2)]),
    "row weights": lambda: plots.row_weights(6, (0.1, 1.0), (0.3, 0.5)),
    "ruler": lambda: plots.ruler([1 / 2, 1 / 4, 1 / 16, 1 / 256]),
    "mastery_map": lambda: plots.mastery_map(SLIPS),
}

AX_GIVEN = {
    "triangle": lambda ax: plots.triangle(7, 0.5, ax=ax),
    "triangle of names": lambda ax: plots.triangle(ax=ax),
    "triangle with a guess": lambda ax: plots.triangle(7, guess=21, ax=ax),
    "heatmap": lambda ax: plots.heatmap(bias_matrix(7, 0.37), ax=ax),
    "large heatmap": lambda ax: plots.heatmap(softmax_rows(bias_matrix(32, 0.1)), ax=ax),
    "steps": lambda ax: plots.steps(Q, K, 0.5, ax=ax),
    "bias by distance": lambda ax: plots.bias_by_distance(ax=ax),
    "row weights": lambda ax: plots.row_weights(ax=ax),
    "ruler": lambda ax: plots.ruler(ax=ax),
    "mastery_map": lambda ax: plots.mastery_map(SLIPS, ax=ax),
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_an_image_that_carries_its_own_words(figure):
    shown = figure()
    picture = plots.as_picture(shown)
    alt, data = re.fullmatch(
        r'<img class="linbias" role="img" alt="([^"]{80,})" '
        r'src="data:image/svg\+xml;base64,([^"]+)" decoding="sync" '
        r'style="width: \d+px; max-width: 100%; height: auto"><style>[^<]+</style>',
        picture.html,
        re.DOTALL,
    ).groups()

    assert base64.b64decode(data) == picture.data
    assert alt.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == picture.alt
    assert shown._repr_html_() == picture.html
    assert repr(shown) == picture.alt
    assert drawn(picture).find(f"{NAMESPACE}title").text == picture.alt


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_stays_on_its_paper(name):
    figure = FIGURES[name]().get_figure()
    paper, renderer = figure.bbox, RendererAgg(figure.bbox.width, figure.bbox.height, figure.dpi)
    figure.draw(renderer)  # only then does everything stand where it belongs

    for text in figure.findobj(lambda one: isinstance(one, Text) and one.get_text()):
        if text.get_visible() and text.get_window_extent(renderer).width > 0:
            box = text.get_window_extent(renderer)
            assert paper.padded(1).contains(box.x0, box.y0), text
            assert paper.padded(1).contains(box.x1, box.y1), text


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_can_be_drawn_on_given_axes(name):
    axes = Figure().subplots()

    assert AX_GIVEN[name](axes) is axes
    assert axes.get_children()


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_small(figure):
    assert len(plots.as_picture(figure()).data) < 250_000


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_the_same_every_time(figure):
    assert plots.as_picture(figure()) == plots.as_picture(figure())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_examples_run(path):
    module = importlib.import_module(f"linbias.plots.{path.stem}")
    failed, tried = doctest.testmod(module)

    assert failed == 0
    assert tried > 0


def test_every_public_figure_is_tested_here():
    called = {name.split()[0] for name in FIGURES} | {"bias_by_distance", "row_weights"}
    called |= {"Picture", "as_picture"}
    elsewhere = {"three_forms", "low_precision", "head_slopes", "head_windows"}
    elsewhere |= {"by_context", "by_position", "extrapolation", "family", "turned"}

    assert set(plots.__all__) - elsewhere == called - {"bias", "row", "large"}


def test_the_readme_s_picture_is_what_the_code_draws():
    """Its words are compared: another Matplotlib may round a place otherwise."""
    on_file = plots.Picture(README_PICTURE.read_bytes(), "image/svg+xml", "", 800)
    assert texts(on_file) == texts(plots.triangle(7, 0.5)), (
        "linbias/plots/triangle.svg is out of date.\n"
        "Run `python -m linbias.plots linbias/plots/triangle.svg` and commit the result."
    )


def test_the_readme_s_picture_is_written_by_one_command(tmp_path):
    path = tmp_path / "triangle.svg"
    subprocess.run([sys.executable, "-m", "linbias.plots", path], check=True)
    asked = subprocess.run(
        [sys.executable, "-m", "linbias.plots"], capture_output=True, text=True, check=False
    )

    assert path.read_bytes() == README_PICTURE.read_bytes()
    assert (asked.returncode, "Say where to write the picture" in asked.stderr) == (1, True)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: plots.triangle(13), r"n must be at most 12 to be readable here, got 13"),
        (lambda: plots.triangle(0), r"n must be at least 1, got 0"),
        (lambda: plots.triangle(3, -1), r"beta must be at least 0, got -1"),
        (lambda: plots.heatmap(np.zeros((33, 2))), r"at most 32 rows and columns.*\(33, 2\)"),
        (lambda: plots.heatmap([1.0]), r"matrix must have rows and columns, got shape \(1,\)"),
        (lambda: plots.steps(np.ones((7, 2)), np.ones((7, 2)), 1), r"at most 6 rows .*, got 7"),
        (lambda: plots.row_weights(16), r"i must be at most 15 to be readable here, got 16"),
        (lambda: plots.row_weights(3, []), r"betas must be 1 to 3 slopes, got 0"),
        (lambda: plots.row_weights(3, [1] * 4), r"betas must be 1 to 3 slopes, got 4"),
        (lambda: plots.bias_by_distance([0]), r"beta must be greater than 0, got 0"),
        (lambda: plots.bias_by_distance([1], 21), r"furthest must be at most 20 .*got 21"),
        (lambda: plots.ruler([0.5] * 9), r"betas must be 1 to 8 slopes, got 9"),
        (lambda: plots.ruler([0]), r"beta must be greater than 0, got 0"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_a_matrix_of_words_is_refused():
    with pytest.raises(TypeError, match="matrix must hold real numbers, got <U1"):
        plots.heatmap([["a"]])


def test_the_figures_need_no_pyplot_and_no_widgets():
    program = "import sys, linbias.plots as p; p.ruler(); p.steps([[1.0]], [[1.0]], 1)\n"
    heavy = "{'matplotlib.pyplot', 'ipywidgets', 'IPython'}"
    program += f"print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (answer.stdout, answer.stderr) == ("[]\n", "")
