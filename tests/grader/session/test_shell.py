"""The shell of a session runs cells as a notebook does, also those that call programs."""

from engine import answer, check, graded, lesson, output


def test_what_a_program_prints_is_shown():
    source = lesson(answer("listing"), check("test", "assert status == 3"))
    found = graded(source, listing="!echo one; exit 3\nstatus = _exit_code")

    assert output(found, 1)[0]["text"] == "one\n"
    assert found.results[0].points == 1


def test_a_cell_goes_to_another_folder():
    source = lesson(answer("a"), check("test", "assert place == 'below'"))
    code = "import os\nos.mkdir('below')\n%cd below\nplace = os.path.basename(os.getcwd())"

    assert graded(source, a=code).results[0].points == 1


def test_a_test_inside_finds_the_cell_above_it():
    tests = [check(name, "assert In[-2] == 'a = 3' and a == 3") for name in ("first", "second")]
    source = lesson(answer("a"), *tests, inside=("first", "second"))

    assert [one.points for one in graded(source, a="a = 3").results] == [1, 1]
