"""The command ``grader``."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from grader.options import parser

# Commands import what they need when they run: `grader --help` answers at once.
if TYPE_CHECKING:
    from grader.course import Course
    from grader.outcome import Outcome

ALL_WELL, INCOMPLETE, REFUSED, INTERRUPTED = 0, 1, 2, 130


def _release(course: "Course", options: argparse.Namespace) -> int:
    from grader.doubts import doubts
    from grader.release import release

    names = [course.lesson(options.lesson)] if options.lesson else course.lessons()
    for name in names:
        for path in release(course, name, force=options.force):
            print(path.relative_to(course.root))
        for source in sorted(course.folder("source", ".", name).glob("*.ipynb")):
            for doubt in doubts(source):
                print(f"grader: note: {doubt}", file=sys.stderr)
    return ALL_WELL


def _autograde(course: "Course", options: argparse.Namespace) -> int:
    from grader.autograde import autograde

    outcomes = autograde(
        course,
        course.lesson(options.lesson),
        jobs=options.jobs,
        scheduler=options.scheduler,
        sandbox=options.sandbox,
        students=options.student,
        force=options.force,
        verbose=options.verbose,
    )
    print(_as_json(outcomes) if options.json else _as_table(outcomes))
    return INCOMPLETE if any(outcome.status == "damaged" for outcome in outcomes) else ALL_WELL


def _as_json(outcomes: "Sequence[Outcome]") -> str:
    return json.dumps([json.loads(outcome.to_json()) for outcome in outcomes], indent=1)


def _as_table(outcomes: "Sequence[Outcome]") -> str:
    from grader.table import points, table

    rows = [
        [
            outcome.student,
            points(
                sum(result.points or 0 for result in outcome.results),
                sum(result.max_points for result in outcome.results),
            ),
            outcome.status,
            outcome.reason or "; ".join(outcome.notes),
        ]
        for outcome in outcomes
    ]
    return table(["student", "points", "status", "why"], rows)


def _feedback(course: "Course", options: argparse.Namespace) -> int:
    from grader.feedback import feedback

    for path in feedback(course, course.lesson(options.lesson)):
        print(path.relative_to(course.root))
    return ALL_WELL


def _report(course: "Course", options: argparse.Namespace) -> int:
    from grader.report import report

    print(report(course, course.lesson(options.lesson)).relative_to(course.root))
    return ALL_WELL


def _demo(course: "Course", options: argparse.Namespace) -> int:
    from grader.demo import demo

    print(demo(course, jobs=options.jobs, sandbox=options.sandbox))
    return ALL_WELL


COMMANDS: dict[str, Callable[["Course", argparse.Namespace], int]] = {
    "release": _release,
    "autograde": _autograde,
    "feedback": _feedback,
    "report": _report,
    "demo": _demo,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.
    """
    options = parser().parse_args(arguments)
    from grader.course import Course, CourseError

    try:
        return COMMANDS[options.command](Course.here(options.course), options)
    except CourseError as error:
        print(f"grader: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("grader: stopped. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED
