"""Slices: of the instructor's cells a test gets all that it needs, and nothing for show."""

import ast

import pytest

from grader.course.names import binds, changes, imported, needed, reads


def tree(code: str) -> ast.Module:
    return ast.parse(code)


def kept(*cells: str, test: str) -> list[str]:
    """Return what of each cell a test needs that comes after them, as code."""
    parsed = [(tree(code), False) for code in cells]
    slices = needed([*parsed, (tree(test), True)])
    return [ast.unparse(ast.Module(body=list(body), type_ignores=[])) for body in slices[:-1]]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x = 1", "x"),
        ("x: int = 1", "x"),
        ("x += 1", "x"),
        ("a, (b, *c) = 1, (2, 3)", "a b c"),
        ("def f(given): local = 1", "f"),
        ("async def f(): local = 1", "f"),
        ("class C:\n    field = 1", "C"),
        ("import numpy", "numpy"),
        ("import os.path", "os"),
        ("import numpy as np", "np"),
        ("from math import pi, e as euler", "pi euler"),
        ("from math import *", "*"),
        ("for i in range(3): x = i", "i x"),
        ("while True: x = 1", "x"),
        ("with open('a') as f: x = 1", "f x"),
        ("if c: x = 1\nelse: y = 2", "x y"),
        ("try:\n    import a\nexcept ImportError:\n    a = None", "a"),
        ("print(x := 1)", "x"),
        ("match m:\n    case {'k': v, **rest}: pass", "v rest"),
        ("match m:\n    case [first, *others] as all: pass", "first others all"),
        ("[i for i in a]", ""),
        ("sum(i for i in a)", ""),
        ("f = lambda y: (z := y)", "f"),
        ("a.b = 1", ""),
        ("a[0] = 1", ""),
        ("del x", "x"),
    ],
)
def test_binds_finds_the_names_of_the_top_level(code, names):
    assert binds(tree(code)) == set(names.split())
    assert set().union(*map(binds, tree(code).body)) == set(names.split())


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x = y", "y"),
        ("x += 1", "x"),
        ("def f(a=b): return c", "b c"),
        ("lambda: d", "d"),
        ("[x for x in xs]", "x xs"),
        ("f'{a:{b}}'", "a b"),
        ("a.b[c].d = e", "a c e"),
        ("class C(B): pass", "B"),
        ("@wrapped\ndef f(): pass", "wrapped"),
        ("del x", ""),
    ],
)
def test_reads_finds_the_names_that_are_read_anywhere(code, names):
    assert reads(tree(code)) == set(names.split())


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("cases.append(1)", "cases"),
        ("cases[0] = 1", "cases"),
        ("del cases[0]", "cases"),
        ("table.row.value = 1", "table"),
        ("table.rows[0].add(1)", "table"),
        ("last = cases.pop()", "last cases"),
        ("shuffle(cases)", "cases"),
        ("np.fill_diagonal(matrix, 0)", "np matrix"),
        ("np.random.seed(0)", "np"),
        ("y = np.zeros(3)", "y"),
        ("noise = rng.normal()", "noise rng"),
        ("for n in range(3): cases.append(n)", "n cases"),
        ("if big: cases.clear()", "cases"),
        ("def fill(): cases.append(1)", "fill"),
        ("print(cases)", ""),
        ("display(cases)", ""),
        ("cases", ""),
        ("len(cases) + 1", ""),
        ("x = len(cases)", "x"),
    ],
)
def test_changes_finds_what_may_be_another_thing_afterwards(code, names):
    assert changes(tree(code), {"np"}) == set(names.split())


def test_modules_are_the_names_that_imports_bind_anywhere():
    code = "import numpy as np\ndef f():\n    from math import pi\nx = 1"
    assert imported([tree(code)]) == {"np", "pi"}


def test_a_test_is_needed_whole():
    test = tree("print('a')\nx\nassert y")
    assert needed([(test, True)]) == [test.body]


@pytest.mark.parametrize(
    ("cell", "test", "what"),
    [
        ("a = 1\nb = 2", "assert f(b)", "b = 2"),
        ("a = 1\nb = a", "assert f(b)", "a = 1\nb = a"),
        ("def helper(): return c\nc = 3", "helper()", "def helper():\n    return c\nc = 3"),
        ("import numpy as np\nimport os", "np.all(f(1))", "import numpy as np"),
        ("from math import *", "assert f(1)", "from math import *"),
        ("cases = []\nfor n in (1, 2):\n    cases.append(n)", "f(*cases)", None),
        ("expected = [0]\nexpected[0] = 4", "assert f(2) == expected", None),
        ("import random\nrandom.seed(1)\nx = random.random()", "assert f(x)", None),
        ("rng = make(1)\nrng.random()\nx = rng.random()", "assert f(x)", None),
        ("cases = [1]\nprint(cases)\ncases", "f(*cases)", "cases = [1]"),
        ("plt.plot(1)\nplt.show()", "assert f(1)", ""),
    ],
)
def test_of_another_cell_what_a_test_reads_is_needed_with_all_that_made_it(cell, test, what):
    assert kept(cell, test=test) == [ast.unparse(tree(cell)) if what is None else what]


def test_a_chain_of_cells_is_followed_back():
    assert kept("a = 1", "b = a", "c = 2", test="f(b)") == ["a = 1", "b = a", ""]


def test_what_comes_after_the_last_test_that_reads_it_is_not_needed():
    first, second, test = tree("a = 1"), tree("a = 2"), tree("f(a)")
    slices = needed([(first, False), (test, True), (second, False)])

    assert slices == [first.body, test.body, []]


def test_a_test_hands_its_names_on_to_later_tests():
    first, second = tree("def helper(): return 1"), tree("helper()")
    assert needed([(first, True), (second, True)]) == [first.body, second.body]
