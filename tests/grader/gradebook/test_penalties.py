"""Penalties for late work: of the due date and the plugin as they are now."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from small_class import graded, hand_in_graded
from sqlalchemy import event

from grader.gradebook.penalties import LatePenalty, PenaltyError, apply_penalties

DUE = datetime(2026, 10, 30, 18)
TEN_PERCENT = """
from nbgrader.plugins import BasePlugin

class TenPercentADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * (1 + total_seconds_late // 86400)
"""


@pytest.fixture
def plugin(released_course, monkeypatch):
    """Put a plugin into the course's folder, as nbgrader's documentation has it."""

    def write(text: str = TEN_PERCENT, name: str = "late.TenPercentADay") -> Any:
        monkeypatch.delitem(__import__("sys").modules, "late", raising=False)
        (released_course.root / "late.py").write_text(text)
        released_course.config.AssignLatePenalties.plugin_class = name
        return released_course

    return write


@pytest.fixture
def late(released_course):
    """Two students who handed in an hour late, with no penalty yet."""
    hand_in_graded(released_course, graded("ada"), graded("bob"), when=DUE + timedelta(hours=1))
    return released_course


def due(course: Any, when: datetime | None) -> list[str]:
    """Set the due date, and apply the penalties."""
    with course.gradebook() as gradebook:
        gradebook.find_assignment("ps1").duedate = when
        gradebook.db.commit()
        changed = apply_penalties(gradebook.db, LatePenalty(course), "ps1")
        gradebook.db.commit()
    return changed


def penalties(course: Any) -> dict[str, float]:
    with course.gradebook() as gradebook:
        return {
            one.student_id: one.late_submission_penalty
            for one in gradebook.assignment_submissions("ps1")
        }


def test_penalties_follow_the_due_date(late, plugin):
    plugin()

    assert due(late, DUE) == ["ada", "bob"]
    assert penalties(late) == {"ada": pytest.approx(0.6), "bob": pytest.approx(0.6)}
    assert due(late, DUE) == []

    assert due(late, DUE - timedelta(days=1)) == ["ada", "bob"]
    assert penalties(late) == {"ada": pytest.approx(1.2), "bob": pytest.approx(1.2)}

    assert due(late, None) == ["ada", "bob"]
    assert penalties(late) == {"ada": 0, "bob": 0}


def test_penalties_follow_an_extension_and_marks_given_by_hand(late, plugin):
    plugin()
    due(late, DUE)
    with late.gradebook() as gradebook:
        gradebook.grant_extension("ps1", "ada", days=1)
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "bob")
        grade.manual_score = 1.0
        gradebook.db.commit()

    assert due(late, DUE) == ["ada", "bob"]
    assert penalties(late) == {"ada": 0, "bob": pytest.approx(0.4)}


def test_a_class_is_penalised_with_one_query(late, plugin):
    plugin()
    due(late, DUE)
    asked = []
    with late.gradebook() as gradebook:
        penalty = LatePenalty(late)
        engine = gradebook.db.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        apply_penalties(gradebook.db, penalty, "ps1")

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def", "SyntaxError"),
        ("class Other: pass", "TenPercentADay"),
        ("class TenPercentADay: pass", r"no class below nbgrader\.plugins\.BasePlugin"),
        ("import no_such_module", "no_such_module"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named(plugin, text, said):
    with pytest.raises(PenaltyError, match=r"(?s)late work, late\.TenPercentADay.*" + said):
        LatePenalty(plugin(text))


@pytest.mark.parametrize("result", ["1 / 0", "'many'", "float('nan')", "no_such_name"])
def test_a_plugin_that_fails_is_named(plugin, result):
    course = plugin(TEN_PERCENT.replace("score * 0.1 *", f"{result} if score else"))

    with pytest.raises(PenaltyError, match=r"late\.TenPercentADay, fails for 'ada' with 6 points"):
        LatePenalty(course).rehearse(["ada"], 6.0)


def test_the_courses_folder_is_searched_only_while_the_plugin_is_asked(plugin):
    course = plugin()
    LatePenalty(course).rehearse(["ada"], 6.0)

    assert str(course.root) not in __import__("sys").path
