"""What the command ``grader`` understands, and its help."""

import argparse
from pathlib import Path

EXIT = """exit status:
  0  all went well
  1  done, but some submissions are damaged and need a look
  2  not done; the message says what to mend"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; ``command`` is the name of the command given."""
    top = argparse.ArgumentParser(
        prog="grader",
        description="Release, autograde and report the lessons of an nbgrader course.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (text, example, add_arguments) in COMMANDS.items():
        added = commands.add_parser(
            name,
            help=text[0].lower() + text[1:].rstrip("."),
            description=text,
            epilog=f"example:\n  {example}\n\n{EXIT}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add_arguments(added)
        added.add_argument(
            "--course",
            type=Path,
            default=Path(),
            metavar="DIR",
            help="the folder of nbgrader_config.py (default: the current folder)",
        )
    return top


def _add_release(release: argparse.ArgumentParser) -> None:
    release.add_argument("lesson", nargs="?", help="the lesson, or how its name begins; else all")
    _add_force(release, "overwrite released notebooks although somebody has worked in them")


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


COMMANDS = {
    "release": (
        "Make students' notebooks from the source, and record tests and points in the gradebook.",
        "grader release 01",
        _add_release,
    ),
    "autograde": (
        "Grade what students handed in, each submission in its own sandbox.",
        "grader autograde 01 --jobs 4 --student ada --student grace",
        _add_autograde,
    ),
    "feedback": (
        "Write a feedback page for each student's graded submission.",
        "grader feedback 01",
        _add_lesson,
    ),
    "report": (
        "Write the class report of a lesson: scores, mistakes, damaged submissions.",
        "grader report 01",
        _add_lesson,
    ),
    "demo": (
        "Run the whole course for a sample class: release, grade, feedback, report.",
        "grader demo",
        _add_grading,
    ),
}
