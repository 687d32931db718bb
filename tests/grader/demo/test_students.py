"""The sample class: each habit does what it says, and no real student is ever overwritten."""

import json
import sys
import types

import nbformat
import pytest

from grader.course.cells import Delimiters, grade_id, is_test
from grader.course.course import Course
from grader.demo import submissions
from grader.demo.answers import tasks
from grader.demo.students import CLASS, MARK, make_class, on_the_day
from grader.demo.submissions import Task
from grader.errors import CourseError

WRONG = {
    "square": {
        "doubled": "def square(x):\n    return x + x",
        "cubed": "def square(x):\n    return x * x * x",
    },
    "answer": {"sign_flipped": "answer = -42"},
}


@pytest.fixture
def task(released_course: Course) -> Task:
    known = tasks(released_course, "ps1")["ps1.ipynb"]
    return Task(known.released, known.right, WRONG)


def sources(notebook) -> dict[str, str]:
    return {grade_id(cell): cell.source for cell in notebook.cells}


def run(notebook) -> dict[str, str]:
    """Run the code cells; return what became of each test: passed or the error's name."""
    outcome, scope = {}, {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            try:
                exec(cell.source, scope)
                result = "passed"
            except Exception as error:
                result = type(error).__name__
            if is_test(cell):
                outcome[grade_id(cell)] = result
    return outcome


def test_marks_and_mark_schemes_are_no_part_of_an_answer():
    source = (
        "### BEGIN SOLUTION\nIt falls.\n=== BEGIN MARK SCHEME ===\n1 point\n"
        "=== END MARK SCHEME ===\n### END SOLUTION"
    )

    assert Delimiters().answer(source) == "It falls."


def test_the_right_answers_are_those_of_the_source(task):
    assert list(task.right) == ["square", "answer", "explain_square"]
    assert task.right["answer"] == "answer = 42"
    assert task.right["square"].endswith("    return x * x")


def test_a_lesson_that_is_not_released_gets_no_class(tiny_course):
    with pytest.raises(CourseError, match="Run `grader release ps1` first"):
        make_class(tiny_course, "ps1")


def test_perfect_passes_every_test(task):
    assert run(submissions.perfect(task)) == {"test_square": "passed", "test_answer": "passed"}


def test_empty_is_the_notebook_as_released(task):
    assert submissions.empty(task) == task.released


def test_halfway_answers_the_first_half(task):
    got = sources(submissions.halfway(task))

    assert got["square"] == task.right["square"]
    assert got["answer"] == task.right["answer"]
    assert got["explain_square"] == "YOUR ANSWER HERE"


@pytest.mark.parametrize(
    ("turn", "square", "answered"),
    [
        (0, "x + x", "-42"),
        (1, "x * x * x", "42"),
    ],
)
def test_mistaken_makes_every_other_known_mistake(task, turn, square, answered):
    got = sources(submissions.mistaken(turn, of=2)(task))

    assert got["square"].endswith(f"return {square}")
    assert got["answer"] == f"answer = {answered}"


@pytest.mark.filterwarnings("ignore:is this right")
def test_noisy_is_right_all_the_same(task, capsys):
    assert set(run(submissions.noisy(task)).values()) == {"passed"}
    assert "testing, testing" in capsys.readouterr().out


def test_skipped_tests_carry_the_tag_and_the_answers_are_missing(task):
    notebook = submissions.tests_skipped(task)
    tagged = [cell for cell in notebook.cells if "skip-execution" in cell.metadata.get("tags", [])]

    assert list(map(grade_id, tagged)) == ["test_square", "test_answer"]
    assert sources(notebook)["answer"] == sources(task.released)["answer"]


def test_a_test_gone_is_the_last_one(task):
    assert run(submissions.a_test_gone(task)) == {"test_square": "passed"}


def test_a_copied_answer_has_its_grade_id_twice_and_its_own_cell_id(task):
    notebook = submissions.answer_copied(task)
    names = [grade_id(cell) for cell in notebook.cells]
    ids = [cell.id for cell in notebook.cells]

    assert names.count("square") == 2
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("habit", "line"),
    [
        (submissions.line_unfinished, "print("),
        (submissions.endless_loop, "while True:\n    pass"),
        (submissions.kernel_ended, "os._exit(0)"),
    ],
)
def test_a_mishap_ends_the_first_answer(task, habit, line):
    got = sources(habit(task))

    assert got["square"].startswith(task.right["square"])
    assert got["square"].endswith(line)
    assert got["answer"] == task.right["answer"]


def test_a_file_cut_off_is_no_json(task):
    with pytest.raises(json.JSONDecodeError):
        json.loads(submissions.file_cut_off(task))


@pytest.mark.parametrize("student", CLASS, ids=lambda student: student.id)
def test_a_habit_leaves_the_task_as_it_was(task, student):
    before = task.released.copy(), [cell.copy() for cell in task.released.cells]

    student.habit(task)

    assert (task.released, task.released.cells) == before


def test_every_student_hands_in_and_is_marked_as_made_up(released_course):
    folders = make_class(released_course, "ps1")

    assert len(folders) == len(CLASS) >= 14
    assert all((folder / "timestamp.txt").is_file() for folder in folders)
    assert all((folder.parent / MARK).is_file() for folder in folders)
    without = {folder.parent.name for folder in folders if not (folder / "ps1.ipynb").exists()}
    assert without == {"zoe.dubois"}


def test_the_late_student_hands_in_after_the_due_date(released_course):
    make_class(released_course, "ps1")

    with released_course.gradebook() as gradebook:
        due = gradebook.find_assignment("ps1").duedate
    stamps = {
        student: released_course.directory.get_existing_timestamp(
            str(released_course.folder("submitted", student, "ps1"))
        )
        for student in released_course.students("ps1")
    }
    assert [student for student, stamp in stamps.items() if stamp > due] == ["chloe.martin"]


def test_a_due_date_that_is_set_stays(released_course):
    with released_course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2030-01-01")

    make_class(released_course, "ps1")

    with released_course.gradebook() as gradebook:
        assert gradebook.find_assignment("ps1").duedate.year == 2030


def test_the_gradebook_knows_the_students_by_name(released_course):
    make_class(released_course, "ps1")

    with released_course.gradebook() as gradebook:
        names = {(student.first_name, student.last_name) for student in gradebook.students}
    assert ("Amara", "Okafor") in names
    assert len(names) == len(CLASS)


def test_a_second_sample_class_replaces_the_first(released_course):
    first = make_class(released_course, "ps1")
    before = {path: path.read_bytes() for folder in first for path in folder.iterdir()}

    second = make_class(released_course, "ps1")

    assert {path: path.read_bytes() for folder in second for path in folder.iterdir()} == before


def test_the_sample_class_stays_away_from_real_submissions(released_course, hand_in):
    handed_in = hand_in("amara.okafor", answer="answer = 7")
    before = handed_in.read_bytes()

    with pytest.raises(CourseError, match=r"holds real students \(amara\.okafor\)"):
        make_class(released_course, "ps1")

    assert handed_in.read_bytes() == before


def test_the_sample_class_stays_away_from_a_real_roster(released_course):
    with released_course.gradebook() as gradebook:
        gradebook.add_student("grace.hopper")

    with pytest.raises(CourseError, match=r"grace\.hopper"):
        make_class(released_course, "ps1")


def test_each_mishap_befalls_once_in_a_course():
    days = [on_the_day(CLASS, day, 5) for day in range(5)]

    for student in CLASS:
        struck = [student in class_of_the_day for class_of_the_day in days]
        assert sum(struck) == (1 if student.mishap else 5), student.id
    assert all(len(class_of_the_day) == len(CLASS) for class_of_the_day in days)


def test_wrong_answers_come_from_the_module_that_the_course_names(released_course, monkeypatch):
    module = types.ModuleType("made_up_answers")
    module.ANSWERS = {"ps1": WRONG | {"elsewhere": {"odd": "1"}}}
    monkeypatch.setitem(sys.modules, "made_up_answers", module)
    released_course.settings.sample_answers = "made_up_answers"

    assert tasks(released_course, "ps1")["ps1.ipynb"].wrong == WRONG


def test_what_is_written_is_the_notebook_of_the_habit(released_course, task):
    [folder] = make_class(released_course, "ps1", CLASS[:1])

    assert nbformat.read(folder / "ps1.ipynb", as_version=4) == submissions.perfect(task)
