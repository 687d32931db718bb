"""The class report tells a teacher how a lesson went, and opens safely anywhere."""

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from small_class import hand_in_graded

from grader.course.course import Course
from grader.gradebook.scores import CellScore, NotebookScores
from grader.outcome import CellResult, GradedNotebook, Outcome
from grader.pages.histogram import binned, histogram
from grader.pages.report import render_report, report
from grader.pages.scores_csv import cell, scores_csv
from grader.pages.summary import Summary, summarise

EVIL = "<script>alert(1)</script>"
SIGN = "Sign flipped: which key should lose?"
SQUARE = CellResult("test_square", 2.0, 2.0, seconds=0.5)
SQUARE_WRONG = CellResult("test_square", 0.0, 2.0, f"6\n{SIGN}", "sign", SIGN, 0.25)
SQUARE_BLANK = CellResult("test_square", 0.0, 2.0, "nothing yet", "not_attempted", "Not yet.")
SQUARE_ODD = CellResult("test_square", 0.0, 2.0, "square(3) gave a list.\nmore")
EXPLAIN = CellResult("explain_square", None, 3.0)

# nbgrader's own gradebook makes SQLAlchemy warn when it adds a submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def handed_in(student: str, *results: CellResult, **fields: Any) -> Outcome:
    """Return the outcome of one student's submission."""
    seconds = fields.pop("seconds", 1.0)
    unchanged = fields.pop("unchanged", ())
    notebook = GradedNotebook(
        "ps1", "graded", results=results, unchanged=unchanged, cell_seconds=seconds
    )
    return Outcome(student, "ps1", **({"status": "graded", "notebooks": (notebook,)} | fields))


def summary(
    *outcomes: Outcome,
    marks: dict[tuple[str, str], NotebookScores] | None = None,
    names: dict[str, str] | None = None,
) -> Summary:
    """Return what the report of these outcomes says."""
    return summarise("ps1", outcomes, marks or {}, names or {})


CLASS = (
    handed_in("ada", SQUARE, EXPLAIN),
    handed_in("emmy", SQUARE_WRONG, EXPLAIN, seconds=9.0),
    handed_in("grace", SQUARE_WRONG, replace(EXPLAIN, points=0.0), unchanged=("explain_square",)),
    handed_in("alan", SQUARE_BLANK, EXPLAIN, status="graded with notes", notes=("A cell moved.",)),
    handed_in("noam", SQUARE_ODD, EXPLAIN),
    Outcome("kurt", "ps1", "damaged", "It is empty."),
)


def text_of(page: str) -> str:
    """Return a page's text, its spaces made single."""
    body = page[page.index("<body>") :]
    return " ".join(re.sub(r"<[^<>]*>", " ", body).split())


def test_the_first_line_says_when_there_was_no_sandbox() -> None:
    page = render_report(summary(replace(CLASS[0], sandbox=False), CLASS[1]))

    assert text_of(page).startswith("⚠ Graded without a sandbox (1 of 2 submissions)")


def test_nothing_is_said_of_a_sandbox_that_was_there() -> None:
    assert text_of(render_report(summary(*CLASS))).startswith("ps1 Class report.")


def test_every_submission_has_a_line_with_its_outcome() -> None:
    text = text_of(render_report(summary(*CLASS)))

    assert "ada 2 of 5 ✓ graded 1 answer to read" in text
    assert "alan 0 of 5 ! graded, with notes 1 answer to read A cell moved." in text
    assert "kurt 0 of 0 ✗ damaged It is empty." in text


def test_damaged_submissions_do_not_count_as_wrong_answers() -> None:
    damaged = replace(SQUARE_WRONG, message="It is empty.", mistake="")
    told = summary(CLASS[0], handed_in("kurt", damaged, status="damaged", reason="It is empty."))

    assert [verdict.word for verdict, _ in told.exercises[0].counts] == ["right"]
    assert told.mistakes == ()
    assert told.median_points == 2.0


def test_mistakes_are_counted_with_what_students_were_told() -> None:
    told = summary(*CLASS).mistakes

    assert [(line.exercise, line.mistake, line.sentence, line.students) for line in told] == [
        ("test_square", "sign", SIGN, ("emmy", "grace")),
        ("test_square", "", "", ("noam",)),
    ]
    assert told[1].examples == ("square(3) gave a list.",)


def test_what_was_not_attempted_is_no_mistake() -> None:
    counts = summary(*CLASS).exercises[1].counts

    assert [(verdict.word, count) for verdict, count in counts] == [
        ("not attempted", 1),
        ("waits for a teacher", 4),
    ]


def test_what_a_teacher_marked_is_no_mistake() -> None:
    marks = NotebookScores({"explain_square": CellScore("explain_square", 1.0, 3.0, True)})

    assert summary(CLASS[0], marks={("ada", "ps1"): marks}).mistakes == ()


def test_an_exercises_share_is_the_mean_of_its_points() -> None:
    square, explain = summary(*CLASS).exercises

    assert square.share == pytest.approx(0.2)
    assert explain.share is None


def test_the_gradebooks_points_count() -> None:
    square = CellScore("test_square", 2.0, 2.0)
    explain = CellScore("explain_square", 3.0, 3.0, True)
    cells = {"test_square": square, "explain_square": explain}
    marks = NotebookScores(cells, {}, 0.5, 7200)
    told = summary(CLASS[0], marks={("ada", "ps1"): marks})

    assert told.students[0].points == 4.5
    assert told.waiting == []
    assert "2 h late, 0.5 points off" in text_of(render_report(told))


def test_who_is_enrolled_and_handed_in_nothing_is_named() -> None:
    told = summary(*CLASS, names={"ada": "Ada L.", "felix": ""})

    assert told.missing == ("felix",)
    assert "Not handed in felix" in text_of(render_report(told))


def test_answers_that_wait_are_counted_by_cell() -> None:
    assert summary(*CLASS).waiting == [("explain_square", 4)]


def test_the_slowest_submissions_are_named_first() -> None:
    assert summary(*CLASS).slowest[0].student == "emmy"
    assert "emmy 9 s" in text_of(render_report(summary(*CLASS)))


def test_a_lesson_nobody_handed_in_has_a_report_that_says_so() -> None:
    assert "Nothing is graded yet" in text_of(render_report(summary()))


def test_several_notebooks_keep_their_exercises_apart() -> None:
    other = GradedNotebook("extra", "graded", results=(SQUARE,))
    both = replace(CLASS[0], notebooks=(*CLASS[0].notebooks, other))

    assert [line.name for line in summary(both).exercises] == [
        "ps1/test_square",
        "ps1/explain_square",
        "extra/test_square",
    ]


class Tags(HTMLParser):
    """Lists a page's elements, and the addresses that it names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_what_students_control_is_escaped_everywhere() -> None:
    wrong = replace(SQUARE_WRONG, cell=EVIL, message=EVIL, sentence=EVIL)
    odd = replace(SQUARE_ODD, cell=EVIL, message=EVIL)
    evil = handed_in(EVIL, wrong, replace(EXPLAIN, cell=EVIL), notes=(EVIL,), reason=EVIL)
    told = summary(
        evil,
        handed_in("b", odd),
        Outcome(EVIL * 2, "ps1", "damaged", EVIL),
        names={EVIL: EVIL, "c" + EVIL: ""},
    )

    page = render_report(replace(told, lesson=EVIL))

    assert "script" not in Tags(page).tags
    assert page.count("&lt;script&gt;") > 10


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    tags = Tags(render_report(summary(*CLASS)))

    assert tags.addresses == ["scores.csv"]
    assert not {"script", "link", "iframe", "object"} & set(tags.tags)


def test_the_figure_of_the_scores_can_be_read_aloud() -> None:
    picture = histogram([0, 1.5, 2], 2, 1.5)

    assert 'aria-label="Students by points: 0 to 1: 1; 1 to 2: 2."' in picture
    assert "median 1.5" in picture


@pytest.mark.parametrize(("points", "most"), [([0], 0), ([3.5], 3), ([0.5], 0.5), ([7], 100)])
def test_a_figure_of_odd_scores_is_drawn(points: list[float], most: float) -> None:
    _, counts = binned(points, most)

    assert sum(counts) == 1
    assert histogram(points, most, points[0]).startswith("<svg")


def rows(told: Summary) -> list[list[str]]:
    """Return the CSV file's rows."""
    return list(csv.reader(io.StringIO(scores_csv(told))))


def test_the_sheet_has_a_line_a_student_and_a_column_an_exercise() -> None:
    head, *lines = rows(summary(*CLASS))

    assert head[:5] == ["student", "name", "points", "max_points", "status"]
    assert head[-2:] == ["test_square", "explain_square"]
    assert [line[0] for line in lines] == [outcome.student for outcome in CLASS]
    assert lines[0][-2:] == ["2", ""]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_no_text_in_the_sheet_is_a_formula(sign: str) -> None:
    evil = f"{sign}cmd|' /C calc'!A0"
    outcome = handed_in(evil, replace(SQUARE, cell=evil), reason=evil, notes=(evil,))

    for line in rows(summary(outcome, names={evil: evil})):
        assert not [entry for entry in line if entry.strip(" ").startswith(sign.strip(" "))]
    assert cell("Ada - of Lovelace") == "Ada - of Lovelace"


def test_page_and_sheet_are_written_beside_each_other(
    released_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(released_course.root)
    with released_course.gradebook() as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Łovelace")
    hand_in_graded(released_course, CLASS[0])

    [page] = report(released_course, "ps1").pages

    assert page.relative_to(released_course.root) == Path("classroom/reports/ps1/report.html")
    assert "Ada Łovelace" in page.read_text(encoding="utf-8")
    sheet = (page.parent / "scores.csv").read_bytes()
    assert sheet.startswith("\ufeffstudent,name".encode())
    assert sheet.count(b"\r\n") == 2


def test_it_says_what_bounded_the_students_code() -> None:
    bounded = replace(CLASS[0], bounds="sessions: process limits")

    assert "What bounded the students’ code: sessions: process limits." in text_of(
        render_report(summary(bounded, CLASS[1]))
    )


def test_it_says_which_points_rest_on_tests_inside_the_session() -> None:
    page = render_report(summary(*CLASS), ["2 of 3 points rest on tests inside the session."])

    assert "How this lesson is tested 2 of 3 points rest" in text_of(page)


def test_a_test_that_a_person_has_to_decide_is_listed_with_the_reason() -> None:
    flagged = CellResult("test_square", None, 2.0, cause="a generator is not plain data")
    told = text_of(render_report(summary(handed_in("rosa", flagged))))

    assert "Tests that a person has to decide" in told
    assert "test_square a generator is not plain data rosa" in told


def test_on_a_phone_the_picture_fits_and_names_break_at_their_dots(browser, tmp_path):
    student = "maria-magdalena.von-und-zu-hohenstein"
    noted = replace(handed_in("maximilianalexander.b", SQUARE), status="graded with notes")
    outcomes = [
        handed_in(student, SQUARE, EXPLAIN),
        replace(noted, notes=("Expected is a_notebook.ipynb.",)),
        Outcome(f"{student}.2", "ps1", "damaged"),
    ]
    page = tmp_path / "report.html"
    page.write_text(render_report(summary(*outcomes)), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 400, "height": 800})
    tab.goto(page.as_uri())
    cut = tab.evaluate(
        "[...document.querySelectorAll('.scroll')]"
        ".filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerHTML)"
    )
    tab.close()

    assert cut == []
    assert "maria-magdalena.<wbr>von-und-zu-hohenstein</td>" in page.read_text()


def test_a_mark_given_by_hand_counts_while_it_waits_to_be_looked_at_again() -> None:
    again = CellScore("explain_square", 2.5, 3.0, by_hand=True, again=True)
    marks = NotebookScores({"test_square": CellScore("test_square", 2.0, 2.0), again.cell: again})

    told = summary(CLASS[0], marks={("ada", "ps1"): marks})

    assert told.students[0].points == 4.5
    assert told.waiting == [("explain_square", 1)]


def test_points_of_before_the_last_release_are_marked() -> None:
    told = summarise("ps1", CLASS[:2], {}, {}, {"emmy"})

    text = text_of(render_report(told))

    assert "1 of 2 submissions were graded before the last release" in text
    assert [line[6] for line in rows(told)[1:]] == ["", "graded before the last release"]


def test_a_second_notebook_that_is_missing_is_told_alike_in_page_and_sheet() -> None:
    missing = GradedNotebook("two", "damaged", "two.ipynb is missing.")
    half = replace(
        CLASS[0],
        status="graded with notes",
        reason=missing.reason,
        notebooks=(*CLASS[0].notebooks, missing),
    )
    told = summary(half)

    assert "! graded, with notes 1 answer to read two.ipynb is missing." in text_of(
        render_report(told)
    )
    assert rows(told)[1][4:6] == ["graded with notes", "two.ipynb is missing."]
