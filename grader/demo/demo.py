"""The demonstration: a whole course, from the source to the report, for a sample class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.autograde.prove import record_proved, release_proved
from grader.autograde.run import autograde
from grader.course.course import Course
from grader.course.release import worked_in
from grader.demo.students import CLASS, make_class, on_the_day, refuse_real_students
from grader.outcome import Outcome
from grader.pages.feedback import feedback
from grader.pages.report import report
from grader.table import points, table


@dataclass(frozen=True)
class SubmissionScore:
    """What the gradebook says of one submission."""

    score: float
    max_score: float
    by_hand: bool
    hours_late: float


Scores = Mapping[tuple[str, str], SubmissionScore]


def demo(course: Course, *, jobs: int | None = None, sandbox: bool = True) -> str:
    """Release all lessons, grade what a sample class hands in, and return what came of it.

    Parameters
    ----------
    jobs : int, optional
        How many submissions to grade at a time; by default one per core.
    sandbox : bool
        Whether to isolate the students' code.

    Raises
    ------
    CourseError
        When the classroom holds real students, or grading refuses.
    """
    refuse_real_students(course)
    lessons = course.lessons()
    outcomes: list[Outcome] = []
    reports = []
    for day, lesson in enumerate(lessons):
        # Whoever tries the lessons in this very copy keeps what they did.
        (record_proved if worked_in(course, lesson) else release_proved)(course, lesson)
        make_class(course, lesson, on_the_day(CLASS, day, len(lessons)))
        outcomes += autograde(course, lesson, jobs=jobs, sandbox=sandbox)
        feedback(course, lesson)
        reports += [page.relative_to(course.root) for page in report(course, lesson).pages]
    return summary(marks(course), outcomes, reports)


def marks(course: Course) -> Scores:
    """Return what the gradebook says, by student and lesson."""
    with course.gradebook() as gradebook:
        return {
            (submission.student_id, assignment.name): SubmissionScore(
                max(submission.score - submission.late_submission_penalty, 0),
                submission.max_score,
                submission.needs_manual_grade,
                submission.total_seconds_late / 3600,
            )
            for assignment in gradebook.assignments
            for submission in assignment.submissions
        }


def summary(marks: Scores, outcomes: Sequence[Outcome], reports: Iterable[Path]) -> str:
    """Return the gradebook as a table, with who needs a look, and where to read more."""
    lessons = list(dict.fromkeys(outcome.lesson for outcome in outcomes))
    students = list(dict.fromkeys(outcome.student for outcome in outcomes))
    rows = [
        [
            student,
            *(_entry(marks.get((student, lesson))) for lesson in lessons),
            "; ".join(_remarks(marks, [one for one in outcomes if one.student == student])),
        ]
        for student in students
    ]
    parts = [table(["student", *map(_number, lessons), "what happened"], rows)]
    if any(mark.by_hand for mark in marks.values()):
        parts.append("* Written answers wait for a person to grade them, in the formgrader.")
    parts.append("\n  ".join(["Class reports, to open in a browser:", *map(str, reports)]))
    return "\n\n".join(parts)


def _number(lesson: str) -> str:
    """Return what a lesson's name begins with, such as 01 of 01_one_pair."""
    return lesson.split("_")[0]


def _entry(mark: SubmissionScore | None) -> str:
    return "-" if mark is None else points(mark.score, mark.max_score) + " *" * mark.by_hand


def _remarks(marks: Scores, outcomes: Iterable[Outcome]) -> Iterable[str]:
    for outcome in outcomes:
        mark = marks.get((outcome.student, outcome.lesson))
        if mark and mark.hours_late:
            yield f"{_number(outcome.lesson)} late by {mark.hours_late:.0f} h"
        if outcome.status != "graded":
            yield f"{_number(outcome.lesson)} {outcome.reason or ' '.join(outcome.notes)}"
