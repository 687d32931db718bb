"""Where a course keeps its things: nbgrader's course directory and the grader's settings."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory

from grader.course.cells import Delimiters
from grader.course.settings import Grader
from grader.errors import CourseError
from grader.outcome import Outcome


class Course:
    """One nbgrader course on disk.

    Parameters
    ----------
    root : Path
        The folder that holds ``nbgrader_config.py``.
    """

    def __init__(self, root: Path) -> None:
        if not (root / "nbgrader_config.py").is_file():
            raise CourseError(
                f"{root} holds no nbgrader_config.py: run the grader in the course's folder, "
                "or name it with --course."
            )
        _find_alembic()
        app = NbGrader()
        app.config_file = str(root / "nbgrader_config")
        app.load_cwd_config = False
        app.load_config_file(suppress_errors=False)
        app.config.CourseDirectory.root = str(root)
        self.root = root
        self.config: Any = app.config
        self.directory = CourseDirectory(config=app.config)
        self.settings = Grader(config=app.config)
        self.delimiters = Delimiters.of(app.config)

    @classmethod
    def here(cls, root: Path | str = ".") -> Self:
        """Open the course in a folder, by default the current one."""
        return cls(Path(root).resolve())

    def lessons(self) -> list[str]:
        """Return the lessons' names, as the source directory orders them."""
        source = self.root / self.directory.source_directory
        return sorted({path.parent.name for path in source.glob("*/*.ipynb")})

    def lesson(self, name: str) -> str:
        """Return the one lesson that `name` names or begins."""
        found = [lesson for lesson in self.lessons() if lesson.startswith(name.rstrip("/"))]
        if name in found or len(found) == 1:
            return name if name in found else found[0]
        raise CourseError(
            f"'{name}' names {len(found) or 'no'} lesson{'s' * (len(found) > 1)}. "
            f"There are: {', '.join(self.lessons())}."
        )

    def folder(self, step: str, student: str, lesson: str) -> Path:
        """Return the folder of one student's lesson at a step, such as ``submitted``."""
        directory = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(directory, student, lesson))

    def students(self, lesson: str) -> list[str]:
        """Return who has handed in a lesson."""
        submitted = self.root / self.directory.submitted_directory
        names = os.listdir(submitted) if submitted.is_dir() else []
        # A link counts as handed in, also one that leads nowhere: it gets an outcome, too.
        return sorted(
            name
            for name in names
            if not name.startswith(".") and os.path.lexists(submitted / name / lesson)
        )

    @property
    def classroom(self) -> Path:
        """The folder of students' work and grades."""
        return self.root / Path(self.directory.submitted_directory).parent

    def outcome_file(self, student: str, lesson: str) -> Path:
        """Return where the outcome of one submission is kept."""
        return self.classroom / "outcomes" / lesson / f"{student}.json"

    def proof_file(self, lesson: str) -> Path:
        """Return where the proof of a lesson is kept."""
        return self.classroom / "proofs" / f"{lesson}.json"

    def outcomes(self, lesson: str) -> list[Outcome]:
        """Return the outcomes of a lesson, by student."""
        files = sorted((self.classroom / "outcomes" / lesson).glob("*.json"))
        return [_outcome(file, lesson) for file in files]

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """Open the gradebook."""
        self.classroom.mkdir(exist_ok=True)
        with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
            yield gradebook


def _outcome(file: Path, lesson: str) -> Outcome:
    try:
        return Outcome.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = f"{file.name} cannot be read ({type(error).__name__}); grade this submission again."
        return Outcome(file.stem, lesson, "damaged", why)


def _find_alembic() -> None:
    # nbgrader starts `alembic` by name, also where nobody has activated the environment.
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([here, path])
