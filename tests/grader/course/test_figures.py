"""Figures of the modules under test: graded copies show them, and no verdict depends on them."""

from collections.abc import Iterator

import pytest
from engine import cell, check, defines, lesson, locked, module_under_test, notebook, output

from grader.autograde.grade import Terms, grade
from grader.course.figures import constant, figures
from grader.course.lesson import SourceCell
from grader.outcome import GradedNotebook
from grader.session.limits import Limits

SETUP = "import numpy as np\nimport oracle\nfrom oracle import draw\nrng = np.random.default_rng(4)"
TERMS = Terms(Limits(cell_seconds=2, notebook_seconds=20), sealed=("oracle",))


@pytest.mark.parametrize(
    "code",
    [
        "oracle.cube(3)",
        "draw(3)",
        "x = 4\ndraw(x)",
        "np.round(oracle.cube(3), 2)",
        "own = np.random.default_rng(4)\ndraw(own.normal())",
        "from oracle import show\nshow(3)",
        "print(draw(3))",
        "for x in range(3):\n    print(draw(x))",
    ],
)
def test_a_cell_that_shows_something_of_a_sealed_module_is_a_figure(code: str) -> None:
    assert figures([SETUP], [code], ["oracle"]) == (code,)


@pytest.mark.parametrize(
    "code",
    [
        "np.arange(3)",
        "import oracle",
        "draws = 3\nprint(draws)",
        "draw(rng.normal())",
        "rng.shuffle(x)\ndraw(x)",
        "np.random.seed(1)\ndraw(3)",
        "np.pi = draw(3)",
        "1 +",
    ],
)
def test_a_cell_without_one_or_that_may_change_what_tests_read_is_not(code: str) -> None:
    assert figures([SETUP], [code], ["oracle"]) == ()


def test_a_locked_cell_may_be_one() -> None:
    assert figures([SETUP, "draw(3)"], [], ["oracle"]) == ("draw(3)",)


def test_a_module_is_known_by_its_whole_name() -> None:
    assert figures(["import oracles"], ["oracles.cube(3)"], ["oracle"]) == ()
    assert figures(["import oracle.cubes as cubes"], ["cubes.cube(3)"], ["oracle"])


ORACLE = {
    "__init__.py": """
def cube(x):
    return x**3

def draw(x):
    return f"a drawing of {x}"

def compare(function, x):
    return f"{function(x)} and {cube(x)}"

def moment():
    import time
    return time.time_ns()

two = 2

def cube_of_two():
    return two**3

def spoil(value):
    global two
    two = value

times = 0

def count():
    global times
    times += 1
    return times

def complain():
    the_code_of_the_oracle = 1 / 0

class Picture:
    def _repr_html_(self):
        return "<b>a picture</b>"
"""
}


@pytest.fixture(scope="module", autouse=True)
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with module_under_test("oracle", ORACLE, tmp_path_factory.mktemp("path")):
        yield


SETUP_CELL = locked("setup", "import oracle\nfrom oracle import draw")
TEST = check("test", "assert cube(2) == 8", points=2)


def handed_in(
    *free: str,
    figures: tuple[str, ...],
    setup: SourceCell = SETUP_CELL,
    test: SourceCell = TEST,
    plain: tuple[tuple[str, str], ...] = (),
) -> GradedNotebook:
    """Grade a submission that has some cells between its answer and the test."""
    answer = defines("cube")
    source = lesson(setup, answer, test, figures=figures, plain=plain)
    cells = [cell(known) for known in source.cells]
    cells[2]["source"] = "def cube(x):\n    return x**3"
    others = [cell(locked("", text), metadata={}) for text in free]
    return grade(notebook([*cells[:3], *others, cells[3]]), source, TERMS)


def text_of(found: GradedNotebook, place: int = 3) -> str:
    shown = output(found, place)
    return "".join(
        one.get("text") or one.get("evalue") or one["data"]["text/plain"] for one in shown
    )


def test_a_figure_is_in_the_graded_copy() -> None:
    found = handed_in("draw(3)", figures=("draw(3)",))

    assert text_of(found) == "'a drawing of 3'"
    assert found.results[0].points == 2


def test_it_shows_what_the_student_defined() -> None:
    code = "oracle.compare(cube, 3)"

    assert text_of(handed_in(code, figures=(code,))) == "'27 and 27'"


def test_it_shows_what_the_notebook_would_show() -> None:
    (shown,) = output(handed_in("oracle.Picture()", figures=("oracle.Picture()",)), 3)

    assert shown["data"]["text/html"] == "<b>a picture</b>"


def test_a_figure_that_a_student_changed_is_passed_over() -> None:
    found = handed_in("draw(4)", figures=("draw(3)",))

    assert "passed over" in text_of(found)
    assert "does not compute" in text_of(found)
    assert found.results[0].points == 2


def test_what_stands_below_a_line_that_is_passed_over_is_run() -> None:
    (shown,) = output(handed_in("draw(4)\nx = draw(5)\nprint(6)", figures=()), 3)[1:]

    assert shown["text"] == "6\n"


def test_a_figure_is_drawn_once() -> None:
    found = handed_in("draw(3)", "draw(3)", figures=("draw(3)",))

    assert text_of(found, 3) == "'a drawing of 3'"
    assert "passed over" in text_of(found, 4)


def test_a_figure_knows_what_an_earlier_one_imported() -> None:
    both = ("from oracle import compare\ncompare(abs, 1)", "compare(abs, 2)")

    assert text_of(handed_in(*both, figures=both), 4) == "'2 and 8'"


def test_no_test_knows_what_a_figure_has_bound() -> None:
    """Whether it is run is the student's to decide, so it must not decide a test."""
    code = "most = oracle.cube(10)\ndraw(most)"
    test = check("test", "assert cube(2) <= most")
    found = handed_in(code, figures=(code,), test=test)

    assert text_of(found) == "'a drawing of 1000'"
    assert "'most' is not defined" in found.results[0].message


def test_an_error_in_a_figure_is_told_without_the_code_that_raised_it() -> None:
    code = "oracle.complain()"
    found = handed_in(code, figures=(code,))
    (shown,) = output(found, 3)

    assert shown["ename"] == "ZeroDivisionError"
    assert "the_code_of_the_oracle" not in found.ipynb
    assert found.results[0].points == 2


@pytest.mark.parametrize("end", ["while True:\n        pass", "import os; os._exit(0)"])
def test_a_function_that_does_not_return_spoils_a_figure_and_no_more(end: str) -> None:
    code = "oracle.compare(endless, 3)"
    own = f"def endless(x):\n    {end}"
    found = handed_in(own, code, figures=(code,))

    assert found.status.startswith("graded")
    assert "27" not in text_of(found, 4)


def test_a_locked_cell_shows_its_figure_too() -> None:
    setup = locked("setup", "import oracle\nkept = oracle.cube(2)\noracle.draw(kept)")
    test = check("test", "assert cube(2) == kept")
    found = handed_in(figures=(setup.source,), setup=setup, test=test)

    assert text_of(found, 1) == "'a drawing of 8'"
    assert found.results[0].points == 1


# What a student might gain by a figure

COMPARE = "oracle.compare(cube_of, 3)"


def test_no_figure_shows_a_file_that_an_error_names() -> None:
    """Who shows a syntax error looks into the file that it names."""
    secret = 'raise SyntaxError("look", ("/etc/passwd", 1, 1, "x"))'
    found = handed_in(f"def cube_of(x):\n    {secret}", COMPARE, figures=(COMPARE,))
    (shown,) = output(found, 4)

    assert shown["traceback"] == ["SyntaxError: look (passwd, line 1)"]
    assert "root:" not in found.ipynb


def test_a_figure_cannot_be_used_to_change_what_a_test_reads() -> None:
    setup = locked("setup", "import oracle\nimport numpy as np\ndata = np.array([2.0, 3.0])")
    code = "oracle.compare(wipe, data)"
    own = "def wipe(x):\n    x[:] = 0\n    return x"
    test = check("test", "assert data.tolist() == [2, 3]")
    found = handed_in(own, code, figures=(code,), setup=setup, test=test)

    assert "[0. 0.]" in text_of(found, 4)
    assert found.results[0].points == 1


def test_a_name_of_pythons_own_is_not_the_students_in_a_figure() -> None:
    code = "print(oracle.cube(3))"
    own = "def print(answer):\n    globals().update(answer=answer)"
    test = check("test", "assert answer == 27")
    found = handed_in(own, code, figures=(code,), test=test)

    assert text_of(found, 4) == "27\n"
    assert found.results[0].points == 0


def test_a_name_of_the_instructors_is_not_the_students_before_its_cell() -> None:
    """As when a student moves a figure up."""
    answer = defines("cube")
    source = lesson(SETUP_CELL, answer, TEST, figures=("draw(3)",))
    cells = [cell(known) for known in source.cells]
    own = [
        cell(locked("", text), metadata={}) for text in ("def draw(x):\n    return 5", "draw(3)")
    ]
    found = grade(notebook([*own, *cells]), source, TERMS)

    assert text_of(found, 1) == "name 'draw' is not defined"


@pytest.mark.parametrize(
    "code",
    [
        "mine(oracle.cube(3))",
        "y = draw(3)\nz = [y]\nmine(given=z)",
        "mine.change(draw(3))",
        "list(map(mine, [draw(3)]))",
        "np.apply_along_axis(mine, 0, oracle.matrix)",
        "own = mine\nlist(map(own, [draw(3)]))",
        "sorted([draw(3)], key=lambda x: mine(x))",
    ],
)
def test_a_cell_that_gives_a_student_what_a_sealed_module_computed_is_none(code: str) -> None:
    assert figures([SETUP], [code], ["oracle"]) == ()


def test_a_cell_that_gives_it_to_what_an_unlocked_cell_imports_is_none() -> None:
    """Students may change that cell, and so what the name is."""
    code = "pprint(oracle.cube(3))"

    assert figures([SETUP], ["from pprint import pprint", code], ["oracle"]) == ()
    assert figures([SETUP, "from pprint import pprint"], [code], ["oracle"]) == (code,)


def test_a_session_that_lies_about_its_names_spoils_its_figures_alone() -> None:
    lie = """import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Session":
        thing._answers["names"] = lambda message: {
            name: {"is": "value", "value": {"t": "nope"}} for name in message["names"]
        }"""
    code = "oracle.compare(abs, own)"
    test = check("test", "assert len('abc') == 3")
    found = handed_in(f"own = 3\n{lie}", code, figures=(code,), test=test)

    assert found.results[0].points == 1


def test_a_figure_without_anything_of_a_student_is_drawn_once_for_a_class() -> None:
    code = "oracle.moment()"
    first, second = (handed_in(code, figures=(code,)) for _ in range(2))

    assert text_of(first).isdigit()
    assert text_of(first) == text_of(second)


def test_what_is_drawn_once_is_not_drawn_again_for_the_tests_of_each() -> None:
    code = "oracle.count()"
    test = check("test", "assert oracle.times == 0")
    found = handed_in(code, figures=(code,), test=test, plain=(("test", code),))

    assert text_of(found).isdigit()
    assert found.results[0].points == 1


def test_a_figure_with_something_of_a_student_is_drawn_for_each() -> None:
    code = "(oracle.moment(), cube(2))"
    first, second = (handed_in(code, figures=(code,)) for _ in range(2))

    assert text_of(first) != text_of(second)


def test_what_is_drawn_once_knows_no_submission() -> None:
    """Not even the first one, whose test changes what draws."""
    code = "draw(cube_of_two())"
    setup = locked("setup", "import oracle\nfrom oracle import draw, cube_of_two, spoil")
    spoiling = check("test", "spoil(cube(2))\nassert cube(2) == 9", points=2)
    test = check("test", "assert cube(2) == 8", points=2)
    handed_in(code, figures=(code,), setup=setup, test=spoiling)

    assert text_of(handed_in(code, figures=(code,), setup=setup, test=test)) == "'a drawing of 8'"


def test_a_figure_that_cannot_be_drawn_costs_nothing() -> None:
    code = "oracle.complain()"
    found = handed_in(code, figures=(code,))

    assert found.results[0].points == 2


@pytest.mark.parametrize(
    ("figure", "same"),
    [
        ("draw(3)", True),
        ("print(draw(3))", True),
        ("y = draw(3)", False),
        ("draw(cube(3))", False),
        ("draw(mine)", False),
    ],
)
def test_which_figures_are_the_same_for_all(figure: str, same: bool) -> None:
    assert constant(figure, ["from oracle import draw"]) is same


@pytest.mark.parametrize("last", [False, True])
def test_a_figure_shows_what_a_plain_cell_above_it_defines(last: bool) -> None:
    """Such as a planned failure: the check of a function that the lesson gives."""
    given, code = "def given(x):\n    return 2", "oracle.compare(given, 3)"
    below = "" if last else "test"
    source = lesson(
        SETUP_CELL,
        defines("cube"),
        TEST,
        figures=(code,),
        plain=((below, given), (below, code)),
    )
    cells = [cell(known) for known in source.cells]
    free = [cell(locked("", text), metadata={}) for text in (given, code)]
    ordered = [*cells, *free] if last else [*cells[:2], *free, cells[2]]
    found = grade(notebook(ordered), source, TERMS)

    assert "'2 and 27'" in [text_of(found, place) for place in range(6)]
