"""Numbers of one's own, through the commands: who hands in has their numbers, and chooses none."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.course.course import Course
from grader.course.student_code import STUDENT_CODE, lessons_with_own_numbers, student_code
from grader.errors import CourseError

ROOT = Path(__file__).parents[3]
LESSON, TEST = "01_one_pair", "test_quiz_bias_5_2"
SWITCH = f'\nc.Grader.own_numbers = ["{LESSON}"]\n'
SECRET = "this term"


def make(root: Path, settings: str) -> Course:
    shutil.copytree(ROOT / "solutions" / LESSON, root / "solutions" / LESSON)
    config = (ROOT / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(config + settings)
    return Course.here(root)


def grader(course: Course, *words: str) -> str:
    command = [sys.executable, "-m", "grader", *words]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course's first lesson, released with numbers of one's own."""
    made = make(tmp_path_factory.mktemp("own"), f'{SWITCH}c.Grader.secret = "{SECRET}"\n')
    grader(made, "release", LESSON)
    return made


def own(student: str) -> Any:
    """Return the right answer, and one of the slips, for a student's own numbers."""
    code = student_code(SECRET, student)
    ask = "from linbias.check import own_numbers as own; asked = own.question('bias_5_2'); "
    show = "print((own.asks('bias_5_2'), asked.right, asked.wrong[0].answer))"
    said = subprocess.run(
        [sys.executable, "-c", ask + show],
        env=os.environ | {STUDENT_CODE: code},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return ast.literal_eval(said)


def hand_in(course: Course, student: str, answer: float, code: str) -> None:
    released = course.folder("release", ".", LESSON) / f"{LESSON}.ipynb"
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        if cell.id == "student-code":
            cell.source = cell.source.replace('""', f'"{code}"')
        if cell.id == "quiz_bias_5_2":
            cell.source = f"bias_5_2 = {answer}"
    place = course.folder("submitted", student, LESSON) / f"{LESSON}.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place)


@pytest.fixture(scope="module")
def results(course: Course) -> dict[str, Any]:
    """What became of the question in the submissions of four students."""
    ada, ada_code = own("ada"), student_code(SECRET, "ada")
    hand_in(course, "ada", ada[1], ada_code)
    hand_in(course, "ben", ada[1], ada_code)  # Ada's answer and Ada's code
    hand_in(course, "cyd", own("cyd")[2], "")
    hand_in(course, "dan", -0.3, "")
    told = json.loads(grader(course, "autograde", LESSON, "--jobs", "2", "--json"))
    return {
        outcome["student"]: result
        for outcome in told
        for result in outcome["notebooks"][0]["results"]
        if result["cell"] == TEST
    }


def test_the_answer_to_ones_own_numbers_has_the_point(results: dict[str, Any]) -> None:
    assert results["ada"]["points"] == 1


def test_a_neighbours_answer_fails_whatever_code_is_in_the_notebook(
    results: dict[str, Any],
) -> None:
    assert own("ada")[1] != own("ben")[1]
    assert results["ben"]["points"] == 0
    assert own("ben")[0].startswith("Your own numbers: Query")
    assert own("ben")[0] in results["ben"]["message"]


def test_a_slip_on_ones_own_numbers_is_told(results: dict[str, Any]) -> None:
    assert (results["cyd"]["points"], results["cyd"]["mistake"]) == (0, "sign_flipped")
    assert own("cyd")[0] in results["cyd"]["message"]


def test_the_answer_to_the_printed_numbers_is_told(results: dict[str, Any]) -> None:
    assert (results["dan"]["points"], results["dan"]["mistake"]) == (0, "numbers_of_text")


def test_the_instructor_gets_each_students_code(course: Course, results: dict[str, Any]) -> None:
    lines = grader(course, "codes").splitlines()

    assert lines[0] == "id,name,email,code"
    assert f"ada,,,{student_code(SECRET, 'ada')}" in lines


def test_the_released_notebook_asks_for_the_code_only_where_it_is_switched_on(
    course: Course,
) -> None:
    def read(path: Path) -> Any:
        return nbformat.read(path / LESSON / f"{LESSON}.ipynb", as_version=4).cells

    on, off = read(course.root / "notebooks"), read(ROOT / "notebooks")

    assert [cell.id for cell in on if cell not in off] == ["student-code"]
    assert off == [cell for cell in on if cell.id != "student-code"]


def test_without_a_secret_nothing_is_released(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"Set c\.Grader\.secret"):
        lessons_with_own_numbers(make(tmp_path, SWITCH))


def test_codes_are_refused_where_no_lesson_uses_them(tmp_path: Path) -> None:
    made = make(tmp_path, "")
    command = [sys.executable, "-m", "grader", "codes"]
    done = subprocess.run(command, cwd=made.root, capture_output=True, text=True)

    assert done.returncode == 2
    assert "c.Grader.own_numbers" in done.stderr
