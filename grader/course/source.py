"""Read a released lesson from the gradebook."""

import base64
import os
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.utils import find_all_files

from grader.course.cells import (
    Delimiters,
    grade_id,
    is_locked,
    is_solution,
    is_task,
    is_test,
    nbgrader_metadata,
    split,
)
from grader.course.course import Course
from grader.course.figures import figures
from grader.course.lesson import SourceCell, SourceNotebook
from grader.course.release import Rendered
from grader.errors import CourseError

MAX_FILES = 16 * 10**6


def read_lesson(course: Course, lesson: str) -> list[SourceNotebook]:
    """Return the lesson's notebooks as the gradebook has them.

    Raises
    ------
    CourseError
        When the lesson has not been released.
    """
    with course.gradebook() as gradebook:
        try:
            assignment = gradebook.find_assignment(lesson)
        except MissingEntry as error:
            raise CourseError(
                f"'{lesson}' is not in the gradebook ({error}). Run `grader release {lesson}`."
            ) from error
        files = _files(course, lesson)
        return [
            _notebook(course, lesson, notebook, files)
            for notebook in sorted(assignment.notebooks, key=lambda notebook: notebook.name)
        ]


def _notebook(
    course: Course, lesson: str, notebook: Any, files: tuple[tuple[str, str], ...]
) -> SourceNotebook:
    written = _written(course, lesson, notebook.name)
    cells = _in_order(written, notebook, course.delimiters)
    return _put_together(course, lesson, notebook.name, cells, written, files)


def _written(course: Course, lesson: str, name: str) -> list[Any]:
    """Return the cells of the instructor's own file."""
    file = course.folder("source", ".", lesson) / f"{name}.ipynb"
    return list(nbformat.read(file, as_version=4).cells) if file.is_file() else []


def rendered_lesson(course: Course, rendered: Rendered) -> list[SourceNotebook]:
    """Return the notebooks of a lesson as the gradebook would have them after its release."""
    lesson, files = rendered.lesson, _files(course, rendered.lesson)
    notebooks = []
    for name, whole in sorted(rendered.whole.items()):
        written = _written(course, lesson, name)
        cells = _source_cells(whole.cells, written, course.delimiters)
        notebooks.append(_put_together(course, lesson, name, cells, written, files))
    return notebooks


def official_answers(course: Course, lesson: str, name: str) -> dict[str, str]:
    """Return what the instructor's own notebook answers, by the cell's name."""
    return {
        grade_id(cell): course.delimiters.answer(cell.source)
        for cell in _written(course, lesson, name)
        if is_solution(cell)
    }


def model_answers(course: Course, lesson: str, name: str) -> dict[str, str]:
    """Return what the instructor's own notebook answers where a person grades words.

    Only what stands between the solution's marks, without the mark scheme, by the cell's name.
    """
    marks = course.delimiters
    texts = {
        grade_id(cell): "\n".join(split(marks.released(cell.source), marks.solution)[1]).strip()
        for cell in _written(course, lesson, name)
        if is_solution(cell) and cell.cell_type == "markdown"
    }
    return {cell: text for cell, text in texts.items() if text}


def _source_cells(
    rendered: list[Any], written: list[Any], delimiters: Delimiters
) -> tuple[SourceCell, ...]:
    texts = _texts(written)
    known = (cell for cell in rendered if grade_id(cell))
    return tuple(_source_cell(cell, texts, delimiters) for cell in known)


def _texts(written: list[Any]) -> dict[str, str]:
    """Return the code of the instructor's own cells, by name."""
    return {grade_id(cell): cell.source for cell in written if cell.cell_type == "code"}


def _source_cell(cell: Any, texts: dict[str, str], delimiters: Delimiters) -> SourceCell:
    metadata = nbgrader_metadata(cell)
    points = metadata.get("points") if metadata.get("grade") or is_task(cell) else None
    return SourceCell(
        cell=grade_id(cell),
        cell_type=cell.cell_type,
        source=cell.source,
        released=delimiters.released(cell.source),
        locked=not is_solution(cell) and (is_test(cell) or is_locked(cell)),
        solution=is_solution(cell),
        task=is_task(cell),
        points=None if points is None else float(points),
        checksum=metadata.get("checksum") or "",
        answer=delimiters.answer(texts.get(grade_id(cell), "")) if is_solution(cell) else "",
    )


def _put_together(
    course: Course,
    lesson: str,
    name: str,
    cells: tuple[SourceCell, ...],
    written: list[Any],
    files: tuple[tuple[str, str], ...],
) -> SourceNotebook:
    locked = [one.source for one in cells if one.cell_type == "code" and one.locked]
    free = [one.source for one in written if one.cell_type == "code" and not grade_id(one)]
    sealed = course.settings.sealed_modules
    shown = figures(locked, free, sealed)
    plain = _plain(written, {cell.cell for cell in cells})
    return SourceNotebook(lesson, name, cells, files, shown, plain)


def _plain(written: list[Any], known: set[str]) -> tuple[tuple[str, str], ...]:
    """Return the instructor's other code cells, each with the nbgrader cell that comes next."""
    following, found = "", []
    for cell in reversed(written):
        if grade_id(cell) in known:
            following = grade_id(cell)
        elif cell.cell_type == "code":
            found.append((following, cell.source))
    return tuple(reversed(found))


def _files(course: Course, lesson: str) -> tuple[tuple[str, str], ...]:
    """Return the files that nbgrader releases beside the notebooks, such as data."""
    folder = course.folder("source", ".", lesson)
    found = sorted(find_all_files(str(folder), [*course.directory.ignore, "*.ipynb"]))
    total = sum(os.path.getsize(file) for file in found)
    if total > MAX_FILES:
        raise CourseError(
            f"The files beside the notebooks of {lesson} have {total / 1e6:.0f} MB; up to "
            f"{MAX_FILES / 1e6:.0f} MB can be given to each session."
        )
    return tuple(
        (os.path.relpath(file, folder), base64.b64encode(Path(file).read_bytes()).decode())
        for file in found
    )


def _in_order(written: list[Any], notebook: Any, delimiters: Delimiters) -> tuple[SourceCell, ...]:
    # The gradebook keeps no order; the instructor's own file has it.
    order = {grade_id(cell): index for index, cell in enumerate(written)}
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    texts = _texts(written)
    cells = [
        SourceCell(
            cell=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            released=delimiters.released(cell.source),
            locked=bool(cell.locked),
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=(points | tasks).get(cell.name),
            checksum=cell.checksum or "",
            answer=delimiters.answer(texts.get(cell.name, "")) if cell.name in solutions else "",
        )
        for cell in notebook.source_cells
    ]
    return tuple(sorted(cells, key=lambda cell: (order.get(cell.cell, len(order)), cell.cell)))
