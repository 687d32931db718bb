"""The names that code binds, reads, imports and may change."""

import ast

import pytest

from grader.course.names import binds, changes, imported, imports_of, reads


def tree(code: str) -> ast.Module:
    return ast.parse(code)


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


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import a, b.c as d", {"a": "import a", "d": "import b.c as d"}),
        ("import a.b", {"a": "import a.b"}),
        ("from a import b, c as d", {"b": "from a import b", "d": "from a import c as d"}),
        ("from .a import b", {"b": "from .a import b"}),
        ("try:\n    import a\nexcept ImportError:\n    a = None", {"a": "import a"}),
        ("def f():\n    import a", {}),
        ("x = 1", {}),
    ],
)
def test_each_import_of_the_top_level_is_found_by_its_name(code, found):
    assert {name: ast.unparse(one) for name, one in imports_of(tree(code)).items()} == found
