"""Feedback goes back under the names by which the LMS knows students and files again."""

import zipfile

import pytest
from lms_archives import canvas, moodle
from small_class import enrol, graded, hand_in_graded

from grader.autograde.collect import collect
from grader.autograde.lms_names import read_name
from grader.errors import CourseError
from grader.pages.feedback import feedback
from grader.pages.pack import pack


@pytest.fixture
def course(released_course):
    enrol(released_course, ("ada", "Ada", "Lovelace", "", "12"), ("bob", "Bob", "Ray", "", "13"))
    return released_course


def packed(course, system):
    """Collect is done: grade, write feedback and pack it; return contents by name, and the rest."""
    hand_in_graded(course, graded("ada"), graded("bob"))
    pages = feedback(course, "ps1").pages
    archive, without = pack(course, "ps1", pages, system)
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name).decode() for name in file.namelist()}, without


@pytest.mark.parametrize("folders", [True, False])
def test_moodle_gets_a_folder_for_each_student(course, tmp_path, folders):
    files = {"Ada Lovelace_77: ps1.ipynb": b"x", "Bob Ray_78: ps1 (1).ipynb": b"y"}
    collect(course, moodle(tmp_path / "a.zip", files, folders=folders), "ps1")

    pages, without = packed(course, "moodle")

    assert without == []
    assert list(pages) == [
        "Ada Lovelace_77_assignsubmission_file_/ps1.html",
        "Bob Ray_78_assignsubmission_file_/ps1.html",
    ]
    assert [read_name(name).number for name in pages] == ["77", "78"]
    assert all(page.startswith("<!DOCTYPE html>") for page in pages.values())


def test_canvas_gets_the_original_names(course, tmp_path):
    files = {"Lovelace, Ada|LATE|12|345: ps1-1.ipynb": b"x"}
    collect(course, canvas(tmp_path / "a.zip", files), "ps1")

    pages, without = packed(course, "canvas")

    assert list(pages) == ["lovelaceada_LATE_12_345_ps1-1.html"]
    assert without == ["bob"]


def test_feedback_for_a_lesson_that_came_from_elsewhere_is_not_packed(course):
    with pytest.raises(CourseError, match="Nothing of ps1 was collected from Moodle"):
        packed(course, "moodle")


def test_feedback_is_written_for_the_students_who_are_named(course):
    hand_in_graded(course, graded("ada"), graded("bob"))

    assert [page.parent.parent.name for page in feedback(course, "ps1", ["bob"]).pages] == ["bob"]


def test_a_student_without_a_graded_submission_is_named(course):
    with pytest.raises(CourseError, match="nobody has no graded submission of ps1"):
        feedback(course, "ps1", ["nobody"])
