"""Where a course keeps its things: nbgrader's course directory and the grader's settings."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from grader.course.cells import Delimiters
from grader.course.configuration import configured, read_configuration, refuse_unknown
from grader.course.settings import Grader
from grader.course.time_out import limit_waiting
from grader.errors import CourseError
from grader.outcome import Outcome
from grader.trouble import of_opening, sentence


class Course:
    """One nbgrader course on disk.

    Parameters
    ----------
    root : Path
        The folder that holds ``nbgrader_config.py``.
    """

    def __init__(self, root: Path) -> None:
        _find_alembic()
        limit_waiting()
        self.root = root
        self.config: Any = read_configuration(root)
        refuse_unknown(root, self.config, Grader.class_trait_names(config=True))
        with configured(root):
            self.directory = CourseDirectory(config=self.config)
            self.settings = Grader(config=self.config)
            self.delimiters = Delimiters.of(self.config)

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
        if not self.lessons():
            source = self.root / self.directory.source_directory
            raise CourseError(
                f"There are no lessons in {source}: a lesson is a notebook "
                "<lesson>/<lesson>.ipynb. Make one, or set c.CourseDirectory.source_directory."
            )
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
        """Open the gradebook.

        Raises
        ------
        CourseError
            When it cannot be opened, or fails; the text says why.
        """
        self.classroom.mkdir(exist_ok=True)
        with self._opened() as gradebook:
            try:
                yield gradebook
            except SQLAlchemyError as error:
                raise CourseError(sentence(error, self.directory.db_url)) from error

    def _opened(self) -> Any:
        url = self.directory.db_url
        try:
            return Gradebook(url, self.directory.course_id)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise CourseError(of_opening(error, url)) from error


def _outcome(file: Path, lesson: str) -> Outcome:
    try:
        return Outcome.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = f"The grader's own record {file.name} cannot be read ({type(error).__name__})."
        return Outcome(file.stem, lesson, "not graded", why)


def _find_alembic() -> None:
    # nbgrader starts `alembic` by name, also where nobody has activated the environment.
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([here, path])
