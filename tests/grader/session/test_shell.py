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


def test_an_error_is_shown_without_a_look_at_every_module():
    watched = """
import sys, types
class Watched(types.ModuleType):
    looked = 0
    @property
    def __file__(self):
        Watched.looked += 1
        return "/watched.py"
sys.modules["watched"] = Watched("watched")
"""
    source = lesson(
        answer("a"), answer("b"), answer("c"), check("test", "assert (looked, error) == (0, 1)")
    )
    found = graded(source, a=watched, b="error = 1\n1 / 0", c="looked = Watched.looked")

    assert "1 / 0" in "\n".join(output(found, 2)[0]["traceback"])
    assert found.results[0].points == 1


def test_an_error_can_be_shown_where_the_folder_is_gone():
    code = "import os\nos.mkdir('x'); os.chdir('x'); os.rmdir('../x')\n1 / 0"
    source = lesson(answer("a"), check("test", "assert True"))

    assert output(graded(source, a=code), 1)[0]["ename"] == "ZeroDivisionError"


def test_a_notebook_with_an_error_can_be_kept():
    source = lesson(answer("a"), answer("b"), check("test", "assert kept == 'ZeroDivisionError'"))
    code = """
%notebook out.ipynb
import json
cells = json.load(open("out.ipynb"))["cells"]
kept = next(output["ename"] for cell in cells for output in cell.get("outputs", []))
"""
    assert graded(source, a="1 / 0", b=code).results[0].points == 1
