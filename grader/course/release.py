"""Release: make from the notebooks in solutions/ the ones that students get."""

import logging
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells

from grader.course.cells import is_locked, is_solution, is_test
from grader.course.course import Course
from grader.course.released import edited, foreign, holds, note_release
from grader.course.student_code import ask_for_code, lessons_with_own_numbers
from grader.errors import CourseError
from grader.trouble import sentence
from grader.writing import write_whole


@dataclass(frozen=True)
class Rendered:
    """A lesson as it would be released.

    Attributes
    ----------
    whole : dict of str to NotebookNode
        The notebooks by name, with their hidden tests, as the gradebook learns them.
    released : dict of str to bytes
        The files that students get, by the notebook's name.
    """

    lesson: str
    whole: dict[str, Any]
    released: dict[str, bytes]


Inspect = Callable[[Rendered], None]


class _Complaints(logging.Handler):
    """Keeps what nbgrader logs as an error: its exception only says that there was one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []
        self.errors: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.errors += [error] if (error := sys.exc_info()[1]) else []
        self.texts.append(record.getMessage().strip())

    def cause(self) -> str:
        """Return the error itself: the last line of the traceback, where there is one."""
        tracebacks = [text for text in self.texts if text.startswith("Traceback")]
        return "\n".join((tracebacks or self.texts or ["no reason given"])[0].splitlines()[-1:])


def _config(course: Course, lesson: str, folder: Path, record: bool) -> Any:
    config = deepcopy(course.config)
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.release_directory = str(folder)
    config.CourseDirectory.assignment_id = lesson
    if not record:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    return config


def render(
    course: Course,
    lesson: str,
    folder: Path,
    *,
    record: bool = False,
    whole: dict[str, Any] | None = None,
) -> list[Path]:
    """Make the student's version of a lesson in any folder; the same source gives the same bytes.

    Parameters
    ----------
    folder : Path
        Where the lesson's folder is made; it must not hold the lesson yet.
    record : bool
        Whether the gradebook learns the lesson's cells, tests and points.
    whole : dict, optional
        Is given each notebook by its name, as the gradebook learns it: with its hidden tests.

    Returns
    -------
    list of Path
        The files made, sorted.

    Raises
    ------
    CourseError
        When nbgrader refuses the lesson; the text says why.
    """
    config = _config(course, lesson, folder.resolve(), record)
    complaints = _Complaints()
    log = logging.Logger("grader.course.release")
    log.addHandler(complaints)
    directory = CourseDirectory(config=config)
    try:
        converter = GenerateAssignment(coursedir=directory, config=config, log=log)
        steps = _keeping(converter.preprocessors, {} if whole is None else whole)
        own = [ask_for_code] if lesson in lessons_with_own_numbers(course) else []
        converter.preprocessors = [*steps, _going_on, *own]
        GENERATE(converter)
    except NbGraderException as error:
        told = (sentence(one, course.directory.db_url) for one in complaints.errors)
        cause = next(filter(None, told), "")  # not of the lesson, but of the disk or the gradebook
        raise CourseError(cause or _refusal(lesson, complaints.cause())) from error
    return sorted(path for path in (folder / lesson).rglob("*") if path.is_file())


# nbgrader's own, whatever another room puts in its place.
GENERATE = GenerateAssignment.start


def _keeping(preprocessors: list[Any], whole: dict[str, Any]) -> list[Any]:
    """Return nbgrader's steps with one more, which keeps what the gradebook is told."""

    def keep(notebook: Any, resources: Any) -> tuple[Any, Any]:
        whole[resources["nbgrader"]["notebook"]] = deepcopy(notebook)
        return notebook, resources

    place = preprocessors.index(SaveCells) if SaveCells in preprocessors else 0
    return [*preprocessors[:place], keep, *preprocessors[place:]]


def _going_on(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Let "Run All" go on after an answer that is not written yet, and what fails without it.

    Jupyter stops at an error unless the cell's tags say that one may come. Grading does not ask for
    tags: an error is no points. It still stops where a locked cell above all answers fails, such as
    the imports: nothing else could work.
    """
    asked = False
    for cell in filter(lambda cell: cell.cell_type == "code", notebook.cells):
        asked = asked or is_solution(cell) or is_test(cell)
        if asked or not is_locked(cell):
            tags = cell.metadata.get("tags", [])
            cell.metadata["tags"] = sorted({*tags, "raises-exception"})
    return notebook, resources


def _refusal(lesson: str, cause: str) -> str:
    advice = "Mend the notebook in the source folder and release again."
    if "submissions associated" in cause:
        advice = (
            "Its grades would be lost. Keep the lesson's cells, "
            "or release the changed lesson under a new name."
        )
    return f"{lesson} was not released; students still have the old version. {cause} {advice}"


def worked_in(course: Course, lesson: str) -> list[Path]:
    """Return the files that a release would overwrite or delete, and somebody has worked in."""
    run, extra = run_in(course, lesson), foreign(course, lesson)
    return sorted({*run, *extra, *edited(course, lesson)})


def run_in(course: Course, lesson: str) -> list[Path]:
    """Return the released notebooks of a lesson in which somebody has run a cell."""
    notebooks = sorted(course.folder("release", ".", lesson).glob("*.ipynb"))
    return [path for path in notebooks if _has_run(path)]


def _has_run(notebook: Path) -> bool:
    cells = nbformat.read(notebook, as_version=4).cells
    return any(cell.get("execution_count") or cell.get("outputs") for cell in cells)


def record(course: Course, lesson: str, *, inspect: Inspect | None = None) -> None:
    """Tell the gradebook a lesson's tests and points, and leave students' notebooks alone.

    Raises
    ------
    CourseError
        When nbgrader refuses the lesson.
    """
    with tempfile.TemporaryDirectory() as scratch:
        _render_and_record(course, lesson, Path(scratch), inspect)
    note_release(course, lesson, files=False)


def _render_and_record(
    course: Course,
    lesson: str,
    scratch: Path,
    inspect: Inspect | None = None,
    given: Rendered | None = None,
) -> list[Path]:
    """Render twice: the gradebook is touched only when the first time went well."""
    course.classroom.mkdir(exist_ok=True)
    given = given or rendered(course, lesson)
    if inspect:
        inspect(given)
    return render(course, lesson, scratch / "recorded", record=True)


def notebooks_of(files: list[Path]) -> dict[str, bytes]:
    """Return the contents of the notebooks among some files, by name."""
    return {path.stem: path.read_bytes() for path in files if path.suffix == ".ipynb"}


def rendered(course: Course, lesson: str) -> Rendered:
    """Return a lesson as it would be released now; nothing is written."""
    whole: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        made = render(course, lesson, Path(scratch), whole=whole)
        return Rendered(lesson, whole, notebooks_of(made))


def release(
    course: Course,
    lesson: str,
    *,
    force: bool = False,
    inspect: Inspect | None = None,
    given: Rendered | None = None,
) -> list[Path]:
    """Write the student's version of a lesson and record its tests and points in the gradebook.

    Grades are kept when a lesson is released again. Nothing is written unless all of it can be.

    Parameters
    ----------
    lesson : str
        The lesson's name, or how it begins.
    force : bool
        Whether to overwrite released files in which somebody has worked.
    inspect : callable, optional
        Is given the lesson as it would be released; what it raises stops the release.
    given : Rendered, optional
        The lesson as it would be released, where this is known already.

    Returns
    -------
    list of Path
        The released files.

    Raises
    ------
    CourseError
        When there is no such lesson, nbgrader refuses it, or work would be overwritten.

    Examples
    --------
    ``release(Course.here(), "01")`` writes ``notebooks/01_one_pair/01_one_pair.ipynb``.
    """
    lesson = course.lesson(lesson)
    if not force:
        _refuse(run_in(course, lesson), "has been run: a release would overwrite")
        _refuse(foreign(course, lesson), "was not made by a release, which would delete")
    look = inspect if force else partial(_refuse_edited, course, inspect)
    with tempfile.TemporaryDirectory() as scratch:
        made = _render_and_record(course, lesson, Path(scratch), look, given)
        source = Path(scratch) / "recorded" / lesson
        placed = _replace(course.folder("release", ".", lesson), source, made)
    note_release(course, lesson)
    return placed


def _refuse(files: list[Path], why: str) -> None:
    if files:
        raise CourseError(
            f"{files[0]} {why} what was done in it. "
            "Move it elsewhere, or overwrite it with `grader release --force`."
        )


def _refuse_edited(course: Course, inspect: Inspect | None, rendered: Rendered) -> None:
    """Refuse to overwrite what somebody has edited, unless the release would write the same."""
    files = edited(course, rendered.lesson)
    lost = [path for path in files if not _would_stay(course, rendered, path)]
    _refuse(lost, "has been edited since it was released: a release would overwrite")
    if inspect:
        inspect(rendered)


def _would_stay(course: Course, rendered: Rendered, path: Path) -> bool:
    if path.suffix == ".ipynb":
        fresh = rendered.released.get(path.stem)
        return fresh is not None and holds(path, fresh)
    released = course.folder("release", ".", rendered.lesson)
    source = course.folder("source", ".", rendered.lesson) / path.relative_to(released)
    return not source.is_file() or holds(path, source.read_bytes())


def _replace(target: Path, source: Path, made: list[Path]) -> list[Path]:
    """Copy the files made over the released ones, and drop notebooks that are no more."""
    placed = [target / path.relative_to(source) for path in made]
    for stale in set(target.glob("*.ipynb")) - set(placed):
        stale.unlink()
    for new, place in zip(made, placed, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, new.read_bytes())
    return placed
