"""What grading says of one submission: plain, frozen data.

All words in it come from students or may repeat theirs. They are cleaned here, where the data is
made or read: no file, page or terminal that they reach has to.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

from grader.text import readable

Status = Literal["graded", "graded with notes", "damaged", "not graded"]


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

    def __post_init__(self) -> None:
        _clean(self, "message", "mistake", "sentence", "cause")


@dataclass(frozen=True)
class GradedNotebook:
    """One graded notebook: the verdicts, the notebook with outputs, and what a teacher should know.

    Attributes
    ----------
    ipynb : str
        The notebook with its outputs as nbformat JSON; empty when nothing could be read.
    cell_seconds : float
        The sum of the cells' own wall time.
    handles : tuple of (str, str)
        Where tests got an object, and of what class; only where the official solution was graded
        to find that.
    files : tuple of (str, str)
        What the notebook has written into its folder: path there, content as base64.
    """

    name: str
    status: Status
    reason: str = ""
    notes: tuple[str, ...] = ()
    results: tuple[CellResult, ...] = ()
    unchanged: tuple[str, ...] = ()
    ipynb: str = ""
    cell_seconds: float = 0.0
    handles: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _clean(self, "reason", "notes", "unchanged")

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Read what `dataclasses.asdict` made of one, also after a way as JSON."""
        results = tuple(CellResult(**result) for result in data["results"])
        texts = {key: tuple(data[key]) for key in ("notes", "unchanged")}
        pairs = {
            key: tuple((one, other) for one, other in data.get(key, ()))
            for key in ("files", "handles")
        }
        return cls(**data | texts | pairs | {"results": results})


@dataclass(frozen=True)
class Outcome:
    """What became of one student's submission of one lesson; kept as JSON beside the gradebook.

    A damaged one has no points, for what was handed in cannot be graded. One that is not graded has
    none either, for the grader itself failed: it is no grade, and the next run tries again.

    Attributes
    ----------
    digest : str
        Of all that decides the outcome: the submission, the lesson, the settings. Empty where
        nothing is decided yet.
    sandbox : bool
        False when an instructor graded with ``--no-sandbox``.
    bounds : str
        Which of the kernel's bounds there were; empty without a sandbox.
    handed_in : str
        A digest of the submission alone: the same for who hands in the same.
    release : str
        The version of the lesson that it was graded by; empty where that is not known.
    recorded : bool
        False where the gradebook could not be told of it.
    """

    student: str
    lesson: str
    status: Status
    reason: str = ""
    notes: tuple[str, ...] = ()
    notebooks: tuple[GradedNotebook, ...] = field(default=())
    digest: str = ""
    handed_in: str = ""
    sandbox: bool = True
    bounds: str = ""
    release: str = ""
    recorded: bool = True

    @property
    def complete(self) -> bool:
        """Whether it could be graded."""
        return self.status not in ("damaged", "not graded")

    def __post_init__(self) -> None:
        # The student's name is the name of a folder, and stays as it is; pages print it visibly.
        _clean(self, "reason", "notes")

    @property
    def results(self) -> tuple[CellResult, ...]:
        """The verdicts of all notebooks."""
        return tuple(result for notebook in self.notebooks for result in notebook.results)

    @property
    def slim(self) -> Self:
        """The same without the notebooks' contents."""
        notebooks = tuple(replace(notebook, ipynb="", files=()) for notebook in self.notebooks)
        return replace(self, notebooks=notebooks)

    def to_json(self) -> str:
        """Return this as JSON text, without the notebooks' contents."""
        return json.dumps(asdict(self.slim))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        notebooks = tuple(GradedNotebook.of(notebook) for notebook in data["notebooks"])
        return cls(**data | {"notes": tuple(data["notes"]), "notebooks": notebooks})


def _clean(made: Any, *fields: str) -> None:
    """Make the words in these fields of a frozen object readable everywhere."""
    for name in fields:
        value = getattr(made, name)
        clean = readable(value) if isinstance(value, str) else tuple(map(readable, value))
        object.__setattr__(made, name, clean)
