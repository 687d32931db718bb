"""Verdicts: points for a test that ran to its end, and for nothing else."""

import math
from dataclasses import replace

import numpy as np
import pytest
from engine import (
    STUB,
    answer,
    cells,
    check,
    defines,
    graded,
    lesson,
    locked,
    notebook,
    output,
    passed,
    result,
    verdict,
    written,
)

from grader.autograde.grade import Terms, grade
from grader.judge.explain import Explainer
from grader.judge.plan import Owners
from grader.judge.run_tests import credit
from grader.session.limits import Limits

RIGHT = "def f(x): return x * x"
WRONG = "def f(x): return x + x"

# Partial credit


@pytest.mark.parametrize("value", [0, 1, 2.5, 5, np.float64(2.5), np.int64(3), np.float32(0.5)])
def test_a_number_within_the_points_is_partial_credit(value):
    assert credit(value, 5) == (float(value), "")


@pytest.mark.parametrize(
    "value", [None, True, False, np.True_, np.False_, "2", "", [2], (0, 5), {"score": 1}, object()]
)
def test_anything_but_a_number_at_the_end_of_a_passed_test_changes_nothing(value):
    assert credit(value, 5) == (5, "")


@pytest.mark.parametrize("value", [-1, 5.01, 6, math.inf, -math.inf, math.nan, np.float64("nan")])
def test_a_score_out_of_range_gives_nothing_and_says_so(value):
    earned, message = credit(value, 5)

    assert earned == 0
    assert message == f"The test's own score, {value:g}, is not between 0 and 5."


@pytest.mark.parametrize("value", [np.array(2.5), np.ones(3), 1j, np.complex64(1)])
def test_what_only_looks_like_a_score_gives_nothing(value):
    assert credit(value, 5)[0] == 0


@pytest.mark.parametrize(
    ("test", "points"),
    [
        ("assert f(2) == 4", 4),
        ("2.5", 2.5),
        ("sum(f(x) == x * x for x in range(3))", 3),
        ("np.mean([f(2) == 4, f(3) == 0]) * 4", 2),
        ("f(2) == 4", 4),
        ("assert f(2) == 4\n1", 1),
        ("1\nassert f(2) == 4", 4),
        ("2.5;", 4),
        ("# 2.5", 4),
        ("score = 2.5", 4),
        ("print(2.5)", 4),
        ("5", 0),
        ("if True:\n    1", 4),
    ],
)
def test_the_last_value_of_a_test_is_its_score(test, points):
    assert verdict(test, RIGHT, points=4).points == points


# What earns and what does not


@pytest.mark.parametrize(
    ("test", "function", "points"),
    [
        ("assert f(3) == 9", RIGHT, 1),
        ("assert f(3) == 9", WRONG, 0),
        ("assert f(3) == 9", STUB, 0),
        ("assert f(3) == 9", "def f(x:", 0),
        ("assert f(3) == 9", "", 0),
        ("assert f(3) == 9", f"{RIGHT}\n1 / 0", 1),
        ("f(3)", "def f(x): raise ValueError", 0),
    ],
    ids=["right", "wrong", "stub", "syntax", "empty", "error after it", "raises"],
)
def test_a_right_answer_passes_and_no_other(test, function, points):
    assert verdict(test, function).points == points


@pytest.mark.parametrize(
    "noise",
    [
        "print('5')",
        "import sys; print('careful', file=sys.stderr)",
        "import warnings; warnings.warn('careful')",
        "from IPython.display import display, HTML; display(HTML('<b>5</b>'))",
        "get_ipython().displayhook(5)",
        "get_ipython().showtraceback((ValueError, ValueError('x'), None))",
        "import logging; logging.warning('careful')",
    ],
)
@pytest.mark.parametrize(("square", "points"), [("x * x", 1), ("x + x", 0)])
def test_what_a_function_shows_neither_costs_nor_earns(noise, square, points):
    function = f"{noise}\ndef f(x):\n    {noise}\n    return {square}"

    assert verdict("assert f(3) == 9", function).points == points


@pytest.mark.parametrize("test", ["", "# later", "pass", "'''only a text'''"])
def test_a_test_without_a_statement_is_passed_as_in_nbgrader(test):
    assert verdict(test, WRONG).points == 1


@pytest.mark.parametrize("test", ["assert f(3) ==", "assert f(3) == 9 +", "x = '\0'"])
def test_a_test_that_cannot_be_read_is_passed_by_nobody(test):
    found = verdict(test, RIGHT)

    assert found.points == 0
    assert "Error" in found.message


@pytest.mark.parametrize("magic", ["%time ", "%%time\n", "%matplotlib inline\n", "%%capture\n"])
@pytest.mark.parametrize(("function", "points"), [(RIGHT, 1), (WRONG, 0)])
def test_a_test_may_hold_magics_that_measure_or_set_up(magic, function, points):
    assert verdict(f"{magic}assert f(3) == 9", function).points == points


@pytest.mark.parametrize("test", ["%run tests.py", "!true", "%%bash\ntrue", "x = !true"])
def test_a_test_of_other_magics_is_passed_by_nobody(test):
    assert verdict(test, RIGHT).points is None


def test_a_test_that_ends_its_process_is_not_passed():
    assert verdict("raise SystemExit(0)", RIGHT).points == 0


def test_a_test_that_never_ends_is_stopped():
    terms = Terms(Limits(cell_seconds=0.2, notebook_seconds=5))
    source = lesson(
        defines("f"), check("test", "while f(1): pass"), check("next", "assert f(2) == 4")
    )
    first, second = graded(source, terms, f=RIGHT).results

    assert (first.points, second.points) == (0, 1)
    assert first.message == "The test ran longer than 3.2 seconds and was stopped."


# Whose names


def test_a_name_of_an_answer_cell_is_the_students():
    assert passed(result("assert x == 2", answer("a", "x = None"), a="x = 2"))


def test_a_name_of_a_locked_cell_is_the_instructors_whatever_a_student_does():
    given = locked("given", "limit = 3\ndef double(x): return 2 * x")
    mine = "limit = 9\ndef double(x): return 0"

    assert passed(result("assert (limit, double(2)) == (3, 4)", given, defines("f"), f=mine))


def test_a_name_that_an_answer_cell_defines_anew_is_the_students_from_there_on():
    given, first, mine = (
        locked("given", "x = 1"),
        check("first", "assert x == 1"),
        answer("a", "x = 0"),
    )
    source = lesson(given, first, mine, check("second", "assert x == 5"))

    assert [one.points for one in graded(source, a="x = 5").results] == [1, 1]


def test_a_name_that_a_later_locked_cell_defines_anew_is_the_instructors_from_there_on():
    source = lesson(
        answer("a", "x = 0"),
        check("first", "assert x == 5"),
        locked("given", "x = 1"),
        check("second", "assert x == 1"),
    )

    assert [one.points for one in graded(source, a="x = 5").results] == [1, 1]


def test_a_name_that_a_test_defines_is_the_tests():
    source = lesson(answer("a", "x = 0"), check("first", "x = 7"), check("second", "assert x == 7"))

    assert [one.points for one in graded(source, a="x = 5").results] == [1, 1]


def test_a_builtin_is_pythons_unless_the_exercise_asks_for_it():
    mine = "def sum(xs): return 42\ndef f(x): return x * x"

    assert passed(verdict("assert sum([1, 2]) == 3", mine))
    assert passed(result("assert sum([1, 2]) == 42", defines("sum"), sum="def sum(xs): return 42"))


def test_what_a_star_import_brings_is_the_instructors():
    given, mine = locked("given", "from math import *"), "def sqrt(x): return 2\ndef f(x): return 1"

    assert passed(result("assert sqrt(9) == 3", given, defines("f"), f=mine))


def test_a_name_from_a_students_own_cell_can_be_used():
    source = lesson(defines("f"), check("test", "assert helper(f(2)) == 5"))
    own = {"cell_type": "code", "metadata": {}, "source": "def helper(x): return x + 1"}
    file = notebook([own, *cells(source, f=RIGHT)])

    assert passed(grade(file, source, Terms()).results[0])


def test_the_students_own_cells_are_run_in_their_order():
    source = lesson(defines("f"), check("test", "assert f(2) == 8"))
    first, *rest = cells(source, f="def f(x): return x * factor")
    own = {"cell_type": "code", "metadata": {}, "source": "factor = 4"}

    assert passed(grade(notebook([first, own, *rest]), source, Terms()).results[0])


def test_a_locked_cell_may_use_what_a_student_defined():
    given = locked("given", "table = [f(x) for x in range(3)]")

    assert passed(result("assert table == [0, 1, 4]", defines("f"), given, f=RIGHT))
    assert result("assert table == [0, 1, 4]", defines("f"), given, f=WRONG).points == 0
    assert "'table' is not defined" in result("table", defines("f"), given, f=STUB).message


# From cell to cell


def test_imports_and_functions_of_an_earlier_test_are_there():
    first = check("first", "from math import isclose\ndef close(x): assert isclose(f(x), x * x)")
    source = lesson(defines("f"), first, check("second", "close(3)"))

    assert [one.points for one in graded(source, f=RIGHT).results] == [1, 1]
    assert [one.points for one in graded(source, f=WRONG).results] == [1, 0]


def test_a_locked_function_may_call_what_a_student_defines_later():
    helper = locked(
        "helper", "def close(x): assert f(x) == expected(x)\ndef expected(x): return x * x"
    )

    assert passed(result("close(3)", helper, defines("f"), f=RIGHT))
    found = result("close(3)", helper, defines("f"), f=WRONG)
    assert (found.points, found.message) == (0, "The test `close(3)` is not passed.")


def test_a_failed_test_leaves_what_it_had_defined():
    source = lesson(
        defines("f"), check("first", "x = 3\nassert f(x) == 9"), check("second", "assert x == 3")
    )

    assert [one.points for one in graded(source, f=WRONG).results] == [0, 1]


@pytest.mark.parametrize(
    "given",
    [
        "cases = []\nfor x in (2, 3):\n    cases.append(x)",
        "cases = [3, 2]\ncases.sort()",
        "cases = [0, 3]\ncases[0] = 2",
        "cases = np.array([0, 3])\ncases[0] += 2\ncases = cases.tolist()",
        "def make(): return [first, 3]\nfirst = 2\ncases = make()",
        "cases = [2, 3]\nassert f(1) == 1\ncases = [5]",
    ],
)
def test_what_a_locked_cell_makes_is_whole(given):
    source = lesson(
        defines("f"), locked("given", given), check("test", "assert cases == [2, 3], cases")
    )
    found = graded(source, f=RIGHT).results[0]
    assert found.points == (0 if given.endswith("[5]") else 1)


def test_what_a_locked_cell_only_shows_is_shown_once_by_the_session():
    source = lesson(locked("given", "x = 3\nprint('shown', x)"), check("test", "assert x == 3"))
    found = graded(source)

    assert output(found, 1) == [{"output_type": "stream", "name": "stdout", "text": "shown 3\n"}]
    assert output(found, 2) == []


def test_a_lesson_without_an_answer_cell_can_be_graded():
    assert passed(result("assert 1 == 1"))


# What a failed test says


def for_students(found):
    """Return all that students are told of a notebook's verdicts."""
    return str([(one.message, one.mistake, one.sentence) for one in found.results])


HIDDEN = "assert f(1) == 1\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


@pytest.mark.parametrize(
    ("test", "function", "message"),
    [
        ("assert f(3) == 9, 'three squared is 9'", WRONG, "three squared is 9"),
        ("assert f(3) == 9", WRONG, "The test `assert f(3) == 9` is not passed."),
        ("y = f(3)\nassert y == 9", WRONG, "The test `assert y == 9` is not passed."),
        ("f(3)", "def f(x): 1 / 0", "ZeroDivisionError: division by zero It happened in `f(3)`."),
        (
            "assert g(3) == 9",
            RIGHT,
            "'g' is not defined: is its cell complete, and does it run? "
            "It happened in `assert g(3) == 9`.",
        ),
        ("\n\n  \nassert f(3) == 9", WRONG, "The test `assert f(3) == 9` is not passed."),
        ("%%time\n\nassert f(3) == 9", WRONG, "The test `assert f(3) == 9` is not passed."),
        ("f(3)", "def f(x): assert x == 9, 'I say so'", "I say so"),
    ],
)
def test_a_visible_test_that_fails_is_quoted(test, function, message):
    assert verdict(test, function).message == message


@pytest.mark.parametrize(
    ("hidden", "function", "message"),
    [
        ("assert f(4) == 16", "def f(x): return 1", "A hidden test is not passed."),
        (
            "secret = 4\nf(secret)",
            "def f(x): return [1][x - 1]",
            "A hidden test is not passed.",
        ),
        ("assert f(4) == 16, 'f(4) is wrong'", "def f(x): return 1", "f(4) is wrong"),
        (
            "def inner():\n    assert f(4) == 16\ninner()",
            "def f(x): return 1",
            "A hidden test is not",
        ),
        ("assert secret_name", RIGHT, "A hidden test is not passed."),
    ],
)
def test_of_a_hidden_test_no_code_is_told(hidden, function, message):
    test = check("test", HIDDEN.format(hidden))
    found = graded(lesson(defines("f"), test), f=function)
    (told,) = found.results
    shown = str(output(found))

    assert told.points == 0
    assert told.message.startswith(message)
    for line in hidden.splitlines():
        assert line not in told.message
        assert line not in shown


@pytest.mark.parametrize(
    "shows", ["print(x)", "from IPython.display import display; display(x)", "raise ValueError(x)"]
)
def test_from_the_first_hidden_line_on_nothing_shows_what_a_function_was_given(shows):
    """A function could print what a hidden test gives to it."""
    test = check("test", HIDDEN.format("f(70707)\nprint('almost')") + "\nf(2)")
    found = graded(lesson(defines("f"), test), f=f"def f(x):\n    if x > 9: {shows}\n    return 1")

    assert "70707" not in str(output(found)) + for_students(found)


def test_what_a_test_shows_above_its_hidden_lines_stays():
    test = check("test", "print('visible')\n" + HIDDEN.format("print('hidden')"))
    found = graded(lesson(defines("f"), test), f="def f(x): return 1")

    assert output(found) == [{"output_type": "stream", "name": "stdout", "text": "visible\n"}]


@pytest.mark.parametrize(
    "hidden",
    [
        "np.testing.assert_equal(f(3), 70707)",
        "assert f(3) == 70707",
        "f(3)[70707]",
        "{}[70707]",
        "import unittest\nunittest.TestCase().assertEqual(f(3), 70707)",
    ],
)
def test_of_a_hidden_test_no_value_is_told_that_its_author_has_not_written_for_students(hidden):
    found = graded(
        lesson(defines("f"), check("test", HIDDEN.format(hidden))), f="def f(x): return 1"
    )

    assert found.results[0].message == "A hidden test is not passed."
    assert "70707" not in str(output(found)) + for_students(found)


def test_a_helpers_message_is_its_authors_also_in_a_hidden_test():
    helper = locked("helper", "def same(mine, right):\n    assert mine == right, 'not the same'")
    found = result(HIDDEN.format("same(f(3), 9)"), helper, defines("f"), f="def f(x): return 1")

    assert found.message == "not the same"


def test_an_assertion_of_a_students_own_is_no_message_of_a_hidden_test():
    own = "def f(x):\n    assert x == 1, f'I was given {x}'\n    return 1"
    found = result(HIDDEN.format("f(70707)"), defines("f"), f=own)

    assert found.message == "A hidden test is not passed."


def test_a_check_that_explains_itself_does_so_in_a_hidden_test_too():
    failed = locked(
        "failed",
        "class Failed(AssertionError):\n    mistake, sentence = 'sign', 'Mind the sign.'\n"
        "def look(x):\n    if x != 9: raise Failed('-9 is not 9')",
    )
    found = result(HIDDEN.format("look(f(3))"), failed, defines("f"), f="def f(x): return 1")

    assert (found.message, found.sentence) == ("-9 is not 9", "Mind the sign.")


def test_a_name_that_only_a_hidden_test_has_is_not_told():
    found = result(HIDDEN.format("secret_name"), defines("f"), f="def f(x): return 1")

    assert found.message == "A hidden test is not passed."


@pytest.mark.parametrize(
    "magic", ["%timeit f(3)", "%timeit -n 2 -r 1 f(3)", "%%timeit\nf(3)", "%%timeit -n 2\nf(3)"]
)
def test_a_test_that_measures_runs_its_code(magic):
    assert verdict(magic, RIGHT).points == 1
    assert verdict(magic, "def f(x): raise ValueError").points == 0


@pytest.mark.parametrize("options", ["", "--no-stderr ", "--no-display --no-stderr "])
def test_what_a_test_captures_is_there_for_the_next_one(options):
    prints = "def f(x):\n    print('x is', x)\n    return x * x"
    first = check("first", f"%%capture {options}out\nassert f(3) == 9")
    source = lesson(defines("f"), first, check("second", "assert out.stdout == 'x is 3\\n'"))

    assert [passed(one) for one in graded(source, f=prints).results] == [True, True]
    assert [passed(one) for one in graded(source, f=RIGHT).results] == [True, False]
    wrong, _ = graded(source, f=WRONG).results
    assert (wrong.points, wrong.line) == (0, 2)


def test_what_a_test_does_not_capture_is_shown():
    source = lesson(defines("f"), check("test", "%%capture --no-stdout out\nprint(f(3))"))

    assert output(graded(source, f=RIGHT))[0]["text"] == "9\n"


@pytest.mark.parametrize("magic", ["%run tests.py", "!ls", "get_ipython().ast_node_interactivity"])
def test_a_test_that_needs_ipython_itself_says_so(magic):
    found = verdict(magic, RIGHT)

    assert "It uses IPython itself" in found.cause
    assert "not defined" not in found.cause


def test_a_test_may_show_something():
    assert passed(verdict("from fractions import Fraction\ndisplay(Fraction(1, 2))\nf(3);", RIGHT))


@pytest.mark.parametrize(
    "test",
    [
        "eval('f(3)')\nassert eval('f(3)') == 9",
        "assert globals()['f'](3) == 9",
        "assert 'f' in globals() and 'g' not in globals()",
        "assert globals().get('f')(3) == 9",
        "class Case:\n    nine = f(3)\nassert Case.nine == 9",
        "import unittest\nclass Case(unittest.TestCase):\n    square = staticmethod(f)\n"
        "    def test(self): self.assertEqual(self.square(3), f(3))\nCase('test').debug()",
    ],
)
def test_a_test_reads_a_students_name_in_any_way(test):
    assert passed(verdict(test, RIGHT))


def test_a_failed_test_shows_its_message_as_an_error_output():
    source = lesson(defines("f"), check("test", "assert f(3) == 9, 'three squared is 9'"))
    (shown,) = output(graded(source, f=WRONG))

    assert (shown["output_type"], shown["ename"]) == ("error", "AssertionError")
    assert shown["evalue"] == "three squared is 9"
    assert shown["traceback"] == ["three squared is 9"]


def test_a_passed_test_shows_no_error():
    source = lesson(defines("f"), check("test", "assert f(3) == 9\nprint('well done')"))

    assert output(graded(source, f=RIGHT)) == [
        {"output_type": "stream", "name": "stdout", "text": "well done\n"}
    ]


def test_a_test_tells_of_a_known_mistake():
    test = (
        "class Failed(AssertionError):\n    mistake, sentence = 'sign', 'Mind the sign.'\n"
        "    def _render_traceback_(self): return ['Mind', 'the sign.']\n"
        "if f(3) != 9: raise Failed('-9 is not 9')"
    )
    source = lesson(defines("f"), check("test", test))
    found = graded(source, f=WRONG)
    (told,) = found.results

    assert (told.message, told.mistake, told.sentence) == ("-9 is not 9", "sign", "Mind the sign.")
    assert output(found)[0]["traceback"] == ["Mind", "the sign."]


def test_an_error_from_another_cell_is_explained_by_the_line_that_led_there():
    """A line number of a longer cell is none of this one."""
    helper = locked("helper", "\n" * 30 + "def deep():\n    return f(3)[0]")
    found = result("assert deep()", helper, defines("f"), f=RIGHT)

    assert found.message == (
        "TypeError: 'int' object is not subscriptable It happened in `assert deep()`."
    )


def test_an_error_that_cannot_say_what_it_is_is_explained_all_the_same():
    class Mute(Exception):
        def __str__(self) -> str:
            raise ValueError

    told = Explainer(Owners.of(lesson())).explain(Mute(), check("test", "x"))
    assert told.message == "Mute: "


# By hand


@pytest.mark.parametrize(("text", "points"), [(None, 0.0), ("A square has four sides.", None)])
def test_a_written_answer_waits_for_a_person_unless_it_is_untouched(text, points):
    source = lesson(written("essay", points=3))
    found = graded(source, **({"essay": text} if text else {}))
    (told,) = found.results

    assert (told.points, told.max_points) == (points, 3)
    assert found.unchanged == (() if text else ("essay",))


def test_code_that_a_person_grades_is_run_and_waits():
    plot = replace(answer("plot", "x = None"), points=2.0)
    by_hand, test = graded(lesson(plot, check("test", "assert x == 3")), plot="x = 3").results

    assert (by_hand.points, by_hand.max_points, test.points) == (None, 2, 1)


def test_every_graded_cell_has_one_verdict_with_its_time():
    source = lesson(defines("f"), check("a", "f(1)"), written("b"), check("c", "f(2)"))
    found = graded(source, f="import time\ndef f(x): time.sleep(0.05)")

    assert [one.cell for one in found.results] == ["a", "b", "c"]
    assert all(0.05 <= one.seconds < 5 for one in found.results if one.cell != "b")
    assert found.cell_seconds >= 0.1


LYING = """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Session":
        honest = thing._answers["names"]
        thing._answers["names"] = lambda message: (
            {"x": {"is": "value", "value": {"t": "nope"}}}
            if "x" in message["names"] else honest(message)
        )
def expected(x):
    return 27
def f(x):
    return 27
"""


def test_what_the_instructor_defines_stays_theirs_when_the_session_lies_about_names():
    """A locked cell reads its own parameters, too; the session is asked for these."""
    helper = locked("helper", "def expected(x):\n    return x**3")
    first = answer("first", "pass")
    test = "assert f(3) == expected(3) == 27\nassert f(5) == expected(5)"
    found = result(test, first, helper, defines("f"), first=LYING, f="def f(x):\n    return 27")

    assert found.points == 0


def test_an_error_that_names_a_file_does_not_bring_its_text():
    function = 'def f(): raise SyntaxError("look", ("/etc/passwd", 1, 1, "x"))'
    found = verdict("f()", function)

    assert "root:" not in found.message
    assert "look" in found.message


def test_a_test_that_writes_to_stderr_is_not_passed_as_with_nbgrader():
    test = "import traceback\ntry:\n    assert f() == 1\nexcept AssertionError:\n"
    prints = f"{test}    traceback.print_exc()\n2"
    hidden = f"### BEGIN HIDDEN TESTS\n{prints}\n### END HIDDEN TESTS"

    for one in (prints, hidden):
        assert passed(verdict(one, "def f(): return 1", points=2))
        found = verdict(one, "def f(): return 3", points=2)
        assert (found.points, found.message[:23]) == (0, "The test is not passed:")


def test_what_a_library_logs_or_a_student_writes_to_stderr_changes_nothing():
    test = "import logging\nlogging.getLogger('a').warning('w')\nf()"

    assert passed(verdict(test, "import sys\ndef f(): print('a', file=sys.stderr)"))
