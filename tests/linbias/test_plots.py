"""The figures: right numbers in their cells, words that say what is to be seen, quickly drawn."""

import base64
import doctest
import importlib
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from reading_svg import NAMESPACE, drawn, texts

from linbias import (
    bias_matrix,
    plots,
    softmax_rows,
)

ROOT = Path(__file__).parents[2]
README_PICTURE = ROOT / "linbias" / "plots" / "triangle.svg"
MODULES = sorted(Path(plots.__file__).parent.glob("[a-z]*.py"))
rng = np.random.default_rng(7)
Q, K = rng.normal(size=(2, 4, 3))

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
    "anatomy": plots.anatomy,
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_an_image_that_carries_its_own_words(figure):
    picture = figure()
    alt, data = re.fullmatch(
        r'<img class="linbias" role="img" alt="([^"]{80,})" '
        r'src="data:image/svg\+xml;base64,([^"]+)" decoding="sync" '
        r'style="width: \d+px; max-width: 100%; height: auto"><style>[^<]+</style>',
        picture.html,
        re.DOTALL,
    ).groups()

    assert base64.b64decode(data) == picture.data
    assert alt.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == picture.alt
    assert picture._repr_html_() == picture.html
    assert repr(picture) == picture.alt
    assert drawn(picture).find(f"{NAMESPACE}title").text == picture.alt


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_stays_on_its_paper(figure):
    """Texts are measured by Verdana's widest usual letter, so this is on the safe side."""
    root = drawn(figure())
    width, height = float(root.get("width")), float(root.get("height"))
    nested = {text for inner in root.iter(f"{NAMESPACE}svg") if inner is not root for text in inner}

    for text in root.iter(f"{NAMESPACE}text"):
        if text in nested:
            continue
        long = 0.62 * float(text.get("font-size")) * len("".join(text.itertext()))
        x, y = float(text.get("x")), float(text.get("y"))
        before = {"start": 0, "end": long}.get(text.get("text-anchor"), long / 2)
        assert x - before >= 0, "".join(text.itertext())
        assert x - before + long <= width, "".join(text.itertext())
        assert 8 <= y <= height - 4, "".join(text.itertext())


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_drawn_in_milliseconds_and_is_small(figure):
    figure()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        picture = figure()
        times.append(time.perf_counter() - start)

    assert min(times) < 0.04
    assert len(picture.data) < 80_000


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_the_same_every_time(figure):
    assert figure() == figure()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_examples_run(path):
    module = importlib.import_module(f"linbias.plots.{path.stem}")
    failed, tried = doctest.testmod(module)

    assert failed == 0
    assert tried > 0


def test_every_public_figure_is_tested_here():
    called = {name.split()[0] for name in FIGURES} | {"Picture", "bias_by_distance", "row_weights"}
    elsewhere = {"three_forms", "low_precision", "head_slopes", "head_windows"}

    assert set(plots.__all__) - elsewhere == called - {"bias", "row", "large"}


def test_the_readme_s_picture_is_what_the_code_draws():
    assert README_PICTURE.read_bytes() == plots.triangle(7, 0.5).data, (
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


def test_the_anatomy_numbers_five_parts_on_the_check_s_own_picture():
    picture = plots.anatomy()
    shown = texts(picture)

    assert [shown.count(str(k)) >= 2 for k in range(2, 6)] == [True] * 4
    assert {"yours", "expected pattern", "difference"} <= set(shown)
    assert "Difference:" in picture.alt


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
