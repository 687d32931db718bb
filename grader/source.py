"""Read a released lesson from the gradebook."""

from typing import Any

import nbformat

from grader.course import Course
from grader.errors import CourseError
from grader.lesson import SourceCell, SourceNotebook


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
        except Exception as error:
            raise CourseError(
                f"'{lesson}' is not in the gradebook ({error}). Run `grader release {lesson}`."
            ) from error
        return [
            SourceNotebook(lesson, notebook.name, _in_order(course, lesson, notebook))
            for notebook in sorted(assignment.notebooks, key=lambda notebook: notebook.name)
        ]


def _in_order(course: Course, lesson: str, notebook: Any) -> tuple[SourceCell, ...]:
    # The gradebook keeps no order; the instructor's own file has it.
    file = course.folder("source", ".", lesson) / f"{notebook.name}.ipynb"
    order: dict[str, int] = {}
    if file.is_file():
        for index, cell in enumerate(nbformat.read(file, as_version=4).cells):
            order[cell.metadata.get("nbgrader", {}).get("grade_id", "")] = index
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    cells = [
        SourceCell(
            cell=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            locked=bool(cell.locked),
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=(points | tasks).get(cell.name),
            checksum=cell.checksum or "",
        )
        for cell in notebook.source_cells
    ]
    return tuple(sorted(cells, key=lambda cell: (order.get(cell.cell, len(order)), cell.cell)))
