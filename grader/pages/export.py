"""The gradebook's points as CSV: for a spreadsheet, and as Moodle and Canvas import grades."""

from collections.abc import Callable, Sequence

from grader.course.course import Course
from grader.gradebook.people import Person
from grader.gradebook.totals import ClassTotals, Total, class_totals
from grader.pages.scores_csv import as_csv
from grader.pages.templating import number

Row = list[str]


def export(course: Course, lessons: Sequence[str], form: str) -> tuple[str, list[str]]:
    """Return the CSV text of these lessons' points, and what a teacher should know before use.

    Parameters
    ----------
    form : str
        ``csv``, ``moodle`` or ``canvas``.
    """
    with course.gradebook() as gradebook:
        totals = class_totals(gradebook, lessons)
    return as_csv(FORMS[form](totals)), _notes(totals, lessons, form)


def spreadsheet(totals: ClassTotals) -> list[Row]:
    """Return a line for each student and lesson, with the columns that scores.csv begins with."""
    head = [
        *("lesson", "student", "last_name", "first_name", "email", "points", "max_points"),
        *("handed_in", "seconds_late", "late_penalty", "points_that_wait_for_a_teacher"),
    ]
    return [head] + [
        [
            *(lesson, one.id, one.last_name, one.first_name, one.email),
            *_spreadsheet(totals.totals.get((one.id, lesson)), most),
        ]
        for lesson, most in totals.lessons.items()
        for one in totals.students
    ]


def _spreadsheet(total: Total | None, most: float) -> Row:
    if total is None:
        return ["0", number(most), "no", "0", "0", "0"]
    late = f"{total.seconds_late:.0f}"
    points, penalty, waiting = map(number, (total.points, total.penalty, total.waiting))
    return [points, number(most), "yes", late, penalty, waiting]


def moodle(totals: ClassTotals) -> list[Row]:
    """Return Moodle's grade import: a line a student, a column a lesson, empty for no grade.

    Moodle maps one column to its users and stops the whole import at the first line where that
    column is empty (grade/import/csv/classes/load_data.php in the repository moodle/moodle), so
    only columns are written that every student has.
    """
    identities: dict[str, Callable[[Person], str]] = {
        "Username": lambda one: one.id,
        "ID number": lambda one: one.lms_user_id,
        "Email address": lambda one: one.email,
    }
    full = {name: get for name, get in identities.items() if all(map(get, totals.students))}
    head = ["First name", "Last name", *full, *totals.lessons]
    return [head] + [
        [one.first_name, one.last_name, *(get(one) for get in full.values()), *_points(totals, one)]
        for one in totals.students
    ]


def canvas(totals: ClassTotals) -> list[Row]:
    """Return Canvas's gradebook import: its columns in its order, then the lessons.

    lib/gradebook_importer.rb in the repository instructure/canvas-lms reads the columns by their
    place, finds a student by ID, then SIS ids, then name, and an assignment by its title.
    """
    lead = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    possible = ["Points Possible", *[""] * 4, *map(number, totals.lessons.values())]
    return [[*lead, *totals.lessons], possible] + [
        [_sortable(one), one.lms_user_id, "", one.id, "", *_points(totals, one)]
        for one in totals.students
    ]


def _sortable(person: Person) -> str:
    return ", ".join(part for part in (person.last_name, person.first_name) if part) or person.id


def _points(totals: ClassTotals, person: Person) -> Row:
    found = (totals.totals.get((person.id, lesson)) for lesson in totals.lessons)
    return ["" if total is None else number(total.points) for total in found]


FORMS: dict[str, Callable[[ClassTotals], list[Row]]] = {
    "csv": spreadsheet,
    "moodle": moodle,
    "canvas": canvas,
}


def _notes(totals: ClassTotals, lessons: Sequence[str], form: str) -> list[str]:
    missing = [lesson for lesson in lessons if lesson not in totals.lessons]
    notes = [f"{lesson} is not in the gradebook: `grader release {lesson}`" for lesson in missing]
    for lesson in totals.lessons:
        waiting = sum(
            1 for (_, name), total in totals.totals.items() if name == lesson and total.waiting
        )
        if waiting:
            notes.append(
                f"{lesson}: answers of {waiting} student{'s' * (waiting != 1)} wait for a teacher; "
                "the points are those so far"
            )
    if form == "moodle" and not all(one.email for one in totals.students):
        notes.append("Map the column Username in Moodle: some students have no e-mail address")
    return notes
