"""Signatures of students' functions: read from their text, never run, never made up."""

import pytest
from engine import answer, defines, locked, passed, result, verdict

OWN = 'def f(x: int, /, y: "float" = -2.5, *rest: str, size=(1, 2), **more) -> list[int]:\n    pass'


@pytest.mark.parametrize(
    "test",
    [
        "list(inspect.signature(f).parameters) == ['x', 'y', 'rest', 'size', 'more']",
        "str(inspect.signature(f)) == "
        "\"(x: int, /, y: 'float' = -2.5, *rest: str, size=(1, 2), **more) -> list[int]\"",
        "inspect.signature(f).parameters['size'].default == (1, 2)",
        "inspect.signature(f).parameters['x'].default is inspect.Parameter.empty",
        "inspect.signature(f).bind(1, 2).arguments == {'x': 1, 'y': 2}",
        "inspect.getfullargspec(f).args == ['x', 'y']",
        "inspect.getfullargspec(f).varkw == 'more'",
        "f.__defaults__ == (-2.5,)",
        "f.__kwdefaults__ == {'size': (1, 2)}",
        "f.__annotations__ == {'x': int, 'y': 'float', 'rest': str, 'return': list[int]}",
        "typing.get_type_hints(f) == {'x': int, 'y': float, 'rest': str, 'return': list[int]}",
        "f.__code__.co_argcount == 2 and f.__code__.co_varnames[:2] == ('x', 'y')",
        "not inspect.isgeneratorfunction(f)",
    ],
)
def test_a_test_reads_a_functions_signature(test: str) -> None:
    assert passed(verdict(f"import inspect, typing\nassert {test}", OWN))


@pytest.mark.parametrize(
    "own",
    [
        "def f(y): pass",
        "def f(x, y): pass",
        "def f(x=3): pass",
        "def f(*x): pass",
        "def f(): pass\nf = lambda y: y",
    ],
)
def test_a_wrong_signature_fails_with_the_tests_own_words(own: str) -> None:
    test = "import inspect\nassert str(inspect.signature(f)) == '(x)', 'f takes one x'"

    assert passed(verdict(test, "def f(x): pass"))
    found = verdict(test, own)
    assert (found.points, found.message) == (0, "f takes one x")


@pytest.mark.parametrize(
    ("own", "default"),
    [
        ("def f(x=[1, {'a': None}]): pass", "[1, {'a': None}]"),
        ("def f(x=-np.pi): pass", "-math.pi"),
        ("import math as m\ndef f(x=m.inf): pass", "math.inf"),
        ("from math import tau\ndef f(x=tau): pass", "math.tau"),
        ("def f(x=len): pass", "len"),
        ("f = lambda x=3: x", "3"),
    ],
)
def test_a_default_is_a_literal_or_a_constant_that_everybody_has(own: str, default: str) -> None:
    test = f"import inspect\nassert inspect.signature(f).parameters['x'].default == {default}"

    assert passed(verdict(test, own))


@pytest.mark.parametrize(
    ("hint", "type"),
    [
        ("np.ndarray", "np.ndarray"),
        ("'np.ndarray'", "np.ndarray"),
        ("int | None", "int | None"),
        ("Optional[int]", "typing.Optional[int]"),
        ("'Optional[list[int]]'", "typing.Optional[list[int]]"),
        ("Callable[[int], str]", "typing.Callable[[int], str]"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("Literal['a', 1]", "typing.Literal['a', 1]"),
        ("Point", "Point"),
    ],
)
def test_a_hint_is_made_of_known_types(hint: str, type: str) -> None:
    own = f"from typing import Callable, Literal, Optional\ndef f(x: {hint}): pass"
    test = f"import typing\nassert typing.get_type_hints(f) == {{'x': {type}}}"
    point = locked("point", "class Point: pass")

    assert passed(result(test, point, defines("f"), f=own))


def test_hints_stay_text_where_the_student_asks_for_it() -> None:
    own = "from __future__ import annotations\ndef f(x: list[int]): pass"

    assert passed(verdict("assert f.__annotations__ == {'x': 'list[int]'}", own))


RUNS = "print(1) or int"


@pytest.mark.parametrize(
    "hint",
    [
        RUNS,
        f'"{RUNS}"',
        f"list[{RUNS!r}]",
        f'list["{RUNS}"]',
        f"'list[\"{RUNS}\"]'",
        f"Literal[{RUNS}]",
        "(lambda: int)()",
        "np.ndarray.mro",
        "np.s_[1:2]",
        "np.r_[1]",
        "__import__('os').environ",
        "Mine",
        "'not python'",
    ],
)
def test_a_hint_that_is_more_than_known_types_is_neither_run_nor_read(hint: str) -> None:
    own = f"from typing import Literal\nclass Mine: pass\ndef f(x: {hint}): pass"
    test = """import typing
with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(BaseException):
    typing.get_type_hints(f)
assert out.getvalue() == '', 'it was run'"""
    found = verdict(test, own)

    assert (found.points, "the type of x" in found.cause) == (None, True)


@pytest.mark.parametrize(
    "own",
    [
        "n = 3\ndef f(x=n): pass",
        "def f(x=list()): pass",
        "class N(int): pass\ndef f(x=N(3)): pass",
        "def f(x=print('run')): pass",
    ],
)
def test_a_default_that_cannot_be_read_waits_for_a_person(own: str) -> None:
    names = "import inspect\nassert list(inspect.signature(f).parameters) == ['x']"

    assert passed(verdict(names, own))
    found = verdict("assert f.__defaults__ == (3,)", own)
    assert (found.points, "the default of x" in found.cause) == (None, True)


@pytest.mark.parametrize(
    "own",
    [
        "def twice(g): return lambda *a: g(g(*a))\n@twice\ndef f(x): pass",
        "def g(x): pass\nf = g",
        "if True:\n    def f(x): pass",
        "exec('def f(x): pass')",
        "def f(x): pass\nexec('def f(x, y): pass')\nf, g = f, 1",
        "class F:\n    def __call__(self, x): pass\nf = F()",
    ],
)
def test_what_is_not_plainly_defined_has_no_signature_here(own: str) -> None:
    found = verdict("import inspect\nassert inspect.signature(f)", own)

    assert (found.points, "Of 'f' a test wants its" in found.cause) == (None, True)


def test_a_returned_function_has_not_the_signature_of_the_one_that_made_it() -> None:
    own = "def f(n):\n    def g(x, y): pass\n    return g"

    assert verdict("assert f(1).__defaults__ is None", own).points is None


def test_a_code_of_a_student_never_reaches_a_test() -> None:
    own = "def f(x):\n    def g(): return print('run')\n    return g"
    test = "import types\ntypes.FunctionType(f.__code__.co_consts[1], {})()"

    assert not passed(verdict(test, own))
    assert not passed(verdict("import types\ntypes.FunctionType(f.__code__, {})(1)", own))


@pytest.mark.parametrize("name", ["sum", "np"])
def test_a_test_may_ask_what_names_a_function_uses(name: str) -> None:
    own = "import numpy as np\ndef f(x):\n    return np.sum(x)"

    assert passed(verdict(f"assert {name!r} in f.__code__.co_names", own))
    assert not passed(verdict(f"assert {name!r} in f.__code__.co_names", "def f(x): return x"))


def test_the_name_of_a_later_cell_counts() -> None:
    test = "import inspect\nassert str(inspect.signature(f)) == '(x, y)'"
    cells = (defines("f"), answer("later"))

    assert passed(result(test, *cells, f="def f(x): pass", later="def f(x, y): pass"))
