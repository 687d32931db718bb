"""Which submissions pages tell of: those that the gradebook has."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_class import graded, hand_in_graded

from grader.course.released import last_release
from grader.errors import CourseError
from grader.gradebook.record import keep
from grader.gradebook.submissions import Submissions, submissions
from grader.outcome import Outcome


@pytest.fixture
def found(released_course):
    def found(lesson: str = "ps1") -> Submissions:
        with released_course.gradebook() as gradebook:
            return submissions(released_course, gradebook, lesson)

    return found


def test_who_is_removed_from_the_gradebook_leaves_pages_and_tables(released_course, found):
    hand_in_graded(released_course, graded("ada"), graded("bob"))
    nbgrader = [str(Path(sys.executable).with_name("nbgrader")), "db", "student", "remove"]
    subprocess.run([*nbgrader, "bob", "--force"], cwd=released_course.root, check=True)

    assert [one.student for one in found().outcomes] == ["ada"]


def test_what_the_gradebook_could_not_be_told_of_is_there(released_course, found):
    failed = Outcome("ada", "ps1", "not graded", "The grader failed.", recorded=False)
    unsafe = Outcome("<b>", "ps1", "damaged", "The name is not safe.", recorded=False)
    for outcome in (failed, unsafe):
        keep(released_course, outcome)

    assert [one.student for one in found().outcomes] == ["<b>", "ada"]


def test_points_that_only_the_gradebook_knows_are_there(released_course, found):
    hand_in_graded(released_course, graded("ada"))
    released_course.outcome_file("ada", "ps1").unlink()

    [outcome] = found().outcomes
    assert outcome.status == "graded with notes"
    assert "when this submission is graded again" in outcome.notes[0]
    assert [one.name for one in outcome.notebooks] == ["ps1"]
    assert found().totals["ada"].points == 6


def test_what_was_graded_by_another_release_is_stale(released_course, found):
    released = last_release(released_course, "ps1")
    now, before = (replace(graded(who), release=at) for who, at in [("ada", "new"), ("bob", "old")])
    hand_in_graded(released_course, replace(now, release=released.version), before, graded("eve"))

    assert found().stale == {"bob"}


def test_a_lesson_that_was_not_released_is_refused(found):
    with pytest.raises(CourseError, match=r"ps2 is not released.*Run `grader release ps2`"):
        found("ps2")
