"""The command ``grader``: what it understands, and what it runs."""

import argparse
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader import class_commands

# Commands import what they need when they run: `grader --help` answers at once.
if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.outcome import Outcome
    from grader.pages.templating import Written

ALL_WELL, INCOMPLETE, REFUSED, INTERRUPTED = 0, 1, 2, 130

EXIT = """exit status:
    0  all went well
    1  done, but some submissions are damaged, not graded, or have no page, or there are none
    2  not done; the message says what to mend
  130  interrupted; the same command goes on"""


@dataclass(frozen=True)
class Command:
    """One command: its help, its options, and the function that runs it."""

    text: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[["Course", argparse.Namespace], int]


def _release(course: "Course", options: argparse.Namespace) -> int:
    from grader.autograde.prove import prepared, release_proved
    from grader.course.proof import remarks
    from grader.text import one_line

    names = [course.lesson(options.lesson)] if options.lesson else course.lessons()
    with prepared(course, names) as given:
        for name in _announced(names):
            paths, proof = release_proved(course, name, force=options.force, given=given[name])
            for path in paths:
                print(one_line(str(path.relative_to(course.root))))
            _note(course, name, remarks(proof))
    return ALL_WELL


def _check(course: "Course", options: argparse.Namespace) -> int:
    from grader.autograde.prove import check, prepared
    from grader.course.proof import refusal, remarks

    names = [course.lesson(options.lesson)] if options.lesson else course.lessons()
    refused = 0
    with prepared(course, names) as given:
        for name in _announced(names):
            proof = check(course, name, given[name])
            points = sum(one.points for one in proof.notebooks)
            print(refusal(proof) if proof.findings else f"{name} is proved: {points:g} points.")
            _note(course, name, remarks(proof))
            refused += bool(proof.findings)
    return REFUSED if refused else ALL_WELL


def _announced(names: Sequence[str]) -> Iterator[str]:
    """Give each lesson, and say which one its solution is graded of."""
    for number, name in enumerate(names, 1):
        print(f"grader: {name} ({number} of {len(names)}) is proved ...", file=sys.stderr)
        yield name


def _note(course: "Course", name: str, remarks: Iterable[str]) -> None:
    from grader.course.lint import doubts, stale_points

    sources = sorted(course.folder("source", ".", name).glob("*.ipynb"))
    doubtful = (doubt for source in sources for doubt in doubts(source))
    for text in (*remarks, *doubtful, *stale_points(sources)):
        print(f"grader: note: {text}", file=sys.stderr)


def _autograde(course: "Course", options: argparse.Namespace) -> int:
    from grader.autograde.misplaced import misplaced
    from grader.autograde.run import autograde

    lesson = course.lesson(options.lesson)
    for text in misplaced(course, lesson):
        print(f"grader: note: {text}", file=sys.stderr)
    _note_changes(course, lesson)
    outcomes = autograde(
        course,
        lesson,
        jobs=options.jobs,
        scheduler=options.scheduler,
        sandbox=options.sandbox,
        students=options.student,
        force=options.force,
        verbose=options.verbose,
    )
    if not outcomes:
        print(f"grader: {_nobody(course, lesson)}", file=sys.stderr)
    if outcomes or options.json:
        print((_as_json if options.json else _as_table)(course, lesson, outcomes))
    well = outcomes and all(outcome.complete for outcome in outcomes)
    return ALL_WELL if well else INCOMPLETE


def _nobody(course: "Course", lesson: str) -> str:
    from grader.text import one_line

    place = course.folder("submitted", "STUDENT", lesson).relative_to(course.root)
    return (
        f"nobody has handed in {lesson} yet. Put each notebook into {one_line(str(place))}, or "
        "take in an archive by `grader collect`."
    )


def _as_json(course: "Course", lesson: str, outcomes: "Sequence[Outcome]") -> str:
    """Return the outcomes, each with what the gradebook has of it: the marks live only there."""
    from grader.gradebook.totals import totals_of

    totals = totals_of(course, lesson)
    told = [
        json.loads(outcome.to_json())
        | {"gradebook": asdict(totals[outcome.student]) if outcome.student in totals else None}
        for outcome in outcomes
    ]
    return json.dumps(told, indent=1)


def _as_table(course: "Course", lesson: str, outcomes: "Sequence[Outcome]") -> str:
    from grader.autograde.score_table import score_table
    from grader.gradebook.totals import totals_of

    return score_table(outcomes, totals_of(course, lesson))


def _note_changes(course: "Course", lesson: str) -> None:
    """Say what has to be done after a change of a lesson, or of the students' folders."""
    from grader.course.released import changes_told
    from grader.gradebook.gone import gone_told

    for text in (*changes_told(course, lesson), *gone_told(course, lesson)):
        print(f"grader: note: {text}", file=sys.stderr)


def _feedback(course: "Course", options: argparse.Namespace) -> int:
    from grader.pages.feedback import feedback

    lesson = course.lesson(options.lesson)
    _note_changes(course, lesson)
    class_commands.penalise(course, [lesson])
    written = feedback(course, lesson, students=options.student)
    nothing = not (written.pages or written.failed)
    if nothing:
        print(f"grader: nothing of {lesson} is graded yet: grader autograde.", file=sys.stderr)
    status = INCOMPLETE if nothing else _told(course, written)
    if options.pack:
        return class_commands.pack(course, lesson, list(written.pages), options.pack) or status
    return status


def _report(course: "Course", options: argparse.Namespace) -> int:
    from grader.pages.report import report

    if not options.lesson:
        return class_commands.report(course)
    lesson = course.lesson(options.lesson)
    _note_changes(course, lesson)
    class_commands.penalise(course, [lesson])
    return _told(course, report(course, lesson))


def _told(course: "Course", written: "Written") -> int:
    """Name the pages that were written, and the students for whom that failed."""
    from grader.text import one_line

    for path in written.pages:
        print(one_line(str(path.relative_to(course.root))))
    for why in dict.fromkeys(written.failed.values()):
        students = [student for student, told in written.failed.items() if told == why]
        print(f"grader: no page for {_counted(students)}: {why}", file=sys.stderr)
    return INCOMPLETE if written.failed else ALL_WELL


def _counted(students: Sequence[str]) -> str:
    """Return one student's id, or how many there are and the first of them."""
    from grader.text import first_of

    names = first_of(students)
    return names if len(students) == 1 else f"{len(students)} students ({names})"


def _demo(course: "Course", options: argparse.Namespace) -> int:
    from grader.demo.demo import demo

    print(demo(course, jobs=options.jobs, sandbox=options.sandbox))
    return ALL_WELL


def _add_release(release: argparse.ArgumentParser) -> None:
    release.add_argument("lesson", nargs="?", help="the lesson, or how its name begins; else all")
    _add_force(
        release,
        "release a lesson that is not proved, and overwrite notebooks in which somebody has worked",
    )


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("lesson", nargs="?", help="the lesson, or how its name begins; else all")


def _add_autograde(autograde: argparse.ArgumentParser) -> None:
    _add_lesson(autograde)
    _add_grading(autograde)
    autograde.add_argument(
        "--scheduler",
        metavar="URL",
        help="grade on the workers of this Dask scheduler, such as tcp://127.0.0.1:8786",
    )
    autograde.add_argument(
        "--student", action="append", metavar="ID", help="only this student; may be repeated"
    )
    _add_force(autograde, "grade again what has not changed since it was graded")
    autograde.add_argument("--verbose", action="store_true", help="tell of each step")
    autograde.add_argument("--json", action="store_true", help="print the outcomes as JSON")


def _add_feedback(feedback: argparse.ArgumentParser) -> None:
    _add_lesson(feedback)
    class_commands.add_feedback(feedback)


def _add_report(report: argparse.ArgumentParser) -> None:
    report.add_argument(
        "lesson", nargs="?", help="the lesson, or how its name begins; else the class over all"
    )


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of jobs: give 1 or more.")
    return int(text)


def _add_lesson(command: argparse.ArgumentParser) -> None:
    command.add_argument("lesson", help="the lesson, or how its name begins")


def _add_force(command: argparse.ArgumentParser, text: str) -> None:
    command.add_argument("--force", action="store_true", help=text)


def _add_grading(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--jobs", type=_jobs, metavar="N", help="grade this many at a time (default: one per core)"
    )
    command.add_argument(
        "--no-sandbox",
        dest="sandbox",
        action="store_false",
        help="grade without isolation: students' code can do what you can; the report says so",
    )


COMMANDS: dict[str, Command] = {
    "release": Command(
        "Make students' notebooks from the source, and record tests and points in the gradebook. "
        "First the solution and the empty notebook are graded: they have to get what they should.",
        "grader release 01",
        _add_release,
        _release,
    ),
    "check": Command(
        "Grade a lesson's own solution and its empty notebook, and say what is wrong with its "
        "tests; nothing is released.",
        "grader check 01",
        _add_check,
        _check,
    ),
    "autograde": Command(
        "Grade what students handed in, each submission in its own sandbox.",
        "grader autograde 01 --jobs 4 --student ada --student grace",
        _add_autograde,
        _autograde,
    ),
    "feedback": Command(
        "Write a feedback page for each student's graded submission.",
        "grader feedback 01 --pack moodle",
        _add_feedback,
        _feedback,
    ),
    "report": Command(
        "Write the class report of a lesson: scores, mistakes, what could not be graded. Without "
        "a lesson, the class over all of them.",
        "grader report 01",
        _add_report,
        _report,
    ),
    "roster": Command(
        "Add, change and withdraw students, as a CSV file lists them.",
        "grader roster students.csv --dry-run",
        class_commands.add_roster,
        class_commands.roster,
    ),
    "codes": Command(
        "Write the students' codes as CSV: where a lesson asks for numbers of one's own, they "
        "follow from the code.",
        "grader codes",
        lambda _: None,
        lambda course, _: class_commands.codes(course),
    ),
    "rename": Command(
        "Give a student another id: in the gradebook and in the folders.",
        "grader rename ada ada.lovelace",
        class_commands.add_rename,
        class_commands.rename,
    ),
    "collect": Command(
        "Take in an archive of submissions as Moodle or Canvas gives it out.",
        "grader collect submissions.zip 01 --dry-run",
        class_commands.add_collect,
        class_commands.collect,
    ),
    "export": Command(
        "Write the gradebook's points as CSV, also as Moodle and Canvas import it.",
        "grader export --format moodle --output grades.csv",
        class_commands.add_export,
        class_commands.export,
    ),
    "watch": Command(
        "Grade on submit: collect, grade and give feedback on the visible tests for each new "
        "submission in nbgrader's exchange, until it is stopped.",
        "grader watch --once",
        class_commands.add_watch,
        class_commands.watch,
    ),
    "demo": Command(
        "Run the whole course for a sample class: release, grade, feedback, report.",
        "grader demo",
        _add_grading,
        _demo,
    ),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; ``command`` is the name of the command given."""
    top = argparse.ArgumentParser(
        prog="grader",
        description="Release, autograde and report the lessons of an nbgrader course.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        added = commands.add_parser(
            name,
            help=command.text[0].lower() + command.text[1:].rstrip("."),
            description=command.text,
            epilog=f"example:\n  {command.example}\n\n{EXIT}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(added)
        added.add_argument(
            "--course",
            type=Path,
            default=Path(),
            metavar="DIR",
            help="the folder of nbgrader_config.py (default: the current folder)",
        )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.
    """
    try:
        with _no_interrupt_lost():
            return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        exec("")  # else Python, told of it amid an import, ends itself by the signal at exit
        print("grader: stopped. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        print(f"grader: {_why(error)}", file=sys.stderr)
        return REFUSED


@contextmanager
def _no_interrupt_lost() -> Iterator[None]:
    """Interrupt again where that came amid a destructor: there Python prints it and goes on."""
    before, main_thread = sys.unraisablehook, threading.main_thread().ident

    def told(error: "sys.UnraisableHookArgs") -> None:
        if issubclass(error.exc_type, KeyboardInterrupt):
            # Not from here, amid the destructor.
            threading.Timer(0.01, signal.pthread_kill, (main_thread, signal.SIGINT)).start()
        else:
            before(error)

    sys.unraisablehook = told
    try:
        yield
    finally:
        sys.unraisablehook = before


def _run(options: argparse.Namespace) -> int:
    from grader.session.imports import without_slow_imports

    without_slow_imports()
    from grader.course.configuration import configured
    from grader.course.course import Course

    course = Course.here(options.course)
    with configured(course.root):  # nbgrader reads some settings when it needs them
        status = COMMANDS[options.command].run(course, options)
    sys.stdout.flush()
    return status


def _why(error: Exception) -> str:
    """Return what is to be mended; of an error that nobody has foreseen, also where it was."""
    from grader.errors import CourseError
    from grader.text import readable
    from grader.trouble import sentence

    if isinstance(error, BrokenPipeError):  # nor can what is left in the buffer be printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    told = str(error) if isinstance(error, CourseError) else sentence(error)
    if not told:
        traceback.print_exception(error)
        told = f"this is an error of the grader itself; please report it ({error!r})."
    return readable(told)
