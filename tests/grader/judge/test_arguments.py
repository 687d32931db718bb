"""What a student's function makes of a test's own lists and arrays."""

import pytest
from engine import check, defines, graded, lesson, locked, passed

from grader.outcome import CellResult

CENTRED = "def centre(X):\n    return X - X.mean(axis=0)"
SORTED = "def f(xs):\n    return sorted(xs)"
IN_PLACE = "def f(xs):\n    xs.sort()"


def results(official: str, own: str, *tests: str, given: str = "") -> list[CellResult]:
    name = own.partition("(")[0].removeprefix("def ")
    cells = [check(f"test{number}", test) for number, test in enumerate(tests)]
    source = lesson(locked("given", given), defines(name, official), *cells)
    return list(graded(source, **{name: own}).results)


@pytest.mark.parametrize(
    "test",
    [
        "X = np.ones((2, 2))\nX[0] = 3\nassert np.allclose(centre(X), X - X.mean(axis=0))",
        "X = np.ones((2, 2))\nX[0] = 3\nr = centre(X)\nassert np.allclose(r, X - X.mean(axis=0))",
        "X = np.eye(2)\nr = centre(X=X)\nassert np.allclose(r, X - X.mean(axis=0))",
    ],
)
def test_a_function_that_spoils_what_it_is_given_does_not_pass_by_it(test):
    (found,) = results(CENTRED, "def centre(X):\n    X[:] = 0\n    return X", test)

    assert found.points == 0
    assert "passed only because the function changes what it is given" in found.message
    assert passed(*results(CENTRED, CENTRED, test))


def test_a_function_that_empties_a_fixture_does_not_empty_the_next_tests_loop():
    tests = ("f(cases)", "for case in cases:\n    assert f([case, 1]) == [1, case]")
    own = "def f(xs):\n    xs.clear()\n    return []"
    _, second = results(SORTED, own, *tests, given="cases = [3, 2]")

    assert second.points == 0


def test_within_a_test_a_loop_over_an_emptied_list_is_not_passed():
    test = "for case in cases:\n    assert f(cases) == [2, 3]"
    own = "def f(xs):\n    xs.clear()\n    return [2, 3]"
    assert passed(*results(SORTED, SORTED, test, given="cases = [3, 2]"))
    assert passed(*results(SORTED, own, test, given="cases = [3, 2]"))
    wrong = "def f(xs):\n    xs.clear()\n    return []"
    assert not passed(*results(SORTED, wrong, "x = f(cases)\n" + test, given="cases = [3, 2]"))


@pytest.mark.parametrize(
    "test",
    [
        "xs = [3, 1]\nbefore = xs.copy()\nf(xs)\nassert xs == before, 'leave it'",
        "xs = [3, 1]\nf(xs)\nassert xs == [3, 1], 'leave it'",
        "xs = [3, 1]\ntry: f(xs)\nexcept ValueError: pass\nassert xs == [3, 1], 'leave it'",
    ],
)
@pytest.mark.parametrize("end", ["return xs", "raise ValueError", "pass"])
def test_a_test_notices_that_an_argument_was_changed(test, end):
    own = f"def f(xs):\n    xs.sort()\n    {end}"
    if end == "raise ValueError" and "try" not in test:
        return
    assert results(SORTED, own, test)[0].message == "leave it"
    assert passed(*results(SORTED, SORTED, test))


def test_a_right_answer_may_sort_its_argument_and_return_it():
    own = "def f(xs):\n    xs.sort()\n    return xs"
    tests = ("assert f([3, 1]) == [1, 3]", "xs = [3, 1]\nassert f(xs) == sorted(xs)")

    assert all(passed(one) for one in results(SORTED, own, *tests))


@pytest.mark.parametrize("official", [IN_PLACE, ""])
def test_where_a_solution_works_in_place_a_change_is_asked_for(official):
    own = "def f(xs):\n    xs.sort()\n    return xs"
    tests = ("f(xs)\nassert xs == [1, 3]", "assert xs == [1, 3]")

    assert all(passed(one) for one in results(official, own, *tests, given="xs = [3, 1]"))


def test_what_a_failed_test_has_changed_is_undone():
    own = "def f(xs):\n    xs.clear()"
    tests = ("f(xs)\nassert xs == [1, 3]", "assert xs == [3, 1]")
    first, second = results(IN_PLACE, own, *tests, given="xs = [3, 1]")

    assert (first.points, second.points) == (0, 1)


@pytest.mark.parametrize("given", ["[[1], [2]]", "{'a': [1]}", "{1, 2}", "np.arange(3)"])
def test_a_fixture_is_as_it_was_for_the_next_test(given):
    own = (
        "def f(x):\n    if isinstance(x, (list, dict, set)):\n        x.clear()\n"
        "    else:\n        x[:] = 0\n    return 1"
    )
    tests = ("assert f(given) == 1", f"assert str(given) == str({given})")
    found = results("def f(x):\n    return 1", own, *tests, given=f"given = {given}")

    assert all(passed(one) for one in found)


def test_a_function_that_returns_its_argument_is_seen_to():
    tests = ("xs = [1]\nassert f(xs) is not xs, 'return a new list'", "assert f([1]) == [1]")
    first, second = results("", "def f(xs):\n    return xs", *tests)

    assert (first.message, second.points) == ("return a new list", 1)
    assert passed(results("", "def f(xs):\n    return list(xs)", *tests)[0])


def test_a_change_that_cannot_be_carried_is_not_passed_over():
    own = "def f(xs):\n    xs.append(object())\n    return 1"
    (found,) = results(SORTED, own, "xs = [1]\nassert f(xs) == 1 and xs == [1]")

    assert "It changed what it was given to what cannot be checked here" in found.cause


def test_a_file_in_memory_is_read_and_written():
    reads = "file = io.StringIO('a\\nb\\n')\nassert f(file) == ['a', 'b'] and file.read() == ''"
    writes = "file = io.StringIO()\nf(file)\nf(file)\nassert file.getvalue() == 'xx'"
    closes = "file = io.StringIO()\nf(file)\nassert file.closed"

    read = "def f(file): return [line.strip() for line in file]"
    assert passed(*results("", read, reads))
    assert passed(*results("", "def f(file): file.write('x')", writes))
    assert passed(*results("", "def f(file):\n    with file: pass", closes))
    assert not passed(*results("", "def f(file): pass", writes))
