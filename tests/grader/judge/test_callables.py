"""Functions over the border: a test gives them, a student's function returns them."""

import pytest
from engine import check, defines, graded, lesson, passed, verdict

from grader.autograde.grade import Terms
from grader.session.limits import Limits

APPLY = "def f(function, *given, **named):\n    return function(*given, **named)"
MAKE = "def f(n):\n    def times(x):\n        return n * x\n    return times"


@pytest.mark.parametrize(
    "call",
    [
        "f(lambda x: x + 1, 2) == 3",
        "f(len, [1, 2]) == 2 and f(int, '3') == 3",
        "f(math.sqrt, 4) == 2",
        "f(np.add, 1, 2) == 3",
        "f(str.upper, 'a') == 'A' and f(int.__add__, 1, 2) == 3",
        "f(operator.itemgetter(1), 'ab') == 'b'",
        "f(f, abs, -1) == 1",
        "f(lambda *, scale: scale, scale=3) == 3",
        "f(lambda x: x[0], (5, 6)) == 5",
        "f(lambda: f(lambda: f(lambda: 7))) == 7",
    ],
)
def test_a_test_gives_a_function(call: str) -> None:
    assert passed(verdict(f"import operator\nassert {call}", APPLY))


def test_it_can_see_how_often_it_is_called() -> None:
    test = "seen = []\nf(lambda x: seen.append(x))\nassert seen == [0, 1, 2]"

    assert passed(verdict(test, "def f(function):\n    for x in range(3): function(x)"))
    assert not passed(verdict(test, "def f(function):\n    function(0)"))


def test_an_error_of_it_reaches_the_function_and_the_test() -> None:
    test = "def bad(x):\n    raise ValueError('no')\n"
    caught = """def f(g):
    try:
        g(1)
    except ValueError as error:
        return str(error)"""

    assert passed(verdict(f"{test}assert f(bad) == 'no'", caught))
    expects = "with pytest.raises(ValueError, match='no'):\n    f(bad, 1)"
    assert passed(verdict(f"import pytest\n{test}{expects}", APPLY))


def test_a_list_beside_a_function_is_changed_in_place() -> None:
    test = "xs = [1, 2]\nf(lambda x: -x, xs)\nassert xs == [-1, -2]"

    assert passed(verdict(test, "def f(g, xs):\n    xs[:] = [g(x) for x in xs]"))


@pytest.mark.parametrize(
    "test",
    [
        "assert f(3)(4) == 12",
        "double = f(2)\nassert [double(x) for x in range(3)] == [0, 2, 4]\nassert f(5)(1) == 5",
        "assert callable(f(2))",
        "assert list(map(f(2), [1, 2])) == [2, 4]",
    ],
)
def test_a_function_returns_a_function(test: str) -> None:
    assert passed(verdict(test, MAKE))


def test_a_decorator_calls_what_it_was_given() -> None:
    code = "def f(g):\n    def twice(x):\n        return g(g(x))\n    return twice"

    assert passed(verdict("assert f(lambda x: x + 3)(1) == 7", code))
    assert passed(verdict("assert f(f)(lambda x: x + 1)(0) == 4", code))


def test_a_returned_function_is_no_number() -> None:
    found = verdict("assert f(3) == 12", MAKE)

    assert not passed(found)


@pytest.mark.parametrize(
    "code",
    [
        "def f(g):\n    while True: g(1)",
        "def f(g):\n    return g(lambda: 1)",
    ],
    ids=["without end", "with a function"],
)
def test_a_call_back_that_cannot_be_is_no_point(code: str) -> None:
    assert not passed(verdict("assert f(lambda x: x) == 1", code))


TERMS = Terms(Limits(cell_seconds=1, notebook_seconds=20))


def both(first: str, second: str, f: str) -> list[bool]:
    """Return which of two tests of one function are passed."""
    source = lesson(defines("f"), check("first", first), check("second", second))
    return [passed(one) for one in graded(source, TERMS, f=f).results]


def test_after_an_endless_call_back_the_next_question_has_its_own_answer() -> None:
    code = "def f(g):\n    while g != 3: g(1)\n    return g"

    assert both("assert f(lambda x: x)", "assert f(3) == 3", code) == [False, True]


def test_a_function_of_a_test_that_does_not_end_is_stopped() -> None:
    endless = "def g():\n    while True: pass\nf(g)"

    code = "def f(g):\n    return g if g == 3 else g()"
    assert both(endless, "assert f(3) == 3", code) == [False, True]


def test_what_a_function_of_a_test_asks_for_can_be_interrupted() -> None:
    code = "def f(g=None):\n    while g is None: pass\n    return g if g == 3 else g()"
    tests = check("first", "f(lambda: f())"), check("second", "assert f(3) == 3")
    found = graded(lesson(defines("f"), *tests), TERMS, f=code)

    assert [passed(one) for one in found.results] == [False, True]
    assert found.notes == ()  # the session has lived on


def test_a_function_that_a_student_has_kept_is_gone_with_its_test() -> None:
    code = "kept = []\ndef f(g=None):\n    if g: kept.append(g)\n    return kept[0](1)"

    assert both("assert f(lambda x: x) == 1", "assert f() == 1", code) == [True, False]


def test_a_returned_function_has_the_name_that_it_says() -> None:
    kept = "def f(g):\n    @functools.wraps(g)\n    def twice(x): return g(g(x))\n    return twice"
    test = "def add(x):\n    return x + 1\nassert f(add).__name__ == 'add' and f(add)(1) == 3"

    assert passed(verdict(test, f"import functools\n{kept}"))
    assert not passed(verdict(test, kept.replace("    @functools.wraps(g)\n", "")))
