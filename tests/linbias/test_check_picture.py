"""The picture: what is in it, what its text says, and what it keeps to itself."""

import base64
import html
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import Any

import numpy as np
import pytest

import linbias
from linbias._paper import DARK, PAPER
from linbias.check import CASES, EXERCISES, CheckFailed, check, svg
from linbias.check.exercise import Attempt, Mistake
from linbias.check.panels import panels

ROWS = [
    pytest.param(name, row, id=f"{name}-{row.slug}")
    for name, exercise in EXERCISES.items()
    if name == exercise.name
    for row in exercise.mistakes
]
SVG = "{http://www.w3.org/2000/svg}"


def failure(name: str, function: Any, *cases: Any) -> CheckFailed:
    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    with pytest.raises(CheckFailed) as error:
        check(student, *(cases or CASES[name]))
    return error.value


def svgs_of(picture: str) -> list[ElementTree.Element]:
    data = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', picture)
    return [ElementTree.fromstring(base64.b64decode(one)) for one in data]


def alt_of(picture: str) -> str:
    """Return the words of all images, in their order, and of the text around them."""
    words = re.findall(r'alt="([^"]*)"|<[bp][^<>]*>([^<>]+)<', picture, re.DOTALL)
    return html.unescape("\n".join(alt or text for alt, text in words if alt or text))


def words_of(picture: str) -> str:
    texts = (text.text or "" for one in svgs_of(picture) for text in one.iter(f"{SVG}text"))
    return "\n".join(texts)


def on_paper(drawing: ElementTree.Element) -> set[str]:
    """Return the colours of what does not lie on a cell."""
    parts = [part for part in drawing if part.get("class") != "cell" and part.tag != f"{SVG}defs"]
    colours = {part.get(what, "none") for part in parts for what in ("fill", "stroke")}
    return colours - {"none"}


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_picture_is_sound_fits_the_notebook_and_has_its_text(
    name: str, row: Mistake, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = failure(name, row.wrong).picture
    if not picture:
        assert capsys.readouterr().out == ""
        return
    said = capsys.readouterr().out.strip()
    assert len(alt_of(picture)) > 40
    assert all(html.unescape(alt) in said for alt in re.findall('alt="([^"]*)"', picture))
    for drawing in svgs_of(picture):
        width, height = (float(drawing.attrib[key]) for key in ("width", "height"))
        assert width <= 760
        assert not list(drawing.iter(f"{SVG}script"))
        for text in drawing.iter(f"{SVG}text"):
            assert 0 <= float(text.attrib["x"]) <= width
            assert 0 <= float(text.attrib["y"]) <= height
        assert on_paper(drawing) <= set(DARK)


def test_a_picture_is_dark_on_a_dark_page_and_its_cells_are_light() -> None:
    picture = failure("bias_matrix", flipped, (4, 0.5)).picture
    drawing = base64.b64decode(re.findall(r'base64,([^"]+)"', picture)[0]).decode()

    assert "[data-jp-theme-light=false] img.linbias" in picture
    assert picture.count('" class="linbias" src=') == picture.count("<img ")
    assert f":not(.cell)>[fill='{PAPER}']{{fill:{DARK[PAPER]}!important}}" in drawing
    assert drawing.count(f'fill="{PAPER}"') == 1 + 4  # the paper, and four cells that hold 0


def test_three_panels_stand_side_by_side_and_below_each_other_where_they_have_no_room() -> None:
    """A browser breaks the row between images that are in a line."""
    picture = failure("bias_matrix", flipped, (4, 0.5)).picture
    *panels_, legend = re.findall(r"<img [^>]+>", picture)

    assert len(panels_) == 3
    assert not any("display:block" in panel for panel in panels_)
    assert "display:block" in legend
    # Beside JupyterLab's file browser an output is 548 pixels wide in a window of 1000.
    assert sum(float(one.attrib["width"]) for one in svgs_of(picture)[:3]) + 2 * 5 < 548


def test_vectors_stand_below_each_other_so_that_columns_can_be_compared() -> None:
    picture = failure("bias_row", lambda i, beta: [0.0] * 5, (4, 0.5)).picture

    assert picture.count("display:block") == 4


def test_the_caption_is_text_that_the_window_wraps() -> None:
    picture = failure("bias_matrix", flipped, (4, 0.5)).picture

    assert re.search(r"<p [^>]+>Outlined: query 2, key 0: yours is 1\. [^<]+</p>", picture)


def flipped(n: int, beta: float) -> Any:
    right = linbias.bias_matrix(n, beta)
    return np.where(np.isinf(right), right, -right)


def test_the_text_holds_every_cell_of_all_three_panels() -> None:
    alt = alt_of(failure("bias_matrix", flipped, (4, 0.5)).picture)

    assert "query 3: 1.5, 1, 0.5, 0" in alt
    assert "query 1: a number, 0, -inf, -inf" in alt
    assert "query 1: differs, agrees, agrees, agrees" in alt
    assert "Outlined: query 2, key 0: yours is 1." in alt


def test_the_picture_says_the_same_as_its_text() -> None:
    words = words_of(failure("bias_matrix", flipped, (4, 0.5)).picture)

    for part in (
        "yours",
        "expected pattern",
        "difference",
        "1.5",
        "−∞",
        "agrees",
        "differs",
        "blocked",
    ):
        assert part in words


def test_signs_carry_the_difference_as_well_as_colours() -> None:
    """Six cells differ, each with a cross of two strokes; ten agree, each with a tick of one."""
    drawings = svgs_of(failure("bias_matrix", flipped, (4, 0.5)).picture)
    strokes = [path.attrib["stroke"] for one in drawings for path in one.iter(f"{SVG}path")]

    assert len(strokes) == 16 + 2  # and one of each in the legend
    assert len(set(strokes)) == 2


def test_the_expected_panel_shows_a_pattern_and_no_numbers() -> None:
    alt = alt_of(failure("bias_matrix", flipped, (7, 0.37)).picture)
    expected = alt.split("Expected pattern:")[1].split("Difference:")[0]

    assert not re.search(r"\d\.\d", expected)


def test_an_answer_of_another_shape_is_laid_over_and_not_compared() -> None:
    alt = alt_of(failure("bias_row", lambda i, beta: [0.0] * 7, (4, 0.5)).picture)

    assert "in both, in both, in both, in both, in both, too many, too many" in alt
    assert "agrees" not in alt


def test_a_huge_answer_shows_its_corner_only() -> None:
    picture = failure("bias_matrix", lambda n, beta: np.zeros((90, 90)), (4, 0.5)).picture

    assert "first 12 of 90" in alt_of(picture)
    assert len(picture) < 200_000


def test_two_huge_answers_of_different_shapes_are_not_compared() -> None:
    picture = failure("bias_matrix", lambda n, beta: np.zeros((40, 40)), (16, 0.5)).picture

    assert "agrees" not in alt_of(picture)


@pytest.mark.parametrize(
    "value", [None, "<b>bold</b>", 0.0, np.zeros((2, 2, 2)), np.zeros((0, 3)), []]
)
def test_what_has_no_cells_has_no_picture(value: Any) -> None:
    assert failure("bias_matrix", lambda n, beta: value, (4, 0.5)).picture == ""


def test_a_students_text_is_escaped() -> None:
    labels = [["<script>alert(1)</script>"] * (i + 1) for i in range(4)]
    picture = failure("score_labels", lambda n: labels, (4,)).picture

    assert "<script" not in picture
    assert not any(list(one.iter(f"{SVG}script")) for one in svgs_of(picture))


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300, -1e300, 1e-300, 123456.0])
@pytest.mark.parametrize("name", ["bias_row", "linear_bias", "half_distance", "window", "distance"])
def test_extreme_numbers_are_drawn_or_left_out_and_never_fail(name: str, value: float) -> None:
    def student(*arguments: Any) -> Any:
        return np.full(5, value) if name == "bias_row" else value

    assert failure(name, student, CASES[name][0]).exercise == name


def test_checking_imports_no_plotting_and_no_notebook() -> None:
    code = (
        "import sys; from linbias.check import check\n"
        "def distance(i, j): return j - i\n"
        "try: check(distance, (5, 2))\n"
        "except AssertionError: pass\n"
        "print(*{'matplotlib', 'IPython', 'ipywidgets', 'nbgrader'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == ""
    assert done.stderr == ""


def test_a_colour_means_one_thing() -> None:
    """Blue is below 0, orange above, green a share; agreeing and differing have none of these."""
    fills = {}
    for name in ("attend", "bias_matrix", "attention_weights"):
        for value in (-1.0, 1.0):
            answer = np.array([[value]])
            yours, *_ = panels(EXERCISES[name], Attempt({}, answer, answer))
            fills[name, value] = yours.rows[0][0].fill

    assert {fill for (_, value), fill in fills.items() if value < 0} == {svg.tint(1, "blue")}
    assert fills["attend", 1.0] == fills["bias_matrix", 1.0] == svg.tint(1, "orange")
    assert fills["attention_weights", 1.0] == svg.tint(1, "green")
    assert not {svg.AGREES_FILL, svg.DIFFERS_FILL, "#ffffff"} & set(fills.values())


def test_a_table_of_one_row_is_not_ticked_as_if_it_were_right() -> None:
    table = failure("bias_row", lambda i, beta: linbias.bias_row(i, beta)[None], (4, 0.5))

    assert "agrees" not in alt_of(table.picture)


def test_names_in_rows_of_other_lengths_are_compared() -> None:
    wrong = failure("score_labels", lambda n: [["q0k0", "q0k1"], ["q1k0"]], (2,))

    assert "query 0: agrees, too many" in alt_of(wrong.picture)


def third_head_flipped(H: int, n: int) -> Any:
    bias = linbias.alibi_bias(H, n)
    bias[2] = np.where(np.isinf(bias[2]), bias[2], -bias[2])
    return bias


def test_of_many_heads_the_first_that_differs_is_drawn() -> None:
    error = failure("alibi_bias", third_head_flipped)

    assert "alibi_bias(H=12, n=4), head 2" in error.picture
    assert "Outlined: head 2, query 2, key 0: yours is 0.25." in alt_of(error.picture)
    assert "  query 1: 0.125, 0, -inf, -inf" in alt_of(error.picture)


def test_heads_of_the_wrong_shape_are_told_and_not_drawn() -> None:
    error = failure("alibi_bias", lambda H, n: linbias.alibi_bias(H, n)[None])

    assert error.picture == ""
    assert "of the shape (12, 4, 4): for each head one table" in error.sentence


def test_two_matrices_are_drawn_with_their_difference() -> None:
    error = failure("same_attention", lambda A, B: bool((A == B).all()))
    lines = words_of(error.picture).splitlines()

    assert {"A", "B", "B − A"} <= set(lines)
    assert max(map(len, lines)) <= 88
    assert "Yours: False. In every row the shares are the same." in alt_of(error.picture)


def test_the_numbers_of_two_tables_keep_clear_of_their_neighbours() -> None:
    A = linbias.bias_matrix(4, 0.70649)
    lines = words_of(failure("same_attention", lambda A, B: True, (A, 2 * A)).picture).split()

    assert "−0.71" in lines
    assert not [line for line in lines if line.startswith("−0.706")]
