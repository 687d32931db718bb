"""What is noted of a release, by whichever program it was made."""

from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.api import NbGraderAPI

from grader.course.course import Course
from grader.course.release import record
from grader.course.released import changed_sources, changes_told, edited, last_release


def source_of(course: Course) -> Path:
    return course.folder("source", ".", "ps1") / "ps1.ipynb"


def change(path: Path) -> None:
    path.write_text(path.read_text().replace("# Squares", "# Cubes"))


@pytest.fixture
def nbgrader(released_course, monkeypatch) -> Any:
    """What the formgrader's buttons run."""
    monkeypatch.chdir(released_course.root)
    return NbGraderAPI(released_course.directory)


def test_a_changed_source_is_named_with_what_to_do(released_course):
    assert changes_told(released_course, "ps1") == []
    change(source_of(released_course))

    assert changes_told(released_course, "ps1") == [
        "solutions/ps1/ps1.ipynb has changed since it was released: students and the gradebook "
        "have the version before. Run `grader release ps1`."
    ]


def test_files_that_come_and_go_are_changes(released_course):
    source_of(released_course).unlink()
    source_of(released_course).with_name("data.csv").write_text("1")

    names = [path.name for path in changed_sources(released_course, "ps1")]
    assert names == ["data.csv", "ps1.ipynb"]


def test_running_the_solution_is_no_change(released_course):
    source = source_of(released_course)
    source.write_text(source.read_text().replace('"execution_count": null', '"execution_count": 1'))
    (source.parent / ".ipynb_checkpoints").mkdir()
    (source.parent / ".ipynb_checkpoints" / "ps1-checkpoint.ipynb").write_text("{}")

    assert changed_sources(released_course, "ps1") == []


def test_a_lesson_without_a_note_has_no_changes_to_tell(released_course):
    (released_course.classroom / "releases" / "ps1.json").write_text("{")

    assert last_release(released_course, "ps1") is None
    assert changes_told(released_course, "ps1") == []


def test_what_only_the_gradebook_was_told_leaves_edited_files_edited(released_course):
    released = released_course.folder("release", ".", "ps1") / "ps1.ipynb"
    change(released)
    change(source_of(released_course))
    record(released_course, "ps1")

    assert edited(released_course, "ps1") == [released]
    assert changed_sources(released_course, "ps1") == []


def test_a_release_of_nbgraders_own_is_noted(released_course, nbgrader):
    change(source_of(released_course))
    nbgrader.generate_assignment("ps1")

    assert changed_sources(released_course, "ps1") == []
    assert edited(released_course, "ps1") == []


def test_a_lesson_that_nbgrader_has_left_as_it_is_is_not_noted(released_course, nbgrader):
    change(source_of(released_course))
    nbgrader.generate_assignment("ps1", force=False)

    assert changed_sources(released_course, "ps1") == [source_of(released_course)]
