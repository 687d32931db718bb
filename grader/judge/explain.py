"""What a failed test tells the student."""

import traceback
from typing import Any

from grader.course.lesson import SourceCell
from grader.judge.proxy import SessionEnded, TookTooLong
from grader.session.errors import text_of


def file_of(cell: str) -> str:
    """Return the file name that a cell's code is compiled with, to be known in tracebacks."""
    return f"<cell {cell}>"


def explain(error: BaseException, test: SourceCell) -> str:
    """Return what a failed test tells the student, without the code of a hidden test."""
    text = text_of(error)
    if isinstance(error, AssertionError) and text:
        return text
    if isinstance(error, SessionEnded | TookTooLong):
        return text
    code = line_of(test, failing_line(error, test))
    visible = code in test.released and code
    where = f" It happened in `{code}`." if visible else " It happened in a hidden test."
    if isinstance(error, AssertionError):
        return f"The test `{code}` is not passed." if visible else "A hidden test is not passed."
    if isinstance(error, NameError) and getattr(error, "name", None):
        return f"'{error.name}' is not defined: is its cell complete, and does it run?{where}"
    return f"{type(error).__name__}: {text}{where}"


def explain_inside(told: dict[str, Any], line: int, test: SourceCell) -> str:
    """Return what a test that failed inside the session tells the student.

    The session's words are a claim of the student's process. They are told only where they cannot
    repeat a hidden test: where they are the instructor's own visible words, or nothing is hidden.
    """
    kind, text = kind_of(told), str(told.get("text", ""))
    code = line_of(test, line)
    visible = bool(code) and code in test.released
    if kind == "AssertionError" and text and text in test.released:
        return text
    if not visible:
        return "A hidden test is not passed." if code else "The test is not passed."
    if kind == "AssertionError":
        return f"The test `{code}` is not passed."
    shown = f": {text}" if test.released.strip() == test.source.strip() else ""
    return f"{kind}{shown} It happened in `{code}`."


def kind_of(told: dict[str, Any]) -> str:
    """Return the name of the kind of error that a session tells of."""
    kinds = told.get("kinds")
    name = str(kinds[0]) if type(kinds) is list and kinds else "Exception"
    return name.rpartition(".")[2][:80]


def line_of(test: SourceCell, line: int) -> str:
    """Return a line of a test's code; empty where there is no such line."""
    lines = test.source.split("\n")
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def failing_line(error: BaseException, test: SourceCell) -> int:
    """Return the line of a test in which an error came up; 0 where it is not known."""
    file, frames = file_of(test.cell), traceback.extract_tb(error.__traceback__)
    found = (frame.lineno for frame in reversed(frames) if frame.filename == file)
    return next(found, None) or 0
