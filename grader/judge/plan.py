"""What a verdict needs to know of a lesson's notebook, read once for all of its submissions."""

import ast
import re
from dataclasses import dataclass, field
from typing import Any, Self

from grader.course.effects import alters, leaves_arguments
from grader.course.figures import BUILT_IN, constant
from grader.course.lesson import SourceCell, SourceNotebook, parse
from grader.course.names import (
    Function,
    Statements,
    binds,
    changes,
    imported,
    imports_of,
    reads,
    reads_from_outside,
)
from grader.judge.own_text import texts_of

ALL = "*"  # what a star import binds


@dataclass(frozen=True)
class Cell:
    """One of the instructor's code cells, read.

    Attributes
    ----------
    name : str
        Its ``grade_id``; empty for a plain cell, which nbgrader does not know.
    """

    name: str
    text: str
    body: Statements

    @property
    def title(self) -> str:
        """How an error tells of it."""
        begin = next((line.strip() for line in self.text.split("\n") if line.strip()), "")
        return f"the cell {self.name}" if self.name else f"the cell that begins with `{begin}`"


@dataclass(frozen=True)
class Owners:
    """Whose a name is: the one rule, for tests, figures and whatever the session says.

    A name that any cell of the instructor binds, be it a test, a locked or a plain cell, is the
    instructor's, unless an answer cell binds it, too. What the official solution binds or changes
    counts as bound by its answer cell. A name that only a student's own cells bind is the
    student's.

    The instructor's names are made in the judge, by running the instructor's cells there as the
    source has them, and the session is never asked for them. So a student who defines a helper of
    the tests, ends the test that makes it, or makes a locked cell fail gets nothing by it: without
    its helper a test fails. A plain cell may be edited by students, and nbgrader runs what they
    made of it; here what the instructor wrote counts, as the cell is no answer. Where that does
    not run in the judge, the session's value does not take its place: nobody could tell a value
    that the judge cannot make from one that a student has made to fail. Such a test has to run in
    the session.

    Of a name that both bind, the cell that was run last decides, as in a notebook. A module that
    both import is the instructor's all the time, so that an answer's ``import`` brings no other.

    Attributes
    ----------
    instructors : set of str
        Never the student's.
    answers : dict of str to set of str
        What each answer cell gives to the student.
    public : set of str
        The words of the text that students have, and the answers' names. The session is asked for
        no other, as it would learn what hidden tests use.
    complete : bool
        Whether all official solutions are known; where not, a hidden test may use any name of the
        answers, so that the session is asked for any.
    imports : dict of str to statement
        What official solutions import. The instructor's own import stands in for a module or class
        that the session says to have by such a name.
    """

    instructors: set[str]
    answers: dict[str, set[str]]
    public: set[str]
    complete: bool = True
    imports: dict[str, ast.stmt] = field(default_factory=dict)

    @classmethod
    def of(cls, source: SourceNotebook) -> Self:
        """Read the instructor's cells."""
        code = [cell for cell in source.cells if cell.cell_type == "code"]
        solved = {cell.cell: _solved(cell) for cell in code if cell.solution}
        official = [tree for trees in solved.values() for tree in trees]
        own = [parse(cell.source) for cell in code if not cell.solution]
        own += [parse(text) for _, text in source.plain]
        bound = {name for tree in own for name in binds(tree)}
        only_imported = imported(official) - {
            name for tree in official for name in _bound_otherwise(tree)
        }
        modules = imported([*own, *official])
        shared = only_imported & imported(own)
        answers = {
            cell: {name for tree in trees for name in binds(tree) | alters(tree) - modules} - shared
            for cell, trees in solved.items()
        }
        theirs = {name for names in answers.values() for name in names}
        texts = [*(cell.released for cell in source.cells), *(text for _, text in source.plain)]
        texts += source.figures
        words = {word for text in texts for word in re.findall(r"\w+", text)}
        imports = {name: one for tree in official for name, one in imports_of(tree).items()}
        complete = all(cell.answer for cell in code if cell.solution)
        return cls(bound - theirs, answers, words | theirs, complete, imports)

    def may_be_students(self, name: str, passed: set[str]) -> bool:
        """Whether to ask the session for a name, when answers have bound what has `passed`."""
        if name in self.instructors or (name in BUILT_IN and name not in passed):
            return False
        return name in self.public or ALL in self.public or not self.complete

    def is_answers(self, name: str) -> bool:
        """Whether an answer cell is to define a name."""
        return any(name in names for names in self.answers.values())


def _solved(cell: SourceCell) -> list[ast.Module]:
    return [parse(cell.source), parse(cell.answer)]


def _bound_otherwise(tree: ast.Module) -> set[str]:
    """Return what some code binds by anything but an import."""
    others = [one for one in tree.body if not isinstance(one, ast.Import | ast.ImportFrom)]
    return binds(ast.Module(others, []))


@dataclass(frozen=True)
class Plan:
    """What a verdict needs to know of a notebook; the same for every submission.

    Attributes
    ----------
    cells : dict of str to Cell
        The instructor's locked cells and tests, by name.
    order : tuple of Cell
        All cells in the instructor's order, of the plain ones those that others need.
    roots : set of str
        The packages that the instructor imports.
    pure : set of str
        The functions whose official solution leaves alone what it is given.
    figures : dict of str to set of str
        The names that each figure's cell reads, by its text without the space around it.
    read_by_answers : set of str
        The names that official solutions read from outside of their functions.
    hidden : set of str
        The names whose things hidden lines may change.
    read_by_classes : dict of statement to set of str
        The names that classes read while they are made, of the statements that have any.
    texts : set of str
        The texts in the instructor's own cells.
    places : dict of str to int
        Where each nbgrader cell stands in the order.
    drawn : dict of str to list of dict
        The outputs of figures that are the same for all submissions.
    """

    source: SourceNotebook
    owners: Owners
    cells: dict[str, Cell]
    order: tuple[Cell, ...]
    roots: set[str]
    pure: set[str]
    figures: dict[str, set[str]]
    read_by_answers: set[str]
    hidden: set[str]
    read_by_classes: dict[ast.stmt, set[str]]
    texts: set[str]
    places: dict[str, int]
    drawn: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: SourceNotebook) -> Self:
        """Read the instructor's cells."""
        known = [_read(cell) for cell in source.cells]
        figures = {figure.strip(): reads(parse(figure)) for figure in source.figures}
        answers = {cell.cell for cell in source.cells if cell.solution}
        order = _in_order(source, known, figures)
        statements = [statement for cell in order for statement in cell.body]
        classes = {statement: _read_by_classes(statement) for statement in statements}
        return cls(
            source,
            Owners.of(source),
            {cell.name: cell for cell in known if cell.name not in answers},
            order,
            {name.partition(".")[0] for name in source.imports},
            _pure(source),
            figures,
            _read_by_answers(source),
            _hidden(source, known),
            {statement: names for statement, names in classes.items() if names},
            texts_of(ast.Module(cell.body, []) for cell in order),
            {cell.name: place for place, cell in enumerate(order) if cell.name},
        )

    def place_of(self, figure: str) -> int:
        """Return where the first nbgrader cell below a figure's plain cell stands in the order."""
        below = next((name for name, text in self.source.plain if text.strip() == figure), None)
        if below is None:  # a locked cell: what stands above it has been run
            return 0
        return self.places[below] if below else len(self.order)

    @property
    def constant(self) -> list[str]:
        """The figures that need to be drawn only once for a class."""
        locked = [cell.source for cell in self.source.cells if _is_given(cell)]
        return [figure for figure in self.figures if constant(figure, locked)]


def _is_given(cell: SourceCell) -> bool:
    return cell.cell_type == "code" and cell.locked and not cell.is_test


def _read(cell: SourceCell) -> Cell:
    return Cell(cell.cell, cell.source, parse(cell.source).body if cell.cell_type == "code" else [])


def _in_order(
    source: SourceNotebook, known: list[Cell], figures: dict[str, set[str]]
) -> tuple[Cell, ...]:
    wanted = {name for cell in known for name in _reads(cell)}
    wanted |= {name for names in figures.values() for name in names}
    plain = [(following, Cell("", text, parse(text).body)) for following, text in source.plain]
    needed = _needed([cell for _, cell in plain], wanted)
    order: list[Cell] = []
    for cell in known:
        order += [one for following, one in plain if following == cell.name and one in needed]
        order.append(cell)
    return (*order, *(one for following, one in plain if not following and one in needed))


def _needed(plain: list[Cell], wanted: set[str]) -> list[Cell]:
    """Return the plain cells that bind, or may change, what is read elsewhere.

    The others, such as those that draw, would only cost time in the judge.
    """
    needed: list[Cell] = []
    modules = imported(ast.Module(cell.body, []) for cell in plain)
    while more := [
        cell
        for cell in plain
        if cell not in needed and changes(ast.Module(cell.body, []), modules) & (wanted | {ALL})
    ]:
        needed += more
        wanted = wanted | {name for cell in more for name in _reads(cell)}
    return needed


def _reads(cell: Cell) -> set[str]:
    return reads(ast.Module(cell.body, []))


def _read_by_answers(source: SourceNotebook) -> set[str]:
    solved = [tree for cell in source.cells if cell.solution for tree in _solved(cell)]
    return {name for tree in solved for name in reads_from_outside(tree)}


def _hidden(source: SourceNotebook, known: list[Cell]) -> set[str]:
    """Return the names whose things hidden lines may have changed."""
    hidden = ast.Module(
        [
            statement
            for cell, read in zip(source.cells, known, strict=True)
            for statement in read.body
            if cell.hidden_lines & {*range(statement.lineno, (statement.end_lineno or 0) + 1)}
        ],
        [],
    )
    return changes(hidden, set())


def _read_by_classes(statement: ast.stmt) -> set[str]:
    classes = (node for node in ast.walk(statement) if isinstance(node, ast.ClassDef))
    return {name for node in classes for name in reads(node)}


def _pure(source: SourceNotebook) -> set[str]:
    functions = [
        one
        for cell in source.cells
        if cell.solution
        for one in parse(cell.answer).body
        if isinstance(one, Function)
    ]
    changing = {one.name for one in functions if not leaves_arguments(one)}
    return {one.name for one in functions} - changing
