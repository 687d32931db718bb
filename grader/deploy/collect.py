"""The formgrader's Collect, by the same rules as grade on submit.

nbgrader's own believes the name of a submission's folder, and follows the links in it. So a student
could hand in for another, or have the solution collected by a link to it.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from grader.course.reading import Unreadable
from grader.deploy.inbound import HandedIn, foreign, named
from grader.deploy.take_in import take_in

_LEFT: dict[str, Any] = {"username": "", "timestamp": datetime.min}


class CollectFromOwners(ExchangeCollect):  # type: ignore[misc]
    """Takes what is of the student whose name it has, and leaves all else in the exchange."""

    def _path_to_record(self, path: str) -> dict[str, Any]:
        one = named(Path(path))
        why = foreign(one) if one else "it is not named as nbgrader names submissions"
        if not one or why:
            self._leave(Path(path), why)
            return _LEFT
        return {"username": one.student, "timestamp": one.time, "one": one}

    def copy_files(self) -> None:
        """Collect the newest submission of each student."""
        for record in self.src_records:
            if record is not _LEFT:
                self._collect(record["one"])

    def _collect(self, one: HandedIn) -> None:
        to = Path(
            self.coursedir.format_path(self.coursedir.submitted_directory, one.student, one.lesson)
        )
        if to.is_dir() and not self._replaces(one, to):
            self.log.info("%s is collected already: %s", one.lesson, one.student)
            return
        self.log.info("Collecting submission: %s %s", one.student, one.lesson)
        try:
            take_in(one, to, self.coursedir)
        except (OSError, Unreadable) as error:
            self._leave(one.path, str(error))

    def _replaces(self, one: HandedIn, to: Path) -> bool:
        """Whether nbgrader's settings let this one take the place of what is there."""
        there = self.coursedir.get_existing_timestamp(to)
        newer = there is None or one.time > there
        return (self.update and newer) or (self.before_duedate and one.time != there)

    def _leave(self, path: Path, why: str) -> None:
        self.log.warning("%s is not collected: %s", path.name, why)
