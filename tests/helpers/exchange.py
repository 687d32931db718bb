"""nbgrader's exchange, and students who use it by nbgrader's own code."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import (
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeSubmit,
)
from small_class import enrol
from traitlets.config import Config

from grader.course.course import Course

LOG = logging.getLogger("exchange")


class Exchange:
    """An exchange with the course's ps1 in it."""

    def __init__(self, course: Course, root: Path, *students: str) -> None:
        self.course, self.root = course, root
        with (course.root / "nbgrader_config.py").open("a") as config:
            config.write(f'\nc.CourseDirectory.course_id = "tiny"\nc.Exchange.root = "{root}/x"\n')
        for folder, mode in (("inbound", 0o3733), ("outbound", 0o755), ("feedback", 0o711)):
            (root / "x" / "tiny" / folder).mkdir(parents=True)
            (root / "x" / "tiny" / folder).chmod(mode)
        (root / "x").chmod(0o1777)
        enrol(course, *((student, "", "", "", "") for student in students))
        with self._of(ExchangeReleaseAssignment, "*", self.course.config) as release:
            release.start()

    @property
    def inbound(self) -> Path:
        """Where submissions lie."""
        return self.root / "x" / "tiny" / "inbound"

    @property
    def reopened(self) -> Course:
        """The course with the settings that it has now."""
        return Course(self.course.root)

    def submit(self, student: str, **sources: str) -> Path:
        """Hand in ps1 with these cells, and return the folder in the exchange."""
        notebook = nbformat.read(self.course.folder("release", ".", "ps1") / "ps1.ipynb", 4)
        for cell in notebook.cells:
            cell.source = sources.get(cell.id, cell.source)
        work = self.root / "home" / student / "ps1"
        work.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, work / "ps1.ipynb")
        before = set(self.inbound.iterdir())
        with self._of(ExchangeSubmit, student) as submit:
            submit.start()
        (made,) = set(self.inbound.iterdir()) - before
        return made

    def collecting(self, kind: Any) -> Any:
        """Give a course's Collect, which takes newer submissions as the formgrader's does."""
        settings = self.course.config.copy()
        settings.ExchangeCollect.update = True
        return self._of(kind, "*", settings)

    def pages(self, student: str) -> list[str]:
        """Fetch a student's feedback; return the pages, by the time of their submission."""
        with self._of(ExchangeFetchFeedback, student) as fetch:
            fetch.start()
        feedback = self.root / "home" / student / "ps1" / "feedback"
        return [path.read_text() for path in sorted(feedback.glob("*/ps1.html"))]

    @contextmanager
    def _of(self, kind: Any, student: str, settings: Any = None) -> Iterator[Any]:
        config = Config()
        if settings is not None:
            config.merge(settings)
        config.CourseDirectory.course_id = "tiny"
        config.Exchange.root = str(self.root / "x")
        config.Exchange.assignment_dir = str(self.root / "home" / student)
        config.Exchange.cache = str(self.root / "home" / student / "cache")
        directory = CourseDirectory(config=config)
        directory.assignment_id, directory.student_id = "ps1", student
        who = Authenticator(config=config)
        made = kind(coursedir=directory, authenticator=who, config=config)
        made.log = LOG
        yield made
