"""The proof of a lesson: what is refused before term, and where each test has to run."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from tiny_course import CONFIG, graded_cell, write_notebook

from grader.autograde.prove import check, proved_lesson, record_proved, release_proved
from grader.autograde.run import autograde
from grader.course.course import Course
from grader.course.proof import kept
from grader.course.release import rendered
from grader.course.source import read_lesson, rendered_lesson
from grader.errors import CourseError

CLASS = "class Point:\n    def __init__(self, x):\n        self.x = x"
# A class that a test derives from the student's can only be made in the session.
TEST_CLASS = """class Own(Point): pass
assert Own(3).x == 3, "x is 3"
### BEGIN HIDDEN TESTS
assert Own("a").x == "a"
### END HIDDEN TESTS"""


def solution(text):
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


def exercise(name, answer, test, points=1):
    return [
        graded_cell("solution", name, solution(answer)),
        graded_cell("test", f"test_{name}", test, points=points),
    ]


COUNT = "def count():\n    for i in range(n):\n        yield i"
ONE = exercise("one", "def one(): return 1", "assert one() == 1", points=4)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """An empty gradebook: to make one takes seconds, to copy one takes none."""
    root = tmp_path_factory.mktemp("empty")
    (root / "nbgrader_config.py").write_text(CONFIG)
    with Course(root).gradebook():
        return root / "classroom" / "gradebook.db"


@pytest.fixture
def course_of(tmp_path, gradebook):
    """Make a course of one lesson of these cells."""

    def make(*cells, settings=""):
        kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        notebook = nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})
        write_notebook(notebook, tmp_path / "solutions" / "ps1" / "ps1.ipynb")
        (tmp_path / "nbgrader_config.py").write_text(CONFIG + settings)
        (tmp_path / "classroom").mkdir()
        shutil.copy(gradebook, tmp_path / "classroom")
        return Course(tmp_path)

    return make


def hand_in(course, student, **answers):
    notebook = nbformat.read(course.folder("release", ".", "ps1") / "ps1.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    write_notebook(notebook, course.folder("submitted", student, "ps1") / "ps1.ipynb")


def points_of(course):
    """Return each student's points, by test."""
    outcomes = autograde(course, "ps1", jobs=1)
    return {one.student: {each.cell: each.points for each in one.results} for one in outcomes}


# What is refused


def test_a_test_that_the_solution_does_not_pass_is_refused_with_its_line(course_of):
    course = course_of(*ONE, *exercise("two", "two = 2", "assert two > 0\nassert two == 3"))

    with pytest.raises(CourseError) as refused:
        release_proved(course, "ps1")

    said = str(refused.value)
    assert "ps1.ipynb, cell test_two, line `assert two == 3`: the solution gets 0 of 1" in said
    assert "Mend the test or the solution" in said
    assert "`grader release ps1 --force`" in said
    assert not course.folder("release", ".", "ps1").exists()
    with course.gradebook() as gradebook:
        assert gradebook.assignments == []


def test_points_for_an_empty_notebook_are_refused(course_of):
    course = course_of(*exercise("two", "two = 2", "assert 1 == 1", points=3))

    with pytest.raises(CourseError, match=r"the version handed out gets 3 of 3 points without"):
        release_proved(course, "ps1")


def test_a_hidden_test_that_fails_is_named_too(course_of):
    hidden = "assert one() > 0\n### BEGIN HIDDEN TESTS\nassert one() == 7\n### END HIDDEN TESTS"
    course = course_of(*exercise("one", "def one(): return 1", hidden))

    with pytest.raises(CourseError, match=r"line `assert one\(\) == 7`"):
        release_proved(course, "ps1")


def test_force_releases_all_the_same_and_says_what_was_waived(course_of):
    course = course_of(*exercise("two", "two = 2", "assert two == 3"))
    files, proof = release_proved(course, "ps1", force=True)

    assert files
    assert proof.waived
    assert kept(course, "ps1") == proof
    hand_in(course, "ada", two="two = 3")
    assert points_of(course) == {"ada": {"test_two": 1}}


def test_what_was_waived_stays_waived_when_a_setting_changes(course_of):
    course = course_of(*exercise("two", "two = 2", "assert two == 3"))
    release_proved(course, "ps1", force=True)
    course.settings.cell_seconds = 12.0

    assert proved_lesson(course, "ps1")[1].waived


def test_recording_a_lesson_asks_for_its_proof_as_well(course_of):
    with pytest.raises(CourseError, match="cell test_two"):
        record_proved(course_of(*exercise("two", "two = 2", "assert two == 3")), "ps1")


def test_a_lesson_that_nbgrader_released_unproved_is_not_graded(course_of):
    course = course_of(*exercise("two", "two = 2", "assert two == 3"))
    release_proved(course, "ps1", force=True)
    course.proof_file("ps1").unlink()
    hand_in(course, "ada", two="two = 3")

    with pytest.raises(CourseError, match="Nothing was graded"):
        autograde(course, "ps1", jobs=1)


def test_nbgraders_own_release_warns_in_the_same_words(course_of):
    course = course_of(*exercise("two", "two = 2", "assert two == 3"))
    ended = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0
    assert "cell test_two, line `assert two == 3`: the solution gets 0 of 1" in ended.stderr
    assert kept(course, "ps1").waived


# What is proved


def test_the_proof_is_of_the_cells_that_the_gradebook_gets(course_of):
    course = course_of(graded_cell("locked", "setup", "import math"), *ONE)
    given = rendered_lesson(course, rendered(course, "ps1"))
    release_proved(course, "ps1")

    assert read_lesson(course, "ps1") == given


def test_a_check_writes_nothing(course_of):
    course = course_of(*ONE)

    assert check(course, "ps1").findings == ()
    assert [path.name for path in course.classroom.iterdir()] == ["gradebook.db"]


def test_a_proof_holds_until_a_test_changes(course_of, monkeypatch):
    course = course_of(*ONE)
    release_proved(course, "ps1")
    monkeypatch.setattr("grader.autograde.prove.prove", None)  # not asked again
    proved_lesson(course, "ps1")
    with course.gradebook() as gradebook:
        gradebook.find_source_cell("test_one", "ps1", "ps1").source = "assert one() == 1.0"
        gradebook.db.commit()

    with pytest.raises(TypeError):
        proved_lesson(course, "ps1")


# Where a test runs


def test_a_test_that_the_solution_passes_outside_runs_there(course_of):
    assert check(course_of(*ONE), "ps1").inside == {}


def test_a_test_that_passes_only_in_the_session_runs_there_and_says_why(course_of):
    course = course_of(*ONE, *exercise("point", CLASS, TEST_CLASS))
    _, proof = release_proved(course, "ps1")

    assert list(proof.inside) == ["test_point"]
    assert "derives a class from one of the student's" in proof.inside["test_point"]
    hand_in(course, "right", one="def one(): return 1", point=CLASS)
    hand_in(course, "wrong", one="def one(): return 2", point=CLASS.replace("= x", "= 0"))
    hand_in(course, "empty")
    assert points_of(course) == {
        "right": {"test_one": 4, "test_point": 1},
        "wrong": {"test_one": 0, "test_point": 0},
        "empty": {"test_one": 0, "test_point": 0},
    }


POINT = "point = Point(3)\nassert point.x == 3\npoint.x = 4\nassert point.double() == 8"
FULL = f"{CLASS}\n    def double(self): return 2 * self.x"


def test_a_students_class_is_tested_outside(course_of):
    course = course_of(*exercise("point", FULL, POINT))
    _, proof = release_proved(course, "ps1")

    assert proof.inside == {}
    assert kept(course, "ps1") == proof
    hand_in(course, "right", point=FULL)
    hand_in(course, "wrong", point=FULL.replace("2 *", "3 *"))
    hand_in(course, "empty")
    assert points_of(course) == {
        "right": {"test_point": 1},
        "wrong": {"test_point": 0},
        "empty": {"test_point": 0},
    }


def test_an_object_where_the_solution_has_a_number_is_left_to_a_person(course_of):
    course = course_of(*exercise("point", FULL, POINT))
    release_proved(course, "ps1")
    yes = "class Yes:\n    def __eq__(self, other): return True\n"
    hand_in(course, "eve", point=yes + FULL.replace("2 * self.x", "Yes()"))

    assert points_of(course) == {"eve": {"test_point": None}}


def test_a_name_that_another_test_binds_is_there_inside_as_well(course_of):
    course = course_of(
        *exercise("one", "def one(): return 1", "n = 3\nassert one() == 1"),
        *exercise("count", "def count(): return 3", "assert count() == get_ipython().user_ns['n']"),
    )
    _, proof = release_proved(course, "ps1")

    assert list(proof.inside) == ["test_count"]
    assert proof.notebooks[0].shadowed


def test_inside_tests_can_be_forbidden(course_of):
    course = course_of(
        *exercise("point", CLASS, TEST_CLASS), settings='c.Grader.inside_tests = "refuse"\n'
    )

    with pytest.raises(CourseError, match="cell test_point"):
        release_proved(course, "ps1")


CHEATS = {
    "a wrong answer": "",
    "a shell that runs nothing": "get_ipython().run_cell = lambda *_, **__: None",
    "a transformer that drops the test": (
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"
    ),
    "tests that are dropped from the tree": (
        "import ast\nclass Drop(ast.NodeTransformer):\n    def visit_Assert(self, node):\n"
        "        return ast.Pass()\nget_ipython().ast_transformers.append(Drop())"
    ),
    "no traceback": "get_ipython().showtraceback = lambda *_, **__: None",
    "the end of the process": "import os\nos._exit(0)",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_only_a_whole_run_earns_points_inside(course_of, cheat):
    course = course_of(*exercise("point", CLASS, TEST_CLASS))
    release_proved(course, "ps1")
    hand_in(course, "eve", point=f"{cheat}\nclass Point:\n    pass")

    assert points_of(course) == {"eve": {"test_point": 0}}


def test_a_score_inside_is_partial_credit(course_of):
    test = "class Own(Point): pass\nscore = Own(1).x == 1\n1 if score else 0"
    course = course_of(*exercise("point", CLASS, test, points=1))
    release_proved(course, "ps1")
    hand_in(course, "right", point=CLASS)
    hand_in(course, "wrong", point=CLASS.replace("= x", "= 0"))

    assert points_of(course) == {"right": {"test_point": 1}, "wrong": {"test_point": 0}}


def test_a_hidden_test_inside_is_not_told_to_the_student(course_of):
    course = course_of(*exercise("point", CLASS, TEST_CLASS))
    release_proved(course, "ps1")
    half = 'class Point:\n    def __init__(self, x):\n        self.x = 3\n        print("seen", x)'
    hand_in(course, "half", point=half)
    (outcome,) = autograde(course, "ps1", jobs=1)
    (result,) = outcome.results

    assert result.message == "A hidden test is not passed."
    assert result.cause.startswith("AssertionError")
    text = course.folder("autograded", "half", "ps1").joinpath("ps1.ipynb").read_text()
    assert "seen" not in text.replace(repr("seen")[1:-1] + '\\", x', "")


# What cannot be carried


def test_an_answer_that_cannot_be_carried_is_left_to_a_person(course_of):
    course = course_of(*ONE)
    release_proved(course, "ps1")
    hand_in(course, "ada", one="def one():\n    yield 1")
    (outcome,) = autograde(course, "ps1", jobs=1)
    (result,) = outcome.results

    assert (result.points, result.flagged) == (None, True)
    assert "generator" in result.cause
    assert "your teacher will grade it" in result.message
    with course.gradebook() as gradebook:
        (grade,) = gradebook.find_submission_notebook("ps1", "ps1", "ada").grades
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
