"""What a verdict needs to know of a lesson's notebook, read once for all of its submissions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from grader.course.lesson import SourceCell, SourceNotebook, parse
from grader.course.names import Statements, binds, imported, needed, reads


@dataclass(frozen=True)
class Plan:
    """What a verdict needs to know of a notebook; the same for every submission.

    Attributes
    ----------
    slices : dict of str to list
        The statements to run of each of the instructor's cells.
    modules : set of str
        The names that imports bind.
    roots : set of str
        The packages that the instructor imports.
    instructors : set of str
        The names that locked cells bind and answers do not: never a student's.
    figures : dict of str to set of str
        The names that each figure's cell reads, by its text without the space around it.
    """

    source: SourceNotebook
    slices: dict[str, Statements]
    modules: set[str]
    roots: set[str]
    instructors: set[str]
    figures: dict[str, set[str]]

    @classmethod
    def of(cls, source: SourceNotebook) -> Self:
        """Read the instructor's cells."""
        ours = [cell for cell in source.cells if cell.cell_type == "code" and not cell.solution]
        trees = [parse(cell.source) for cell in ours]
        read_here = [(tree, cell.is_test) for tree, cell in zip(trees, ours, strict=True)]
        figures = {figure.strip(): parse(figure) for figure in source.figures}
        slices = needed([*read_here, *((tree, True) for tree in figures.values())])
        return cls(
            source,
            {cell.cell: statements for cell, statements in zip(ours, slices, strict=False)},
            imported(trees),
            {name.partition(".")[0] for name in source.imports},
            _bound_in(source, lambda cell: cell.locked and not cell.is_test)
            - _bound_in(source, lambda cell: cell.solution),
            {figure: reads(tree) for figure, tree in figures.items()},
        )


def _bound_in(source: SourceNotebook, of: Callable[[SourceCell], bool]) -> set[str]:
    code = [cell for cell in source.cells if cell.cell_type == "code" and of(cell)]
    return {name for cell in code for name in binds(parse(cell.source))}
