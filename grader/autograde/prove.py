"""Prove a lesson: its own solution gets full points, the version handed out gets none.

Both are graded by the path that students' work takes. The proof also finds where each test runs:
outside the session, in the judge, or inside it where the solution passes only there. And it finds
where the solution gives tests an object: nowhere else one is taken of a student's.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from grader.autograde.grade import NotGraded, Terms, grade, terms_of
from grader.autograde.pool import NotReady, a_pool
from grader.course.cells import grade_id
from grader.course.course import Course
from grader.course.lesson import SourceCell, SourceNotebook
from grader.course.proof import Finding, NotebookProof, Proof, keep, kept, refusal
from grader.course.release import Rendered, record, release, rendered
from grader.course.source import official_answers, read_lesson, rendered_lesson
from grader.errors import CourseError, SandboxMissing
from grader.outcome import CellResult, GradedNotebook


def prove(
    course: Course, given: Rendered, sources: Sequence[SourceNotebook], *, sandbox: bool = True
) -> Proof:
    """Grade a lesson's solution and its empty version as students' work is graded.

    Parameters
    ----------
    given : Rendered
        The lesson as students get it.
    sources : sequence of SourceNotebook
        The lesson as the gradebook has it, or will have it.
    sandbox : bool
        Whether to sandbox the sessions where this is possible: all that runs is the instructor's.
    """
    try:
        return _prove_all(course, given, sources, terms_of(course, sandbox))
    except SandboxMissing:
        return _prove_all(course, given, sources, terms_of(course, sandbox=False))
    except (NotGraded, NotReady) as error:
        raise CourseError(
            f"{given.lesson} could not be proved: {error}. This says nothing of the lesson; try "
            "again, or look for what this machine is short of."
        ) from error


def _prove_all(
    course: Course, given: Rendered, sources: Sequence[SourceNotebook], terms: Terms
) -> Proof:
    written = {name: official_answers(course, given.lesson, name) for name in given.released}
    with ThreadPoolExecutor(2) as pool:
        proofs = [
            _prove(source, given.released[source.name], written[source.name], terms, course, pool)
            for source in sources
            if source.name in given.released
        ]
    return Proof(given.lesson, tuple(proofs))


def solved(released: bytes, answers: Mapping[str, str]) -> bytes:
    """Return a released notebook with the instructor's answers in it."""
    notebook = json.loads(released)
    for cell in notebook["cells"]:
        if grade_id(cell) in answers:
            cell["source"] = answers[grade_id(cell)]
    return json.dumps(notebook).encode()


def _prove(
    source: SourceNotebook,
    empty: bytes,
    answers: Mapping[str, str],
    terms: Terms,
    course: Course,
    pool: ThreadPoolExecutor,
) -> NotebookProof:
    right = solved(empty, answers)
    nothing = pool.submit(grade, empty, source, terms)
    outside = grade(right, replace(source, handles=None), terms)
    placed, graded = replace(source, handles=outside.handles), outside
    if course.settings.inside_tests == "allow" and _open(source, outside):
        placed, graded = _place(placed, right, outside, terms)
    if placed != source:
        nothing = pool.submit(grade, empty, placed, terms)
    why = {one.cell: one for one in outside.results}
    tests = {cell.cell: float(cell.points or 0) for cell in source.cells if cell.is_test}
    return NotebookProof(
        source.name,
        digest(source, terms),
        sum(tests.values()),
        {name: _why(why.get(name)) for name in placed.inside},
        sum(tests[name] for name in placed.inside),
        placed.shadowed,
        placed.handles or (),
        (*_unsolved(placed, graded), *_undeserved(placed, nothing.result())),
    )


def _why(result: CellResult | None) -> str:
    return result.cause if result and result.cause else "the solution does not pass it outside"


def _open(source: SourceNotebook, graded: GradedNotebook) -> list[str]:
    """Return the tests that do not give their full points."""
    full = {one.cell for one in graded.results if one.points is not None} & {
        one.cell for one in graded.results if (one.points or 0) >= one.max_points
    }
    return [cell.cell for cell in source.cells if cell.is_test and cell.cell not in full]


def _candidates(source: SourceNotebook, outside: GradedNotebook) -> Iterator[SourceNotebook]:
    """Give where tests may run, the safest first."""
    failed = tuple(_open(source, outside))
    yield replace(source, inside=failed)
    yield replace(source, inside=failed, shadowed=True)
    yield replace(source, inside=tuple(cell.cell for cell in source.cells if cell.is_test))


def _place(
    source: SourceNotebook, right: bytes, outside: GradedNotebook, terms: Terms
) -> tuple[SourceNotebook, GradedNotebook]:
    """Find where each test has to run for the solution to pass it."""
    best, passed = (source, outside), outside
    for candidate in _candidates(source, outside):
        graded = grade(right, candidate, terms)
        if len(_open(source, graded)) < len(_open(source, passed)):
            best, passed = (candidate, graded), graded
        if not _open(source, passed):
            break
    placed, graded = best
    # What is passed nowhere stays outside, where nothing can be gained by tampering.
    failed = _open(source, graded)
    return replace(placed, inside=tuple(one for one in placed.inside if one not in failed)), graded


def _unsolved(source: SourceNotebook, graded: GradedNotebook) -> Iterator[Finding]:
    """Tell of each test that the solution does not pass."""
    results = {one.cell: one for one in graded.results}
    failed = _open(source, graded)
    for cell in source.cells:
        if cell.cell in failed:
            result = results.get(cell.cell)
            yield Finding(
                source.name,
                cell.cell,
                _line(cell, result),
                _cause(cell, result, graded),
                "Mend the test or the solution in the source notebook, and release again.",
            )


def _cause(cell: SourceCell, result: CellResult | None, graded: GradedNotebook) -> str:
    most = float(cell.points or 0)
    got = f"{(result.points or 0) if result else 0:g} of {most:g} points"
    said = (result and (result.cause or result.message)) or graded.reason or "nobody knows why"
    return f"the solution gets {got}. {said.strip().rstrip('.')}."


def _line(cell: SourceCell, result: CellResult | None) -> str:
    lines = cell.source.split("\n")
    return lines[result.line - 1].strip() if result and 0 < result.line <= len(lines) else ""


def _undeserved(source: SourceNotebook, graded: GradedNotebook) -> Iterator[Finding]:
    """Tell of each test that gives points for a notebook that nobody has worked in."""
    tests = {cell.cell for cell in source.cells if cell.is_test and cell.points}
    for result in graded.results:
        if result.cell in tests and result.points:
            yield Finding(
                source.name,
                result.cell,
                "",
                f"the version handed out gets {result.points:g} of {result.max_points:g} points "
                "without an answer.",
                "Let the test ask for something that only an answer gives.",
            )


def check(course: Course, lesson: str, given: Rendered | None = None) -> Proof:
    """Prove a lesson as it stands in the source folder; nothing is written."""
    given = given or rendered(course, course.lesson(lesson))
    return prove(course, given, rendered_lesson(course, given))


def proved_lesson(
    course: Course, lesson: str, *, waive: bool = False, sandbox: bool = True
) -> tuple[list[SourceNotebook], Proof]:
    """Return a released lesson, with its tests where they have to run, and its proof.

    A proof that is missing, or of another state of the lesson or of the settings, is made now.

    Parameters
    ----------
    waive : bool
        Whether to go on whatever is found.
    sandbox : bool
        As for `prove`.

    Raises
    ------
    CourseError
        When the lesson is not released, or not proved and not waived.
    """
    sources, before = read_lesson(course, lesson), kept(course, lesson)
    proof = before if before and holds(before, sources, terms_of(course)) else None
    if proof is None:
        made = prove(course, rendered(course, lesson), sources, sandbox=sandbox)
        proof = keep(course, _accepted(made, before, waive))
    places = {one.notebook: one for one in proof.notebooks}
    placed = [places[one.name].applied(one) if one.name in places else one for one in sources]
    return placed, proof


def _accepted(proof: Proof, before: Proof | None, waive: bool) -> Proof:
    """Return a proof that nothing speaks against, or that an instructor has waived."""
    found = {(one.notebook, one.cell) for one in proof.findings}
    known = {(one.notebook, one.cell) for one in before.findings} if before else set()
    waived = waive or (before is not None and before.waived and found <= known)
    if found and not waived:
        raise CourseError(
            f"{refusal(proof)}\nNothing was graded. Mend it and release it again, or grade all the "
            f"same after `grader release {proof.lesson} --force`."
        )
    return replace(proof, waived=bool(found))


@contextmanager
def prepared(course: Course, lessons: Sequence[str]) -> Iterator[dict[str, Rendered]]:
    """Render lessons, and keep a pool ready that has loaded what all of them import."""
    given = {lesson: rendered(course, lesson) for lesson in lessons}
    sources = [one for each in given.values() for one in rendered_lesson(course, each)]
    seen = {name for source in sources for name in source.session_imports}
    hidden = {name for source in sources for name in source.imports} - seen
    terms = terms_of(course)
    with a_pool(terms.sealed, tuple(sorted(seen)), terms.secret, tuple(sorted(hidden))):
        yield given


def release_proved(
    course: Course, lesson: str, *, force: bool = False, given: Rendered | None = None
) -> tuple[list[Path], Proof]:
    """Release a lesson whose solution and empty version are graded as they should be.

    Parameters
    ----------
    force : bool
        Whether to release it whatever is found, and over work in released notebooks.
    given : Rendered, optional
        The lesson as it would be released, where this is known already.

    Returns
    -------
    list of Path, Proof
        The files written, and what was proved.

    Raises
    ------
    CourseError
        When it is not proved; nothing is written then.
    """
    with course.gradebook():  # why it does not open, nbgrader would tell less well, and later
        pass
    made: list[Proof] = []
    inspect = partial(_inspect, course, force, made)
    files = release(course, lesson, force=force, inspect=inspect, given=given)
    return files, keep(course, made[0])


def record_proved(course: Course, lesson: str) -> Proof:
    """Record a lesson in the gradebook as `release_proved` does, and leave released files."""
    made: list[Proof] = []
    record(course, lesson, inspect=partial(_inspect, course, False, made))
    return keep(course, made[0])


def _inspect(course: Course, force: bool, made: list[Proof], given: Rendered) -> None:
    proof = prove(course, given, rendered_lesson(course, given))
    if proof.findings and not force:
        raise CourseError(
            f"{refusal(proof)}\nNothing was released. To release it all the same: "
            f"`grader release {proof.lesson} --force`."
        )
    made.append(replace(proof, waived=bool(proof.findings)))


def digest(source: SourceNotebook, terms: Terms) -> str:
    """Return what is the same for the same cells, graded in the same way."""
    how = asdict(replace(terms, sandbox=True))
    plain = replace(source, inside=(), shadowed=False, handles=())
    return hashlib.sha256(f"{json.dumps(how)}\n{plain.digest}".encode()).hexdigest()


def holds(proof: Proof, sources: Sequence[SourceNotebook], terms: Terms) -> bool:
    """Whether a proof is of just these notebooks, graded in this way."""
    proved = {one.notebook: one.digest for one in proof.notebooks}
    return proved == {source.name: digest(source, terms) for source in sources}
