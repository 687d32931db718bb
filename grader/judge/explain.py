"""What a failed test tells the student."""

import re
import traceback
from dataclasses import dataclass, field
from typing import Any

from grader.course.lesson import SourceCell
from grader.judge.conversation import NotPlain, SessionEnded, TookTooLong
from grader.judge.plan import Owners
from grader.judge.proxy import file_of, is_cell, is_students
from grader.session.errors import text_of

HIDDEN = "A hidden test is not passed."
UNJUDGED = "A hidden test needs what only the student's process has, so it was not decided."

Lost = dict[str, tuple[str, BaseException]]


@dataclass(frozen=True)
class Explained:
    """What is told of a failed test.

    Attributes
    ----------
    message : str
        For the student.
    itself : bool
        Whether the error may show itself with its own lines, and by its own name.
    reason : str
        For the teacher, when the test could not be judged; empty otherwise.
    """

    message: str
    itself: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Explainer:
    """Explains errors of one notebook's tests.

    Attributes
    ----------
    lost : dict
        What cells that failed would have bound, as `grader.judge.space.Space` keeps it.
    """

    owners: Owners
    lost: Lost = field(default_factory=dict)

    def explain(self, error: BaseException, test: SourceCell) -> Explained:
        """Return what a failed test tells the student.

        Of a hidden test that is only what its author wrote for students to read: the message of an
        assertion. Anything else may come of the student's function, which knows what it was given.
        """
        line = failing_line(error, test)
        code = line_of(test, line)
        hidden = line in test.hidden_lines or (not code and bool(test.hidden_lines))
        where = " It happened in a hidden test." if hidden else f" It happened in `{code}`."
        where = where if hidden or code else ""
        text = text_of(error)
        if isinstance(error, NotPlain):
            return Explained(UNJUDGED if hidden else text + where, reason=text + where)
        if isinstance(error, SessionEnded | TookTooLong):
            # A student's code chooses its exit status.
            return Explained(re.sub(r" \(.*\)", "", text) if hidden else text)
        if isinstance(error, AssertionError) and text and (not hidden or _is_authors(error)):
            return Explained(text, itself=True)
        if isinstance(error, NameError) and (error.name or "") in self.owners.public:
            return Explained(self._undefined(str(error.name)) + where)
        if hidden:
            return Explained(HIDDEN)
        if isinstance(error, AssertionError):
            return Explained(f"The test `{code}` is not passed.", itself=True)
        return Explained(f"{type(error).__name__}: {text}{where}", itself=True)

    def _undefined(self, name: str) -> str:
        if name in self.lost:
            title, error = self.lost[name]
            return (
                f"'{name}' is not defined: {title}, which makes it, ended with "
                f"{type(error).__name__}: {text_of(error)}."
            )
        if name in self.owners.instructors:
            return f"'{name}' is not defined: no cell of the instructor above has made it."
        return f"'{name}' is not defined: is its cell complete, and does it run?"


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


def _is_authors(error: AssertionError) -> bool:
    """Whether an assertion's text is the instructor's: of a cell, or of a check that explains."""
    frames = traceback.extract_tb(error.__traceback__)
    in_a_cell = bool(frames) and is_cell(frames[-1].filename)
    return in_a_cell or (hasattr(error, "sentence") and not is_students(error))


def failing_line(error: BaseException, test: SourceCell) -> int:
    """Return the line of a test in which an error came up; 0 where it is not known."""
    file, frames = file_of(test.cell), traceback.extract_tb(error.__traceback__)
    found = (frame.lineno for frame in reversed(frames) if frame.filename == file)
    return next(found, None) or 0
