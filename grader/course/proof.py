"""The proof of a lesson: what it says, and where it is kept."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from grader.course.course import Course
from grader.course.lesson import SourceNotebook
from grader.writing import write_whole

VERSION = 3  # of what a proof says: another version is made anew


@dataclass(frozen=True)
class Finding:
    """One reason why a lesson is not proved.

    Attributes
    ----------
    line : str
        The test's line that was not passed; empty where it is not known.
    cause, cure : str
        What is wrong, and what to do.
    """

    notebook: str
    cell: str
    line: str
    cause: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.notebook}.ipynb, cell {self.cell}" + f", line `{self.line}`" * bool(
            self.line
        )
        return f"{where}: {self.cause} {self.cure}"


@dataclass(frozen=True)
class NotebookProof:
    """What is proved of one notebook.

    Attributes
    ----------
    digest : str
        Of the instructor's cells and of how they are graded.
    points : float
        What its tests give together.
    inside : dict of str to str
        The tests that run inside the session, and why each does not run outside.
    inside_points : float
        What these give together.
    shadowed : bool
        Whether the visible text of the other tests runs in the session as well.
    handles : tuple of (str, str)
        Where the solution gave tests an object, and of what class, or what else is taken there.
    """

    notebook: str
    digest: str
    points: float
    inside: dict[str, str]
    inside_points: float
    shadowed: bool
    handles: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    def applied(self, source: SourceNotebook) -> SourceNotebook:
        """Return the notebook with its tests where the proof has put them."""
        return replace(
            source, inside=tuple(self.inside), shadowed=self.shadowed, handles=self.handles
        )


@dataclass(frozen=True)
class Proof:
    """The proof of a lesson, kept beside the gradebook.

    Attributes
    ----------
    waived : bool
        Whether an instructor released it in spite of what was found.
    """

    lesson: str
    notebooks: tuple[NotebookProof, ...]
    waived: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that speaks against the lesson."""
        return tuple(finding for one in self.notebooks for finding in one.findings)

    @property
    def inside(self) -> dict[str, str]:
        """The tests of all notebooks that run inside the session, and why."""
        return {cell: why for one in self.notebooks for cell, why in one.inside.items()}

    def to_json(self) -> str:
        """Return this as JSON text."""
        return json.dumps(asdict(self) | {"version": VERSION}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            When it is none, or one of another version.
        """
        data: dict[str, Any] = json.loads(text)
        if data.pop("version", None) != VERSION:
            raise ValueError("the proof was written by another version")
        notebooks = tuple(_notebook(one) for one in data.pop("notebooks"))
        return cls(**data, notebooks=notebooks)


def _notebook(data: dict[str, Any]) -> NotebookProof:
    findings = tuple(Finding(**one) for one in data["findings"])
    handles = tuple((site, kind) for site, kind in data["handles"])
    return NotebookProof(**data | {"findings": findings, "handles": handles})


def refusal(proof: Proof) -> str:
    """Return what is said of a lesson that is not proved."""
    count = len(proof.findings)
    listed = "\n".join(f"  {finding}" for finding in proof.findings)
    return (
        f"{proof.lesson} is not proved: {count} test{'s' * (count > 1)} would give its own "
        f"solution too few points, or an empty notebook too many.\n{listed}"
    )


def remarks(proof: Proof) -> Iterator[str]:
    """Give what an instructor should know of a lesson that is proved, or released all the same."""
    points = sum(one.inside_points for one in proof.notebooks)
    total = sum(one.points for one in proof.notebooks)
    if proof.inside:
        yield (
            f"{points:g} of {total:g} points of {proof.lesson} rest on tests that run inside the "
            "session: these points are as safe as nbgrader's, all else is as safe as ever."
        )
    for cell, why in proof.inside.items():
        yield f"{cell} runs inside the session. Outside: {why.strip().splitlines()[0]}"
    if proof.waived:
        yield f"{proof.lesson} was released although it is not proved (--force): "
        yield from map(str, proof.findings)


def keep(course: Course, proof: Proof) -> Proof:
    """Write a proof beside the gradebook and return it."""
    file = course.proof_file(proof.lesson)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, proof.to_json().encode())
    return proof


def kept(course: Course, lesson: str) -> Proof | None:
    """Return the proof that was kept of a lesson; None where there is none that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return Proof.from_json(course.proof_file(lesson).read_text(encoding="utf-8"))
    return None
