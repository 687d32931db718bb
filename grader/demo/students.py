"""The sample class: made-up students who hand in what classes hand in, from perfect to broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from grader.course.course import Course
from grader.demo import submissions
from grader.demo.answers import tasks
from grader.demo.submissions import Habit, HandedIn, Task
from grader.errors import CourseError

DUE = datetime(2026, 10, 30, 18, 0, tzinfo=UTC)

# Beside the folders of a sample student's lessons: real students' folders hold no such file.
MARK = "made-by-grader-demo.txt"


@dataclass(frozen=True)
class Student:
    """A made-up student.

    Attributes
    ----------
    habit : callable
        What the student hands in.
    mishap : bool
        Whether this befalls the student in one lesson only; in the others all goes well.
    hours_late : float
        When the work comes, counted from the due date.
    """

    id: str
    habit: Habit
    mishap: bool = False
    hours_late: float = -20.0

    @property
    def names(self) -> dict[str, str]:
        """First and last name, as the gradebook stores them."""
        first, last = self.id.split(".")
        return {"first_name": first.title(), "last_name": last.title()}


CLASS = (
    Student("amara.okafor", submissions.perfect),
    Student("lukas.weber", submissions.noisy),
    Student("mei.tanaka", submissions.halfway),
    Student("sofia.rossi", submissions.mistaken(0, of=6)),
    Student("daniel.kim", submissions.mistaken(1, of=6)),
    Student("priya.nair", submissions.mistaken(2, of=6)),
    Student("oliver.novak", submissions.mistaken(3, of=6)),
    Student("fatima.haddad", submissions.mistaken(0, of=6)),
    Student("jonas.berg", submissions.empty),
    Student("chloe.martin", submissions.perfect, mishap=True, hours_late=30.5),
    Student("tariq.aziz", submissions.tests_skipped),
    Student("mateo.garcia", submissions.a_test_gone, mishap=True),
    Student("hana.suzuki", submissions.answer_copied, mishap=True),
    Student("lena.fischer", submissions.line_unfinished, mishap=True),
    Student("ivan.petrov", submissions.file_cut_off, mishap=True),
    Student("emma.larsen", submissions.endless_loop, mishap=True),
    Student("noah.cohen", submissions.kernel_ended, mishap=True),
    Student("zoe.dubois", submissions.notebook_missing, mishap=True),
)


def on_the_day(students: Sequence[Student], day: int, days: int) -> tuple[Student, ...]:
    """Return the class on one of several days, with the mishaps spread over the days.

    Examples
    --------
    >>> mishaps = [student for student in CLASS if student.mishap]
    >>> [student.mishap for student in on_the_day(mishaps[:4], 1, 3)]
    [False, True, False, False]
    """
    struck = [student for student in students if student.mishap][day::days]
    return tuple(
        student
        if student in struck or not student.mishap
        else Student(student.id, submissions.perfect)
        for student in students
    )


def make_class(
    course: Course, lesson: str, students: Sequence[Student] = CLASS, due: datetime = DUE
) -> list[Path]:
    """Hand in a lesson for a class of made-up students.

    Parameters
    ----------
    students : sequence of Student
        By default the whole class with all its mishaps.
    due : datetime
        Becomes the lesson's due date in the gradebook, where it has none.

    Returns
    -------
    list of Path
        The students' folders of this lesson.

    Raises
    ------
    CourseError
        When the lesson is not released, or the classroom holds real students.
    """
    refuse_real_students(course)
    lesson = course.lesson(lesson)
    asked = tasks(course, lesson)
    _enrol(course, lesson, students, due)
    return [_hand_in(course, lesson, student, asked, due) for student in students]


def refuse_real_students(course: Course) -> None:
    """Raise CourseError where the classroom holds more than the sample class."""
    submitted = course.root / course.directory.submitted_directory
    handed_in = {path.name for path in submitted.glob("*") if path.is_dir()}
    marked = {path.parent.name for path in submitted.glob(f"*/{MARK}")}
    with course.gradebook() as gradebook:
        enrolled = {student.id for student in gradebook.students}
    real = sorted((handed_in - marked) | (enrolled - {student.id for student in CLASS}))
    if real:
        raise CourseError(
            f"{course.classroom} holds real students ({', '.join(real[:3])}"
            f"{', ...' * (len(real) > 3)}): the sample class would mix with their grades. "
            "Run the demo in another copy of the course."
        )


def _enrol(course: Course, lesson: str, students: Sequence[Student], due: datetime) -> None:
    with course.gradebook() as gradebook:
        try:
            assignment = gradebook.find_assignment(lesson)
        except MissingEntry as error:
            raise CourseError(
                f"{lesson} is not released. Run `grader release {lesson}` first."
            ) from error
        for student in students:
            gradebook.update_or_create_student(student.id, **student.names)
        if assignment.duedate is None:
            assignment.duedate = due.replace(tzinfo=None)
            gradebook.db.commit()


def _hand_in(
    course: Course, lesson: str, student: Student, asked: dict[str, Task], due: datetime
) -> Path:
    folder = course.folder("submitted", student.id, lesson)
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / MARK).write_text(
        "This student is made up; `grader demo` writes this folder.\n"
    )
    at = due + timedelta(hours=student.hours_late)
    (folder / "timestamp.txt").write_text(f"{at:%Y-%m-%d %H:%M:%S.%f} UTC")
    for name, task in asked.items():
        _write(folder / name, student.habit(task))
    return folder


def _write(path: Path, handed_in: HandedIn) -> None:
    if handed_in is None:
        path.unlink(missing_ok=True)
    elif isinstance(handed_in, str):
        path.write_text(handed_in)
    else:
        nbformat.write(handed_in, path)
