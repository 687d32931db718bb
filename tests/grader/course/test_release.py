"""Releases: the same bytes each time, no answers in them, and no grade lost by them."""

import contextlib
import shutil
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbgrader.validator import Validator
from tiny_course import tiny_notebook, write_notebook

from grader.course.cells import grade_id, is_locked, is_test
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


def test_run_all_stops_only_at_a_locked_cell_above_the_first_answer(tiny_course, tmp_path):
    source = tiny_notebook()
    locked = next(cell for cell in source.cells if is_locked(cell) and not is_test(cell))
    below = deepcopy(locked)
    below.id = below.metadata.nbgrader.grade_id = "below"
    source.cells.append(below)
    write_notebook(source, tiny_course.folder("source", ".", "ps1") / "ps1.ipynb")

    [path] = render(tiny_course, "ps1", tmp_path)

    code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    stopping = [c for c in code if "raises-exception" not in c.metadata.get("tags", [])]
    assert [grade_id(cell) for cell in stopping] == [grade_id(locked)]
    assert len(code) > 5


def test_nbgrader_validate_is_not_fooled_by_what_lets_run_all_go_on(released_course):
    found = Validator().validate(str(released_file(released_course)))

    assert len([cell for cell in found["failed"] if "assert" in cell["source"]]) == 2


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
    folder, source = (released_course.folder(step, ".", "ps1") for step in ("release", "source"))
    write_notebook(tiny_notebook(), source / "old.ipynb")
    release(released_course, "ps1")
    (folder / "my_notes.txt").write_text("do not lose me")
    (source / "old.ipynb").unlink()

    release(released_course, "ps1")

    assert sorted(path.name for path in folder.iterdir()) == ["my_notes.txt", "ps1.ipynb"]


def test_a_notebook_that_no_release_wrote_is_not_deleted(released_course):
    mine = write_notebook(tiny_notebook(), released_file(released_course).with_name("mine.ipynb"))

    with pytest.raises(CourseError, match=r"mine\.ipynb was not made by a release.*--force"):
        release(released_course, "ps1")

    assert mine.is_file()


def change_title(course: Course) -> None:
    notebook = tiny_notebook()
    notebook.cells[0].source = "# Cubes"
    write_notebook(notebook, course.folder("source", ".", "ps1") / "ps1.ipynb")


def edit(course: Course, place: int, source: str) -> bytes:
    """Change a cell's text in the released notebook, and run nothing."""
    notebook = nbformat.read(released_file(course), as_version=4)
    notebook.cells[place].source = source
    write_notebook(notebook, released_file(course))
    return released_file(course).read_bytes()


# A cell that nbgrader does not know, and one that students complete.
@pytest.mark.parametrize("place", [0, 2])
def test_an_edited_notebook_is_not_overwritten(released_course, place):
    work = edit(released_course, place, "mine")
    change_source(released_course, answer="answer = 43")

    with pytest.raises(CourseError, match=r"ps1\.ipynb has been edited .*--force"):
        release(released_course, "ps1")

    assert released_file(released_course).read_bytes() == work
    assert worked_in(released_course, "ps1") == [released_file(released_course)]


def test_an_edited_file_of_data_is_not_overwritten(released_course):
    source, released = (
        released_course.folder(step, ".", "ps1") / "data" / "numbers.csv"
        for step in ("source", "release")
    )
    source.parent.mkdir()
    source.write_text("1")
    release(released_course, "ps1")
    released.write_text("2")

    with pytest.raises(CourseError, match=r"numbers\.csv has been edited"):
        release(released_course, "ps1")

    assert released.read_text() == "2"


def test_a_notebook_that_was_only_opened_and_saved_is_no_edited_one(released_course):
    notebook = nbformat.read(released_file(released_course), as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13"}
    write_notebook(notebook, released_file(released_course))

    release(released_course, "ps1")


def test_in_a_fresh_clone_an_edited_answer_is_not_overwritten(released_course):
    shutil.rmtree(released_course.classroom)
    work = edit(released_course, 2, "mine")

    with pytest.raises(CourseError, match=r"ps1\.ipynb has been edited"):
        release(released_course, "ps1")

    assert released_file(released_course).read_bytes() == work


def test_a_fresh_clone_whose_sources_have_changed_is_released(released_course):
    shutil.rmtree(released_course.classroom)
    change_title(released_course)

    release(released_course, "ps1")

    assert "# Cubes" in released_file(released_course).read_text()


def test_what_a_colleague_has_released_is_no_edited_notebook(released_course):
    """Sources and released notebooks come together, by git; the classroom stays."""
    note = released_course.classroom / "releases" / "ps1.json"
    before = note.read_bytes()
    change_title(released_course)
    release(released_course, "ps1")
    note.write_bytes(before)

    release(released_course, "ps1")


def test_an_unknown_lesson_is_named_with_those_there_are(tiny_course):
    with pytest.raises(CourseError, match=r"'ps9' names no lesson\. There are: ps1"):
        release(tiny_course, "ps9")
