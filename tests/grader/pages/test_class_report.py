"""The class over all lessons: points, who falls behind, mistakes that come back, links."""

import re
from pathlib import Path

import pytest
from small_class import enrol, graded, hand_in_graded

from grader.gradebook.people import Person
from grader.gradebook.totals import ClassTotals, Total
from grader.outcome import CellResult, GradedNotebook, Outcome
from grader.pages.class_report import class_report, render_class
from grader.pages.class_summary import recurring, summarise_class
from grader.pages.links import Link
from grader.pages.report import report
from grader.pages.summary import summarise

SIGN = "Sign flipped: which key should lose?"
EVIL = "<script>alert(1)</script>"


def lesson(name, *mistakes, damaged=()):
    """Return the summary of a lesson; `mistakes` are of a student, a slug and a sentence."""
    outcomes = [
        Outcome(
            student,
            name,
            "graded",
            notebooks=(
                GradedNotebook(
                    name, "graded", results=(CellResult("t", 0.0, 1.0, "no", slug, sentence),)
                ),
            ),
        )
        for student, slug, sentence in mistakes
    ]
    outcomes += [Outcome(student, name, "damaged", "It is empty.") for student in damaged]
    return summarise(name, outcomes, {}, {})


def totals(*students, **points):
    """Return totals of lessons of 10 points; `points` by student, None for nothing handed in."""
    lessons = {f"{number:02}": 10.0 for number in range(1, 5)}
    return ClassTotals(
        tuple(Person(student) for student in (*students, *points)),
        lessons,
        {
            (student, name): Total(got, 10.0)
            for student, all_of_them in points.items()
            for name, got in zip(lessons, all_of_them, strict=False)
            if got is not None
        },
    )


def behind(totals, *summaries):
    return {line.student.id: line.reasons for line in summarise_class(totals, summaries).behind}


def test_who_misses_two_lessons_falls_behind():
    found = behind(totals(ada=[10, 10, 10, 10], bob=[10, None, 10, 10], carl=[10, None, None, 10]))

    assert found == {"carl": ["2 lessons are missing or damaged (02, 03)"]}


def test_who_has_less_than_half_of_the_points_falls_behind():
    found = behind(totals(ada=[5, 5, 5, 5], bob=[5, 5, 5, 4.9]))

    assert found == {"bob": ["49 % of the points so far"]}


def test_points_that_wait_for_a_teacher_are_not_held_against_a_student():
    waits = ClassTotals((Person("ada"),), {"01": 10.0}, {("ada", "01"): Total(3, 4, waiting=6)})

    assert behind(waits) == {}


def test_a_lesson_counts_once_somebody_has_handed_it_in():
    found = summarise_class(totals("bob", ada=[10, 10]), [])

    assert found.lessons == (("01", 10.0), ("02", 10.0))
    assert [line.student.id for line in found.behind] == ["bob"]


def test_a_damaged_submission_is_missing():
    found = behind(
        totals(ada=[10, 10, 10, 0]), lesson("03", damaged=["ada"]), lesson("04", damaged=["ada"])
    )

    assert found == {"ada": ["2 lessons are missing or damaged (03, 04)"]}


def test_mistakes_that_come_back_are_known_by_slug_or_sentence():
    found = recurring(
        [
            lesson("01", ("ada", "sign", SIGN), ("bob", "sign", SIGN), ("bob", "once", "Once.")),
            lesson("02", ("bob", "sign", "Sign flipped again."), ("ada", "", "Look at the shape.")),
            lesson("03", ("carl", "", "Look at the shape."), ("carl", "", "")),
        ]
    )

    assert [(one.sentence, one.lessons, one.again) for one in found] == [
        (SIGN, (("01", 2), ("02", 1)), ("bob",)),
        ("Look at the shape.", (("02", 1), ("03", 1)), ()),
    ]


@pytest.fixture
def page():
    """A page of two students in two lessons, with a name that would be a script."""
    people = ClassTotals(
        (Person("ada", EVIL), Person("bob")),
        {"01_one": 10.0, "02_two": 6.0},
        {
            ("ada", "01_one"): Total(8.5, 10, submissions=(("01_one", "abc123"),)),
            ("ada", "02_two"): Total(1, 3, waiting=3),
        },
    )
    links = {"01_one": {"ada": [Link("01_one", "../feedback/ada/01_one/01_one.html")]}}
    return render_class(summarise_class(people, []), links, {"01_one"})


def text_of(page):
    return " ".join(re.sub(r"<[^<>]*>", " ", page[page.index("<body>") :]).split())


def test_the_table_has_points_and_totals(page):
    text = text_of(page)

    assert "Most 16 10 6" in text
    assert "9.5 8.5 1 …" in text
    assert "bob 0 – –" in text


def test_the_rule_of_falling_behind_stands_on_the_page(page):
    assert "2 or more lessons missing or damaged, or less than 50 %" in text_of(page)


def test_a_student_leads_to_feedback_and_formgrader(page):
    assert '<a href="../feedback/ada/01_one/01_one.html">01 one</a>' in page
    assert "<code>formgrader/submissions/abc123/</code>" in page
    assert "works while the formgrader runs" in page
    assert '<a href="01_one/report.html">01 one</a>' in page


def test_the_page_runs_nothing_and_escapes_names(page):
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_reports_link_to_the_feedback_that_is_there(released_course):
    enrol(released_course, ("emmy", "Emmy", "Noether", "", ""))
    hand_in_graded(released_course, graded("ada o", mistake="sign", sentence=SIGN), graded("bob"))
    (released_course.folder("feedback", "bob", "ps1") / "ps1.html").unlink()

    (of_lesson,) = report(released_course, "ps1").pages
    of_class = class_report(released_course)

    for path in (of_lesson, of_class):
        hrefs = re.findall(r'href="([^"#]+\.html)"', path.read_text())
        pages = [(path.parent / href.replace("%20", " ")).resolve() for href in hrefs]
        assert all(map(Path.is_file, pages))
        assert [page.parent.parent.name for page in pages if page.name == "ps1.html"] == ["ada o"]
    assert "emmy" in of_class.read_text()


def test_a_class_without_lessons_has_a_page(released_course):
    assert "Nothing is graded yet" in class_report(released_course).read_text()


def test_nothing_is_cut_at_the_width_of_a_phone(browser, tmp_path):
    people = ClassTotals(
        tuple(Person(f"{n}{'w' * 60}", "Ada", "Lovelace") for n in range(3)),
        {f"0{n}_a_lesson_of_the_course": 10.0 for n in range(8)},
        {(f"1{'w' * 60}", "01_a_lesson_of_the_course"): Total(3, 10)},
    )
    (tmp_path / "class.html").write_text(render_class(summarise_class(people, []), {}))
    tab = browser.new_page(viewport={"width": 400, "height": 800})
    tab.goto((tmp_path / "class.html").as_uri())

    width = tab.evaluate("document.documentElement.scrollWidth")
    tab.close()

    assert width <= 400


def test_points_of_the_version_before_the_last_release_are_marked():
    before = summarise("01", [graded("ada")], {}, {}, {"ada"})
    html = render_class(summarise_class(totals(ada=[9], bob=[8]), [before]), {})

    ada, bob = (row for row in html.split("<tr>") if 'href="#student-' in row)
    assert "↻" in ada
    assert "↻" not in bob
    assert html.count(", graded before the last release") == 1
