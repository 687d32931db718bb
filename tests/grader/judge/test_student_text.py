"""The text of a student's cells: read where it can be, never made up, never run."""

import linecache
import sys

import pytest
from engine import answer, check, graded, lesson, passed

from grader.judge.student_text import FILE, LONGEST, ProxyCode, StudentText


def read(*cells: str) -> StudentText:
    text = StudentText()
    for cell in cells:
        text.add(cell)
    return text


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["def f(): pass"], 1),
        (["x = 1", "def f(): pass"], 2),
        (["def f(): pass", "def f(): return 1"], 2),
        (["@trace\ndef f(): pass"], 1),
        (["g = f = print"], 1),
        (["%matplotlib inline\ndef f(): pass"], 2),
        (["%%time\n!ls\ndef f(): pass"], 3),
        (["x = 1 +", "def f(): pass"], 1),
        (["x = 1"], 0),
        (["exec('def f(): pass')"], 0),
    ],
)
def test_a_name_has_the_line_that_binds_it_last(cells, line):
    assert read(*cells).line_of("f") == line


def test_the_cells_are_one_file_for_pythons_own_readers():
    read("x = 1", "def f():\n    return x")

    assert linecache.getlines(FILE) == ["x = 1\n", "def f():\n", "    return x\n"]


@pytest.mark.parametrize("deep", ["-" * 90_000 + "1", "f" + "()" * 40_000, "(" * 90_000])
def test_text_made_to_break_the_reader_is_left_out(deep):
    # Python 3.14 reads the calls.
    read_it = sys.version_info >= (3, 14) and "()" in deep
    assert read(f"f = {deep}").line_of("f") == int(read_it)


def test_text_that_is_nested_deeper_than_calls_go_is_read():
    cases = "\n".join(f"elif n == {number}: import os" for number in range(1_500))

    assert read(f"f = f{'()' * 1_500}").line_of("f") == 1
    assert "os" in read(f"if n == -1: pass\n{cases}").imports


def test_text_that_is_too_long_is_left_out():
    assert read("#" * LONGEST, "f = 1").line_of("f") == 1
    assert read("x = 1", f"f = 1 {'#' * LONGEST}").line_of("f") == 0


def test_nothing_but_its_place_is_told_of_a_code():
    def refuse(what):
        raise KeyError(what)

    code = ProxyCode("f", 3, refuse)

    assert (code.co_name, code.co_filename, code.co_firstlineno) == ("f", FILE, 3)
    assert not hasattr(code, "anything")
    with pytest.raises(KeyError, match="co_argcount"):
        code.co_argcount  # noqa: B018


STYLE = check("test", "import inspect\nassert f([2]) == 2 and 'for' not in inspect.getsource(f)")
LOOP = "def f(x):\n    for one in x:\n        return one\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{LOOP}if False:\n    def f(x): return sum(x)",
        f"def f(x): return sum(x)\nexec({LOOP!r})",
        f"def f(x): return sum(x)\n{LOOP.replace('f(', 'g(')}globals()['f'] = g",
    ],
)
def test_a_text_that_is_not_that_of_the_function_earns_nothing(text: str) -> None:
    assert not graded(lesson(answer("a"), STYLE), a=text).results[0].points


@pytest.mark.parametrize(
    "text",
    [
        "def f(x): return sum(x)",
        "\n\n# a comment\nf = lambda x: sum(x)",
        f"{LOOP}\n\ndef f(x): return sum(x)",
        "try:\n    def f(x): return sum(x)\nexcept ImportError:\n    pass",
        "%matplotlib inline\ndef f(x):\n    return sum(x)",
        "import functools\ndef same(g):\n    @functools.wraps(g)\n"
        "    def h(x): return g(x)\n    return h\n@same\ndef f(x): return sum(x)",
    ],
)
def test_the_text_of_the_function_that_is_called_is_read(text: str) -> None:
    assert passed(graded(lesson(answer("a"), STYLE), a=text).results[0])
