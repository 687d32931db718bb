"""A feedback page says what is right, what is not yet and why, and gives no hidden test away."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hostile_pages import PNG
from nbformat.v4 import new_code_cell, new_markdown_cell
from tiny_course import graded_cell, write_notebook
from traitlets.config import Config

from grader.course.cells import Delimiters, split
from grader.course.course import Course
from grader.gradebook.scores import CellScore, NotebookScores, lesson_scores, seconds_late
from grader.gradebook.totals import Total
from grader.outcome import CellResult, GradedNotebook, Outcome
from grader.pages.feedback import feedback
from grader.pages.feedback_page import Place, make_page, render_page
from grader.pages.headings import titles_of
from grader.pages.hidden_tests import INSTEAD, Secrets
from grader.pages.nbgrader_pages import markdown_for_teachers
from grader.pages.report import report
from grader.pages.templating import POLICY

SENTENCE = "Your square is a sum: 3 times 3 is not 3 plus 3."
MESSAGE = f"square(3) gave 6.\n{SENTENCE}"
WRONG = CellResult("test_square", 0.0, 2.0, MESSAGE, mistake="sum", sentence=SENTENCE)
RIGHT = CellResult("test_answer", 1.0, 1.0)
MANUAL = CellResult("explain_square", None, 3.0)
TEST_SQUARE = (
    "assert square(3) == 9\n### BEGIN HIDDEN TESTS\nassert square(-4) == 16\n### END HIDDEN TESTS"
)

# nbgrader's own gradebook makes SQLAlchemy warn when it adds a submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def display(data: dict[str, str], **metadata: Any) -> dict[str, Any]:
    """Return an output that shows something."""
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def error(*lines: str) -> dict[str, Any]:
    """Return an error with a traceback."""
    return {"output_type": "error", "ename": "E", "evalue": lines[-1], "traceback": list(lines)}


def notebook(**outputs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an autograded notebook; outputs go by the cell's grade_id."""
    cells = [
        new_markdown_cell("# Squares\n\nA square is $x^2$."),
        graded_cell("solution", "square", "def square(x):\n    return x + x"),
        graded_cell("test", "test_square", TEST_SQUARE, points=2),
        new_markdown_cell("## The `answer` · 1 point"),
        graded_cell("test", "test_answer", "assert answer", points=1),
        graded_cell("manual", "explain_square", "Because *four* sides.", points=3),
        new_code_cell("print('my own')"),
    ]
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "own")
        if cell.cell_type == "code":
            cell.outputs = outputs.get(name, [])
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def outcome(*results: CellResult, **fields: Any) -> Outcome:
    """Return ada's outcome."""
    graded = GradedNotebook("ps1", "graded", results=results or (WRONG, RIGHT, MANUAL))
    return Outcome("ada", "ps1", **({"status": "graded", "notebooks": (graded,)} | fields))


def page_of(
    *results: CellResult, marks: NotebookScores | None = None, show: bool = False, **outputs: Any
) -> str:
    """Return ada's page."""
    page = make_page(
        outcome(*results), Place("ps1"), notebook(**outputs), marks, show_hidden_tests=show
    )
    return render_page(page)


def words(page: str) -> str:
    """Return a page's text, its spaces made single."""
    body = page[page.index("<body>") :]
    return " ".join(re.sub(r"<[^<>]*>", " ", body).split())


def test_the_score_stands_on_top_and_says_what_still_waits() -> None:
    text = words(page_of())

    assert text.startswith("ps1 Feedback for ada 1 of 6 points … 1 answer still to be read")


def test_every_verdict_is_a_sign_and_a_word() -> None:
    text = words(page_of())

    assert "✗ not yet test_square" in text
    assert "✓ right test_answer" in text
    assert "… waits for a teacher explain_square" in text


def test_an_answer_that_was_not_touched_is_not_called_wrong() -> None:
    untouched = GradedNotebook(
        "ps1", "graded", results=(replace(MANUAL, points=0.0),), unchanged=("explain_square",)
    )
    page = make_page(outcome(notebooks=(untouched,)), Place("ps1"), notebook(), None)

    assert page.rows[0].verdict.word == "not attempted"


def test_the_mistakes_sentence_leads_and_the_rest_of_the_message_follows() -> None:
    page = page_of()

    assert f'<p class="sentence">{SENTENCE}</p>' in page
    assert '<pre class="message">square(3) gave 6.</pre>' in page


def test_a_failed_test_is_told_by_its_message_or_else_by_its_traceback() -> None:
    told = page_of(WRONG, test_square=[error("Traceback of the test")])
    untold = page_of(replace(WRONG, message=""), test_square=[error("Traceback of the test")])

    assert "Traceback" not in words(told)
    assert "Traceback of the test" in words(untold)


def test_the_table_names_the_heading_an_exercise_stands_under() -> None:
    page = make_page(outcome(), Place("ps1"), notebook(), None, headings=titles_of(notebook()))

    assert "test_answer The answer 1 of 1" in words(render_page(page))


def test_a_students_heading_names_no_row() -> None:
    made = notebook()
    made["cells"][3]["source"] = "## Full points, do not change"

    page = make_page(outcome(), Place("ps1"), made, None, headings=titles_of(notebook()))

    assert [row.title for row in page.rows] == ["Squares", "The answer", "The answer"]


def test_hidden_tests_stay_hidden_and_the_page_says_that_they_ran() -> None:
    page = page_of()

    assert "square(-4)" not in words(page)
    assert "BEGIN HIDDEN" not in page
    assert "Hidden tests ran as well" in page


def test_a_traceback_that_repeats_a_hidden_test_is_redacted() -> None:
    """As plain nbgrader's tracebacks do, with their colours between the words."""
    lines = error(
        "\x1b[0;31mAssertionError\x1b[0m",
        "\x1b[0;32m----> 3\x1b[0m assert square\x1b[0m(\x1b[36m-4\x1b[0m) == 16\nValueError",
    )

    page = page_of(RIGHT, test_square=[lines])

    assert "-4" not in words(page)
    assert page.count(INSTEAD) == 1


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": "assert square(-4) == 16\n"},
        display({"text/plain": "'assert square(-4) == 16'"}),
        display({"text/html": "<pre>assert square(<i>-4</i>) == 16</pre>"}),
        display({"text/markdown": "`assert square(-4) == 16`"}),
        display({"text/latex": "assert square(-4) == 16"}),
    ],
    ids=["printed", "shown", "html", "markdown", "latex"],
)
def test_a_test_that_shows_its_hidden_lines_gives_none_away(output: dict[str, Any]) -> None:
    assert "16" not in words(page_of(RIGHT, test_square=[output]))


def test_a_right_guess_at_a_hidden_test_looks_like_a_wrong_one() -> None:
    """Were it replaced, whoever prints a thousand guesses would read which one is right."""
    guesses = [f"assert square(-4) == {number}" for number in (15, 16, 17)]
    printed = {"output_type": "stream", "name": "stdout", "text": "\n".join(guesses)}

    page = words(page_of(own=[printed], square=[printed]))

    assert all(page.count(guess) == 2 for guess in guesses)
    assert INSTEAD not in page


def test_a_students_source_is_shown_as_it_is() -> None:
    made = notebook()
    made["cells"][1]["source"] = "# assert square(-4) == 16"

    page = render_page(make_page(outcome(), Place("ps1"), made, None))

    assert "# assert square(-4) == 16" in words(page)


def test_a_teacher_can_choose_to_show_hidden_tests() -> None:
    text = words(page_of(show=True))

    assert re.search(r"assert square \( - 4 \) == 16", text)
    assert "Hidden tests ran as well" not in text


MARKS = Delimiters().hidden_tests


def test_hidden_regions_may_stand_anywhere_and_stay_open() -> None:
    source = "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc\n### BEGIN HIDDEN TESTS\nd"

    assert split(source, MARKS) == (["a", "c"], ["b", "d"])


def test_a_line_that_is_also_visible_is_no_secret() -> None:
    secrets = Secrets.of(["check(f, 7)\n### BEGIN HIDDEN TESTS\ncheck(f, 7)\ncheck(f, 8)"], MARKS)

    assert secrets.redact("check(f, 7)\ncheck(f, 8)") == f"check(f, 7)\n{INSTEAD}"


def test_figures_and_outputs_are_in_the_page_with_their_words() -> None:
    figure = display({"image/png": PNG}, **{"image/png": {"alt": "Bars that fall"}})
    printed = {"output_type": "stream", "name": "stdout", "text": "9 <b>16</b>\n"}

    page = page_of(square=[figure], own=[printed])

    assert f'<img src="data:image/png;base64,{PNG}" alt="Bars that fall">' in page
    assert "9 &lt;b&gt;16&lt;/b&gt;" in page


def test_a_formula_is_drawn_without_any_script() -> None:
    page = page_of()

    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page
    assert "<script" not in page


def test_a_page_loads_nothing_and_says_so_to_the_browser() -> None:
    page = page_of()

    assert f'http-equiv="Content-Security-Policy" content="{POLICY}"'.replace("'", "&#39;") in page
    assert not re.search(r"\s(?:src|href)=\"(?!data:|#)", page)


def test_the_gradebooks_points_count_and_a_teachers_comment_is_shown() -> None:
    marks = NotebookScores(
        {"explain_square": CellScore("explain_square", 2.5, 3.0, by_hand=True)},
        {"explain_square": "Well said. <script>alert(1)</script> $x^2$"},
        penalty=0.5,
        seconds_late=7200,
    )

    page = page_of(marks=marks)
    text = words(page)

    assert "3 of 6 points" in text
    assert "Handed in 2 h after the due date; 0.5 points are taken off" in text
    assert "◐ partly right 2.5 of 3 explain_square graded by a teacher" in text
    assert "Your teacher writes Well said. &lt;script&gt;" in text


def test_what_a_student_controls_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    results = (
        replace(WRONG, message=evil, sentence=""),
        replace(RIGHT, cell="missing", message=evil),
    )
    graded = GradedNotebook("ps1", "graded", results=results)
    hostile = Outcome(evil, evil, "graded with notes", notes=(evil,), notebooks=(graded,))

    page = render_page(make_page(hostile, Place("ps1"), notebook(), None))

    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_a_damaged_submission_gets_why_and_what_to_do() -> None:
    damaged = outcome(status="damaged", reason="It is not a notebook: <line 1> is no JSON.")

    text = words(render_page(make_page(damaged, Place("ps1"), None, None)))

    assert "could not be graded Why: It is not a notebook: &lt;line 1&gt; is no JSON." in text
    assert "What to do: Open your notebook" in text
    assert "Hand in ps1.ipynb itself" in text


def test_each_page_of_a_damaged_lesson_says_what_is_wrong_with_its_own_notebook() -> None:
    notebooks = (
        GradedNotebook("ps1", "damaged", "It is empty."),
        GradedNotebook("two", "damaged", "It is a picture."),
    )
    damaged = Outcome("ada", "ps1", "damaged", "It is all wrong.", notebooks=notebooks)

    text = words(render_page(make_page(damaged, Place("two", ("ps1", "two")), None, None)))

    assert "Why: It is a picture. What to do" in text


def test_a_page_says_which_other_notebook_of_its_lesson_could_not_be_graded() -> None:
    half = outcome(status="graded with notes", reason="The notebook two.ipynb is missing.")

    text = words(render_page(make_page(half, Place("ps1", ("ps1", "two")), notebook(), None)))

    assert "Worth knowing The notebook two.ipynb is missing." in text


def test_a_submission_of_a_day_late_is_counted_as_nbgrader_counts_it() -> None:
    due = datetime(2030, 1, 1)

    assert seconds_late(datetime(2030, 1, 2), due, None) == 86400
    assert seconds_late(datetime(2029, 1, 2), due, None) == 0
    assert seconds_late(None, due, None) == 0


@pytest.fixture
def graded(released_course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The tiny course with a graded and a damaged submission, as the grader leaves them."""
    monkeypatch.chdir(released_course.root)
    put(released_course, outcome(), notebook())
    put(released_course, Outcome("kurt", "ps1", "damaged", "It is empty."), None)
    with released_course.gradebook() as gradebook:
        for cell, points in (("test_square", 0.0), ("test_answer", 1.0)):
            grade = gradebook.find_grade(cell, "ps1", "ps1", "ada")
            grade.auto_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("explain_square", "ps1", "ps1", "ada").manual_comment = "Go on."
        gradebook.db.commit()
    return released_course


def put(course: Course, outcome: Outcome, graded: Any) -> None:
    """Record a submission: in the gradebook, the outcomes, and where there is one its notebook."""
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(outcome.student)
        gradebook.update_or_create_submission("ps1", outcome.student)
    file = course.outcome_file(outcome.student, "ps1")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(outcome.to_json())
    folder = course.folder("autograded", outcome.student, "ps1")
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2030-01-01 00:00:00 UTC\n")
    if graded:
        (folder / "ps1.ipynb").write_text(json.dumps(graded))


def test_each_submission_gets_a_page_where_nbgrader_looks_for_it(graded: Course) -> None:
    pages = feedback(graded, "ps1").pages

    assert [path.relative_to(graded.root).as_posix() for path in pages] == [
        "classroom/feedback/ada/ps1/ps1.html",
        "classroom/feedback/kurt/ps1/ps1.html",
    ]
    assert "1 of 6 points" in words(pages[0].read_text())
    assert "It is empty." in words(pages[1].read_text())
    assert (pages[0].parent / "timestamp.txt").read_text().startswith("2030")


def test_feedback_made_again_says_what_is_true_now(graded: Course) -> None:
    feedback(graded, "ps1")
    with graded.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        gradebook.db.commit()

    [page, _] = feedback(graded, "ps1").pages

    assert "4 of 6 points" in words(page.read_text())


def test_what_a_students_link_leads_to_is_not_passed_on(graded: Course, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the teacher's")
    submitted = graded.folder("submitted", "ada", "ps1")
    submitted.mkdir(parents=True)
    (submitted / "submission_secret.txt").symlink_to(tmp_path / "secret")

    [page, _] = feedback(graded, "ps1").pages

    assert not (page.parent / "submission_secret.txt").exists()


def test_a_linked_submission_passes_nothing_of_another_students_on(graded: Course) -> None:
    ada, eve = (graded.folder("submitted", student, "ps1") for student in ("ada", "eve"))
    ada.mkdir(parents=True)
    eve.parent.mkdir(parents=True)
    (ada / "submission_secret.txt").write_text("ada's")
    eve.symlink_to("../ada/ps1")
    put(graded, replace(outcome(), student="eve"), notebook())

    feedback(graded, "ps1")

    assert (graded.folder("feedback", "ada", "ps1") / "submission_secret.txt").exists()
    assert not (graded.folder("feedback", "eve", "ps1") / "submission_secret.txt").exists()


def test_a_hard_link_to_another_students_file_is_not_passed_on(graded: Course) -> None:
    ada, kurt = (graded.folder("submitted", student, "ps1") for student in ("ada", "kurt"))
    for folder in (ada, kurt):
        folder.mkdir(parents=True)
    (ada / "submission_secret.txt").write_text("ada's")
    (kurt / "submission_secret.txt").hardlink_to(ada / "submission_secret.txt")

    feedback(graded, "ps1")

    assert not (graded.folder("feedback", "kurt", "ps1") / "submission_secret.txt").exists()


def test_surrogates_in_an_outcome_that_is_there_already_stop_nothing(graded: Course) -> None:
    file = graded.outcome_file("ada", "ps1")
    file.write_text(file.read_text().replace("gave 6.", "gave \\ud800."))

    made = feedback(graded, "ps1")

    assert made.failed == {}
    assert r"square(3) gave \ud800." in words(made.pages[0].read_text())
    assert len(report(graded, "ps1").pages) == 1


def test_surrogates_in_an_autograded_notebook_stop_nothing(graded: Course) -> None:
    file = graded.folder("autograded", "ada", "ps1") / "ps1.ipynb"
    file.write_text(file.read_text().replace("my own", "my own \\ud800"))

    made = feedback(graded, "ps1")

    assert made.failed == {}
    assert "my own ?" in words(made.pages[0].read_text())


def test_a_page_that_cannot_be_made_says_so_and_the_next_students_follows(
    graded: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_for_ada(outcome: Outcome, *args: Any, **options: Any) -> Any:
        if outcome.student == "ada":
            raise ValueError("no page \x1b[2J")
        return make_page(outcome, *args, **options)

    monkeypatch.setattr("grader.pages.feedback.make_page", fails_for_ada)

    made = feedback(graded, "ps1")

    assert made.failed == {"ada": r"ValueError: no page \x1b[2J"}
    assert "This page could not be made" in words(made.pages[0].read_text())
    assert "It is empty." in words(made.pages[1].read_text())


def test_an_outcome_that_cannot_be_read_is_no_fault_of_the_students(graded: Course) -> None:
    graded.outcome_file("ada", "ps1").write_text("{")

    made = feedback(graded, "ps1")

    assert "that is no fault of yours" in words(made.pages[0].read_text())


def test_a_broken_autograded_notebook_still_gives_a_page(graded: Course) -> None:
    (graded.folder("autograded", "ada", "ps1") / "ps1.ipynb").write_text("{")

    [page, _] = feedback(graded, "ps1").pages

    assert "✗ not yet test_square" in words(page.read_text())


def test_the_gradebook_is_read_for_all_or_for_one(graded: Course) -> None:
    with graded.gradebook() as gradebook:
        everybody = lesson_scores(gradebook, "ps1")
        only_ada = lesson_scores(gradebook, "ps1", "ada")

    assert set(everybody) == {("ada", "ps1"), ("kurt", "ps1")}
    assert only_ada == {("ada", "ps1"): everybody["ada", "ps1"]}
    assert only_ada["ada", "ps1"].marks["test_answer"] == CellScore("test_answer", 1.0, 1.0)
    assert only_ada["ada", "ps1"].comments == {"explain_square": "Go on."}


def test_nbgraders_own_command_makes_the_same_page_ready_for_release(graded: Course) -> None:
    [ours, _] = feedback(graded, "ps1").pages
    expected = ours.read_text()
    submitted = graded.folder("submitted", "ada", "ps1")
    submitted.mkdir(parents=True)
    (submitted / "submission_secret.txt").write_text("of the exchange")
    ours.unlink()
    config = graded.root / "nbgrader_config.py"
    config.write_text(
        config.read_text() + "\nfrom grader.pages.nbgrader_pages import protect\nprotect(c)\n"
    )

    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", "ps1", "--force"],
        cwd=graded.root,
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(graded.root)},
        check=True,
        capture_output=True,
        timeout=300,
    )

    assert ours.read_text() == expected
    assert (ours.parent / "submission_secret.txt").read_text() == "of the exchange"


SCHEME = """Tell why.
=== BEGIN MARK SCHEME ===
- 1 point: the sign.
=== END MARK SCHEME ===
In one line."""


def test_a_mark_scheme_is_for_who_grades_and_not_for_students() -> None:
    task = graded_cell("manual", "why", SCHEME)
    task.metadata["nbgrader"] |= {"task": True, "solution": False, "points": 2}
    page = words(render_page(make_page(outcome(), Place("ps1", ("ps1",)), {"cells": [task]}, None)))
    for_a_teacher = markdown_for_teachers(Config())({"cell": task}, SCHEME)

    assert "Tell why. In one line." in page
    assert "MARK SCHEME" not in page + for_a_teacher
    assert "the sign" not in page
    assert "<strong>Mark scheme</strong>" in for_a_teacher
    assert "<li>1 point: the sign.</li>" in for_a_teacher


def test_a_mark_scheme_may_have_other_delimiters() -> None:
    config = Config()
    render = markdown_for_teachers(config)
    config.ClearMarkScheme.begin_mark_scheme_delimeter = "PUNKTE"
    config.ClearMarkScheme.end_mark_scheme_delimeter = "ENDE"
    task = graded_cell("manual", "why", "")
    task.metadata["nbgrader"] |= {"task": True, "solution": False}

    page = render({"cell": task}, "Tell why.\n# PUNKTE\n- 1 point: the sign.\n# ENDE")

    assert "<strong>Mark scheme</strong>" in page
    assert "PUNKTE" not in page


IN_WORDS = """### BEGIN SOLUTION
All four sides are **equal**.

=== BEGIN MARK SCHEME ===
- 1 point: the sides.
=== END MARK SCHEME ===
### END SOLUTION"""


def with_points(by_hand: bool, again: bool = False) -> NotebookScores:
    mark = CellScore("explain_square", 2.0, 3.0, by_hand=by_hand, again=again)
    return NotebookScores({"explain_square": mark})


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        (None, False),
        (with_points(by_hand=False), False),
        (with_points(by_hand=True, again=True), False),
        (with_points(by_hand=True), True),
    ],
    ids=["waits", "left empty", "handed in again", "read"],
)
def test_a_model_answer_is_shown_when_a_person_has_read_the_students(
    marks: NotebookScores | None, shown: bool
) -> None:
    models = {"explain_square": "All four sides are **equal**."}
    page = render_page(make_page(outcome(), Place("ps1"), notebook(), marks, models=models))

    assert ("<summary>A model answer</summary>" in page) is shown
    assert ("<strong>equal</strong>" in page) is shown


@pytest.mark.parametrize(("setting", "shown"), [("never", False), ("graded", True)])
def test_model_answers_come_from_the_instructors_notebook_when_the_course_says_so(
    graded: Course, setting: str, shown: bool
) -> None:
    source = graded.folder("source", ".", "ps1") / "ps1.ipynb"
    lesson = nbformat.read(source, as_version=4)
    lesson.cells[-1].source = IN_WORDS
    write_notebook(lesson, source)
    config = graded.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}c.Grader.model_answers = {setting!r}\n")
    with graded.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    page = feedback(Course(graded.root), "ps1", ["ada"]).pages[0].read_text()

    assert ("All four sides are" in page) is shown
    assert "the sides." not in page


def test_each_page_of_a_lesson_has_its_title_the_lessons_total_and_links_to_the_others() -> None:
    total = Total(7.0, 12.0, 3.0, to_read=1)
    place = Place("ps1", ("ps1", "the second"), total)

    page = render_page(make_page(outcome(), place, notebook(), None))

    assert "<title>Feedback for ada: ps1, ps1</title>" in page
    assert '<a href="the%20second.html">the second</a>' in page
    assert "7 of 15 points of the whole lesson" in words(page)
    assert "1 of 6 of them are for this notebook." in words(page)


def test_a_lesson_of_one_notebook_has_no_links() -> None:
    page = render_page(make_page(outcome(), Place("ps1", ("ps1",)), notebook(), None))

    assert "<title>Feedback for ada: ps1</title>" in page
    assert "whole lesson" not in page


def test_a_damaged_submission_keeps_the_points_that_a_person_gave() -> None:
    place = Place("ps1", ("ps1",), Total(2.5, 6.0))

    page = make_page(outcome(status="damaged", reason="It is empty."), place, None, None)

    assert "this lesson counts 2.5 points." in words(render_page(page))
