"""The demonstration: what it does in which order, what it prints, and what it leaves alone."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from tiny_course import HandIn, write_notebook

from grader.course.course import Course
from grader.demo.students import CLASS
from grader.errors import CourseError
from grader.outcome import CellResult, GradedNotebook, Outcome
from grader.pages.templating import Written

REPORT = Path("classroom/reports/ps1.html")


def graded(student: str, status: str = "graded", reason: str = "", lesson: str = "ps1") -> Outcome:
    results = (CellResult("test_square", 2.0, 2.0),)
    notebook = GradedNotebook(lesson, "graded", results=results)
    return Outcome(student, lesson, status, reason, notebooks=(notebook,))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """Stand in for grading, feedback and report; return what was called with what."""
    called: list[tuple] = []

    def autograde(course, lesson, **options):
        called.append(("autograde", lesson, options))
        return [graded(student, lesson=lesson) for student in course.students(lesson)]

    def feedback(course, lesson):
        called.append(("feedback", lesson))
        return Written((), {})

    def report(course, lesson):
        called.append(("report", lesson))
        return Written((course.root / "classroom" / "reports" / f"{lesson}.html",), {})

    rooms = ("grader.autograde.run", "grader.pages.feedback", "grader.pages.report")
    for name, function in zip(rooms, (autograde, feedback, report), strict=True):
        module = ModuleType(name)
        setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, name, module)
    # Imported anew, so that it takes the stand-ins, and thrown away afterwards.
    monkeypatch.delitem(sys.modules, "grader.demo.demo", raising=False)
    return called


@pytest.fixture
def run(steps):
    # Not `from grader import demo`: the package may still hold the module of an earlier import.
    yield importlib.import_module("grader.demo.demo").demo
    sys.modules.pop("grader.demo.demo", None)


def test_each_lesson_is_released_graded_fed_back_and_reported(tiny_course, steps, run):
    run(tiny_course, jobs=2, sandbox=False)

    assert steps == [
        ("autograde", "ps1", {"jobs": 2, "sandbox": False}),
        ("feedback", "ps1"),
        ("report", "ps1"),
    ]
    assert (tiny_course.root / "notebooks" / "ps1" / "ps1.ipynb").is_file()


def test_the_whole_class_hands_in(released_course, run):
    run(released_course)

    assert released_course.students("ps1") == sorted(student.id for student in CLASS)


def test_it_prints_everybody_and_where_the_report_is(released_course, run):
    text = run(released_course)

    assert all(student.id in text for student in CLASS)
    assert str(REPORT) in text
    assert str(released_course.root) not in text


def test_it_may_run_again(released_course, run):
    assert run(released_course) == run(released_course)


def test_real_submissions_are_left_alone_and_nothing_is_released_or_graded(
    released_course: Course, hand_in: HandIn, steps, run
):
    handed_in = hand_in("grace", answer="answer = 42")
    before = handed_in.read_bytes()
    released = released_course.folder("release", ".", "ps1") / "ps1.ipynb"
    released.unlink()

    with pytest.raises(CourseError, match=r"real students \(grace\)"):
        run(released_course)

    assert steps == []
    assert not released.exists()
    assert handed_in.read_bytes() == before


def test_work_in_a_released_notebook_is_left_alone(released_course: Course, run):
    path = released_course.folder("release", ".", "ps1") / "ps1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].execution_count = 7
    write_notebook(notebook, path)
    before = path.read_bytes()

    run(released_course)

    assert path.read_bytes() == before


# The summary


@pytest.fixture
def summary(run):
    from grader.demo import demo

    def lines(marks, outcomes):
        given = {key: demo.SubmissionScore(*mark) for key, mark in marks.items()}
        return demo.summary(given, outcomes, [REPORT]).splitlines()

    return lines


def test_the_summary_shows_points_by_student_and_lesson(summary):
    outcomes = [graded("ada", lesson="01_one"), graded("ada", lesson="02_two")]
    head, _, row, *_ = summary({("ada", "01_one"): (2.5, 3, False, 0)}, outcomes)

    assert head.split() == ["student", "01", "02", "what", "happened"]
    assert row.split() == ["ada", "2.5", "/", "3", "-"]


def test_the_summary_says_why_a_submission_is_damaged(summary):
    outcomes = [graded("ada", "damaged", "The notebook ps1.ipynb is missing.")]

    assert summary({}, outcomes)[2].endswith("ps1 The notebook ps1.ipynb is missing.")


def test_the_summary_shows_the_notes_of_a_graded_submission(summary):
    notes = Outcome("ada", "ps1", "graded with notes", notes=("A cell was put back.",))

    assert summary({}, [notes])[2].endswith("ps1 A cell was put back.")


def test_the_summary_tells_who_was_late(summary):
    row = summary({("ada", "ps1"): (2, 3, False, 30.5)}, [graded("ada")])[2]

    assert row.endswith("ps1 late by 30 h")


@pytest.mark.parametrize("waits", [True, False])
def test_a_star_marks_answers_that_wait_for_a_person(summary, waits):
    text = "\n".join(summary({("ada", "ps1"): (2, 3, waits, 0)}, [graded("ada")]))

    assert ("2 / 3 *" in text) is waits
    assert ("Written answers wait" in text) is waits


@pytest.mark.filterwarnings("ignore:Object of type .* not in session")
def test_marks_are_those_of_the_gradebook(released_course: Course, run):
    from grader.demo import demo

    with released_course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2026-01-01 10:00:00")
        gradebook.add_student("ada")
        late = gradebook.add_submission("ps1", "ada", timestamp="2026-01-01 12:00:00")
        late.notebooks[0].grades[0].manual_score = 1.5
        gradebook.db.commit()

    mark = demo.marks(released_course)["ada", "ps1"]

    assert (mark.score, mark.max_score, mark.hours_late) == (1.5, 6, 2)
