"""The record: every outcome once, all of it or nothing, and a person's grades are kept."""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from grader.course.course import Course
from grader.gradebook.record import is_recorded, record
from grader.outcome import CellResult, GradedNotebook, Outcome

DUE = datetime(2026, 10, 30, 18)
LATE = datetime(2026, 10, 31, 18)
ANSWERS = ("square", "answer", "explain_square")


def outcome(
    square: float | None = 2, answer: float | None = 1, essay: float | None = None, **other: Any
) -> Outcome:
    """Ada's outcome of ps1, by the points of its three graded cells."""
    points = {"test_square": (square, 2), "test_answer": (answer, 1), "explain_square": (essay, 3)}
    results = tuple(CellResult(cell, *score) for cell, score in points.items())
    notebook = GradedNotebook("ps1", "graded", results=results, ipynb="{}\n")
    return replace(Outcome("ada", "ps1", "graded", notebooks=(notebook,), digest="1"), **other)


def untouched(*cells: str) -> Outcome:
    made = outcome(0, 0, 0 if "explain_square" in cells else None)
    return replace(made, notebooks=(replace(made.notebooks[0], unchanged=cells),))


@pytest.fixture
def gradebook(released_course) -> Iterator[Any]:
    with released_course.gradebook() as gradebook:
        gradebook.find_assignment("ps1").duedate = DUE
        gradebook.db.commit()
        yield gradebook


def grades(gradebook: Any) -> dict[str, tuple[float | None, float | None, bool]]:
    """By cell: the grader's score, a person's score, and whether a person has to look."""
    notebook = gradebook.find_submission_notebook("ps1", "ps1", "ada")
    return {
        grade.name: (grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade))
        for grade in notebook.grades
    }


def score(gradebook: Any) -> float:
    submission = gradebook.find_submission("ps1", "ada")
    return float(submission.score - submission.late_submission_penalty)


def grade_by_hand(gradebook: Any, cell: str, points: float, extra: float | None = None) -> None:
    grade = gradebook.find_grade(cell, "ps1", "ps1", "ada")
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
    gradebook.db.commit()


# In the gradebook


def test_a_first_outcome_makes_the_student_and_the_submission(released_course, gradebook):
    record(released_course, gradebook, outcome(), LATE)

    assert [student.id for student in gradebook.students] == ["ada"]
    assert gradebook.find_submission("ps1", "ada").timestamp == LATE
    assert grades(gradebook) == {
        "test_square": (2, None, False),
        "test_answer": (1, None, False),
        "explain_square": (None, None, True),
    }


@pytest.mark.parametrize(
    "name", ["<b>", 'a"', "a&b", "a\\", "a\nb", "a\x1b", "a\udcff", "a\u202eb"]
)
def test_no_student_is_made_of_a_name_that_is_not_safe_on_a_page(released_course, gradebook, name):
    with pytest.raises(ValueError, match="not safe on nbgrader's pages; rename it"):
        record(released_course, gradebook, outcome(student=name), None)

    assert gradebook.students == []


@pytest.mark.parametrize("name", ["=HYPERLINK(1+1)", " =1", "+1", "-1", "@SUM(1)", "＝1"])
def test_no_student_is_made_of_a_name_that_a_spreadsheet_runs(released_course, gradebook, name):
    with pytest.raises(ValueError, match=r"table of `nbgrader export`.*; rename it"):
        record(released_course, gradebook, outcome(student=name), None)

    assert gradebook.students == []


@pytest.mark.parametrize("name", ["ada", "Zoë O'Brien", "ada.b@x+y-1_2", "{{a}} % $b `c`"])
def test_other_names_are_recorded(released_course, gradebook, name):
    record(released_course, gradebook, outcome(student=name), None)

    assert [student.id for student in gradebook.students] == [name]


def test_a_students_name_in_the_gradebook_stays(released_course, gradebook):
    gradebook.add_student("ada", first_name="Ada", last_name="Lovelace")
    record(released_course, gradebook, outcome(), None)

    assert gradebook.find_student("ada").last_name == "Lovelace"


def test_recording_again_changes_nothing(released_course, gradebook):
    for _ in range(2):
        record(released_course, gradebook, outcome(), LATE)
        state = grades(gradebook), score(gradebook), len(gradebook.assignment_submissions("ps1"))
        assert state[1:] == (3, 1)
        assert state[0]["test_square"] == (2, None, False)


def test_a_new_outcome_takes_the_place_of_the_old_one(released_course, gradebook):
    record(released_course, gradebook, outcome(2, 1), LATE)
    record(released_course, gradebook, outcome(0, 0.5), None)

    assert grades(gradebook)["test_square"] == (0, None, False)
    assert grades(gradebook)["test_answer"] == (0.5, None, False)
    assert gradebook.find_submission("ps1", "ada").timestamp is None


def test_a_cell_without_a_verdict_keeps_no_older_score(released_course, gradebook):
    record(released_course, gradebook, outcome(), None)
    half = outcome()
    half = replace(half, notebooks=(replace(half.notebooks[0], results=half.results[1:]),))
    record(released_course, gradebook, half, None)
    assert grades(gradebook)["test_square"] == (0, None, False)

    record(released_course, gradebook, replace(half, notebooks=()), None)
    assert {score for score, _, _ in grades(gradebook).values()} == {0}


def test_a_manual_score_wins_and_has_to_be_looked_at_again(released_course, gradebook):
    """As nbgrader does: a person's score is never lost, and never taken over unseen."""
    record(released_course, gradebook, outcome(), None)
    grade_by_hand(gradebook, "explain_square", 2, extra=0.5)
    grade_by_hand(gradebook, "test_square", 1)
    assert score(gradebook) == 4.5

    record(released_course, gradebook, outcome(0), None)
    assert score(gradebook) == 4.5
    assert grades(gradebook) == {
        "test_square": (0, 1, True),
        "test_answer": (1, None, False),
        "explain_square": (None, 2, True),
    }


def test_comments_of_a_person_stay_and_an_untouched_answer_is_commented(released_course, gradebook):
    def comments() -> list[tuple[str | None, str | None]]:
        found = (gradebook.find_comment(cell, "ps1", "ps1", "ada") for cell in ANSWERS)
        return [(comment.auto_comment, comment.manual_comment) for comment in found]

    record(released_course, gradebook, untouched("square", "explain_square"), None)
    assert comments() == [("No response.", None), (None, None), ("No response.", None)]

    gradebook.find_comment("square", "ps1", "ps1", "ada").manual_comment = "Try it!"
    gradebook.db.commit()
    record(released_course, gradebook, outcome(), None)
    assert comments() == [(None, "Try it!"), (None, None), (None, None)]


# Late work


@pytest.fixture
def penalty(released_course) -> Any:
    """Let a course take all points for late work; gives the plugin's configuration."""
    released_course.config.LateSubmissionPlugin.penalty_method = "zero"
    return released_course.config


@pytest.mark.parametrize(("time", "left"), [(None, 3), (DUE, 3), (LATE, 0)])
def test_late_work_is_penalised_as_the_course_says(released_course, gradebook, penalty, time, left):
    record(released_course, gradebook, outcome(), time)

    assert score(gradebook) == left


def test_without_a_penalty_late_work_counts(released_course, gradebook):
    record(released_course, gradebook, outcome(), LATE)

    assert gradebook.find_submission("ps1", "ada").total_seconds_late == 24 * 3600
    assert score(gradebook) == 3


def test_the_penalty_is_of_the_new_score_and_goes_with_the_lateness(
    released_course, gradebook, penalty
):
    record(released_course, gradebook, outcome(0, 0), LATE)
    record(released_course, gradebook, outcome(2, 1), LATE)
    assert score(gradebook) == 0

    grade_by_hand(gradebook, "explain_square", 3)
    record(released_course, gradebook, outcome(2, 1), LATE)
    assert score(gradebook) == 0

    record(released_course, gradebook, outcome(2, 1), DUE)
    assert score(gradebook) == 6


PLUGIN = """
from nbgrader.plugins import BasePlugin

class Hourly(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"mild": 0.5, "negative": -1, "huge": 99}[self.parent.config.kind]
"""


@pytest.mark.parametrize(("kind", "left"), [("mild", 2.5), ("negative", 3), ("huge", 0)])
def test_a_courses_own_penalty_is_kept_between_nothing_and_all(
    released_course, gradebook, tmp_path, monkeypatch, kind, left
):
    (tmp_path / "late.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "late", raising=False)
    released_course.config.AssignLatePenalties.plugin_class = "late.Hourly"
    released_course.config.kind = kind
    record(released_course, gradebook, outcome(), LATE)

    assert score(gradebook) == left


def test_an_extension_counts(released_course, gradebook, penalty):
    record(released_course, gradebook, outcome(), LATE)
    gradebook.grant_extension("ps1", "ada", days=2)
    record(released_course, gradebook, outcome(), LATE)

    assert score(gradebook) == 3


# On the disk


def test_the_autograded_notebook_and_the_outcome_lie_where_they_belong(released_course, gradebook):
    record(released_course, gradebook, outcome(notes=("noted",)), LATE)
    folder = released_course.folder("autograded", "ada", "ps1")
    file = folder / "ps1.ipynb"

    assert sorted(path.name for path in folder.iterdir()) == ["ps1.ipynb", "timestamp.txt"]
    assert file.read_text() == "{}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert (folder / "timestamp.txt").read_text() == "2026-10-31 18:00:00 UTC\n"
    (kept,) = released_course.outcomes("ps1")
    assert (kept.student, kept.notes, kept.results) == ("ada", ("noted",), outcome().results)


def test_what_a_notebook_has_written_lies_beside_it(released_course, gradebook):
    made = outcome()
    (notebook,) = made.notebooks
    files = (("out/table.csv", "eCx5"),)
    record(
        released_course, gradebook, replace(made, notebooks=(replace(notebook, files=files),)), LATE
    )
    folder = released_course.folder("autograded", "ada", "ps1")

    assert (folder / "out/table.csv").read_text() == "x,y"
    kept = Outcome.from_json(released_course.outcome_file("ada", "ps1").read_text())
    assert kept.notebooks[0].files == ()
    record(released_course, gradebook, made, LATE)
    assert not (folder / "out").exists()


def test_recording_again_replaces_the_files_and_leaves_no_others(released_course, gradebook):
    record(released_course, gradebook, outcome(), LATE)
    changed = outcome()
    changed = replace(changed, notebooks=(replace(changed.notebooks[0], ipynb='{"new": 1}\n'),))
    record(released_course, gradebook, changed, None)
    folder = released_course.folder("autograded", "ada", "ps1")

    assert [path.name for path in folder.iterdir()] == ["ps1.ipynb"]
    assert json.loads((folder / "ps1.ipynb").read_text()) == {"new": 1}
    assert os.listdir(folder.parent) == ["ps1"]
    assert os.listdir(released_course.outcome_file("ada", "ps1").parent) == ["ada.json"]


def test_what_lies_in_the_way_is_replaced(released_course, gradebook):
    folder = released_course.folder("autograded", "ada", "ps1")
    for place in (folder, folder.with_name(".ps1.new")):
        (place / "left").mkdir(parents=True)
    record(released_course, gradebook, outcome(), None)

    assert os.listdir(folder) == ["ps1.ipynb"]


# All or nothing


def test_is_recorded_wants_the_submission_and_its_files(released_course, gradebook):
    assert not is_recorded(released_course, gradebook, outcome())
    record(released_course, gradebook, outcome(), None)
    assert is_recorded(released_course, gradebook, outcome())

    (released_course.folder("autograded", "ada", "ps1") / "ps1.ipynb").unlink()
    assert not is_recorded(released_course, gradebook, outcome())


def test_is_recorded_wants_the_gradebook(released_course, gradebook):
    record(released_course, gradebook, outcome(), None)
    gradebook.remove_submission("ps1", "ada")

    assert not is_recorded(released_course, gradebook, outcome())


@pytest.mark.parametrize("step", ["_penalise", "_put_in_place", "keep"])
def test_while_an_outcome_is_not_wholly_recorded_its_file_is_missing(
    released_course, gradebook, monkeypatch, step
):
    record(released_course, gradebook, outcome(2, 1), None)

    def fail(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(f"grader.gradebook.record.{step}", fail)
        with pytest.raises(OSError, match="no space left"):
            record(released_course, gradebook, outcome(0, 0), None)

    assert not released_course.outcome_file("ada", "ps1").exists()
    assert grades(gradebook)["test_square"][0] == (2 if step == "_penalise" else 0)
    record(released_course, gradebook, outcome(0, 0), None)
    assert grades(gradebook)["test_square"][0] == 0
    assert is_recorded(released_course, gradebook, outcome())


def test_a_first_outcome_that_cannot_be_recorded_leaves_no_score(
    released_course, gradebook, monkeypatch
):
    monkeypatch.setattr("grader.gradebook.record._penalise", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        record(released_course, gradebook, outcome(), None)

    assert {points for points, _, _ in grades(gradebook).values()} == {None}


def test_outcomes_are_read_back_as_they_were_written(released_course, gradebook):
    made = outcome(reason="because", notes=("a", "b"), sandbox=False)
    record(released_course, gradebook, made, None)
    (kept,) = released_course.outcomes("ps1")

    slim = tuple(replace(notebook, ipynb="") for notebook in made.notebooks)
    assert kept == replace(made, notebooks=slim)


def test_the_course_of_one_student_is_not_touched_by_another(released_course, gradebook):
    record(released_course, gradebook, outcome(), None)
    record(released_course, gradebook, replace(outcome(0, 0, 0), student="bob"), None)

    assert score(gradebook) == 3
    assert Course(released_course.root).outcomes("ps1")[1].student == "bob"


# These have a row for each submission, or for each cell of each.
LARGE = {"submitted_assignment", "submitted_notebook", "grade", "comment"}


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_a_record_reads_no_table_of_the_whole_class(released_course, gradebook, again):
    """Else each submission of a class of thousands takes longer than the one before it."""
    if again:
        record(released_course, gradebook, outcome(), LATE)
    scanned = []

    def explain(_: Any, cursor: Any, statement: str, values: Any, *others: Any) -> None:
        if statement.startswith("SELECT") and not others[-1]:
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [str(step[-1]) for step in plan]
            scanned.extend(step for step in steps if step.startswith("SCAN"))

    engine = gradebook.db.get_bind()
    event.listen(engine, "before_cursor_execute", explain)
    record(released_course, gradebook, outcome(1), DUE)
    event.remove(engine, "before_cursor_execute", explain)

    assert scanned
    assert [step for step in scanned if step.split()[1] in LARGE] == []
