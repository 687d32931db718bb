"""nbgrader's own scores of the lessons, kept in a file: they take a kernel for each student."""

import json
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests import compare
from tests.courses.lessons import FOLDER, Lesson, Scores

FILE = FOLDER.parent / "stock.json"
SECONDS = 600


@dataclass(frozen=True)
class Stock:
    """nbgrader's scores of a lesson, by student and test, and the digest of what it graded."""

    digest: str
    scores: dict[str, Scores]


@dataclass(frozen=True)
class _Compared(compare.Lesson):
    """A lesson as the comparison takes it, with its own students."""

    lesson: Lesson = field(kw_only=True)

    def handed_in(self, released: Any) -> dict[str, Any]:
        return self.lesson.handed_in(released)


def kept() -> dict[str, Stock]:
    """Return the scores that were kept, by lesson."""
    text = FILE.read_text(encoding="utf-8") if FILE.is_file() else "{}"
    return {name: Stock(**one) for name, one in json.loads(text).items()}


def renew(lessons: Iterable[Lesson]) -> list[str]:
    """Have nbgrader grade the lessons that have changed; keep the scores, return the names."""
    known, now = kept(), {lesson.name: lesson for lesson in lessons}
    changed = [name for name in now if not is_current(now[name], known.get(name))]
    for name in changed:
        known[name] = Stock(now[name].digest, _graded(now[name]))
        _keep({name: known[name] for name in now if name in known})
    _keep({name: known[name] for name in now})
    return changed


def is_current(lesson: Lesson, stock: Stock | None) -> bool:
    """Whether these are nbgrader's scores of the lesson as it is now."""
    return stock is not None and stock.digest == lesson.digest


def _graded(lesson: Lesson) -> dict[str, Scores]:
    with tempfile.TemporaryDirectory() as folder:
        path = lesson.write(Path(folder) / lesson.name)
        compared = _Compared(path, lesson.name, lesson=lesson)
        graded = compare.grade(compare.NBGRADER, compared, SECONDS)
    if not graded.points:
        raise RuntimeError(f"nbgrader could not grade {lesson.name}: {graded.error}")
    return {student: graded.points[student] for student in lesson.answers}


def _keep(stock: dict[str, Stock]) -> None:
    text = json.dumps({name: asdict(one) for name, one in stock.items()}, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")
