"""The commands for the class: its roster, what the LMS gives out, and what it takes back."""

import argparse
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

# Commands import what they need when they run: `grader --help` answers at once.
if TYPE_CHECKING:
    from grader.course.course import Course

DONE, LEFT = 0, 1


def add_roster(roster: argparse.ArgumentParser) -> None:
    """Declare the options of `grader roster`."""
    roster.add_argument(
        "students", type=Path, help="a CSV file with nbgrader's columns, or as the LMS exports it"
    )
    _add_dry_run(roster)
    roster.add_argument(
        "--withdraw-missing",
        action="store_true",
        help="withdraw who is not in the file; their work is kept below classroom/withdrawn",
    )


def roster(course: "Course", options: argparse.Namespace) -> int:
    """Make the gradebook's students those of a file."""
    from grader.gradebook.roster import set_roster
    from grader.gradebook.students_csv import read_students
    from grader.table import table

    changes = set_roster(
        course,
        read_students(_content(options.students)),
        withdraw_missing=options.withdraw_missing,
        dry_run=options.dry_run,
    )
    rows = [
        [change.student.id, change.student.name, change.action, change.details]
        for change in changes
    ]
    print(table(["student", "name", "what", "details"], rows))
    _say_dry_run(options)
    return DONE


def codes(course: "Course") -> int:
    """Write each student's code as CSV."""
    from grader.course.student_code import lessons_with_own_numbers
    from grader.errors import CourseError
    from grader.gradebook.people import people
    from grader.pages.codes_csv import codes_csv

    if not lessons_with_own_numbers(course):
        raise CourseError(
            "No lesson has numbers of one's own: name some in c.Grader.own_numbers first."
        )
    with course.gradebook() as gradebook:
        text = codes_csv(people(gradebook), course.settings.secret)
    sys.stdout.write(text.replace("\r\n", "\n"))
    return DONE


def add_rename(rename: argparse.ArgumentParser) -> None:
    """Declare the options of `grader rename`."""
    rename.add_argument("old", metavar="OLD", help="the student's id")
    rename.add_argument("new", metavar="NEW", help="the id that the student gets")


def rename(course: "Course", options: argparse.Namespace) -> int:
    """Give a student another id."""
    from grader.gradebook.rename import rename

    for path in rename(course, options.old, options.new):
        print(path.relative_to(course.root))
    print(f"{options.old} is {options.new} now. Feedback and reports are as they were: run")
    print("`grader feedback` and `grader report` for pages with the new id.")
    return DONE


def add_collect(collect: argparse.ArgumentParser) -> None:
    """Declare the options of `grader collect`."""
    collect.add_argument(
        "archive", type=Path, metavar="ARCHIVE", help="the zip file as Moodle or Canvas gave it out"
    )
    collect.add_argument("lesson", metavar="LESSON", help="the lesson, or how its name begins")
    _add_dry_run(collect)
    collect.add_argument(
        "--match",
        action="append",
        type=_match,
        default=[],
        metavar="NAME=ID",
        help="whose a name in the archive is, such as 'Ada Lovelace_12345=ada'; may be repeated",
    )


def _match(text: str) -> tuple[str, str]:
    name, equals, student = text.rpartition("=")
    if not (name and equals and student):
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=ID, such as 'Ada Lovelace_123=ada'.")
    return name, student


def collect(course: "Course", options: argparse.Namespace) -> int:
    """Put the files of an archive into the submitted folder."""
    from grader.autograde.collect import collect
    from grader.table import table

    collected, left = collect(
        course,
        options.archive,
        course.lesson(options.lesson),
        matches=dict(options.match),
        dry_run=options.dry_run,
    )
    rows = [[one.student, one.what, ", ".join(one.files)] for one in collected]
    print(table(["student", "what", "files"], rows))
    for path, why in left.items():
        print(f"grader: not collected: {path!r}: {why}", file=sys.stderr)
    _say_dry_run(options)
    return LEFT if left else DONE


def add_export(export: argparse.ArgumentParser) -> None:
    """Declare the options of `grader export`."""
    export.add_argument("lesson", nargs="?", help="the lesson, or how its name begins; else all")
    export.add_argument(
        "--format",
        choices=("csv", "moodle", "canvas"),
        default="csv",
        help="a spreadsheet (default), or the columns that Moodle or Canvas imports",
    )
    export.add_argument(
        "--output", type=Path, metavar="FILE", help="write here and not to the terminal"
    )


def export(course: "Course", options: argparse.Namespace) -> int:
    """Write the gradebook's points as CSV."""
    from grader.pages.export import export
    from grader.writing import write_whole

    lessons = [course.lesson(options.lesson)] if options.lesson else course.lessons()
    penalise(course, lessons)
    text, notes = export(course, lessons, options.format)
    for note in notes:
        print(f"grader: note: {note}.", file=sys.stderr)
    if options.output:
        # Excel reads UTF-8 only when the file says so; Canvas and Moodle take it away.
        write_whole(options.output, text.encode("utf-8-sig"))
    else:
        sys.stdout.write(text.replace("\r\n", "\n"))
    return DONE


def report(course: "Course") -> int:
    """Write the report of the class over all lessons."""
    from grader.pages.class_report import class_report

    penalise(course, course.lessons())
    print(class_report(course).relative_to(course.root))
    return DONE


def penalise(course: "Course", lessons: Iterable[str]) -> None:
    """Take off what is due for late work now, before points are shown, and say whose changed."""
    from grader.gradebook.penalties import renew_penalties
    from grader.text import first_of

    for lesson in lessons:
        if changed := renew_penalties(course, lesson):
            print(
                f"grader: note: the penalty for late work in {lesson} has changed for "
                f"{first_of(changed)}.",
                file=sys.stderr,
            )


def add_feedback(feedback: argparse.ArgumentParser) -> None:
    """Declare what `grader feedback` takes beside a lesson."""
    feedback.add_argument(
        "--student", action="append", metavar="ID", help="only this student; may be repeated"
    )
    feedback.add_argument(
        "--pack",
        choices=("moodle", "canvas"),
        help="also pack the pages as the LMS takes them back, by the names that were collected",
    )


def pack(course: "Course", lesson: str, pages: Collection[Path], system: str) -> int:
    """Pack feedback pages for an LMS."""
    from grader.pages.pack import pack

    archive, without = pack(course, lesson, pages, system)
    print(archive.relative_to(course.root))
    for student in without:
        print(
            f"grader: not packed: {student}: nothing of theirs came from {system.title()}.",
            file=sys.stderr,
        )
    return LEFT if without else DONE


def add_watch(watch: argparse.ArgumentParser) -> None:
    """Declare the options of `grader watch`."""
    watch.add_argument("--once", action="store_true", help="end when nothing waits any more")


def watch(course: "Course", options: argparse.Namespace) -> int:
    """Grade what students submit as it comes in."""
    from grader.deploy.watch import watch

    return DONE if watch(course, once=options.once) else LEFT


def _content(path: Path) -> bytes:
    from grader.errors import CourseError

    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None


def _add_dry_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", help="only say what would be done")


def _say_dry_run(options: argparse.Namespace) -> None:
    if options.dry_run:
        print("grader: nothing was changed: this was a dry run.", file=sys.stderr)
