"""What the last release wrote: to know what somebody has changed since then."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from grader.course.cells import grade_id, nbgrader_metadata
from grader.course.course import Course

Digests = dict[str, str]


@dataclass(frozen=True)
class Released:
    """The state of a lesson when it was last released.

    Attributes
    ----------
    sources, files : dict of str to str
        By their names within the lesson's folder, digests of what an instructor wrote and of what
        students got. Running a cell changes none of them.
    """

    sources: Digests
    files: Digests

    @property
    def version(self) -> str:
        """The same for the same sources."""
        return hashlib.sha256(json.dumps(sorted(self.sources.items())).encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `note_release` wrote."""
        data: dict[str, Digests] = json.loads(text)
        return cls(data["sources"], data["files"])


def last_release(course: Course, lesson: str) -> Released | None:
    """Return what was noted of a lesson's last release; None where nothing was."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return Released.from_json(_note(course, lesson).read_text(encoding="utf-8"))
    return None


def note_release(course: Course, lesson: str, *, files: bool = True) -> None:
    """Note the state of a lesson that has just been released.

    Parameters
    ----------
    files : bool
        False where only the gradebook was told, and students' files stayed.
    """
    before = last_release(course, lesson)
    kept = before.files if before else {}
    folder = course.folder("release", ".", lesson)
    sources, now = _digests(course.folder("source", ".", lesson)), _digests(folder)
    written = {name: digest for name, digest in now.items() if name in sources}
    released = Released(sources, written if files else kept)
    file = _note(course, lesson)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(released), indent=1), encoding="utf-8")
    os.replace(fresh, file)


def _note(course: Course, lesson: str) -> Path:
    return course.classroom / "releases" / f"{lesson}.json"


def changed_sources(course: Course, lesson: str) -> list[Path]:
    """Return the source files that have changed, come or gone since the lesson was released."""
    released = last_release(course, lesson)
    folder = course.folder("source", ".", lesson)
    if released is None:
        return []
    now = _digests(folder)
    names = sorted({*now, *released.sources})
    return [folder / name for name in names if now.get(name) != released.sources.get(name)]


def changes_told(course: Course, lesson: str) -> list[str]:
    """Return what has to be done after a change of a lesson; nothing where there was none."""
    return [
        f"{path.relative_to(course.root)} has changed since it was released: students and the "
        f"gradebook have the version before. Run `grader release {lesson}`."
        for path in changed_sources(course, lesson)
    ]


def edited(course: Course, lesson: str) -> list[Path]:
    """Return the released files that somebody has edited since they were written.

    Where no release was noted, as in a fresh clone, nbgrader's own checksums tell it of the cells
    that have them.
    """
    folder = course.folder("release", ".", lesson)
    released = last_release(course, lesson)
    if released is None:
        return [path for path in sorted(folder.glob("*.ipynb")) if _answers_changed(path)]
    now = _digests(folder)
    return [folder / name for name, was in released.files.items() if now.get(name, was) != was]


def written_when(course: Course, lesson: str) -> dict[Path, int]:
    """Return when each released file of a lesson was written."""
    files = _files(course.folder("release", ".", lesson))
    return {path: path.stat().st_mtime_ns for path in files if path.is_file()}


def foreign(course: Course, lesson: str) -> list[Path]:
    """Return the notebooks among the released ones that no release wrote."""
    released = last_release(course, lesson)
    there = sorted(course.folder("release", ".", lesson).glob("*.ipynb"))
    return [path for path in there if released and path.name not in released.files]


def holds(path: Path, content: bytes) -> bool:
    """Whether a file has this content; a notebook, whatever was run in it."""
    return _digest(path.suffix, path.read_bytes()) == _digest(path.suffix, content)


def _digests(folder: Path) -> Digests:
    return {
        path.relative_to(folder).as_posix(): _digest(path.suffix, path.read_bytes())
        for path in _files(folder)
        if path.is_file()
    }


def _files(folder: Path) -> Iterator[Path]:
    """Give the files of a lesson, without what editors and Python leave beside them."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield path


def _digest(suffix: str, content: bytes) -> str:
    return _notebook_digest(content) if suffix == ".ipynb" else _sha256(content)


def _notebook_digest(content: bytes) -> str:
    """Return what is the same while nobody edits a cell; Jupyter may write the rest otherwise."""
    try:
        return _sha256(json.dumps([_essence(cell) for cell in _cells(content)]).encode())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _sha256(content)


def _essence(cell: Any) -> list[Any]:
    known = nbgrader_metadata(cell)
    about = {key: value for key, value in sorted(known.items()) if key != "checksum"}
    return [cell["cell_type"], _text(cell), about]


def _cells(content: bytes) -> Iterable[Any]:
    cells: Iterable[Any] = json.loads(content)["cells"]
    return cells


def _text(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _answers_changed(path: Path) -> bool:
    """Whether a cell is no more what nbgrader's checksum in it was made of."""
    try:
        stated = [(cell, _stated(cell)) for cell in _cells(path.read_bytes())]
        return any(checksum and checksum != _checksum(cell) for cell, checksum in stated)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True


def _stated(cell: Any) -> str:
    return str(nbgrader_metadata(cell).get("checksum") or "") if grade_id(cell) else ""


def _checksum(cell: Any) -> str:
    metadata = NotebookNode(nbgrader=NotebookNode(nbgrader_metadata(cell)))
    node = NotebookNode(cell_type=cell["cell_type"], source=_text(cell), metadata=metadata)
    return str(compute_checksum(node))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
