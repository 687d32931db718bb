"""The verdict: the instructor's tests, run here with stand-ins for what the student defined.

Points come from a test that ran to its end, and from nothing else: no output, no silence, no
early result of the session counts.
"""

import ast
import builtins
import math
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType
from typing import Any

import numpy as np

from grader.course.figures import BUILT_IN
from grader.course.lesson import SourceCell, parse, read
from grader.course.names import Statements, binds, changes, reads
from grader.judge.explain import explain, explain_inside, failing_line, file_of, kind_of
from grader.judge.plan import Plan
from grader.judge.proxy import NoAnswer, NotPlain, ProxyObject, Remote, TookTooLong
from grader.judge.remote_errors import Kinds
from grader.outcome import CellResult
from grader.session.errors import text_of
from grader.session.shell import SessionShell, rendered, run_cell

GRACE = 3.0
LONGEST_MESSAGE = 10_000
FOR_A_PERSON = (
    "The automatic test could not read this answer, so your teacher will grade it. It may be right."
)


class Verdict:
    """The tests of one notebook, with the names that they share.

    Parameters
    ----------
    remote : Remote
        The student's session.
    """

    def __init__(
        self, plan: Plan, remote: Remote, shell: SessionShell, cell_seconds: float
    ) -> None:
        self._remote, self._shell, self._seconds = remote, shell, cell_seconds
        self._plan = plan
        self._space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        self._trusted: set[str] = set()
        self._students: set[str] = set()
        # What the instructor's things read when they are called, such as a test's own functions.
        self._uses: dict[str, set[str]] = {}
        remote.kinds = Kinds(self._known)

    def pass_by(self, known: SourceCell) -> None:
        """Follow the notebook past a cell that the session has run.

        After an answer cell its names are the student's; after a locked cell they are the
        instructor's, made again here, where a student cannot change them.
        """
        if known.solution:
            names = binds(parse(known.source))
            self._students |= names
            self._trusted -= names
            for name in names:
                self._uses.pop(name, None)
            return
        for statement in self._plan.slices.get(known.cell, []):
            # The names that it does not bind are missing, and the test that needs them says so.
            with suppress(Exception, NoAnswer), _alarm(self._seconds + GRACE, self._remote.stop):
                self._run([statement], known.cell)
        self._shell.tape.take()

    def test(self, known: SourceCell) -> tuple[CellResult, list[dict[str, Any]]]:
        """Run one test cell; return its verdict and its outputs."""
        points, begin = float(known.points or 0), time.perf_counter()
        result = CellResult(known.cell, 0.0, points)
        try:
            read(known.source)  # a test that cannot be read must not pass as one without code
            silent = known.source.rstrip()[-1:] == ";"
            with _alarm(self._seconds + GRACE, self._remote.stop):
                value = self._run(self._plan.slices[known.cell], known.cell, silent)
            earned, message = credit(value, points)
            result = CellResult(known.cell, earned, points, message)
        except NotPlain as error:
            result = self._flagged(known, points, error)
        except BaseException as error:
            result = self._failed(known, points, error)
        seconds = time.perf_counter() - begin
        outputs = self._shell.tape.take()
        return replace(result, seconds=seconds), outputs

    def inside(self, known: SourceCell) -> tuple[CellResult, list[dict[str, Any]]]:
        """Have the session run one test cell after the student's cells, as nbgrader does.

        The verdict is a claim of the student's process, no safer than nbgrader's: it counts only
        with a word that the session learns together with the test.
        """
        points, begin = float(known.points or 0), time.perf_counter()
        try:
            result = self._asked(known, points)
        except NoAnswer as error:
            result = self._failed(known, points, error)
        return replace(result, seconds=time.perf_counter() - begin), self._shell.tape.take()

    def _asked(self, known: SourceCell, points: float) -> CellResult:
        word = secrets.token_hex(16)
        answer = self._remote.ask(do="test", source=known.source, token=word)
        if answer.get("passed") == word:
            score = answer.get("score")
            earned, message = credit(score if type(score) is float else None, points)
            return CellResult(known.cell, earned, points, message, cause=message)
        told, line = answer.get("error"), answer.get("line")
        told = told if type(told) is dict else {}
        line = line if type(line) is int else 0
        message = explain_inside(told, line, known)
        cause = f"{kind_of(told)}: {str(told.get('text', ''))[:LONGEST_MESSAGE]}"
        self._show_error(kind_of(told), message, [message])
        return CellResult(known.cell, 0.0, points, message, cause=cause, line=line)

    def shadow(self, known: SourceCell) -> None:
        """Run a test's visible text in the session, only for the names that it binds."""
        with suppress(NoAnswer):
            self._remote.ask(do="cell", source=known.released)

    def show(self, figure: str) -> list[dict[str, Any]]:
        """Run a figure's cell and return its outputs; no test comes to know of it."""
        space = self._shell.user_ns
        space.update((name, self._space[name]) for name in self._trusted & set(self._space))
        with (
            suppress(Exception, NoAnswer),
            _alarm(self._seconds + GRACE, self._remote.stop),
        ):
            wanted = self._wanted(self._plan.figures[figure])
            for name, thing in self._remote.proxies(wanted, write_back=False).items():
                # A module that an earlier figure's cell has imported stays what it is.
                if name not in space or not isinstance(thing, ProxyObject):
                    space[name] = thing
            return run_cell(self._shell, figure)
        return []

    def _run(self, statements: Statements, cell: str, silent: bool = False) -> Any:
        """Run statements; return the value of a last expression, as a notebook would show it."""
        module = ast.Module(body=statements, type_ignores=[])
        wanted = self._wanted(reads(module))
        # Whatever the session answers, these are not the student's.
        self._trusted |= binds(module)
        self._fetch(wanted)
        for statement in statements:
            for name in changes(statement, self._plan.modules):
                self._uses[name] = self._uses.get(name, set()) | reads(statement)
        before = dict(self._space)
        try:
            return self._execute(statements, file_of(cell), silent)
        finally:  # also what a star import or a function of the instructor's has bound
            after = self._space.items()
            self._trusted |= {name for name, thing in after if before.get(name, self) is not thing}

    def _execute(self, statements: Statements, file: str, silent: bool) -> Any:
        last = statements[-1] if statements else None
        head = statements[:-1] if isinstance(last, ast.Expr) else statements
        code = compile(ast.Module(head, type_ignores=[]), file, "exec", dont_inherit=True)
        exec(code, self._space)
        if not isinstance(last, ast.Expr):
            return None
        code = compile(ast.Expression(last.value), file, "eval", dont_inherit=True)
        value = eval(code, self._space)
        return None if silent else value

    def _wanted(self, names: set[str]) -> list[str]:
        """Return those of the names, and of what they use, that are the student's to define."""
        return sorted(
            name
            for name in self._reached(names) - self._trusted - self._plan.instructors
            if name in self._students or name not in BUILT_IN
        )

    def _fetch(self, names: list[str]) -> None:
        for name in self._students - self._trusted:
            self._space.pop(name, None)
        if names:
            self._space.update(self._remote.proxies(names))

    def _reached(self, names: set[str]) -> set[str]:
        reached: set[str] = set()
        while names:
            reached |= names
            names = {use for name in names for use in self._uses.get(name, ())} - reached
        return reached

    def _known(self, module: str, name: str) -> Any:
        """Return what the instructor calls so: of the notebook, or of a module it imports."""
        if module == "__main__":
            return self._space.get(name) if name in self._trusted else None
        known = module.partition(".")[0] in self._plan.roots
        return getattr(sys.modules.get(module), name, None) if known else None

    def _failed(self, known: SourceCell, points: float, error: BaseException) -> CellResult:
        message = explain(error, known)[:LONGEST_MESSAGE]
        self._show_error(type(error).__name__, message, rendered(error, message))
        return CellResult(
            known.cell,
            0.0,
            points,
            message,
            mistake=str(getattr(error, "mistake", None) or ""),
            sentence=str(getattr(error, "sentence", None) or ""),
            cause=f"{type(error).__name__}: {text_of(error)}"[:LONGEST_MESSAGE],
            line=failing_line(error, known),
        )

    def _flagged(self, known: SourceCell, points: float, error: NotPlain) -> CellResult:
        """Leave to a person what the test could not ask: it may be right."""
        cause = text_of(error)[:LONGEST_MESSAGE]
        self._show_error("ForATeacher", cause, [f"For a teacher to grade: {cause}"])
        line = failing_line(error, known)
        return CellResult(known.cell, None, points, FOR_A_PERSON, cause=cause, line=line)

    def _show_error(self, kind: str, message: str, lines: list[str]) -> None:
        self._shell.tape.outputs.append(
            {"output_type": "error", "ename": kind, "evalue": message, "traceback": lines}
        )


def credit(value: Any, points: float) -> tuple[float, str]:
    """Return the points that a test's last value gives, and what is wrong with it.

    A number is partial credit, as nbgrader documents it, also NumPy's. An array or a complex number
    comes of reckoning with what a student's function returned, and is no score. Anything else that
    a completed test shows changes nothing.

    Examples
    --------
    >>> credit(None, 5)
    (5, '')
    >>> credit(np.float64(2.5), 5)
    (2.5, '')
    """
    if isinstance(value, np.ndarray | complex | np.complexfloating):
        return (
            0.0,
            f"The test's own score is a {type(value).__name__}: the answer is of a wrong kind.",
        )
    if type(value) in (bool, np.bool_) or not isinstance(value, int | float | np.number):
        return points, ""
    number = float(value)
    if math.isfinite(number) and 0 <= number <= points:
        return number, ""
    return 0.0, f"The test's own score, {number:g}, is not between 0 and {points:g}."


@contextmanager
def _alarm(seconds: float, stop: Callable[[TookTooLong], None]) -> Iterator[None]:
    """Stop a test that never ends, such as one that counts up to a student's number."""

    def ring(number: int, frame: FrameType | None) -> None:
        stop(TookTooLong(f"The test ran longer than {seconds:g} seconds and was stopped."))

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.stdout.flush()
