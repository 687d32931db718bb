"""Whose a name is, and what of the instructor's text a verdict runs."""

from pathlib import Path

import pytest
from engine import answer, check, defines, graded, lesson, locked, passed

from grader.course.lesson import SourceNotebook
from grader.judge.plan import Owners, Plan
from grader.outcome import CellResult

SQUARE = "def square(x):\n    return x * x"
NOTHING = "def square(x):\n    pass"


def owners(*cells, plain=()) -> Owners:
    return Owners.of(lesson(*cells, plain=plain))


@pytest.mark.parametrize("cell", [locked("a", "x = 1"), check("a", "x = 1")])
def test_a_name_that_a_locked_cell_or_a_test_binds_is_the_instructors(cell):
    assert "x" in owners(cell).instructors


def test_a_name_that_a_plain_cell_binds_is_the_instructors():
    assert "x" in owners(plain=(("", "x = 1"),)).instructors


@pytest.mark.parametrize(
    "own",
    [
        answer("b", "x = None"),
        answer("b", "pass", "x = 2"),
        answer("b", "pass", "x.append(2)"),
        answer("b", "pass", "x['new'] = 2"),
        answer("b", "pass", "def f():\n    x[0] = 2"),
        answer("b", "pass", "for i in range(3):\n    x.add(i)"),
    ],
    ids=["stub", "bound", "appended to", "stored into", "in a function", "in a loop"],
)
def test_a_name_that_an_answer_binds_or_changes_is_the_answers(own):
    found = owners(locked("a", "x = []"), own)

    assert "x" not in found.instructors
    assert "x" in found.answers["b"]


@pytest.mark.parametrize("official", ["y = x[0]", "y = sorted(x)", "print(x)", "x.copy()[0]"])
def test_a_name_that_an_answer_only_reads_is_the_instructors(official):
    found = owners(locked("a", "x = []"), answer("b", "pass", official))

    assert "x" in found.instructors or official.startswith("x.copy")


def test_a_module_that_both_import_is_the_instructors():
    found = owners(answer("b", "pass", "import numpy as np\nnp.random.seed(1)"))

    assert "np" in found.instructors


# A helper of the tests cannot be taken over

HELPERS = [
    "def same(mine, right):\n    assert mine == right",
    "from numpy.testing import assert_equal as same",
    "try:\n    from numpy.testing import assert_equal as same\nexcept ImportError:\n    pass",
]
TAKEN_OVER = f"{NOTHING}\ndef same(mine, right):\n    pass"


def results(*cells, plain=(), **answers) -> tuple[CellResult, ...]:
    return graded(lesson(*cells, plain=plain), **answers).results


@pytest.mark.parametrize("helper", HELPERS, ids=["def", "import", "try"])
def test_a_submission_that_defines_a_tests_helper_gets_nothing(helper):
    first = check("first", f"assert square(3) == 9\n{helper}\nsame(square(3), 9)")
    second = check("second", "same(square(3), 9)\n### BEGIN HIDDEN TESTS\nsame(square(2), 4)")
    found = results(defines("square"), first, second, square=TAKEN_OVER)

    assert [one.points for one in found] == [0, 0]


def test_a_helper_of_a_plain_cell_cannot_be_taken_over():
    plain = (("test", "print(square(3))\ndef same(mine, right):\n    assert mine == right"),)
    failing = TAKEN_OVER.replace("pass", "raise ValueError('no')", 1)
    for own in (TAKEN_OVER, failing):
        test = check("test", "same(square(3), 9)")
        (found,) = results(defines("square"), test, plain=plain, square=own)
        assert found.points == 0


def test_a_test_that_fails_says_which_names_later_ones_want_of_it():
    first = check("first", "assert square(3) == 9\nlimit = 3")
    second = check("second", "assert limit == 3")
    _, found = results(defines("square"), first, second, square=NOTHING)

    assert "'limit' is not defined: the cell first, which makes it, ended with" in found.message


# What is run in the judge


@pytest.mark.parametrize("fill", ["configure()", "_ = configure()", "@register\ndef one(): pass"])
def test_a_locked_cell_is_run_whole(fill):
    given = locked(
        "given",
        "known = {}\ndef configure():\n    known['one'] = 1\n"
        f"def register(f):\n    known['one'] = 1\n    return f\n{fill}",
    )
    assert passed(*results(given, check("test", "assert known['one'] == 1")))


def test_a_locked_cell_that_fails_is_named_by_the_test_that_needs_it():
    given = locked("given", "import no_such_module\nlimit = 3")
    (found,) = results(given, check("test", "assert limit == 3"))

    assert found.message.startswith(
        "'limit' is not defined: the cell given, which makes it, ended with ModuleNotFoundError: "
        "No module named 'no_such_module'."
    )


def test_a_locked_cell_that_needs_a_students_object_is_why_a_test_cannot_be_judged():
    given = locked("given", "size = f.size")
    own = "class f:\n    size = 3"
    (found,) = results(defines("f"), given, check("test", "assert size == 3"), f=own)

    assert (
        "'size' is made in the cell given, which cannot be run for tests: Of 'f' a test wants"
        in (found.cause)
    )


def test_what_a_name_stood_for_is_not_taken_for_what_a_cell_that_failed_only_here_makes_of_it():
    given = locked("given", "table = [1]")
    make = check("make", "import math\ntable = f()\nlater = 3")
    look = check("look", "assert table == [5], 'the table is wrong'")
    usable = check("usable", "assert math.isclose(1, 1)")
    _, found, last = results(given, defines("f"), make, look, usable, f="def f(): return object()")

    assert found.cause.startswith("'table' is made in the cell make, which cannot be run")
    assert passed(last)


def test_a_locked_cell_stops_at_its_error_as_in_a_notebook():
    given = locked("given", "assert square(3) == 9\nright = True")
    test = check("test", "assert right")

    assert not passed(*results(defines("square"), given, test, square=NOTHING))
    assert passed(*results(defines("square"), given, test, square=SQUARE))


def test_a_magic_of_a_locked_cell_is_left_out():
    assert passed(*results(locked("given", "%pip list\nx = 3"), check("test", "assert x == 3")))


def test_what_a_plain_cell_imports_and_makes_is_there_for_tests():
    plain = (("test", "from fractions import Fraction\nhalf = Fraction(1, 2)"),)
    assert passed(*results(check("test", "assert half == Fraction(2, 4)"), plain=plain))


def test_a_plain_cell_that_nothing_needs_is_not_run():
    plain = (("test", "print(square(3))"), ("test", "limit = 9"), ("", "later = 1"))
    source = lesson(defines("square"), check("test", "limit, later"), plain=plain)

    assert [cell.text for cell in Plan.of(source).order if not cell.name] == [
        "limit = 9",
        "later = 1",
    ]


def test_what_an_official_solution_imports_is_there_when_the_answer_has_it():
    own = answer("a", "pass", "import fractions as fr\nfrom decimal import Decimal")
    test = check("test", "assert fr.Fraction(1, 2) == 0.5 and isinstance(Decimal(1), Decimal)")

    assert passed(*results(own, test, a=own.answer))
    assert not passed(*results(own, test, a="pass"))


def test_a_function_that_the_solution_imports_may_be_the_students_own():
    own = answer("a", "pass", "from math import sqrt")
    test = check("test", "assert sqrt(4) == 2")

    assert passed(*results(own, test, a="from math import sqrt"))
    assert not passed(*results(own, test, a="def sqrt(x): return 7"))


def test_a_value_that_the_answer_changes_is_read_as_the_answer_left_it():
    given, own = locked("given", "xs = [1]"), answer("a", "pass", "xs.append(2)")
    test = check("test", "assert xs == [1, 2], 'append 2'")

    assert passed(*results(given, own, test, a="xs.append(2)"))
    assert results(given, own, test, a="pass")[0].message == "append 2"


def test_a_file_of_the_lesson_can_be_imported_by_the_answer_and_by_tests():
    text = "ZGVmIHRlbigpOgogICAgcmV0dXJuIDEwCg=="  # def ten(): return 10
    source = lesson(
        defines("f"),
        check("test", "import ten_of_lesson\nassert f() == ten_of_lesson.ten()"),
        files=(("ten_of_lesson.py", text),),
    )
    own = "import ten_of_lesson\ndef f():\n    return ten_of_lesson.ten()"

    assert passed(*graded(source, f=own).results)
    assert "ten_of_lesson" not in source.imports


def test_a_students_file_is_not_imported_by_a_test():
    own = "open('mine.py', 'w').write('x = 3')\nimport mine\ndef f(): return mine.x"
    source = lesson(
        defines("f"),
        check("own", "assert f() == 3"),
        check("test", "import mine"),
        files=(("data.csv", ""),),
    )
    found = graded(source, f=own).results

    assert [one.points for one in found] == [1, 0]
    assert "No module named 'mine'" in found[1].message


def test_the_session_knows_no_solution_and_no_hidden_tests_module():
    own = answer("a", "pass", "import secrets as marker_of_solution")
    test = check("test", "x = 1\n### BEGIN HIDDEN TESTS\nimport colorsys\n### END HIDDEN TESTS")
    source = lesson(own, test)

    assert "colorsys" in source.imports
    assert not {"colorsys", "secrets"} & set(source.session_imports)


def test_the_session_is_not_asked_for_names_that_only_hidden_tests_use():
    watch = """import gc
asked = []
for thing in gc.get_objects():
    if type(thing).__name__ == "Session":
        honest = thing._answers["names"]
        def listen(message):
            asked.extend(message["names"])
            return honest(message)
        thing._answers["names"] = listen
def f(): return " ".join(asked)
secret_of_hidden = 4"""
    hidden = (
        "### BEGIN HIDDEN TESTS\nx = [n for n in (1, 2)]\nsecret_of_hidden\n### END HIDDEN TESTS"
    )
    source = lesson(
        defines("f", "def f(): pass"),
        check("test", f"f()\n{hidden}"),
        check("asked", "assert f() == 'f f'"),
    )
    found = graded(source, f=watch).results

    assert [one.points for one in found] == [0, 1], found[1].message


def test_without_the_official_solution_a_hidden_test_finds_the_answers_names():
    test = check("test", "### BEGIN HIDDEN TESTS\nassert only_here(3) == 9\n### END HIDDEN TESTS")
    own = "def only_here(x): return x * x"

    assert passed(*results(answer("a", "# Write here."), test, a=own))


def test_the_session_never_has_the_official_solution():
    """Neither as a message nor as what its process has inherited."""
    search = """import ctypes
found = 0
with open("/proc/self/maps") as maps:
    for line in maps:
        begin, end = (int(x, 16) for x in line.split()[0].split("-"))
        if " rw" in line and "/" not in line:
            place = ctypes.string_at(begin, end - begin)
            found += place.count("".join(reversed("noitulos_eht_fo_rekram")).encode())
def f(): return found"""
    own = answer("b", "b = None", "b = 'marker_of_the_solution'")
    never = check("never", "assert f() == 0, f()")
    found = graded(lesson(own, defines("f"), never), f=search).results

    assert passed(*found), found
    there = f"mine = 'marker_of_the_solution'\n{search}"
    assert not passed(*graded(lesson(own, defines("f"), never), f=there).results)


def test_what_a_locked_cell_writes_stays_in_a_folder_of_its_own():
    given = locked("given", "open('written.txt', 'w').write('3')")
    assert passed(*results(given, check("test", "assert open('written.txt').read() == '3'")))
    assert not Path("/written.txt").exists()


def test_a_plan_reads_a_notebook_that_has_travelled():
    source = lesson(answer("a", "pass", "x = 1"), plain=(("a", "y = 2"),))
    there = SourceNotebook.from_json(source.to_json())

    assert there == source
    assert Plan.of(there).owners == Plan.of(source).owners
