"""What grading says of one submission: plain, frozen data that travels as JSON."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

Status = Literal["graded", "graded with notes", "damaged"]


@dataclass(frozen=True)
class CellResult:
    """The verdict on one graded cell.

    Attributes
    ----------
    cell : str
        The cell's ``grade_id``.
    points : float or None
        None where a person has to grade.
    message : str
        What a failed test said, for the student; empty when it passed.
    mistake, sentence : str
        The known mistake's slug and sentence; empty where there is none.
    cause : str
        Why a test was not passed, in words for the teacher; it may quote hidden tests.
    line : int
        The line of the test cell that was not passed; 0 where it is not known.
    seconds : float
        Wall time of the cell.
    """

    cell: str
    points: float | None
    max_points: float
    message: str = ""
    mistake: str = ""
    sentence: str = ""
    seconds: float = 0.0
    cause: str = ""
    line: int = 0

    @property
    def flagged(self) -> bool:
        """Whether a person has to grade a test, as its question could not be asked."""
        return self.points is None and bool(self.cause)


@dataclass(frozen=True)
class GradedNotebook:
    """One graded notebook: the verdicts, the notebook with outputs, and what a teacher should know.

    Attributes
    ----------
    ipynb : str
        The notebook with its outputs as nbformat JSON; empty when nothing could be read.
    cell_seconds : float
        The sum of the cells' own wall time.
    """

    name: str
    status: Status
    reason: str = ""
    notes: tuple[str, ...] = ()
    results: tuple[CellResult, ...] = ()
    unchanged: tuple[str, ...] = ()
    ipynb: str = ""
    cell_seconds: float = 0.0

    def to_json(self) -> str:
        """Return this as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        data = json.loads(text)
        data["results"] = tuple(CellResult(**result) for result in data["results"])
        return cls(**data | {key: tuple(data[key]) for key in ("notes", "unchanged")})


@dataclass(frozen=True)
class Outcome:
    """What became of one student's submission of one lesson; kept as JSON beside the gradebook.

    Attributes
    ----------
    digest : str
        Of all that decides the outcome: the submission, the lesson, the settings.
    sandbox : bool
        False when an instructor graded with ``--no-sandbox``.
    bounds : str
        Which of the kernel's bounds there were; empty without a sandbox.
    """

    student: str
    lesson: str
    status: Status
    reason: str = ""
    notes: tuple[str, ...] = ()
    notebooks: tuple[GradedNotebook, ...] = field(default=())
    digest: str = ""
    sandbox: bool = True
    bounds: str = ""

    @property
    def results(self) -> tuple[CellResult, ...]:
        """The verdicts of all notebooks."""
        return tuple(result for notebook in self.notebooks for result in notebook.results)

    def to_json(self) -> str:
        """Return this as JSON text, without the notebooks' contents."""
        slim = tuple(replace(notebook, ipynb="") for notebook in self.notebooks)
        return json.dumps(asdict(replace(self, notebooks=slim)), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        data["notebooks"] = tuple(
            GradedNotebook.from_json(json.dumps(notebook)) for notebook in data["notebooks"]
        )
        return cls(**data | {"notes": tuple(data["notes"])})
