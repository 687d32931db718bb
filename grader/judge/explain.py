"""What a failed test tells the student."""

import traceback

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
    line = _failing_line(error, file_of(test.cell))
    code = test.source.split("\n")[line - 1].strip() if line else ""
    visible = code in test.released and code
    where = f" It happened in `{code}`." if visible else " It happened in a hidden test."
    if isinstance(error, AssertionError):
        return f"The test `{code}` is not passed." if visible else "A hidden test is not passed."
    if isinstance(error, NameError) and getattr(error, "name", None):
        return f"'{error.name}' is not defined: is its cell complete, and does it run?{where}"
    return f"{type(error).__name__}: {text}{where}"


def _failing_line(error: BaseException, file: str) -> int | None:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == file), None)
