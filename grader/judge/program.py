"""The code of the instructor's statements, made once: the judges that are forked find it there."""

import ast
import math
from contextlib import suppress
from functools import lru_cache
from types import CodeType

from grader.course.lesson import SourceCell
from grader.course.magics import is_magic
from grader.course.names import Statements
from grader.judge.plan import Plan
from grader.judge.proxy import file_of

MOST = 10_000


@lru_cache(MOST)
def program(file: str, statements: tuple[ast.stmt, ...]) -> tuple[CodeType, CodeType | None]:
    """Return the code of statements, that of a last expression apart.

    Parameters
    ----------
    file : str
        What errors name as their file.
    """
    last = statements[-1] if statements else None
    head = statements[:-1] if isinstance(last, ast.Expr) else statements
    code = compile(ast.Module([*head], []), file, "exec", dont_inherit=True)
    if not isinstance(last, ast.Expr):
        return code, None
    return code, compile(ast.Expression(last.value), file, "eval", dont_inherit=True)


def without_magics(body: Statements) -> Statements:
    """Return what can run outside of a session."""
    return [statement for statement in body if not is_magic(statement)]


def visible_and_hidden(known: SourceCell, body: Statements) -> tuple[Statements, Statements]:
    """Return a test's statements up to the first hidden line, and the rest."""
    first = min(known.hidden_lines, default=math.inf)
    visible = [one for one in body if (one.end_lineno or one.lineno) < first]
    return visible, body[len(visible) :]


def make_ready(plan: Plan) -> None:
    """Make the code of all that judges of a notebook run; what has none fails when it is run."""
    tests = {cell.cell: cell for cell in plan.source.cells if cell.is_test}
    for cell in (*plan.cells.values(), *plan.order):
        known = tests.get(cell.name)
        parts = visible_and_hidden(known, cell.body) if known else (without_magics(cell.body),)
        for part in parts:
            with suppress(SyntaxError, ValueError, RecursionError):
                program(file_of(cell.name), tuple(part))
