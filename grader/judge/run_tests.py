"""The verdict: the instructor's tests, run here with proxies for what the student defined.

Points come from a test that ran to its end, and from nothing else: no output, no silence, no
early result of the session counts.
"""

import ast
import math
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from grader.course.figures import BUILT_IN
from grader.course.lesson import SourceCell, read
from grader.course.names import Statements
from grader.judge.conversation import NoAnswer, NotPlain, TookTooLong
from grader.judge.explain import Explainer, explain_inside, failing_line, kind_of
from grader.judge.handles import Sites
from grader.judge.lending import Lending
from grader.judge.plan import Cell, Plan
from grader.judge.program import program, visible_and_hidden, without_magics
from grader.judge.proxy import ProxyObject, file_of
from grader.judge.remote import Remote
from grader.judge.remote_errors import Kinds
from grader.judge.space import Space, main_module
from grader.outcome import CellResult
from grader.session.errors import text_of
from grader.session.shell import SessionShell, rendered, run_cell

GRACE = 3.0
LONGEST_MESSAGE = 10_000
# With nbgrader, too, a test that writes to stderr is not passed: some tests catch all and print it.
WROTE_ERROR = "The test is not passed: it wrote to its error stream."
FOR_A_PERSON = (
    "The automatic test could not read this answer, so your teacher will grade it. It may be right."
)


class CellTests:
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
        self._space = Space(plan, remote)
        self._main = main_module(self._space)
        self._explainer = Explainer(plan.owners, self._space.lost)
        self._place = 0
        self._classes: set[type] = set()
        remote.kinds = Kinds(self._known)
        remote.imported, remote.own = self._imported, self._space.own
        remote.changes.pure = plan.pure
        remote.handles.sites = Sites(plan.source.handles)
        remote.instances.is_own = self._is_on_both_sides
        remote.around.chance.watch()
        self._lending = Lending(plan, self._space, remote)
        remote.around.lent, remote.around.deleted = self._lending.told, self._lending.deleted

    def pass_by(self, known: SourceCell) -> None:
        """Follow the notebook past a cell that the session has run.

        After an answer cell its names are the student's; after a locked cell they are the
        instructor's, made again here, where a student cannot change them.
        """
        self._catch_up(known.cell)
        if known.solution:
            self._space.pass_answer(known.cell)
        elif known.cell_type == "code":
            self._prepare(self._plan.cells[known.cell])

    def _catch_up(self, name: str) -> None:
        """Run the plain cells that stand above a cell."""
        self._catch_up_to(self._plan.places.get(name, 0))

    def _catch_up_to(self, place: int) -> None:
        # A figure that was drawn once for a class binds nothing: it need not be drawn again.
        while self._place < place:
            cell = self._plan.order[self._place]
            self._place += 1
            if not cell.name and cell.text.strip() not in self._plan.drawn:
                self._prepare(cell)

    def _prepare(self, cell: Cell) -> None:
        """Run a locked or plain cell, up to its first error, as a notebook does.

        What it shows is shown by the session. A magic that the session alone can run is left out.
        """
        self._remote.begin_test()
        before = dict(self._space)
        body = without_magics(cell.body)
        try:
            with (
                self._remote.around.chance.ignored(),
                _alarm(self._seconds + GRACE, self._remote.stop),
            ):
                self._run(body, cell.name)
            names = [one.name for one in body if isinstance(one, ast.ClassDef)]
            self._classes |= {self._space.own(name) for name in names}
        except (Exception, NoAnswer) as error:
            self._space.lose(cell, self._cause(error), before)
            self._remote.changes.undo(everything=True)
        self._remote.changes.undo(everything=False)
        self._lending.settle(before)
        _close_figures()
        self._shell.tape.take()

    def test(self, known: SourceCell) -> tuple[CellResult, list[dict[str, Any]]]:
        """Run one test cell; return its verdict and its outputs."""
        self._catch_up(known.cell)
        begin, before = time.perf_counter(), dict(self._space)
        deleted = set(self._space.deleted)
        result, outputs = self._attempt(known)
        unasked = self._remote.changes.unasked
        self._remote.changes.undo(everything=not _passed(result))
        if unasked and _passed(result):
            self._space.return_to(before, deleted)
            result = self._without_changes(known, result)
        return replace(result, seconds=time.perf_counter() - begin), outputs

    def _without_changes(self, known: SourceCell, first: CellResult) -> CellResult:
        """Run a test again, with what it gives to functions kept from being changed."""
        self._remote.changes.allowed = False
        again, _ = self._attempt(known)
        self._remote.changes.allowed = True
        if (again.points or 0) >= (first.points or 0):
            return first
        return replace(
            again,
            message="The test is passed only because the function changes what it is given. "
            "Work on a copy, and leave the argument as it is.",
        )

    def _attempt(self, known: SourceCell) -> tuple[CellResult, list[dict[str, Any]]]:
        points, cell = float(known.points or 0), self._plan.cells[known.cell]
        self._remote.begin_test()
        before = dict(self._space)
        shown: list[dict[str, Any]] = []
        try:
            read(known.source)  # a test that cannot be read must not pass as one without code
            with _alarm(self._seconds + GRACE, self._remote.stop):
                value = self._run_test(known, cell.body, shown)
            if self._remote.unanswered:  # and the test has gone on as if it had its answer
                raise self._remote.unanswered
            earned, message = credit(value, points)
            if any(one.get("name") == "stderr" for one in [*shown, *self._shell.tape.outputs]):
                earned, message = 0.0, WROTE_ERROR
            result = CellResult(known.cell, earned, points, message)
        except BaseException as error:
            cause = self._cause(error)
            self._space.lose(cell, cause, before)
            result, line = self._failed(known, points, cause)
            return result, [*shown, *self._visible(known), line]
        return result, [*shown, *self._visible(known)]

    def _run_test(self, known: SourceCell, body: Statements, shown: list[dict[str, Any]]) -> Any:
        """Run a test's visible part, then the rest, of which nothing is shown.

        What a student's function prints could tell what a hidden test gives to it.
        """
        visible, hidden = visible_and_hidden(known, body)
        silent = known.source.rstrip()[-1:] == ";"
        if not hidden:
            return self._run(body, known.cell, silent)
        self._run(visible, known.cell)
        shown += self._shell.tape.take()
        return self._run(hidden, known.cell, silent)

    def _visible(self, known: SourceCell) -> list[dict[str, Any]]:
        outputs = self._shell.tape.take()
        return [] if known.hidden_lines else outputs

    def inside(self, known: SourceCell) -> tuple[CellResult, list[dict[str, Any]]]:
        """Have the session run one test cell after the student's cells, as nbgrader does.

        The verdict is a claim of the student's process, no safer than nbgrader's: it counts only
        with a word that the session learns together with the test.
        """
        points, begin = float(known.points or 0), time.perf_counter()
        try:
            result = self._asked(known, points)
        except NoAnswer as error:
            result, _ = self._failed(known, points, error)
        shown = [_error_output("AssertionError", result.message)] if result.message else []
        return replace(result, seconds=time.perf_counter() - begin), shown

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
        message = explain_inside(told, line, known)[:LONGEST_MESSAGE]
        cause = f"{kind_of(told)}: {told.get('text', '')}"[:LONGEST_MESSAGE]
        return CellResult(known.cell, 0.0, points, message, cause=cause, line=line)

    def shadow(self, known: SourceCell) -> None:
        """Run a test's visible text in the session, only for the names that it binds."""
        with suppress(NoAnswer):
            self._remote.ask(do="cell", source=known.released)

    def _cause(self, error: BaseException) -> BaseException:
        """Return why a test failed: for want of an answer, even where its own error hides that."""
        cause = self._remote.unanswered
        if cause is None and self._remote.doubt and isinstance(error, Exception):
            cause = NotPlain(self._remote.doubt)
        if cause is None or cause is error:
            return error
        return cause.with_traceback(cause.__traceback__ or error.__traceback__)

    def drawn(self, figure: str) -> list[dict[str, Any]] | None:
        """Return a figure's outputs where they were drawn before, and its names are there now."""
        names = self._plan.figures[figure] - BUILT_IN
        there = all(dict.__contains__(self._space, name) for name in names)
        return self._plan.drawn.get(figure) if there else None

    def show(self, figure: str) -> list[dict[str, Any]]:
        """Run a figure's cell and return its outputs; no test comes to know of it."""
        self._catch_up_to(self._plan.place_of(figure))
        space = self._shell.user_ns
        space.update((name, thing) for name, thing in self._space.items() if name[:2] != "__")
        with (
            suppress(Exception, NoAnswer),
            _alarm(self._seconds + GRACE, self._remote.stop),
        ):
            names = self._space.students(self._plan.figures[figure])
            for name, thing in self._remote.proxies(names, write_back=False).items():
                # A module that an earlier figure's cell has imported stays what it is.
                if name not in space or type(thing) is not ProxyObject:
                    space[name] = thing
            return run_cell(self._shell, figure)
        return []

    def _run(self, body: Statements, cell: str, silent: bool = False) -> Any:
        """Run statements; return the value of a last expression, as a notebook would show it."""
        self._space.begin()
        classes = self._plan.read_by_classes
        held = {name for one in body for name in classes.get(one, ())}
        with self._space.holding(held), _main(self._main):
            return self._execute(body, file_of(cell), silent)

    def _execute(self, statements: Statements, file: str, silent: bool) -> Any:
        code, last = program(file, tuple(statements))
        exec(code, self._space)
        if last is None:
            return None
        value = eval(last, self._space)
        return None if silent else value

    def _imported(self, name: str) -> Any:
        """Return what an official solution imports by a name; None where it does not."""
        statement = self._plan.owners.imports.get(name)
        if statement is None:
            return None
        found: dict[str, Any] = {}
        with suppress(Exception):
            module = ast.fix_missing_locations(ast.Module([statement], []))
            exec(compile(module, "<import>", "exec", dont_inherit=True), found)
        return found.get(name)

    def _is_on_both_sides(self, kind: type) -> bool:
        """Whether a class is a locked cell's, or of a module beside the notebook."""
        module, name = kind.__module__, kind.__qualname__
        if module.partition(".")[0] in self._plan.source.own_modules:
            return getattr(sys.modules.get(module), name, None) is kind
        return kind in self._classes

    def _known(self, module: str, name: str) -> Any:
        """Return what the instructor calls so: of the notebook, or of a module it imports."""
        if module == "__main__":
            return self._space.own(name)
        known = module.partition(".")[0] in self._plan.roots
        return getattr(sys.modules.get(module), name, None) if known else None

    def _failed(
        self, known: SourceCell, points: float, error: BaseException
    ) -> tuple[CellResult, dict[str, Any]]:
        told = self._explainer.explain(error, known)
        message = told.message[:LONGEST_MESSAGE]
        lines = rendered(error, message) if told.itself else [message]
        kind = type(error).__name__ if told.itself else "AssertionError"
        output = _error_output(kind, message, lines)
        result = CellResult(
            known.cell,
            0.0,
            points,
            message,
            mistake=str(getattr(error, "mistake", None) or "") if told.itself else "",
            sentence=str(getattr(error, "sentence", None) or "") if told.itself else "",
            cause=_cause_in_words(error)[:LONGEST_MESSAGE],
            line=failing_line(error, known),
        )
        if told.reason:  # it may be right: a person decides
            cause = told.reason[:LONGEST_MESSAGE]
            result = replace(result, points=None, message=FOR_A_PERSON, cause=cause)
        return result, output


def _error_output(kind: str, message: str, lines: list[str] | None = None) -> dict[str, Any]:
    shown = [message] if lines is None else lines
    return {"output_type": "error", "ename": kind, "evalue": message, "traceback": shown}


def _cause_in_words(error: BaseException) -> str:
    text, kind = text_of(error), type(error).__name__
    if isinstance(error, AssertionError):
        return text or "The assertion does not hold."
    return f"{kind}: {text}" if text else f"It ended with {kind}."


def _passed(result: CellResult) -> bool:
    return bool(result.points) or result.max_points == 0


def _close_figures() -> None:
    """Close the figures of a cell, so that no figure's cell shows them as its own."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


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
    kind = type(value)  # an object of the student's may claim to be a number
    if issubclass(kind, np.ndarray | complex | np.complexfloating):
        return 0.0, f"The test's own score is a {kind.__name__}: the answer is of a wrong kind."
    if kind in (bool, np.bool_) or not issubclass(kind, int | float | np.number):
        return points, ""
    number = float(value)
    if math.isfinite(number) and 0 <= number <= points:
        return number, ""
    return 0.0, f"The test's own score, {number:g}, is not between 0 and {points:g}."


@contextmanager
def _main(module: ModuleType) -> Iterator[None]:
    before, sys.modules["__main__"] = sys.modules["__main__"], module
    try:
        yield
    finally:
        sys.modules["__main__"] = before


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
