"""What an official solution changes, and whether a function leaves alone what it is given."""

import ast

import pytest

from grader.course.effects import alters, leaves_arguments


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a[0] = 1", "a"),
        ("a.b = 1", "a"),
        ("del a[0]", "a"),
        ("a['x'] += 1", "a"),
        ("a.append(1)", "a"),
        ("last = a.pop()", "a"),
        ("a.b.sort()", "a"),
        ("shuffle(a)", "a"),
        ("import numpy as np\nnp.random.shuffle(a)", "a"),
        ("from heapq import heappush\nheappush(a, 1)", "a"),
        ("a.drop('x', inplace=True)", "a"),
        ("np.clip(b, 0, 1, out=a)", "a"),
        ("b = a.drop('x', inplace=False)", ""),
        ("account.deposit(5)", "account"),
        ("def f(n):\n    memo[n] = 1", "memo"),
        ("def f(a):\n    a[0] = 1", ""),
        ("def f():\n    a = []\n    a.append(1)", ""),
        ("def f():\n    global count\n    count = 1", "count"),
        ("f = lambda a: a.append(1)", ""),
        ("import numpy as np\nnp.random.seed(1)", ""),
        ("b = a.split()", ""),
        ("a.head()", ""),
        ("print(a)", ""),
        ("b = len(a)", ""),
    ],
)
def test_alters_finds_what_is_changed_without_being_bound(code, names):
    assert alters(ast.parse(code)) == set(names.split())


@pytest.mark.parametrize(
    "body",
    [
        "return sorted(xs)",
        "return xs - xs.mean(axis=0)",
        "result = []\n  for x in xs:\n    result.append(x * 2)\n  return result",
        "total = 0\n  for x in xs:\n    total += x\n  return total",
        "ys = xs.copy()\n  ys[0] = 1\n  return ys",
        "ys = list(xs)\n  ys.sort()\n  return ys",
        "return np.sum(xs)",
        "return f(len(xs) - 1)",
    ],
)
def test_a_function_that_makes_something_new_leaves_its_arguments(body):
    assert leaves_arguments(ast.parse(f"def f(xs):\n  {body}").body[0])


@pytest.mark.parametrize(
    "body",
    [
        "xs.sort()",
        "xs[0] = 1",
        "xs += [1]",
        "del xs[0]",
        "ys = xs\n  ys.sort()",
        "ys = np.asarray(xs)\n  ys[0] = 1",
        "for x in xs:\n    x.append(1)",
        "rows = [x for x in xs]\n  rows[0][0] = 1",
        "np.random.shuffle(xs)",
        "helper(xs)",
        "helper(xs[1:])",
        "helper(given=xs)",
        "def inner():\n    xs.append(1)\n  inner()",
    ],
)
def test_a_function_that_may_change_them_is_not_said_to_leave_them(body):
    assert not leaves_arguments(ast.parse(f"def f(xs):\n  {body}").body[0])
