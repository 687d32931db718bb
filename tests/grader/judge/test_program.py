"""The code of the instructor's statements, made once in the fork server."""

from engine import check, graded, lesson, locked, passed

from grader.judge.plan import Plan
from grader.judge.program import make_ready, program, visible_and_hidden
from grader.judge.proxy import file_of

TEST = "assert two == 2\n### BEGIN HIDDEN TESTS\ntwo + 1\n### END HIDDEN TESTS"


def test_a_judge_finds_the_code_of_cells_and_of_both_parts_of_a_test():
    source = lesson(locked("l", "two = 2"), check("t", TEST))
    plan = Plan.of(source)
    make_ready(plan)
    before = program.cache_info().misses
    (test,) = [cell for cell in source.cells if cell.is_test]
    visible, hidden = visible_and_hidden(test, plan.cells["t"].body)
    made = [program(file_of("t"), tuple(part)) for part in (visible, hidden)]
    made.append(program(file_of("l"), tuple(plan.cells["l"].body)))
    assert program.cache_info().misses == before
    assert [last is not None for _, last in made] == [False, True, False]


def test_a_cell_that_has_no_code_fails_alone():
    source = lesson(check("t", "return 3"), check("u", "assert True"))
    without_code, other = graded(source).results
    assert not passed(without_code)
    assert "outside function" in without_code.message
    assert passed(other)
