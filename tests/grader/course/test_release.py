"""Releases: the same bytes each time, no answers in them, and no grade lost by them."""

import contextlib
from pathlib import Path

import nbformat
import pytest
from tiny_course import tiny_notebook, write_notebook

from grader.course.course import Course
from grader.course.release import record, release, render, worked_in
from grader.demo import submissions
from grader.errors import CourseError


def released_file(course: Course) -> Path:
    return course.folder("release", ".", "ps1") / "ps1.ipynb"


def change_source(course: Course, **sources: str) -> None:
    path = course.folder("source", ".", "ps1") / "ps1.ipynb"
    write_notebook(submissions.filled(tiny_notebook(), sources), path)


def test_the_same_source_gives_the_same_bytes(tiny_course, tmp_path):
    first, second = (render(tiny_course, "ps1", tmp_path / name) for name in ("one", "two"))

    assert [path.name for path in first] == ["ps1.ipynb"]
    assert first[0].read_bytes() == second[0].read_bytes()
    assert first[0].read_text().endswith("}\n")


def test_rendering_leaves_the_course_alone(tiny_course, tmp_path):
    before = sorted(tiny_course.root.rglob("*"))

    render(tiny_course, "ps1", tmp_path)

    assert sorted(tiny_course.root.rglob("*")) == before


def test_a_release_takes_out_what_students_must_not_see(released_course):
    text = released_file(released_course).read_text()

    assert "raise NotImplementedError" in text
    assert "YOUR ANSWER HERE" in text
    assert [word for word in ("return x * x", "square(-4)", "equal sides") if word in text] == []


def test_the_gradebook_learns_tests_and_points(released_course):
    with released_course.gradebook() as gradebook:
        cells = gradebook.find_notebook("ps1", "ps1").grade_cells
        points = {cell.name: cell.max_score for cell in cells}

    assert points == {"test_square": 2, "test_answer": 1, "explain_square": 3}


def test_a_lesson_may_be_named_by_how_it_begins(tiny_course):
    [path] = release(tiny_course, "ps")

    assert path == released_file(tiny_course)


def grade(course: Course, points: float) -> None:
    with course.gradebook() as gradebook:
        submission = gradebook.add_submission("ps1", "ada")
        found = next(g for g in submission.notebooks[0].grades if g.name == "test_square")
        found.manual_score = points
        gradebook.db.commit()


def score(course: Course) -> float:
    with course.gradebook() as gradebook:
        return gradebook.find_submission("ps1", "ada").score


# nbgrader's own objects, as its documentation shows their use.
grading = pytest.mark.filterwarnings("ignore:Object of type .* not in session")


@pytest.fixture
def graded_course(released_course: Course) -> Course:
    with released_course.gradebook() as gradebook:
        gradebook.add_student("ada")
    grade(released_course, 1.5)
    return released_course


@grading
def test_grades_survive_another_release(graded_course):
    change_source(graded_course, test_answer="assert answer == 43")

    release(graded_course, "ps1")

    assert score(graded_course) == 1.5
    assert "answer == 43" in released_file(graded_course).read_text()


@grading
def test_a_release_that_would_lose_grades_is_refused(graded_course):
    before = released_file(graded_course).read_bytes()
    notebook = tiny_notebook()
    del notebook.cells[-1]
    write_notebook(notebook, graded_course.folder("source", ".", "ps1") / "ps1.ipynb")

    with pytest.raises(CourseError, match=r"(?s)ps1 was not released.*Its grades would be lost"):
        release(graded_course, "ps1")

    assert score(graded_course) == 1.5
    assert released_file(graded_course).read_bytes() == before


def test_a_broken_source_leaves_the_old_release_and_says_why(released_course):
    before = released_file(released_course).read_bytes()
    change_source(released_course, test_square="### BEGIN HIDDEN TESTS\nassert False")

    with pytest.raises(CourseError, match="No end hidden tests statement found"):
        release(released_course, "ps1")

    assert released_file(released_course).read_bytes() == before


def test_a_broken_source_leaves_the_gradebook_alone(released_course):
    notebook = tiny_notebook()
    notebook.cells[3].source = "### BEGIN HIDDEN TESTS\nassert False"
    notebook.cells[3].metadata.nbgrader.points = 99
    write_notebook(notebook, released_course.folder("source", ".", "ps1") / "ps1.ipynb")

    with contextlib.suppress(CourseError):
        release(released_course, "ps1")

    with released_course.gradebook() as gradebook:
        assert gradebook.find_assignment("ps1").max_score == 6


def run_a_cell(course: Course) -> bytes:
    """Do what Jupyter leaves in a notebook in which somebody has worked."""
    notebook = nbformat.read(released_file(course), as_version=4)
    notebook.cells[1].execution_count = 1
    write_notebook(notebook, released_file(course))
    return released_file(course).read_bytes()


def test_work_in_a_released_notebook_is_not_overwritten(released_course):
    work = run_a_cell(released_course)

    with pytest.raises(CourseError, match=r"ps1\.ipynb has been run"):
        release(released_course, "ps1")

    assert released_file(released_course).read_bytes() == work


def test_force_overwrites_work(released_course):
    run_a_cell(released_course)

    release(released_course, "ps1", force=True)

    assert worked_in(released_course, "ps1") == []


def test_recording_tells_the_gradebook_and_leaves_work_alone(released_course):
    work = run_a_cell(released_course)
    notebook = tiny_notebook()
    notebook.cells[3].metadata.nbgrader.points = 20
    write_notebook(notebook, released_course.folder("source", ".", "ps1") / "ps1.ipynb")

    record(released_course, "ps1")

    assert released_file(released_course).read_bytes() == work
    with released_course.gradebook() as gradebook:
        assert gradebook.find_assignment("ps1").max_score == 24


def test_a_notebook_that_is_no_more_goes_and_other_files_stay(released_course):
    folder = released_file(released_course).parent
    write_notebook(tiny_notebook(), folder / "old.ipynb")
    (folder / "my_notes.txt").write_text("do not lose me")

    release(released_course, "ps1")

    assert sorted(path.name for path in folder.iterdir()) == ["my_notes.txt", "ps1.ipynb"]


def test_an_unknown_lesson_is_named_with_those_there_are(tiny_course):
    with pytest.raises(CourseError, match=r"'ps9' names no lesson\. There are: ps1"):
        release(tiny_course, "ps9")
