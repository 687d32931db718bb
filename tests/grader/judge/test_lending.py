"""What a test binds or deletes, and a student's function reads."""

import pytest
from engine import (
    answer,
    check,
    defines,
    graded,
    lesson,
    locked,
    output,
    passed,
    result,
)

from grader.outcome import CellResult

HEAD = "import sys\nfrom unittest.mock import Mock, patch\n"
HELPER = "def helper(x):\n    return x * x"
CALLS = "def f(n):\n    return sum(helper(x) for x in range(n))"
DOES_NOT = "def f(n):\n    return sum(x * x for x in range(n))"


def verdict(test: str, f: str, helper: str = HELPER, official: str = CALLS) -> CellResult:
    """Return the verdict of a test of ``f`` and ``helper``."""
    cells = defines("helper", HELPER), defines("f", official)
    return result(HEAD + test, *cells, f=f, helper=helper)


SEEN = "assert f(3) == 5\n"
WHO_CALLS = {
    "deleted": """original = helper
del helper
try:
    f(1)
except NameError:
    pass
else:
    raise AssertionError('no')
finally:
    helper = original
""",
    "replaced": """original = helper
helper = lambda x: 7
try:
    assert f(3) == 21, 'no'
finally:
    helper = original
""",
    "counted": """original, calls = helper, []
def helper(x):
    calls.append(x)
    return original(x)
assert f(3) == 5
helper = original
assert calls == [0, 1, 2], 'no'
""",
    "mock": "original = helper\nhelper = Mock(side_effect=helper)\nassert f(3) == 5\n"
    "assert helper.call_count == 3, 'no'\nhelper = original\n",
    "globals": "original = helper\nglobals()['helper'] = lambda x: 7\nassert f(3) == 21, 'no'\n"
    "globals()['helper'] = original\n",
    "patch": "with patch('__main__.helper', return_value=7):\n    assert f(3) == 21, 'no'\n",
    "patch object": "with patch.object(sys.modules['__main__'], 'helper', lambda x: 7):\n"
    "    assert f(3) == 21, 'no'\n",
    "patch dict": "with patch.dict(globals(), {'helper': lambda x: 7}):\n"
    "    assert f(3) == 21, 'no'\n",
}


@pytest.mark.parametrize("test", WHO_CALLS.values(), ids=WHO_CALLS)
def test_a_test_sees_who_calls_a_function(test: str) -> None:
    assert passed(verdict(test + SEEN, CALLS))
    wrong = verdict(test + SEEN, DOES_NOT)
    assert (wrong.points, wrong.message) == (0, "no")


@pytest.mark.parametrize("test", WHO_CALLS.values(), ids=WHO_CALLS)
def test_all_is_as_before_for_the_next_test(test: str) -> None:
    tests = check("first", HEAD + test), check("second", "assert helper(3) == 9 and f(3) == 5")
    source = lesson(defines("helper", HELPER), defines("f", CALLS), *tests)
    found = graded(source, helper=HELPER, f=CALLS)

    assert [passed(one) for one in found.results] == [True, True]


def test_a_deleted_function_is_not_there_for_the_test_either() -> None:
    test = "del helper\ntry:\n    helper(1)\nexcept NameError:\n    pass\nelse:\n    assert False\n"

    assert passed(verdict(f"{test}helper = lambda x: 1\nassert helper(5) == 1 == f(1)", CALLS))


def test_a_test_that_deletes_what_is_not_there_fails() -> None:
    assert verdict("del nothing", CALLS).cause.startswith("NameError")


def test_how_often_a_function_calls_itself_is_counted() -> None:
    own = "def f(n):\n    return 1 if n < 2 else n * f(n - 1)"
    test = """calls, original = 0, f
def f(n):
    global calls
    calls += 1
    return original(n)
assert f(20) == 2432902008176640000
assert calls == 20, 'no'"""
    loop = "def f(n):\n    p = 1\n    for k in range(n): p *= k + 1\n    return p"

    assert passed(verdict(test, own, official=own))
    assert verdict(test, loop, official=own).message == "no"


RATE = "def f(x):\n    return x * rate"


@pytest.mark.parametrize(
    ("bound", "own"),
    [
        ("rate = 3", RATE),
        ("rate = np.float64(3)", RATE),
        ("rate = {'a': 3}", "def f(x):\n    return x * rate['a']"),
        ("def rate(x): return 3 * x", "def f(x):\n    return rate(x)"),
        ("rate = max", "def f(x):\n    return rate(x, 6)"),
        ("import fractions as rate", "def f(x):\n    return rate.Fraction(6)"),
        ("rate = None", "def f(x):\n    return 6 if rate is None else 0"),
    ],
)
def test_a_function_reads_what_only_a_test_binds(bound: str, own: str) -> None:
    assert passed(verdict(f"{bound}\nassert f(2) == 6", own, official=own))


def test_a_test_changes_what_a_locked_cell_has_bound() -> None:
    source = lesson(
        locked("rate", "rate = 1"),
        defines("f", RATE),
        check("first", "assert f(2) == 2\nrate = 3\nassert f(2) == 6"),
        check("second", "assert f(2) == 6"),
        locked("again", "rate = 5"),
        check("third", "assert f(2) == 10"),
    )

    assert [passed(one) for one in graded(source, f=RATE).results] == [True] * 3


def test_what_a_student_makes_of_it_counts_until_a_test_says_otherwise() -> None:
    test = "assert f(2) == 8\nrate = 3\nassert f(2) == 6"
    cells = locked("given", "rate = 1"), defines("f", RATE)

    assert passed(result(test, *cells, f=f"{RATE}\nrate = 4"))


PEEKS = "def f(x):\n    return globals().get('expected', expected)"


def test_what_the_official_solution_does_not_read_is_not_lent() -> None:
    test = "expected = 4 ** 2\nassert f(4) == expected"
    found = verdict(test, PEEKS, official="def f(x):\n    expected = x * x\n    return expected")

    assert (found.points, found.message.split(":")[0]) == (0, "NameError")


def test_a_value_of_a_hidden_test_is_not_lent() -> None:
    hidden = "### BEGIN HIDDEN TESTS\nrate = 17\nassert f(2) == 34\n### END HIDDEN TESTS"
    source = lesson(defines("f", RATE), check("test", f"rate = 3\nassert f(2) == 6\n{hidden}"))
    own = "def f(x):\n    print(globals().get('rate'))\n    return x * globals().get('rate', 3)"
    found = graded(source, f=own)

    assert not passed(found.results[0])
    assert "17" not in str(output(found))


def test_a_function_of_a_hidden_test_is_called_and_not_seen() -> None:
    hidden = "### BEGIN HIDDEN TESTS\ndef secret(x): return 7\nhelper = secret\n"
    test = check("test", f"assert f(3) == 5\n{hidden}assert f(3) == 21\n### END HIDDEN TESTS")
    cells = defines("helper", HELPER), defines("f", CALLS)
    own = f"{CALLS}\nold = f\ndef f(n):\n    assert helper.__name__ == 'helper'\n    return old(n)"

    assert passed(graded(lesson(*cells, test), helper=HELPER, f=own).results[0])
    assert not passed(graded(lesson(*cells, test), helper=HELPER, f=DOES_NOT).results[0])


@pytest.mark.parametrize(
    "own",
    [
        f"{CALLS}\nheld = helper\ndef f(n): return sum(held(x) for x in range(n))",
        "def f(n):\n    raise NameError('helper')",
        "def f(n):\n    globals()['helper'] = lambda x: 7\n    return 21",
        "def f(n):\n    helper(0)\n    return 0",
    ],
)
def test_a_lie_about_who_calls_gains_nothing(own: str) -> None:
    test = WHO_CALLS["counted"] + WHO_CALLS["replaced"] + SEEN

    assert not passed(verdict(test, own))


def test_what_a_tests_function_returns_and_cannot_be_carried_waits_for_a_person() -> None:
    found = verdict("helper = lambda x: object()\nf(3)", CALLS)

    assert (found.points, "returns what cannot be carried" in found.cause) == (None, True)


def test_a_cell_that_binds_the_name_anew_takes_it_back() -> None:
    source = lesson(
        defines("helper", HELPER),
        defines("f", CALLS),
        check("first", "helper = lambda x: 7\nassert f(3) == 21"),
        answer("again", "pass", HELPER),
        check("second", "assert f(3) == 5"),
    )

    found = graded(source, helper=HELPER, f=CALLS, again=HELPER)
    assert [passed(one) for one in found.results] == [True, True]
