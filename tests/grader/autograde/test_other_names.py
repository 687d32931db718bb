"""Files as students hand them in: by other names, in other folders, of other kinds."""

import json
from pathlib import Path

import pytest

from grader.autograde.misplaced import misplaced
from grader.autograde.run import autograde
from grader.autograde.submission import Submission, read_submission
from grader.cli import main
from grader.course.course import Course

CELLS = frozenset(["square", "test_square", "answer", "test_answer"])


def notebook(*names: str) -> bytes:
    cells = [{"metadata": {"nbgrader": {"grade_id": name}}} for name in names]
    return json.dumps({"cells": cells}).encode()


OURS = notebook(*CELLS)
ANOTHER = notebook("slope", "test_slope", "answer")


@pytest.fixture
def folder(tiny_course: Course) -> Path:
    """Ada's submission of ps1, empty."""
    folder = tiny_course.folder("submitted", "ada", "ps1")
    folder.mkdir(parents=True)
    return folder


def read(course: Course, cells: frozenset[str] = CELLS) -> Submission:
    return read_submission(course, "ada", "ps1", {"ps1": cells}, 10_000)


@pytest.mark.parametrize("name", ["ps1 (1).ipynb", "PS1.ipynb", "ps1.IPYNB", "ps1/ps1.ipynb"])
def test_the_only_notebook_with_the_lessons_cells_is_taken_with_a_note(tiny_course, folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(OURS)
    submission = read(tiny_course)

    assert submission.notebooks == {"ps1": OURS}
    assert submission.unreadable == {}
    assert submission.notes == (
        f"Graded is {name!r}, as its cells are the lesson's; expected is ps1.ipynb.",
    )


def test_a_few_cells_less_or_more_are_no_mistake(tiny_course, folder):
    (folder / "mine.ipynb").write_bytes(notebook("square", "test_square", "answer", "own"))

    assert "ps1" in read(tiny_course).notebooks


def test_the_expected_name_counts_where_it_is_there(tiny_course, folder):
    (folder / "ps1.ipynb").write_bytes(ANOTHER)
    (folder / "ps1 (1).ipynb").write_bytes(OURS)
    submission = read(tiny_course)

    assert submission.notebooks == {"ps1": ANOTHER}
    assert "not graded: ps1 (1).ipynb" in submission.notes[0]


def test_of_two_that_fit_none_is_taken_and_both_are_named(tiny_course, folder):
    for name in ("ps1 (1).ipynb", "ps1 (2).ipynb"):
        (folder / name).write_bytes(OURS)

    assert read(tiny_course).unreadable["ps1"] == (
        "The notebook ps1.ipynb is missing. There are 'ps1 (1).ipynb', 'ps1 (2).ipynb': "
        "the one that counts needs that name."
    )


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("ps2.ipynb", "if it is the right one, call it ps1.ipynb"),
        ("ps1.zip", "needed is the notebook that is in it"),
        ("ps1.html", "needed is the notebook itself"),
        ("ps1.py", "needed is the notebook itself"),
    ],
)
def test_what_is_there_instead_is_named_with_what_is_needed(tiny_course, folder, name, advice):
    (folder / name).write_bytes(ANOTHER)
    (why,) = read(tiny_course).unreadable.values()

    assert why.startswith(f"The notebook ps1.ipynb is missing. There is {name!r}: ")
    assert advice in why


@pytest.mark.parametrize("level", ["file", "folder"])
def test_links_are_not_followed(tiny_course, folder, level):
    elsewhere = tiny_course.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "ps1 (1).ipynb").write_bytes(OURS)
    name, target = ("a.ipynb", "ps1 (1).ipynb") if level == "file" else ("deep", "")
    (folder / name).symlink_to(elsewhere / target)

    assert read(tiny_course).notebooks == {}


def test_a_notebook_above_the_limit_is_not_looked_at(tiny_course, folder):
    (folder / "ps1 (1).ipynb").write_bytes(OURS + b" " * 10_000)

    assert "There is 'ps1 (1).ipynb'" in read(tiny_course).unreadable["ps1"]


def test_a_name_that_was_mended_makes_a_new_outcome(tiny_course, folder):
    (folder / "ps1 (1).ipynb").write_bytes(OURS)
    before = read(tiny_course).digest
    (folder / "ps1 (1).ipynb").rename(folder / "ps1.ipynb")

    assert read(tiny_course).digest != before


def test_a_copy_by_the_browsers_name_is_graded_with_a_note(released_course, hand_in):
    handed_in = hand_in("ada", square="def square(x):\n    return x * x", answer="answer = 42")
    handed_in.rename(handed_in.with_name("ps1 (1).ipynb"))
    (outcome,) = autograde(released_course, "ps1", jobs=1)

    assert outcome.status == "graded with notes"
    assert sum(result.points or 0 for result in outcome.results) == 3
    assert "Graded is 'ps1 (1).ipynb'" in outcome.notes[0]


# A lesson's folder by another name


@pytest.mark.parametrize("name", ["01_one_pai", "01_One_Pair", "01 one pair", "01_one_pair.ipynb"])
def test_a_misspelt_lesson_is_told_of(tiny_course, name):
    (tiny_course.root / "solutions" / "ps1").rename(tiny_course.root / "solutions" / "01_one_pair")
    place = tiny_course.root / "classroom" / "submitted" / "ada" / name
    if place.suffix:
        place.parent.mkdir(parents=True)
        place.touch()
    else:
        place.mkdir(parents=True)
    (note,) = misplaced(tiny_course, "01_one_pair")

    assert note.startswith(f"classroom/submitted/ada/{name} is no lesson and is not graded.")
    assert ("move it into a folder" if place.suffix else "rename the folder to") in note


@pytest.mark.parametrize("names", [["ps1"], ["ps1", "ps11"], ["holiday"], []])
def test_of_other_folders_nothing_is_told(tiny_course, names):
    for name in ["", *names]:
        (tiny_course.root / "classroom/submitted/ada" / name).mkdir(parents=True, exist_ok=True)

    assert misplaced(tiny_course, "ps1") == []


def test_autograde_tells_of_a_misspelt_lesson(released_course, capsys):
    (released_course.root / "classroom/submitted/ada/PS1").mkdir(parents=True)

    assert main(["autograde", "ps1", "--course", str(released_course.root)]) == 1
    assert "grader: note: classroom/submitted/ada/PS1 is no lesson" in capsys.readouterr().err


def test_of_several_broken_notebooks_each_reason_names_its_own(released_course, hand_in):
    source = released_course.folder("source", ".", "ps1")
    (source / "two.ipynb").write_bytes((source / "ps1.ipynb").read_bytes())
    assert main(["release", "ps1", "--course", str(released_course.root)]) == 0
    hand_in("kurt").write_text("{")
    (released_course.folder("submitted", "kurt", "ps1") / "two.ipynb").write_text("{")

    (outcome,) = autograde(released_course, "ps1", jobs=1)

    assert outcome.reason.startswith("ps1.ipynb: The file is not a notebook")
    assert " two.ipynb: The file is not a notebook" in outcome.reason
