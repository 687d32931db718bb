"""Grade one notebook: bytes in, verdicts out; no database, no shared file system.

`grade` is a pure function of its arguments. It may run in threads of this process or on a Dask
worker: what it does is done in processes of its own.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from grader.autograde.pool import NotReady, a_pool
from grader.course.lesson import SourceNotebook
from grader.errors import SandboxMissing
from grader.judge.notebook import write_notebook
from grader.judge.restore import Step
from grader.outcome import CellResult, GradedNotebook
from grader.session.limits import Limits
from grader.session.wire import WireError, WireTimeout


@dataclass(frozen=True)
class Terms:
    """How to grade: the same for every submission of a run.

    Attributes
    ----------
    sealed : tuple of str
        Modules that refuse to compute for a student's function.
    secret : str
        Of it hidden tests make their cases; only the judge ever has it.
    """

    limits: Limits = field(default_factory=Limits)
    sealed: tuple[str, ...] = ()
    secret: str = ""
    sandbox: bool = True


def grade(submission: bytes, source: SourceNotebook, terms: Terms) -> GradedNotebook:
    """Grade one notebook.

    Parameters
    ----------
    submission : bytes
        The submitted ``.ipynb`` file.
    source : SourceNotebook
        The instructor's cells.

    Raises
    ------
    SandboxMissing
        When the session cannot be locked and `terms` ask for it.
    """
    try:
        return _grade(submission, source, terms)
    except NotReady:  # such as for want of memory; that may be over
        return _grade(submission, source, terms)


def _grade(submission: bytes, source: SourceNotebook, terms: Terms) -> GradedNotebook:
    lock = {"limits": asdict(terms.limits), "sandbox": terms.sandbox}
    seen = source.session_imports
    hidden = tuple(name for name in source.imports if name not in seen)
    with a_pool(terms.sealed, seen, terms.secret, hidden) as pool:
        try:
            answer = pool.judge(submission, source, lock)
        except WireTimeout:
            return damaged(source, "Its tests did not end in time, even when they were stopped.")
        except WireError as error:
            return damaged(source, f"Its tests ended the process that judges them ({error}).")
    if "not locked" in answer:
        raise SandboxMissing(
            f"A session cannot be locked on this machine: {answer['not locked']}. Grading needs "
            "Linux with user namespaces (see the README, 'You administer'). To grade "
            "without protection, submissions that you trust, say --no-sandbox."
        )
    if "damaged" in answer:
        return damaged(source, answer["damaged"])
    return GradedNotebook.from_json(answer["graded"])


def damaged(source: SourceNotebook, reason: str) -> GradedNotebook:
    """Return the outcome of a notebook that cannot be graded: no points, and why."""
    results = tuple(
        CellResult(cell.cell, 0.0, float(cell.points), reason)
        for cell in source.cells
        if cell.points is not None
    )
    steps = [Step("markdown", f"**Not graded.** {reason}", None)]
    steps += [Step(cell.cell_type, cell.source, cell) for cell in source.cells]
    return GradedNotebook(
        source.name,
        "damaged",
        reason,
        results=results,
        ipynb=write_notebook(steps, [[] for _ in steps]),
    )


def grade_json(submission: bytes, source: str, terms: str) -> str:
    """Do `grade` with everything but the submission as JSON: what a worker is asked to do."""
    return grade(submission, _source(source), _terms(terms)).to_json()


@lru_cache(maxsize=8)
def _source(text: str) -> SourceNotebook:
    return SourceNotebook.from_json(text)


@lru_cache(maxsize=8)
def _terms(text: str) -> Terms:
    given = json.loads(text)
    return Terms(
        Limits(**given["limits"]), tuple(given["sealed"]), given["secret"], given["sandbox"]
    )
