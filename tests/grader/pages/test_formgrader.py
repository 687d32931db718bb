"""nbgrader's own ways to grade, its command and the formgrader's button, take the isolated path."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from serving import serve_formgrader
from tiny_course import HandIn

from grader.autograde.run import autograde
from grader.course.course import Course

# It would get full marks where tests run in the student's process.
CHEAT = """
import ast

class NoTests(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

get_ipython().ast_transformers.append(NoTests())"""
RIGHT = {"square": "def square(x):\n    return x * x", "answer": "answer = 42"}


def scores(course: Course, student: str) -> dict[str, float | None]:
    with course.gradebook() as gradebook:
        (notebook,) = gradebook.find_submission("ps1", student).notebooks
        return {grade.name: grade.auto_score for grade in notebook.grades}


def test_nbgrader_autograde_grades_in_locked_sessions(
    released_course: Course, hand_in: HandIn
) -> None:
    hand_in("ada", **RIGHT)
    hand_in("mallory", square=CHEAT)
    (released_course.root / "classroom/submitted/bea/PS1").mkdir(parents=True)

    command = [sys.executable, "-m", "nbgrader", "autograde", "ps1"]
    done = subprocess.run(command, cwd=released_course.root, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "ada: graded, 3 of 6 points" in done.stderr
    assert "WARNING] classroom/submitted/bea/PS1 is no lesson and is not graded." in done.stderr
    assert scores(released_course, "ada")["test_square"] == 2
    assert scores(released_course, "mallory")["test_square"] == 0
    assert {outcome.student for outcome in released_course.outcomes("ps1")} == {"ada", "mallory"}


def test_the_formgraders_button_grades_in_a_locked_session(
    released_course: Course, hand_in: HandIn, browser: Any
) -> None:
    hand_in("ada", **RIGHT, explain_square="All sides are equal.")
    process, base = serve_formgrader(released_course)
    page = browser.new_page()
    try:
        page.goto(f"{base}/manage_submissions/ps1", wait_until="networkidle")
        page.click("td.autograde a")
        page.wait_for_selector(".modal.in", timeout=60_000)
        told = page.inner_text(".modal.in")
    finally:
        page.close()
        process.terminate()
        process.wait(20)

    assert "Successfully autograded" in told, told
    assert scores(released_course, "ada") == {
        "test_square": 2,
        "test_answer": 1,
        "explain_square": None,
    }
    assert released_course.outcomes("ps1")[0].sandbox


@pytest.mark.parametrize("command", [["generate_feedback", "ps1"], ["export"]])
def test_nbgraders_other_commands_go_on_from_there(
    released_course: Course, hand_in: HandIn, command: list[str]
) -> None:
    hand_in("ada", **RIGHT)
    for step in (["autograde", "ps1"], command):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *step],
            cwd=released_course.root,
            capture_output=True,
            text=True,
            env=os.environ,
        )
        assert done.returncode == 0, done.stderr

    made = {"generate_feedback": "classroom/feedback/ada/ps1/ps1.html", "export": "grades.csv"}
    assert Path(released_course.root / made[command[0]]).is_file()


def test_the_list_of_submissions_tells_of_a_damaged_one(
    released_course: Course, hand_in: HandIn, browser: Any
) -> None:
    hand_in("ada", **RIGHT)
    hand_in("kurt").write_text("no notebook")
    autograde(released_course, "ps1", jobs=1)
    process, base = serve_formgrader(released_course)
    page = browser.new_page()
    try:
        page.goto(f"{base}/manage_submissions/ps1", wait_until="networkidle")
        page.wait_for_selector("td.status span")
        states = page.eval_on_selector_all("td.status", "all => all.map(one => one.innerText)")
        why = page.get_attribute("td.status .label-danger", "title")
    finally:
        page.close()
        process.terminate()
        process.wait(20)

    assert states == ["graded", "damaged"]
    assert "its JSON is broken" in why
