"""Tables of pandas between a test and a student's function."""

import pytest
from engine import check, defines, graded, lesson, locked, passed

pytest.importorskip("pandas")

IN_PLACE = "def f(d):\n    d['b'] = d['a'] * 2"


def result(function, test, given="import pandas as pd"):
    source = lesson(locked("given", given), defines("f", function), check("t", test))
    return graded(source, f=function).results[0]


@pytest.mark.parametrize(
    ("function", "test"),
    [
        ("def f(d):\n    return d[d.a > 1]", "assert isinstance(f(D), pd.DataFrame)"),
        ("def f(d):\n    return d.a.mean()", "assert f(D) == 1.5"),
        ("def f(d):\n    return d.a", "pd.testing.assert_series_equal(f(D), D.a)"),
        (IN_PLACE, "f(D)\nassert D.b.tolist() == [2, 4]"),
        ("def f(d):\n    d[:] = 0", "s = pd.Series([1, 2])\nf(s)\nassert s.tolist() == [0, 0]"),
        ("def f(d):\n    return d", "assert f(D) is D"),
    ],
)
def test_tables_go_there_and_come_back(function, test):
    given = "import pandas as pd\nD = pd.DataFrame({'a': [1, 2]})"
    assert passed(result(function, test, given))


def test_a_judge_that_has_not_imported_pandas_reads_its_tables():
    own = "def f():\n    import pandas as pd\n    return pd.DataFrame({'a': [1, 2]})"
    assert passed(result(own, "assert f().a.tolist() == [1, 2]", "x = 1"))


def test_a_deque_and_a_counter_are_changed_in_place():
    own = "def f(d, c):\n    d.append(1)\n    c['a'] += 1"
    test = "d, c = deque(), Counter()\nf(d, c)\nassert list(d) == [1] and c == {'a': 1}"
    assert passed(result(own, test, "from collections import deque, Counter"))
