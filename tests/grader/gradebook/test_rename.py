"""A renamed student is one student, everywhere; a rename that was stopped can be ended."""

import os

import pytest
from small_class import enrol, files_of, foreign_keys_enforced, graded, hand_in_graded

from grader.errors import CourseError
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
