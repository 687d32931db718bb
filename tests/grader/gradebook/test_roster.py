"""The roster: added, changed, withdrawn and restored students; all of a file or nothing."""

import json
from datetime import datetime

import pytest
from small_class import enrol, files_of, foreign_keys_enforced, graded, hand_in_graded
from sqlalchemy.exc import OperationalError

from grader.errors import CourseError
from grader.gradebook.people import Person, people
from grader.gradebook.roster import set_roster
from grader.gradebook.scores import lesson_scores
from grader.pages.report import report

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "1001")
ALAN = Person("alan", "Alan", "Turing")


def apply(course, *wanted, withdraw_missing=False, dry_run=False):
    """Set the roster, and return what was said of whom."""
    changes = set_roster(course, wanted, withdraw_missing=withdraw_missing, dry_run=dry_run)
    return {change.student.id: change.action for change in changes}


def roster(course):
    with course.gradebook() as gradebook:
        return people(gradebook)


def scores(course):
    with course.gradebook() as gradebook:
        return lesson_scores(gradebook, "ps1")


def test_students_are_added_changed_and_left(released_course):
    assert apply(released_course, ADA, ALAN) == {"ada": "added", "alan": "added"}
    assert apply(released_course, ADA) == {"ada": "unchanged", "alan": "not in the file"}
    assert apply(released_course, Person("ada", last_name="Byron")) == {
        "ada": "changed",
        "alan": "not in the file",
    }
    assert roster(released_course) == [
        Person("ada", "Ada", "Byron", "ada@example.org", "1001"),
        ALAN,
    ]


def test_each_change_is_told(released_course):
    apply(released_course, ADA)

    [change, other] = set_roster(
        released_course,
        [Person("ada", last_name="Byron"), Person("al", email="ada@example.org")],
        withdraw_missing=False,
        dry_run=True,
    )

    assert change.details == "last_name: 'Lovelace' → 'Byron'"
    assert other.details == "has the e-mail address of ada; see grader rename"


def test_a_dry_run_changes_nothing(released_course):
    enrol(released_course, ("emmy", "Emmy", "Noether", "", ""))
    hand_in_graded(released_course, graded("emmy"))
    before = files_of(released_course, "emmy")

    told = apply(released_course, ADA, withdraw_missing=True, dry_run=True)

    assert told == {"ada": "added", "emmy": "withdrawn"}
    assert [person.id for person in roster(released_course)] == ["emmy"]
    assert files_of(released_course, "emmy") == before


def test_a_roster_that_fails_half_way_leaves_the_gradebook_as_it_was(released_course, monkeypatch):
    apply(released_course, ALAN)

    def fail(*_):
        raise OperationalError("locked", None, Exception("locked"))

    monkeypatch.setattr("grader.gradebook.roster.unlist", fail)
    with pytest.raises(CourseError, match="failed: locked"):
        apply(released_course, ADA, withdraw_missing=True)

    assert roster(released_course) == [ALAN]


@pytest.fixture
def class_of_two(released_course):
    """Ada with 6 points, and Alan with 1, who was late and has a mark given by hand."""
    hand_in_graded(released_course, graded("ada"), graded("alan", 0.0, None))
    apply(released_course, ADA, ALAN)
    with released_course.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "alan")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 0.5, False
        comment = gradebook.find_comment("explain_square", "ps1", "ps1", "alan")
        comment.manual_comment = "Say why."
        gradebook.find_submission("ps1", "alan").timestamp = datetime(2026, 10, 30, 18)
        gradebook.db.commit()
    return released_course


def test_a_withdrawn_student_vanishes_from_report_csv_and_median(class_of_two):
    apply(class_of_two, ADA, withdraw_missing=True)

    page = report(class_of_two, "ps1").pages[0]

    assert "alan" not in page.read_text().lower()
    assert "alan" not in (page.parent / "scores.csv").read_text().lower()
    assert "<dt>Median points</dt><dd>6 of 6</dd>" in page.read_text()
    assert {student for student, _ in scores(class_of_two)} == {"ada"}
    assert class_of_two.students("ps1") == ["ada"]


def test_nothing_of_a_withdrawn_students_work_is_lost(class_of_two):
    apply(class_of_two, ADA, withdraw_missing=True)

    away = class_of_two.classroom / "withdrawn" / "alan"
    kept = json.loads((away / "gradebook.json").read_text())
    [lesson] = kept["submissions"]
    assert files_of(class_of_two, "alan") == {
        f"withdrawn/alan/{name}"
        for name in (
            "gradebook.json",
            "submitted/ps1/ps1.ipynb",
            "autograded/ps1/ps1.ipynb",
            "feedback/ps1/ps1.html",
            "outcomes/ps1.json",
        )
    }
    assert kept["first_name"] == "Alan"
    assert lesson["timestamp"] == "2026-10-30T18:00:00"
    assert lesson["notebooks"][0]["grades"]["explain_square"]["manual_score"] == 2.5


def test_rows_go_before_the_rows_that_they_belong_to(class_of_two):
    with foreign_keys_enforced():
        apply(class_of_two, ADA, withdraw_missing=True)
        apply(class_of_two, ADA, ALAN)

    assert [person.id for person in roster(class_of_two)] == ["ada", "alan"]


def test_a_student_who_comes_back_has_everything_again(class_of_two):
    before, files = scores(class_of_two), files_of(class_of_two, "alan")
    apply(class_of_two, ADA, withdraw_missing=True)

    told = apply(class_of_two, ADA, Person("alan"))

    assert told == {"ada": "unchanged", "alan": "restored"}
    assert scores(class_of_two) == before
    assert before["alan", "ps1"].comments == {"explain_square": "Say why."}
    assert files_of(class_of_two, "alan") == files
    assert not (class_of_two.classroom / "withdrawn" / "alan").exists()


def test_a_withdrawal_that_was_stopped_is_ended_by_the_same_command(class_of_two, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("grader.gradebook.roster.unlist", stop)
        with pytest.raises(KeyboardInterrupt):
            apply(class_of_two, ADA, withdraw_missing=True)

    assert apply(class_of_two, ADA, withdraw_missing=True)["alan"] == "withdrawn"
    assert {path.split("/")[0] for path in files_of(class_of_two, "alan")} == {"withdrawn"}
    assert [person.id for person in roster(class_of_two)] == ["ada"]


def test_what_is_handed_in_after_a_withdrawal_is_kept_beside_it(class_of_two):
    apply(class_of_two, ADA, withdraw_missing=True)
    hand_in_graded(class_of_two, graded("alan"))

    apply(class_of_two, ADA, withdraw_missing=True)

    away = class_of_two.classroom / "withdrawn" / "alan" / "submitted" / "ps1"
    assert {path.name for path in away.iterdir()} == {"ps1.ipynb", "ps1.ipynb.earlier-1"}
