"""The exception a check raises: short to read, rich to report."""

from textwrap import wrap

from linbias._graded import graded
from linbias.check.tasks import TASKS

# So many characters stand beside JupyterLab's file browser in a window of 1000 pixels; where a
# line is longer, the browser breaks it once more.
LINE = 70


def in_lines(text: str) -> list[str]:
    """Return a text in lines that Jupyter shows whole in place of a traceback.

    >>> in_lines("Not yet.")
    ['Not yet.']
    """
    return [line for part in text.split("\n") for line in wrap(part, LINE) or [""]]


class CheckFailed(AssertionError):
    """An answer that is not right yet.

    Attributes
    ----------
    exercise : str
        The exercise's or the question's name; empty when it could not be told.
    mistake : str or None
        The slug of the known mistake that the answer equals, None when it equals none.
    sentence : str
        What the mistake's row says to the student; empty when there is none.
    picture : str
        The picture as an HTML ``<img>`` element; empty when there is nothing to draw.

    Examples
    --------
    >>> str(CheckFailed("distance: not yet.", exercise="distance", mistake="swapped"))
    'distance: not yet.'
    """

    def __init__(
        self,
        text: str,
        *,
        exercise: str = "",
        mistake: str | None = None,
        sentence: str = "",
        picture: str = "",
    ) -> None:
        super().__init__(text)
        self.exercise = exercise
        self.mistake = mistake
        self.sentence = sentence
        self.picture = picture

    def _render_traceback_(self) -> list[str]:
        # Jupyter shows these lines instead of a traceback, which would echo the check's source.
        return in_lines(f"{type(self).__name__}: {self}{self._more_help()}")

    def _more_help(self) -> str:
        asked = any(self.exercise in tasks for tasks in TASKS.values())
        if graded() or not asked or self.mistake == "not_attempted":
            return ""
        return "\n\nStuck? Run hint() in a new cell."
