"""The verdict: the instructor's tests, run here with stand-ins for what the student defined.

Points come from a test that ran to its end, and from nothing else: no output, no silence, no
early result of the session counts.
"""

import ast
import builtins
import math
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from grader.lesson import SourceCell, SourceNotebook, parse
from grader.outcome import CellResult
from grader.restore import released
from grader.session.shell import SessionShell
from grader.slices import Statements, binds, needed, reads
from grader.standin import Remote, SessionEnded, TookTooLong

GRACE = 3.0


class Verdict:
    """The tests of one notebook, with the names that they share.

    Parameters
    ----------
    remote : Remote
        The student's session.
    """

    def __init__(
        self, source: SourceNotebook, remote: Remote, shell: SessionShell, cell_seconds: float
    ) -> None:
        self._remote, self._shell, self._seconds = remote, shell, cell_seconds
        self._space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        self._trusted: set[str] = set()
        self._students: set[str] = set()
        ours = [cell for cell in source.cells if cell.cell_type == "code" and not cell.solution]
        slices = needed([(parse(cell.source), cell.is_test) for cell in ours])
        self._slices: dict[str, Statements] = {
            cell.cell: statements for cell, statements in zip(ours, slices, strict=True)
        }

    def pass_by(self, known: SourceCell) -> None:
        """Follow the notebook past a cell that the session has run.

        After an answer cell its names are the student's; after a locked cell they are the
        instructor's, made again here, where a student cannot change them.
        """
        if known.solution:
            names = binds(parse(known.source))
            self._students |= names
            self._trusted -= names
            return
        statements = self._slices.get(known.cell, [])
        try:
            self._run(statements)
        except Exception:
            # The names it did not bind are missing, and the test that needs them says so.
            return

    def test(self, known: SourceCell) -> tuple[CellResult, list[dict[str, Any]]]:
        """Run one test cell; return its verdict and its outputs."""
        points, begin = float(known.points or 0), time.perf_counter()
        result = CellResult(known.cell, 0.0, points)
        try:
            with _alarm(self._seconds + GRACE):
                value = self._run(
                    self._slices[known.cell], silent=known.source.rstrip()[-1:] == ";"
                )
            earned, message = credit(value, points)
            result = CellResult(known.cell, earned, points, message)
        except BaseException as error:
            result = self._failed(known, points, error)
        seconds = time.perf_counter() - begin
        outputs = self._shell.tape.take()
        return CellResult(**vars(result) | {"seconds": seconds}), outputs

    def _run(self, statements: Statements, silent: bool = False) -> Any:
        """Run statements; return the value of a last expression, as a notebook would show it."""
        module = ast.Module(body=statements, type_ignores=[])
        self._fetch(module)
        last = statements[-1] if statements else None
        head = statements[:-1] if isinstance(last, ast.Expr) else statements
        self._trusted |= binds(module)
        exec(_compile(ast.Module(body=head, type_ignores=[]), "exec"), self._space)
        if not isinstance(last, ast.Expr):
            return None
        value = eval(_compile(ast.Expression(last.value), "eval"), self._space)
        return None if silent else value

    def _fetch(self, module: ast.Module) -> None:
        for name in self._students - self._trusted:
            self._space.pop(name, None)
        own = vars(builtins)
        names = {
            name
            for name in reads(module) - self._trusted
            if name in self._students or name not in own
        }
        if names:
            self._space.update(self._remote.stand_ins(sorted(names)))

    def _failed(self, known: SourceCell, points: float, error: BaseException) -> CellResult:
        message = explain(error, known.source)
        lines = _rendered(error) or [message]
        kind = type(error).__name__
        self._shell.tape.outputs.append(
            {"output_type": "error", "ename": kind, "evalue": message, "traceback": lines}
        )
        return CellResult(
            known.cell,
            0.0,
            points,
            message,
            mistake=str(getattr(error, "mistake", None) or ""),
            sentence=str(getattr(error, "sentence", None) or ""),
        )


def _compile(tree: ast.Module | ast.Expression, mode: str) -> Any:
    return compile(tree, _FILE, mode, dont_inherit=True)


_FILE = "<test>"


def credit(value: Any, points: float) -> tuple[float, str]:
    """Return the points that a test's last value gives, and what is wrong with it.

    A number is partial credit, as nbgrader documents it, also NumPy's; anything else that a
    completed test shows changes nothing.

    Examples
    --------
    >>> credit(None, 5)
    (5, '')
    >>> credit(np.float64(2.5), 5)
    (2.5, '')
    """
    if type(value) in (bool, np.bool_) or not isinstance(value, int | float | np.number):
        return points, ""
    number = float(np.real(value))
    if math.isfinite(number) and 0 <= number <= points:
        return number, ""
    return 0.0, f"The test's own score, {number:g}, is not between 0 and {points:g}."


def explain(error: BaseException, source: str) -> str:
    """Return what a failed test tells the student, without the code of a hidden test."""
    text = str(error)
    if isinstance(error, AssertionError) and text:
        return text
    if isinstance(error, SessionEnded | TookTooLong):
        return text
    if isinstance(error, NotImplementedError):
        return "Not attempted yet: the function still raises NotImplementedError."
    line = _failing_line(error)
    code = source.split("\n")[line - 1].strip() if line else ""
    visible = code in released(source) and code
    where = f" It happened in `{code}`." if visible else " It happened in a hidden test."
    if isinstance(error, AssertionError):
        return f"The test `{code}` is not passed." if visible else "A hidden test is not passed."
    if isinstance(error, NameError) and getattr(error, "name", None):
        return f"'{error.name}' is not defined: is its cell complete, and does it run?{where}"
    return f"{type(error).__name__}: {text}{where}"


def _failing_line(error: BaseException) -> int | None:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == _FILE), None)


def _rendered(error: BaseException) -> list[str]:
    render = getattr(error, "_render_traceback_", None)
    return [str(line) for line in render()] if render else []


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Stop a test that never ends, such as one that counts up to a student's number."""

    def ring(number: int, frame: FrameType | None) -> NoReturn:
        raise TookTooLong(f"The test ran longer than {seconds:g} seconds and was stopped.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.stdout.flush()
