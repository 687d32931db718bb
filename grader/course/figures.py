"""Which of the instructor's cells are figures: they show what only the modules under test know.

These modules are in no session, so such a cell is run with the tests, as long as a student has
left it as it was.
"""

import ast
import builtins
from collections.abc import Sequence

from grader.course.lesson import parse
from grader.course.names import binds, changes, imported, reads
from grader.session.blocked_modules import is_sealed

BUILT_IN = frozenset({*dir(builtins), "display", "get_ipython"})


def figures(locked: Sequence[str], free: Sequence[str], sealed: Sequence[str]) -> tuple[str, ...]:
    """Return the code of those cells that show something of the sealed modules.

    A cell that may change what a test reads is none of them, as whether and where it stands is
    the student's to decide; nor is one that gives to a student's function what these modules
    computed, as that would be the answer.

    Parameters
    ----------
    locked, free : sequence of str
        The instructor's code cells that are neither answers nor tests: those that students cannot
        change, and those that they can.
    sealed : sequence of str
        The modules under test.

    Examples
    --------
    >>> cells = ["plots.triangle(7)", "np.arange(3)", "rng.normal()\\nplots.triangle(7)"]
    >>> setup = "import numpy as np\\nfrom linbias import plots\\nrng = np.random.default_rng(4)"
    >>> figures([setup], cells, ["linbias"])
    ('plots.triangle(7)',)
    """
    trees = {source: parse(source) for source in (*locked, *free)}
    under_test = {name for tree in trees.values() for name in _of(tree, sealed)}
    modules = imported(trees.values())
    ours = imported(trees[source] for source in locked) | BUILT_IN
    tests_may_read = {name for source in locked for name in binds(trees[source])} - under_test
    return tuple(
        source
        for source, tree in trees.items()
        if reads(tree) & under_test
        and not _changed(tree, modules) & tests_may_read
        and not _gives_away(tree, under_test, ours)
    )


def constant(figure: str, locked: Sequence[str]) -> bool:
    """Whether a figure's cell shows the same for every student, and does nothing else.

    It reads only what the instructor's locked cells import, and binds nothing.

    Parameters
    ----------
    figure : str
        The code of a figure's cell.
    locked : sequence of str
        The instructor's code cells that students cannot change.

    Examples
    --------
    >>> constant("plots.triangle(7)", ["from linbias import plots"])
    True
    >>> constant("plots.cells(bias_matrix(5, 0.5))", ["from linbias import plots"])
    False
    """
    tree = parse(figure)
    own = imported(map(parse, locked)) | BUILT_IN
    return reads(tree) <= own and not binds(tree)


def _gives_away(tree: ast.Module, under_test: set[str], ours: set[str]) -> bool:
    """Whether a cell gives what may be a student's something of the sealed modules.

    That is a call of it, or of another function that gets both, such as ``map``. The modules
    under test may get both: they are made to compare. What an unlocked cell imports or binds may
    be a student's, as the cell is the student's to change.
    """
    given = set(under_test)
    theirs = reads(tree) - binds(tree) - under_test - ours
    for statement in tree.body:
        if reads(statement) & theirs:
            theirs |= binds(statement)
        for call in (node for node in ast.walk(statement) if isinstance(node, ast.Call)):
            handed = {name for one in _handed(call) for name in reads(one)}
            by_them = bool(reads(call.func)) and reads(call.func) <= under_test
            if handed & given and not by_them and (reads(call.func) | handed) & theirs:
                return True
        if reads(statement) & given:
            given |= binds(statement)
    return False


def _handed(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _changed(tree: ast.Module, modules: set[str]) -> set[str]:
    """Return the names whose things a cell may change; to show its last value changes nothing."""
    body = list(tree.body)
    if body and isinstance(last := body[-1], ast.Expr):
        body[-1] = ast.Assign([ast.Name("_", ast.Store())], last.value)
    return changes(ast.Module(body, []), modules) - binds(tree)


def _of(tree: ast.Module, sealed: Sequence[str]) -> set[str]:
    """Return the names that are bound to the modules under test, or to things in them."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {
        name
        for node in imports
        for alias in node.names
        if is_sealed(getattr(node, "module", alias.name) or "", sealed)
        for name in binds(ast.Import([alias]))
    }
