"""Autograding a class: everybody gets an outcome, the same each time, and nbgrader's own scores."""

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from tiny_course import graded_cell, write_notebook

from grader.autograde.grade import Lesson, grade_submission
from grader.autograde.pool import NotReady
from grader.autograde.prove import release_proved
from grader.autograde.run import autograde, line
from grader.autograde.submission import Submission, read_submission
from grader.course.course import Course
from grader.course.released import last_release
from grader.errors import CourseError, SandboxMissing
from grader.outcome import GradedNotebook, Outcome
from grader.pages.feedback import feedback
from grader.pages.report import report

SQUARE = "def square(x): return x * x"
RIGHT = {"square": SQUARE, "answer": "answer = 42", "explain_square": "All sides are equal."}
WRONG = {"square": "def square(x): return x + x", "answer": "answer = -1"}
QUICK = "c.Grader.cell_seconds = 0.5\nc.Grader.notebook_seconds = 20\nc.Grader.submission_mb = 1\n"

# What students hand in


def blank(course: Course) -> Any:
    return nbformat.read(course.folder("release", ".", "ps1") / "ps1.ipynb", as_version=4)


def answered(course: Course, answers: dict[str, str]) -> Any:
    notebook = blank(course)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def hand_in(course: Course, student: str, notebook: Any) -> Path:
    place = course.folder("submitted", student, "ps1") / "ps1.ipynb"
    return write_notebook(notebook, place)


def cell(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)


def without(*names: str) -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        notebook.cells = [one for one in notebook.cells if one.id not in names]

    return change


def answer_twice(notebook: Any) -> None:
    first = nbformat.from_dict(cell(notebook, "square"))
    first.source, first.id = "def square(x): return 0", "copy"
    notebook.cells.insert(1, first)


def upside_down(notebook: Any) -> None:
    notebook.cells.reverse()


def all_text(notebook: Any) -> None:
    for one in notebook.cells:
        one.cell_type = "markdown"
        one.pop("outputs", None)
        one.pop("execution_count", None)


def not_graded(notebook: Any) -> None:
    for one in notebook.cells:
        one.metadata.pop("nbgrader", None)


@dataclass(frozen=True)
class Student:
    """What one of the class hands in, and what should come of it."""

    points: tuple[float, float]
    answers: dict[str, str] | None = None
    change: Callable[[Any], None] = lambda notebook: None
    spoil: Callable[[Path], Any] = lambda path: None
    status: str = "graded"
    why: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The answers, by default right ones."""
        return RIGHT if self.answers is None else self.answers


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def linked_folder(path: Path) -> None:
    path.parent.rename(path.parents[1] / "elsewhere")
    path.parent.symlink_to("elsewhere")


def old(path: Path) -> None:
    as_3 = nbformat.convert(nbformat.read(path, as_version=4), 3)
    nbformat.write(as_3, path, version=3)


def newer(path: Path) -> None:
    path.write_text(path.read_text().replace('"nbformat": 4', '"nbformat": 5'))


NOTED, DAMAGED = "graded with notes", "damaged"
CLASS = {
    "right": Student((2, 1)),
    "wrong": Student((0, 0), WRONG),
    "half": Student((0, 1), RIGHT | {"square": WRONG["square"]}),
    "blank": Student((0, 0), {}),
    "unfinished": Student((0, 1), RIGHT | {"square": "def square(x:"}),
    "failing": Student((0, 1), RIGHT | {"square": "def square(x): return 1 / 0"}),
    "noisy": Student((2, 1), RIGHT | {"square": f"import warnings; warnings.warn('a')\n{SQUARE}"}),
    "endless": Student(
        (0, 1),
        RIGHT | {"square": "while True: pass"},
        status=NOTED,
        why="A cell did not end: It ran longer than 0.5 seconds and was stopped.",
    ),
    "exits": Student(
        (2, 0),
        RIGHT | {"answer": "import os; os._exit(0)"},
        status=NOTED,
        why="Its code ended the whole process (exit status 0)",
    ),
    "test_deleted": Student(
        (0, 1),
        RIGHT | {"square": WRONG["square"]},
        without("test_square"),
        status=NOTED,
        why="The cell test_square was missing and has been put back.",
    ),
    "answer_deleted": Student((0, 1), RIGHT, without("square"), status=NOTED, why="was missing"),
    "all_deleted": Student((0, 0), RIGHT, not_graded, status=NOTED, why="was missing"),
    "copied": Student((2, 1), RIGHT, answer_twice, status=NOTED, why="more than once"),
    "reordered": Student((2, 1), RIGHT, upside_down, status=NOTED, why="another order"),
    "retyped": Student((2, 1), RIGHT, all_text, status=NOTED, why="was a markdown cell"),
    "edited": Student((0, 0), WRONG | {"test_square": "pass"}, status=NOTED, why="it is restored"),
    "extra": Student(
        (2, 1),
        spoil=lambda path: shutil.copy(path, path.with_name("Untitled.ipynb")),
        status=NOTED,
        why="Other notebooks were handed in and not graded: Untitled.ipynb.",
    ),
    "old": Student((2, 1), spoil=old),
    "newer": Student((0, 0), spoil=newer, status=DAMAGED, why="format is '5'"),
    "missing": Student((0, 0), spoil=Path.unlink, status=DAMAGED, why="ps1.ipynb is missing"),
    "link": Student((0, 0), spoil=link, status=DAMAGED, why="links are not followed"),
    "linked_folder": Student((0, 0), spoil=linked_folder, status=DAMAGED, why="not a folder"),
    "fifo": Student((0, 0), spoil=fifo, status=DAMAGED, why="not a regular file"),
    "folder": Student((0, 0), spoil=folder, status=DAMAGED, why="not a regular file"),
    "large": Student(
        (0, 0), spoil=lambda path: path.write_bytes(b" " * 1_500_000), status=DAMAGED, why="1.5 MB"
    ),
    "binary": Student(
        (0, 0), spoil=lambda path: path.write_bytes(b"\x89PNG\xff"), status=DAMAGED, why="not text"
    ),
    "cut_off": Student(
        (0, 0),
        spoil=lambda path: path.write_text(path.read_text()[:500]),
        status=DAMAGED,
        why="JSON is broken",
    ),
    "empty": Student((0, 0), spoil=lambda path: path.write_text(""), status=DAMAGED, why="JSON"),
}
each_student = pytest.mark.parametrize("student", CLASS)


def copy_course(released: Path, folder: Path) -> Course:
    root = shutil.copytree(released, folder / "course")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(QUICK)
    return Course(root)


@pytest.fixture(scope="module")
def handed_in(_released_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with the whole class's submissions, not graded."""
    course = copy_course(_released_root, tmp_path_factory.mktemp("class"))
    for name, student in CLASS.items():
        notebook = answered(course, student.given)
        student.change(notebook)
        student.spoil(hand_in(course, name, notebook))
    return course


@dataclass(frozen=True)
class Term:
    course: Course
    outcomes: dict[str, Outcome]


@pytest.fixture(scope="module")
def term(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Term:
    """The graded class; tests only look at it."""
    ignored = shutil.ignore_patterns("fifo")
    root = tmp_path_factory.mktemp("term") / "course"
    shutil.copytree(handed_in.root, root, symlinks=True, ignore=ignored)
    course = Course(root)
    fifo(hand_in(course, "fifo", blank(course)))
    with contextlib.chdir(root):
        outcomes = autograde(course, "ps1", jobs=1)
    return Term(course, {outcome.student: outcome for outcome in outcomes})


def scores(course: Course, lesson: str = "ps1") -> dict[tuple[str, str], float | None]:
    """Every cell's own score in the gradebook, by student and cell."""
    with course.gradebook() as gradebook:
        return {
            (submission.student_id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(lesson)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


# Everybody gets an outcome


def test_everybody_has_an_outcome(term):
    assert sorted(term.outcomes) == sorted(CLASS)
    assert [outcome.student for outcome in term.course.outcomes("ps1")] == sorted(CLASS)


@each_student
def test_the_points_are_what_the_answers_are_worth(term, student):
    points = {result.cell: result.points for result in term.outcomes[student].results}

    assert (points["test_square"], points["test_answer"]) == CLASS[student].points


@each_student
def test_the_status_says_what_became_of_it_and_why(term, student):
    outcome, expected = term.outcomes[student], CLASS[student]
    told = " ".join([outcome.reason, *outcome.notes])

    assert outcome.status == expected.status, told
    assert expected.why in told
    assert bool(told) == (expected.status != "graded")


@each_student
def test_the_gradebook_has_the_same_points(term, student):
    kept = scores(term.course)

    for result in term.outcomes[student].results:
        assert kept[student, result.cell] == result.points


@each_student
def test_there_is_an_autograded_notebook_for_the_formgrader(term, student):
    file = term.course.folder("autograded", student, "ps1") / "ps1.ipynb"
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    names = [one.metadata.nbgrader.grade_id for one in notebook.cells if "nbgrader" in one.metadata]

    assert names == ["setup", "square", "test_square", "answer", "test_answer", "explain_square"]


@each_student
def test_a_written_answer_waits_for_a_person_where_there_is_one(term, student):
    points = {result.cell: result.points for result in term.outcomes[student].results}
    lost = CLASS[student].status == DAMAGED or student == "all_deleted"
    waits = "explain_square" in CLASS[student].given and not lost

    assert points["explain_square"] == (None if waits else 0)


def test_the_outcome_file_is_small_plain_data(term):
    file = term.course.outcome_file("half", "ps1")
    kept = json.loads(file.read_text())

    assert (kept["student"], kept["lesson"], kept["sandbox"]) == ("half", "ps1", True)
    assert kept["notebooks"][0]["ipynb"] == ""
    assert [result["message"] for result in kept["notebooks"][0]["results"]] == [
        "square(3) is 9",
        "",
        "",
    ]
    assert Outcome.from_json(file.read_text()) == term.outcomes["half"]


# Again, and what has changed


@pytest.fixture
def course(_released_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course of its own with three submissions."""
    course = copy_course(_released_root, tmp_path)
    monkeypatch.chdir(course.root)
    for student, answers in (("ada", RIGHT), ("bob", WRONG), ("cid", {})):
        hand_in(course, student, answered(course, answers))
    return course


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was graded, as it is graded."""
    given: list[bytes] = []

    def note(submission: Submission, lesson: Lesson) -> tuple[GradedNotebook, ...]:
        given.append(submission.notebooks["ps1"])
        return grade_submission(submission, lesson)

    monkeypatch.setattr("grader.autograde.workers.grade_submission", note)
    return given


def everything(course: Course) -> tuple[Any, ...]:
    """All that grading leaves behind, without times."""
    outcomes = [outcome.to_json() for outcome in course.outcomes("ps1")]
    files = sorted((course.classroom / "autograded").rglob("*.ipynb"))
    return scores(course), outcomes, [file.read_text() for file in files]


def test_a_second_run_grades_nothing_and_says_the_same(course, graded):
    first = autograde(course, "ps1", jobs=1)
    before = everything(course)
    second = autograde(course, "ps1", jobs=1)

    assert len(graded) == 3
    assert second == first
    assert everything(course) == before


def test_only_a_changed_submission_is_graded_again(course, graded):
    autograde(course, "ps1", jobs=1)
    path = hand_in(course, "bob", answered(course, RIGHT))
    outcomes = autograde(course, "ps1", jobs=1)

    assert graded[3:] == [path.read_bytes()]
    assert [outcome.student for outcome in outcomes] == ["ada", "bob", "cid"]
    assert scores(course)["bob", "test_square"] == 2


def test_another_time_of_the_same_work_is_recorded(course):
    autograde(course, "ps1", jobs=1)
    (course.folder("submitted", "ada", "ps1") / "timestamp.txt").write_text("2026-01-01 12:00 UTC")
    autograde(course, "ps1", jobs=1)

    with course.gradebook() as gradebook:
        assert gradebook.find_submission("ps1", "ada").timestamp.hour == 12


def test_force_grades_everything_again_to_the_same_end(course, graded):
    autograde(course, "ps1", jobs=1)
    before = scores(course)
    autograde(course, "ps1", jobs=1, force=True)

    assert len(graded) == 6
    assert scores(course) == before


def test_only_the_students_asked_for_are_graded(course, graded):
    outcomes = autograde(course, "ps1", jobs=1, students=["bob"])

    assert [outcome.student for outcome in outcomes] == ["bob"]
    assert {student for student, _ in scores(course)} == {"bob"}
    autograde(course, "ps1", jobs=1, students=["bob", "cid"])
    assert len(graded) == 2


def test_a_student_who_handed_in_nothing_cannot_be_asked_for(course):
    with pytest.raises(
        CourseError, match=r"dora has handed in nothing for ps1\..*from: ada, bob, cid"
    ):
        autograde(course, "ps1", jobs=1, students=["ada", "dora"])

    assert scores(course) == {}


@pytest.mark.parametrize("what", ["test", "settings", "outcome", "autograded", "gradebook"])
def test_what_decides_an_outcome_or_belongs_to_it_is_looked_after(course, graded, what):
    autograde(course, "ps1", jobs=1, students=["ada"])
    if what == "test":
        with course.gradebook() as gradebook:
            gradebook.find_source_cell(
                "test_square", "ps1", "ps1"
            ).source = "assert square(5) == 25"
            gradebook.db.commit()
    elif what == "settings":
        course.settings.cell_seconds = 0.7
    elif what == "outcome":
        course.outcome_file("ada", "ps1").write_text('{"half": ')
    elif what == "autograded":
        shutil.rmtree(course.folder("autograded", "ada", "ps1"))
    else:
        with course.gradebook() as gradebook:
            gradebook.remove_submission("ps1", "ada")
    autograde(course, "ps1", jobs=1, students=["ada"])

    assert len(graded) == 2
    assert scores(course)["ada", "test_square"] == 2
    assert course.folder("autograded", "ada", "ps1").is_dir()
    assert course.outcomes("ps1")[0].student == "ada"


def test_no_score_of_an_older_submission_stays(course):
    """nbgrader keeps the old score of a cell that is gone: full marks for a wrong answer."""
    autograde(course, "ps1", jobs=1, students=["ada"])
    notebook = answered(course, WRONG)
    without("test_square", "test_answer")(notebook)
    hand_in(course, "ada", notebook)
    autograde(course, "ps1", jobs=1, students=["ada"])
    assert scores(course)["ada", "test_square"] == 0

    (course.folder("submitted", "ada", "ps1") / "ps1.ipynb").unlink()
    autograde(course, "ps1", jobs=1, students=["ada"])
    assert {score for (student, _), score in scores(course).items() if student == "ada"} == {0}


def test_what_a_person_decided_stays(course):
    autograde(course, "ps1", jobs=1, students=["ada"])
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.find_comment("explain_square", "ps1", "ps1", "ada").manual_comment = "Nice."
        gradebook.db.commit()
    autograde(course, "ps1", jobs=1, students=["ada"], force=True)

    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("explain_square", "ps1", "ps1", "ada")
        comment = gradebook.find_comment("explain_square", "ps1", "ps1", "ada")
        assert (grade.manual_score, grade.needs_manual_grade) == (2.5, True)
        assert comment.comment == "Nice."
        assert gradebook.find_submission("ps1", "ada").score == 5.5


# While it runs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_progress_is_seen(course, monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    autograde(course, "ps1", jobs=1)

    assert "ps1" in screen.getvalue()
    assert "3/3" in screen.getvalue()


def test_elsewhere_nothing_is_drawn_and_by_wish_each_submission_has_its_line(course, capsys):
    autograde(course, "ps1", jobs=1, students=["ada"])
    assert capsys.readouterr() == ("", "")

    autograde(course, "ps1", jobs=1, verbose=True)
    assert sorted(capsys.readouterr().err.splitlines()) == [
        "ada: graded, 3 of 6 points, 1 to grade by hand",
        "bob: graded, 0 of 6 points",
        "cid: graded, 0 of 6 points",
    ]


def test_where_nothing_can_be_locked_nothing_is_graded(course, monkeypatch):
    def refuse(*_: Any) -> str:
        raise SandboxMissing("A session cannot be locked on this machine.")

    monkeypatch.setattr("grader.autograde.workers.grade_submission", refuse)
    with pytest.raises(SandboxMissing):
        autograde(course, "ps1", jobs=1)

    assert scores(course) == {}
    assert course.outcomes("ps1") == []


def test_a_course_that_every_session_could_read_is_refused(course, monkeypatch):
    monkeypatch.setattr(
        "grader.autograde.run.visible_paths", lambda: ["/usr", str(course.root.parent)]
    )
    with pytest.raises(CourseError, match=rf"below {course.root.parent}, .*Move it elsewhere"):
        autograde(course, "ps1", jobs=1)

    assert autograde(course, "ps1", jobs=1, students=["ada"], sandbox=False)[0].status == "graded"


def test_a_folder_whose_name_is_not_safe_on_a_page_has_its_outcome_and_no_student(course):
    name = "<img src=x onerror=alert(1)>"
    hand_in(course, name, answered(course, RIGHT))
    outcomes = {outcome.student: outcome for outcome in autograde(course, "ps1", jobs=1)}

    assert outcomes[name].status == "damaged"
    assert "not safe on nbgrader's pages; rename it" in outcomes[name].reason
    assert {student for student, _ in scores(course)} == {"ada", "bob", "cid"}
    page = report(course, "ps1").pages[0].read_text()
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x onerror" not in page


def test_a_folder_whose_name_is_too_long_for_a_file_has_its_outcome(course):
    hand_in(course, "x" * 255, answered(course, RIGHT))
    outcomes = {outcome.student: outcome for outcome in autograde(course, "ps1", jobs=1)}

    assert outcomes["x" * 255].status == "damaged"
    assert "File name too long" in outcomes["x" * 255].reason
    assert [result.points for result in outcomes["x" * 255].results][:2] == [2, 1]


def test_what_was_graded_without_a_sandbox_says_so_and_is_graded_again_with_one(course, graded):
    (outcome,) = autograde(course, "ps1", jobs=1, students=["ada"], sandbox=False)
    assert (outcome.sandbox, outcome.results[0].points) == (False, 2)

    (outcome,) = autograde(course, "ps1", jobs=1, students=["ada"])
    assert (outcome.sandbox, len(graded)) == (True, 2)


def test_a_run_that_is_stopped_goes_on_where_it_was(course, graded, monkeypatch):
    with monkeypatch.context() as patch:

        def stop(submission: Submission, lesson: Lesson) -> tuple[GradedNotebook, ...]:
            if len(graded) == 1:
                while not course.outcomes("ps1"):
                    time.sleep(0.01)
                raise KeyboardInterrupt
            graded.append(submission.notebooks["ps1"])
            return grade_submission(submission, lesson)

        patch.setattr("grader.autograde.workers.grade_submission", stop)
        with pytest.raises(KeyboardInterrupt):
            autograde(course, "ps1", jobs=1)
    assert len(course.outcomes("ps1")) == 1

    autograde(course, "ps1", jobs=1)
    assert len(graded) == 3
    assert len(course.outcomes("ps1")) == 3


# The grader's own failure is no grade


@dataclass
class Fails:
    """Raises an error instead of grading, for some students and some times."""

    students: set[str]
    error: Exception
    times: int = 99
    calls: int = 0

    def __call__(self, submission: Submission, lesson: Lesson) -> tuple[GradedNotebook, ...]:
        self.calls += 1
        if submission.student in self.students and self.times:
            self.times -= 1
            raise self.error
        return grade_submission(submission, lesson)


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fails]:
    def make(*arguments: Any) -> Fails:
        fails = Fails(*arguments)
        monkeypatch.setattr("grader.autograde.workers.grade_submission", fails)
        return fails

    return make


@pytest.mark.parametrize("error", [MemoryError(), NotReady("no memory"), OSError(24, "too many")])
def test_what_the_grader_fails_at_is_not_graded_and_has_no_points(course, fail, error):
    fails = fail({"bob"}, error)
    outcomes = {outcome.student: outcome for outcome in autograde(course, "ps1", jobs=1)}
    bob = outcomes["bob"]

    assert (bob.status, bob.digest, bob.results) == ("not graded", "", ())
    assert bob.reason.startswith(f"The grader failed: {type(error).__name__}")
    assert [outcomes[name].status for name in ("ada", "cid")] == ["graded", "graded"]
    assert fails.calls == 4
    assert {student for student, _ in scores(course)} == {"ada", "cid"}
    assert {outcome.student: outcome for outcome in course.outcomes("ps1")} == outcomes


def test_the_formgrader_and_the_export_show_no_zero_for_it(course, fail, tmp_path):
    fail({"bob"}, NotReady("no memory"))
    autograde(course, "ps1", jobs=1)
    api = NbGraderAPI(course.directory, config=course.config)
    listed = {one["student"]: one["autograded"] for one in api.get_submissions("ps1")}
    nbgrader(course, "export", "--to", str(tmp_path / "grades.csv"))

    assert listed == {"ada": True, "bob": False, "cid": True}
    assert "bob" not in (tmp_path / "grades.csv").read_text()


def test_it_is_tried_again_at_the_end_of_the_run(course, fail):
    fails = fail({"ada"}, NotReady("no memory"), 1)
    outcomes = autograde(course, "ps1", jobs=1)

    assert fails.calls == 4
    assert [outcome.status for outcome in outcomes] == ["graded"] * 3
    assert scores(course)["ada", "test_square"] == 2


def test_it_is_tried_again_by_the_next_run(course, fail, graded):
    fail({"bob"}, NotReady("no memory"))
    autograde(course, "ps1", jobs=1)
    fails = fail(set(), None)
    outcomes = autograde(course, "ps1", jobs=1)

    assert fails.calls == 1
    assert [outcome.status for outcome in outcomes] == ["graded"] * 3


def test_what_was_graded_before_stays_when_the_grader_fails(course, fail):
    autograde(course, "ps1", jobs=1)
    before = scores(course)
    hand_in(course, "ada", answered(course, WRONG))
    fail({"ada"}, NotReady("no memory"))
    outcomes = autograde(course, "ps1", jobs=1)

    assert outcomes[0].status == "not graded"
    assert scores(course) == before


@pytest.mark.parametrize("place", ["_lay_ready", "_write_grades"])
def test_what_cannot_be_recorded_is_not_graded(course, monkeypatch, place):
    autograde(course, "ps1", jobs=1, students=["ada"])
    before = scores(course)
    hand_in(course, "ada", answered(course, WRONG))
    with monkeypatch.context() as patch:

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr(f"grader.gradebook.record.{place}", full)
        (outcome,) = autograde(course, "ps1", jobs=1, students=["ada"])

    assert outcome.status == "not graded"
    assert "No space left on device" in outcome.reason
    assert scores(course) == before
    (outcome,) = autograde(course, "ps1", jobs=1, students=["ada"])
    assert outcome.status == "graded"
    assert scores(course)["ada", "test_square"] == 0


def test_what_cannot_be_read_just_now_is_not_graded(course, monkeypatch):
    def full(course: Course, student: str, *others: Any) -> Submission:
        if student == "bob":
            raise OSError(24, "Too many open files")
        return read_submission(course, student, *others)

    monkeypatch.setattr("grader.autograde.run.read_submission", full)
    statuses = [outcome.status for outcome in autograde(course, "ps1", jobs=1)]

    assert statuses == ["graded", "not graded", "graded"]


def test_nbgraders_own_command_fails_by_name_when_the_grader_does(course, fail):
    fail({"bob"}, NotReady("no memory"))
    api = NbGraderAPI(course.directory, config=course.config)
    result = api.autograde("ps1", "bob")

    assert not result["success"]
    assert "Not graded: bob. Grade them again." in result["log"] + result.get("error", "")


def test_pages_tell_it_apart_from_a_damaged_one(course, fail):
    (course.folder("submitted", "cid", "ps1") / "ps1.ipynb").write_text("{")
    fail({"bob"}, NotReady("no memory"))
    autograde(course, "ps1", jobs=1)
    page = report(course, "ps1").pages[0].read_text()
    rows = (course.classroom / "reports" / "ps1" / "scores.csv").read_text().splitlines()
    of_bob = next(file for file in feedback(course, "ps1").pages if "bob" in file.parts).read_text()

    assert "<dt>Damaged</dt><dd>1</dd>" in page
    assert "<dt>Not graded</dt><dd>1</dd>" in page
    assert "<li>bob: The grader failed: NotReady: no memory.</li>" in page
    assert rows[2].startswith("bob,,,,not graded,The grader failed")
    assert "There is nothing for you to do: your teacher will grade it again." in of_bob
    assert "again, then ask" not in of_bob


def test_its_line_says_why_and_no_points():
    outcome = Outcome("bob", "ps1", "not graded", "The grader failed: MemoryError.")

    assert line(outcome, None) == "bob: not graded. The grader failed: MemoryError."


# On several processes


def without_times(course: Course) -> Any:
    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("seconds", "cell_seconds")}
        return [strip(one) for one in value] if isinstance(value, list) else value

    return [strip(json.loads(outcome.to_json())) for outcome in course.outcomes("ps1")]


SOME = ["right", "half", "endless", "exits", "copied", "cut_off", "missing"]


def test_two_processes_come_to_the_same_end_as_one(term, handed_in, tmp_path, monkeypatch):
    ignored = shutil.ignore_patterns("fifo")
    root = shutil.copytree(handed_in.root, tmp_path / "course", symlinks=True, ignore=ignored)
    monkeypatch.chdir(root)
    course = Course(root)
    autograde(course, "ps1", jobs=2, students=SOME)

    assert scores(course) == {
        key: score for key, score in scores(term.course).items() if key[0] in SOME
    }
    assert without_times(course) == [
        outcome for outcome in without_times(term.course) if outcome["student"] in SOME
    ]


# The rest of nbgrader


def nbgrader(course: Course, *arguments: str) -> str:
    """Run an nbgrader command in the course and return what it printed."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def course_and_api(term: Term) -> Iterator[tuple[Course, Any]]:
    with contextlib.chdir(term.course.root):
        yield term.course, NbGraderAPI(term.course.directory, config=term.course.config)


def test_the_formgrader_lists_every_submission_with_its_score(course_and_api):
    _, api = course_and_api
    listed = {found["student"]: found for found in api.get_submissions("ps1")}

    assert set(listed) == set(CLASS)
    for name, student in CLASS.items():
        assert listed[name]["score"] == sum(student.points)
        assert listed[name]["max_score"] == 6
        assert listed[name]["autograded"], name
    assert listed["right"]["needs_manual_grade"]
    assert not listed["blank"]["needs_manual_grade"]


def test_the_formgrader_finds_what_is_to_be_graded_by_hand(course_and_api):
    course, api = course_and_api
    found = {one["student"]: one for one in api.get_notebook_submissions("ps1", "ps1")}

    assert set(found) == set(CLASS)
    assert found["half"]["code_score"] == 1
    assert found["half"]["max_written_score"] == 3
    with course.gradebook() as gradebook:
        (assignment,) = [one for one in api.get_assignments() if one["name"] == "ps1"]
        dicts = gradebook.submission_dicts("ps1")
    assert assignment["num_submissions"] == len(dicts) == len(CLASS)
    assert {one["student"]: one["score"] for one in dicts}["right"] == 3


def test_a_failed_test_can_be_told_from_a_passed_one_in_the_formgrader(course_and_api):
    course, _ = course_and_api
    with course.gradebook() as gradebook:
        failed = {
            (student, cell): gradebook.find_grade(cell, "ps1", "ps1", student).failed_tests
            for student in ("right", "half")
            for cell in ("test_square", "test_answer")
        }

    assert [key for key, value in failed.items() if value] == [("half", "test_square")]


def test_the_gradebook_can_be_exported(term, tmp_path):
    nbgrader(term.course, "export", "--to", str(tmp_path / "grades.csv"))
    with (tmp_path / "grades.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    assert rows == {name: sum(student.points) for name, student in CLASS.items()}


def test_nbgraders_own_feedback_can_be_made(term):
    nbgrader(term.course, "generate_feedback", "ps1")

    for name, student in CLASS.items():
        page = term.course.folder("feedback", name, "ps1") / "ps1.html"
        assert (
            "tell your teacher" if student.status == DAMAGED else "test_square"
        ) in page.read_text()


# The same scores as plain nbgrader

PLAIN = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.db_url = "sqlite:///{root}/classroom/gradebook.db"
c.Execute.timeout = 3
"""
SOLVED = "{}\n    ### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"
FUNCTIONS = {
    "square": "return x * x",
    "half": "return x / 2",
    "sort": "x.sort()",
    "greet": "print('Hello', x)",
    "inverse": "return np.linalg.inv(x)",
    "positive": "if x <= 0: raise NotPositive(x)\n    return x",
    "mean": "return np.mean([float(line) for line in open('heights.csv')])",
}
GIVEN = """%matplotlib inline
import contextlib, io
import numpy as np
from math import *

class NotPositive(ValueError):
    pass

cases = []
for x in (2, -3, 0):
    cases.append(x)
expected = np.zeros(3)
expected[:] = [4, 9, 0]

def agrees(x, y):
    assert square(x) == y, f"square({x}) is {square(x)} and should be {y}"
"""
TESTS = {
    "square": "for x, y in zip(cases, expected):\n    agrees(x, y)",
    "square_partly": "points = sum(square(x) == y for x, y in zip(cases, expected))\nfloat(points)",
    "half": "%time assert half(3) == 1.5\nassert isclose(half(sqrt(2)), sqrt(2) / 2)",
    "sort": "x = [3, 1, 2]\nsort(x)\nassert x == [1, 2, 3]",
    "greet": "with contextlib.redirect_stdout(io.StringIO()) as out:\n    greet('Ada')\n"
    "assert out.getvalue() == 'Hello Ada\\n'",
    "inverse": "np.testing.assert_allclose(inverse(2 * np.eye(2)), np.eye(2) / 2)\n"
    "try:\n    inverse(np.zeros((2, 2)))\nexcept np.linalg.LinAlgError:\n    pass\n"
    "else:\n    raise AssertionError('no inverse')",
    "positive": "assert positive(2) == 2\ntry:\n    positive(-1)\nexcept NotPositive as error:\n"
    "    assert error.args == (-1,)\nelse:\n    assert False",
    "mean": "assert mean() == 171.5",
    "truth": "square(2) == 4",
    "text": "'2'",
    "nothing": "# to be graded later",
    "own": "helper = lambda x: square(x) + 1\nassert helper(2) == 5",
    "again": "agrees(5, 25)\nassert helper(3) == 10",
}
HONEST: dict[str, dict[str, str]] = {
    "right": {},
    "wrong": dict.fromkeys(FUNCTIONS, "    return x + x") | {"greet": "    print(x)"},
    "stubs": dict.fromkeys(FUNCTIONS, "    raise NotImplementedError()"),
    "partly": {"square": "    return abs(x) * x", "positive": "    return x"},
    "endless": {"half": "    while True: pass"},
    "unfinished": {"square": "    return (x"},
}


def signature(name: str) -> str:
    return f"def {name}({'' if name == 'mean' else 'x'}):"


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A lesson with all kinds of tests, and students who solve it or try to."""
    root = tmp_path_factory.mktemp("honest") / "course"
    cells = [new_code_cell("1 + 1", id="start"), graded_cell("locked", "given", GIVEN)]
    for name, body in FUNCTIONS.items():
        cells.append(graded_cell("solution", name, SOLVED.format(signature(name), body)))
    for name, test in TESTS.items():
        cells.append(graded_cell("test", f"test_{name}", test, points=3))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    write_notebook(
        new_notebook(cells=cells, metadata={"kernelspec": kernel}),
        root / "solutions" / "ps1" / "ps1.ipynb",
    )
    (root / "solutions" / "ps1" / "heights.csv").write_text("168\n175\n")
    (root / "nbgrader_config.py").write_text(PLAIN.format(root=str(root)) + QUICK)
    course = Course(root)
    with contextlib.chdir(root):
        release_proved(course, "ps1", force=True)  # two of its tests ask for nothing
    for student, bodies in HONEST.items():
        solved = {name: f"    {body}" for name, body in FUNCTIONS.items()} | bodies
        answers = {name: f"{signature(name)}\n{body}" for name, body in solved.items()}
        hand_in(course, student, answered(course, answers))
    return course


def test_honest_work_gets_the_same_scores_as_from_plain_nbgrader(honest, tmp_path, monkeypatch):
    theirs = shutil.copytree(honest.root, tmp_path / "theirs")
    (theirs / "nbgrader_config.py").write_text(PLAIN.format(root=str(theirs)))
    command = [sys.executable, "-m", "nbgrader", "autograde", "ps1"]
    plain = subprocess.Popen(
        command, cwd=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    monkeypatch.chdir(honest.root)
    autograde(honest, "ps1", jobs=1)
    said, _ = plain.communicate()
    assert plain.returncode == 0, said
    with Gradebook(f"sqlite:///{theirs}/classroom/gradebook.db") as gradebook:
        expected = {
            (submission.student_id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions("ps1")
            for grade in submission.notebooks[0].grades
        }
    ours = scores(honest)

    assert len(expected) == len(HONEST) * len(TESTS)
    assert {key: (ours[key], score) for key, score in expected.items() if ours[key] != score} == {}
    assert {ours["right", f"test_{name}"] for name in TESTS} == {3}
    assert ours["partly", "test_square_partly"] == 2


def test_the_penalty_for_late_work_follows_without_grading_again(course, graded, capsys):
    (course.folder("submitted", "ada", "ps1") / "timestamp.txt").write_text("2026-10-30 20:00 UTC")
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    autograde(course, "ps1", jobs=1)
    number = len(graded)

    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2026-10-30 18:00")
    autograde(course, "ps1", jobs=1)

    assert len(graded) == number
    assert "the penalty for late work has changed for 1 of the" in capsys.readouterr().err
    with course.gradebook() as gradebook:
        assert gradebook.find_submission("ps1", "ada").late_submission_penalty == 3


def test_a_plugin_for_late_work_that_fails_is_told_before_anything_is_graded(course, graded):
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2026-10-30 18:00")
    (course.root / "broken_penalty.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\nclass Broken(BasePlugin):\n"
        "    def late_submission_penalty(self, *_):\n        return 1 / 0\n"
    )
    course.config.AssignLatePenalties.plugin_class = "broken_penalty.Broken"

    with pytest.raises(CourseError, match=r"broken_penalty\.Broken, fails.*ZeroDivisionError"):
        autograde(course, "ps1", jobs=1)

    assert graded == []


def test_an_outcome_that_a_new_release_leaves_right_is_no_stale_one(course, graded):
    autograde(course, "ps1", jobs=1, students=["ada"])
    source = course.folder("source", ".", "ps1") / "ps1.ipynb"
    source.write_text(source.read_text().replace("# Squares", "# Cubes"))
    release_proved(course, "ps1")
    released = last_release(course, "ps1")
    assert course.outcomes("ps1")[0].release != released.version

    autograde(course, "ps1", jobs=1, students=["ada"])

    assert len(graded) == 1
    assert course.outcomes("ps1")[0].release == released.version
