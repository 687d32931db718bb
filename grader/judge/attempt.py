"""One attempt at a notebook: which steps it leaves out, and where it stops for another attempt.

A cell that ends its session would cost all tests after it. So the judge stops there, and another
session does the notebook again without that cell. A test that ends the judge itself is left out
likewise: the judge notes each step in a pipe that outlives it.
"""

import os
import signal
import time
from collections.abc import Mapping, Sequence

from grader.judge.remote import Remote
from grader.judge.restore import Step

# What the pipe says outside of all steps, while the submission is read or the notebook is written.
NO_STEP = 2**16 - 1
# The alarm of a test is not heard in a long computation in C; this much later it ends the judge.
HEARD_SECONDS = 6.0


class Lost(Exception):
    """A step has ended the session, and there is time for an attempt without it.

    Parameters
    ----------
    left : float
        The seconds that are left of the notebook's time.
    """

    def __init__(self, step: int, reason: str, left: float) -> None:
        super().__init__(reason)
        self.step, self.reason, self.left = step, reason, left


class Attempt:
    """One way through a notebook.

    Parameters
    ----------
    without : mapping of int to str
        The steps to leave out, and why.
    seconds, cell_seconds : float
        The time for all steps, and for one.
    last : bool
        Whether to go on without a session when it ends.
    notes : int
        The pipe that each step is noted in.
    """

    def __init__(
        self,
        remote: Remote,
        without: Mapping[int, str],
        *,
        seconds: float,
        cell_seconds: float,
        last: bool,
        notes: int,
    ) -> None:
        self._remote, self._without, self._last, self._notes = remote, without, last, notes
        self._cell_seconds = cell_seconds
        self._step, self._start, self._deadline = NO_STEP, 0.0, time.monotonic() + seconds
        self._seconds = seconds
        self._note(NO_STEP)

    def begin(self, step: int) -> None:
        """Begin a step; where it is left out, the session is not asked for anything."""
        self._step, self._start = step, time.monotonic()
        self._note(step)
        self._remote.closed = self._without.get(step, "")
        signal.setitimer(signal.ITIMER_VIRTUAL, self._cell_seconds + HEARD_SECONDS)

    def end(self) -> None:
        """End a step.

        Raises
        ------
        Lost
            When the session has ended in it, and there is time to come here again.
        """
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self._note(NO_STEP)
        self._remote.closed = ""
        left = self._deadline - time.monotonic()
        spent = self._start - (self._deadline - self._seconds)
        if self._remote.ended and not self._last and left > spent:
            raise Lost(self._step, self._remote.ended, left)

    def _note(self, step: int) -> None:
        os.write(self._notes, step.to_bytes(2))

    def told(self, steps: Sequence[Step]) -> list[str]:
        """Return what a reader should know: what was left out, and why."""
        return [
            f"The rest was graded without {place(steps, step)}. {reason}"
            for step, reason in sorted(self._without.items())
        ]


def last_step(notes: bytes) -> int:
    """Return the step that a judge was at, from what it has written into its pipe.

    Examples
    --------
    >>> last_step(bytes([0, 3, 0, 4])), last_step(b"") == NO_STEP
    (4, True)
    """
    return int.from_bytes(notes[-2:]) if notes else NO_STEP


def place(steps: Sequence[Step], step: int) -> str:
    """Return in words which step it is; a cell of the student's own goes by the one before it."""
    known = steps[step].known
    if known:
        return f"the {'test' if known.is_test else 'cell'} {known.cell}"
    before = [one.known.cell for one in steps[:step] if one.known]
    return f"the cell after {before[-1]}" if before else "the first cell"
