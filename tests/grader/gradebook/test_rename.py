"""A renamed student is one student, everywhere; a rename that was stopped can be ended."""

import html
import os
import shutil

import pytest
from small_class import enrol, files_of, foreign_keys_enforced, graded, hand_in_graded

from grader.autograde.run import autograde
from grader.cli import main
from grader.errors import CourseError
from grader.gradebook.gone import gone_told
from grader.gradebook.people import Person, people
from grader.gradebook.received import Received, read_received, write_received
from grader.gradebook.rename import rename
from grader.gradebook.scores import lesson_scores
from grader.pages.report import report


@pytest.fixture
def course(released_course):
    enrol(released_course, ("bob", "Bob", "Ray", "bob@example.org", "9"))
    hand_in_graded(released_course, graded("bob", 1.0), graded("ada"))
    return released_course


def known(course):
    """Return the students of the gradebook, and who has scores."""
    with course.gradebook() as gradebook:
        return people(gradebook), {student for student, _ in lesson_scores(gradebook, "ps1")}


def test_the_id_changes_in_the_gradebook_and_in_every_folder(course):
    files = {path.replace("bob", "bob.ray") for path in files_of(course, "bob")}

    rename(course, "bob", "bob.ray")

    assert known(course) == (
        [Person("ada"), Person("bob.ray", "Bob", "Ray", "bob@example.org", "9")],
        {"ada", "bob.ray"},
    )
    assert len(files) == 4
    assert files_of(course, "bob.ray") == files
    assert files_of(course, "bob") == set()
    assert [outcome.student for outcome in course.outcomes("ps1")] == ["ada", "bob.ray"]


def test_no_row_is_without_the_row_that_it_belongs_to(course):
    with foreign_keys_enforced():
        rename(course, "bob", "bob.ray")

    assert known(course)[1] == {"ada", "bob.ray"}


def test_a_renamed_student_counts_once_in_the_report(course):
    rename(course, "bob", "bob.ray")

    page = report(course, "ps1").pages[0].read_text()

    assert "<dt>Handed in</dt><dd>2</dd>" in page
    assert "Not handed in" not in page


def test_the_names_from_the_lms_follow(course):
    write_received(course, "ps1", [Received("bob", "moodle", "ps1.ipynb", "x/ps1.ipynb", "x")])

    rename(course, "bob", "bob.ray")

    assert [one.student for one in read_received(course, "ps1")] == ["bob.ray"]


@pytest.mark.parametrize("step", range(1, 6))
def test_a_rename_that_was_stopped_is_ended_by_the_same_command(course, step, monkeypatch):
    replace, left = os.rename, [step]

    def stop(self, target):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        replace(self, target)
        return target

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.rename", stop)
        patch.setattr("grader.gradebook.rename.os.replace", stop)
        try:
            rename(course, "bob", "bob.ray")
        except KeyboardInterrupt:
            rename(course, "bob", "bob.ray")

    assert files_of(course, "bob") == set()
    assert len(files_of(course, "bob.ray")) == 4
    assert not (course.classroom / "renaming.json").exists()


def test_a_new_id_that_is_taken_is_refused_and_nothing_changes(course):
    before = files_of(course, "bob"), files_of(course, "ada")

    with pytest.raises(CourseError, match="There is a student 'ada' already"):
        rename(course, "bob", "ada")

    assert (files_of(course, "bob"), files_of(course, "ada")) == before
    assert known(course)[1] == {"ada", "bob"}


def test_a_folder_alone_takes_an_id(course):
    course.folder("submitted", "grace", "ps1").mkdir(parents=True)

    with pytest.raises(CourseError, match="There is a student 'grace' already"):
        rename(course, "bob", "grace")


def test_a_folder_that_was_renamed_by_hand_is_told_of(course):
    course.folder("submitted", "bob", ".").rename(course.folder("submitted", "bob.ray", "."))

    (told,) = gone_told(course, "ps1")

    assert told.startswith("bob has points of ps1, but no folder in classroom/submitted any more.")
    assert html.escape(told) in report(course, "ps1").pages[0].read_text()
    assert main(["feedback", "ps1", "--course", str(course.root)]) == 0
    rename(course, "bob", "bob.ray")
    assert gone_told(course, "ps1") == []
    assert known(course)[1] == {"ada", "bob.ray"}
    assert files_of(course, "bob") == set()


def test_nobody_is_told_of_who_is_no_more_in_the_gradebook(course):
    shutil.rmtree(course.folder("submitted", "bob", "."))
    with course.gradebook() as gradebook:
        gradebook.remove_student("bob")

    assert gone_told(course, "ps1") == []


def test_who_was_renamed_by_hand_and_graded_already_is_refused(course):
    course.folder("submitted", "bob", ".").rename(course.folder("submitted", "bob.ray", "."))
    hand_in_graded(course, graded("bob.ray"))

    with pytest.raises(CourseError, match=r"There is a student 'bob\.ray' already"):
        rename(course, "bob", "bob.ray")


def test_a_folder_renamed_by_hand_is_not_graded_a_second_time(released_course, hand_in):
    folder = hand_in("bob", square="def square(x): return x * x").parent.parent
    hand_in("ada")
    autograde(released_course, "ps1")
    folder.rename(folder.with_name("bob.ray"))

    with pytest.raises(CourseError, match=r"Give `grader rename bob bob\.ray`"):
        autograde(released_course, "ps1")
    assert [one.student for one in autograde(released_course, "ps1", students=["ada"])] == ["ada"]
    assert known(released_course)[1] == {"ada", "bob"}

    rename(released_course, "bob", "bob.ray")
    assert [one.student for one in autograde(released_course, "ps1")] == ["ada", "bob.ray"]
    assert known(released_course)[1] == {"ada", "bob.ray"}


def test_an_empty_notebook_is_everybodys(released_course, hand_in):
    folder = hand_in("bob").parent.parent
    autograde(released_course, "ps1")
    folder.rename(folder.with_name("eve"))

    assert [one.student for one in autograde(released_course, "ps1")] == ["eve"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("nobody", "x", "There is no student 'nobody'"), ("bob", "a/b", "cannot name a folder")],
)
def test_what_cannot_be_renamed_is_said(course, old, new, said):
    with pytest.raises(CourseError, match=said):
        rename(course, old, new)


def test_another_rename_waits_for_one_that_was_stopped(course):
    (course.classroom / "renaming.json").write_text('["bob", "bob.ray"]')

    with pytest.raises(CourseError, match=r"`grader rename bob bob\.ray` was stopped"):
        rename(course, "ada", "ada.l")
