"""A class on a real hub, in a browser: from the log-in to the feedback that a student reads."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hub_pages import Instructor, Student
from real_hub import PROXY, ROOT, Account, accounts, free_ports, give, running, site, why_not

from grader.deploy.hub import Hub, HubCourse

LESSON = "01_one_pair"
RIGHT = "def linear_bias(i, j, beta):\n    return -beta * distance(i, j)"
FLIPPED = "def linear_bias(i, j, beta):\n    return beta * distance(i, j)"
# What both students have worked out already: all but the one function, and the answer in words.
WORKED_OUT = {
    "distance": """def distance(i, j):
    if j > i:
        raise ValueError("ahead")
    return i - j""",
    "quiz_bias_5_2": "bias_5_2 = -0.3",
    "bias_row": """def bias_row(i, beta):
    return [linear_bias(i, j, beta) for j in range(i + 1)]""",
    "attend_shuffled": """def attend_shuffled(query, keys, values, order):
    shares = np.exp(keys @ query) / np.exp(keys @ query).sum()
    return np.array([shares[word] * values[word] for word in order])""",
    "quiz_row_4": 'row_4 = "B"',
    "quiz_penalty_shrinks": 'penalty_shrinks = "false"',
    "quiz_interpret_bias": 'interpret_bias = "C"',
    "explain_value_and_size": "The bias falls, its size grows: $-0.5$ and $0.5$, $-1$ and $1$.",
}


@dataclass
class Story:
    """What was seen on the way."""

    seen: dict[str, Any] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def story(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Go the whole way once; the tests look at what was seen."""
    if why_not():
        pytest.skip(why_not())
    shots = tmp_path_factory.mktemp("shots")
    names = ("prof", "ada", "ben", "course")
    with site() as folder, accounts(*names) as (prof, ada, ben, course):
        hub = _hub(folder, prof, course)
        _set_up(hub.courses[0], course, [ada, ben])
        with running(hub, folder) as it:
            course.python(
                *("-m", "nbgrader", "release_assignment", LESSON),
                f"--Exchange.root={hub.exchange}",
                cwd=hub.courses[0].folder,
            )
            students = [Student(browser, it.base, one, shots) for one in (ada, ben)]
            instructor = Instructor(browser, it.base, prof, shots)
            story = Story()
            try:
                for student, answer in zip(students, (RIGHT, FLIPPED), strict=True):
                    work(student, answer, story)
                grade(instructor, story)
                for student in students:
                    read_feedback(student, story)
            except Exception:
                for one in (*students, instructor):
                    one.shot("stopped-here")
                print(it.log.read_text()[-5000:])
                raise
            story.hosts = set().union(*(one.hosts for one in (*students, instructor)))
            story.seen["own host"] = it.base.removeprefix("http://")
            yield story


def _hub(folder: Path, prof: Account, course: Account) -> Hub:
    port = free_ports(4)
    return Hub(
        folder / "hub",
        [HubCourse("linbias", folder / "linbias", [prof.name], course.name)],
        port=port,
        inner_port=port + 1,
        proxy=PROXY,
    )


def _set_up(course: HubCourse, account: Account, students: list[Account]) -> None:
    rows = (f"{one.name},{one.name.split('-')[0].title()},Example" for one in students)
    listed = "\n".join(["id,first_name,last_name", *rows, ""])
    files = [ROOT / "solutions" / LESSON, ROOT / "nbgrader_config.py"]
    give(course, files, {"students.csv": listed})
    account.python("-m", "grader", "roster", "students.csv", cwd=course.folder)
    account.python("-m", "grader", "release", LESSON, cwd=course.folder)


def work(student: Student, answer: str, story: Story) -> None:
    """Fetch, answer, run, play, validate and submit."""
    name = student.account.name.split("-")[0]
    student.open_lab()
    story.seen[f"{name}'s tools"] = shown(student.menu("Nbgrader"))
    student.shot("tools")
    student.page.keyboard.press("Escape")
    student.assignments()
    student.fetch(LESSON)
    fill_in(student.account)
    student.open_notebook(LESSON)
    student.shot("opened")
    story.seen[f"{name}'s maths"] = student.page.locator(".jp-NotebookPanel mjx-container").count()
    student.write(student.cell("def linear_bias"), answer)
    student.run_all()
    check = student.checked("check(linear_bias")
    story.seen[f"{name}'s check"] = check.inner_text()
    story.seen[f"{name}'s picture"] = check.locator("svg").count()
    student.shot("checked")
    play(student, name, story)
    story.seen[f"{name}'s validation"] = student.validate()
    student.submit(LESSON)
    student.shot("submitted")


def shown(entries: Any) -> list[str]:
    return [text for text in entries.all_inner_texts() if text]


def fill_in(account: Account) -> None:
    """Write the other answers into the fetched notebook, as the student."""
    path = account.home / "linbias" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        cell.source = WORKED_OUT.get(cell.id, cell.source)
    path.write_text(nbformat.writes(notebook))


def play(student: Student, name: str, story: Story) -> None:
    """Guess with both sliders, commit, and look at the figure."""
    cell = student.cell("predictions.bias_of_two_distances")
    sliders = cell.locator(".widget-hslider")
    before = cell.inner_text()
    for number, pixels in ((0, -40), (1, -120)):
        student.drag(sliders.nth(number), pixels)
    student.wait_until_idle()
    read = cell.locator(".widget-readout").all_inner_texts()
    cell.locator("button:has-text('Commit my guess')").click()
    cell.locator("svg").first.wait_for()
    cell.locator("svg").first.scroll_into_view_if_needed()
    student.shot("guessed")
    story.seen[f"{name}'s guess"] = (before, read, cell.inner_text())


def grade(instructor: Instructor, story: Story) -> None:
    """Collect, autograde, grade by hand, give feedback."""
    page = instructor.page
    instructor.open_formgrader()
    story.seen["collected"] = instructor.press("collect")
    page.click("td.num-submissions a")
    page.wait_for_selector("td.autograde a")
    told = [instructor.press("autograde", row) for row in range(2)]
    story.seen["autograded"] = told
    page.wait_for_selector("td.autograde a")
    story.seen["scores"] = page.locator("#main_table, table").first.inner_text()
    instructor.shot("scores")
    _by_hand(instructor, story)
    page.click("a:has-text('Manage Assignments')")
    page.wait_for_selector("td.generate-feedback a")
    story.seen["feedback"] = [
        instructor.press(f"{step}-feedback") for step in ("generate", "release")
    ]
    instructor.shot("released")


def _by_hand(instructor: Instructor, story: Story) -> None:
    page = instructor.page
    page.click("a:has-text('Manual Grading')")
    page.click(f"td.name a:has-text('{LESSON}')")
    page.click(f"td.name a:has-text('{LESSON}')")
    page.wait_for_selector("td.name a:has-text('Submission')")
    for number in range(2):  # in an order that is hidden from the instructor
        page.locator("td.name a:has-text('Submission')").nth(number).click()
        page.wait_for_selector("textarea.comment")
        story.seen[f"maths {number}"] = page.locator("math, mjx-container").count()
        instructor.grade_by_hand("1.5", "Well told, but which $\\beta$?")
        page.go_back()
        page.wait_for_selector("td.name a:has-text('Submission')")


def read_feedback(student: Student, story: Story) -> None:
    """Fetch the feedback, and read its page."""
    name = student.account.name.split("-")[0]
    student.fetch_feedback()
    student.shot("feedback-fetched")
    (path,) = (student.account.home / "linbias" / LESSON / "feedback").rglob("*.html")
    below = path.relative_to(student.account.home)
    student.page.goto(f"{student.base}/user/{student.account.name}/files/{below}")
    story.seen[f"{name} reads"] = student.page.inner_text("body")
    story.seen[f"{name}'s maths in feedback"] = student.page.locator("math").count()
    student.shot("feedback")


@pytest.mark.parametrize("student", ["ada", "ben"])
def test_students_are_shown_no_instructors_tools(story: Story, student: str):
    assert story.seen[f"{student}'s tools"] == ["Assignment List"]


def test_the_right_answer_passes_its_check(story: Story):
    assert "linear_bias: right, 4 calls checked." in story.seen["ada's check"]


def test_the_flipped_sign_is_named_with_its_picture(story: Story):
    assert "The size is right, the sign is not" in story.seen["ben's check"]
    assert story.seen["ben's picture"] >= 1


@pytest.mark.parametrize("student", ["ada", "ben"])
def test_the_figure_shows_what_the_dragged_sliders_said(story: Story, student: str):
    before, read, after = story.seen[f"{student}'s guess"]

    assert "Your guess" not in before
    assert all(float(value.replace("−", "-")) < 0 for value in read)
    guess = [f"{float(value.replace('−', '-')):g}" for value in read]
    assert f"one step back: {guess[0]}, six steps back: {guess[1]}" in after


def test_validation_says_whether_all_tests_pass(story: Story):
    assert "Success" in story.seen["ada's validation"]
    assert "fail" in story.seen["ben's validation"].lower()


def test_the_instructor_collects_and_autogrades_both(story: Story):
    assert "Successfully collected" in story.seen["collected"]
    assert all("Successfully autograded" in told for told in story.seen["autograded"])


def test_the_instructor_reads_both_scores(story: Story):
    scores = re.findall(r"(\d+(?:\.\d+)?) / 12", story.seen["scores"])

    assert scores == ["10", "6"]


@pytest.mark.parametrize(("student", "points"), [("ada", "11.5 of 12"), ("ben", "7.5 of 12")])
def test_each_student_reads_points_and_the_teachers_words(story: Story, student: str, points: str):
    assert points in story.seen[f"{student} reads"]
    assert "Well told" in story.seen[f"{student} reads"]


def test_the_feedback_names_the_flipped_sign_too(story: Story):
    assert "The size is right, the sign is not" in story.seen["ben reads"]
    assert "the sign is not" not in story.seen["ada reads"]


def test_maths_is_drawn(story: Story):
    assert story.seen["ada's maths"] > 0
    assert story.seen["maths 0"] > 0
    assert story.seen["ada's maths in feedback"] > 0


def test_no_page_asks_anybody_but_the_hub(story: Story):
    assert story.hosts == {story.seen["own host"]}, json.dumps(sorted(story.hosts))
