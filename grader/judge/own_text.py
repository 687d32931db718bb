"""The only text that a judge runs is the instructor's.

A test may hand what a student wrote to `eval`, to `pickle.loads` or to a table's `query`, which run
it. In the judge it could forge every verdict. So Python tells before it makes code of a text, and
what is no text of the instructor's is refused: such a test has to run inside the session.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

REFUSED = (
    "It runs a text, or loads an object, that could be the student's, such as with eval, exec, "
    "pickle or query. Tests are run outside the student's process, where no such code may run."
)
# Libraries that make code of names and hints, and those that read code to show where it failed.
_MAKERS = frozenset(
    [
        *("annotationlib", "attr", "collections", "dataclasses", "decorator", "executing"),
        *("inspect", "IPython", "networkx", "scipy", "stack_data", "typing", "unittest"),
    ]
)
# Where these keep the text that they were given.
_GIVEN = {"timeit": ("stmt", "setup"), "pandas.core.computation.eval": ("expr",)}
_OF_TIMEIT = ("pass", "_stmt()", "_setup()")
_TABLES = "pandas.core.computation"
_IMPORTING = ("importlib._bootstrap", "_frozen_importlib")
# What a pickle of plain data and arrays is made of.
_PLAIN = {
    "builtins": ("bytearray", "complex", "frozenset", "range", "set", "slice"),
    "collections": ("Counter", "OrderedDict", "defaultdict", "deque"),
    "datetime": ("date", "datetime", "time", "timedelta", "timezone"),
    "numpy": ("dtype", "ndarray"),
    **dict.fromkeys(
        ("numpy.core.multiarray", "numpy._core.multiarray"), ("_reconstruct", "scalar")
    ),
    **dict.fromkeys(("numpy.core.numeric", "numpy._core.numeric"), ("_frombuffer",)),
}


def texts_of(cells: Iterable[ast.Module]) -> set[str]:
    """Return the texts that stand in some cells.

    Examples
    --------
    >>> texts_of([ast.parse("x = eval(' 1 + 1') + y")])
    {'1 + 1'}
    """
    nodes = (node for cell in cells for node in ast.walk(cell) if isinstance(node, ast.Constant))
    return {node.value.strip() for node in nodes if isinstance(node.value, str)}


def run_only(texts: set[str], refuse: Callable[[str], Any]) -> None:
    """Let this process run no other texts from now on.

    Parameters
    ----------
    texts : set of str
        The instructor's, without the space around them.
    refuse : callable
        Ends the test that asks for it.
    """
    known = texts | {*_OF_TIMEIT}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _ASKS and not _ASKS[event](arguments, known, _callers(sys._getframe(1))):
            refuse(REFUSED)

    sys.addaudithook(hook)


Callers = list[tuple[str, FrameType]]


def _callers(frame: FrameType | None) -> Callers:
    """Return who asks, up to the grader, by the name of its module."""
    return [*_above(frame)]


def _above(frame: FrameType | None) -> Iterator[tuple[str, FrameType]]:
    while frame:
        name = str(frame.f_globals.get("__name__"))
        if name.startswith("grader."):
            return
        yield name, frame
        frame = frame.f_back


def _may_compile(arguments: tuple[Any, ...], known: set[str], callers: Callers) -> bool:
    names = [name for name, _ in callers]
    if not callers or _imports(callers):
        return True
    first = names[0]
    for name, frame in callers:
        if name in _GIVEN and {*_GIVEN[name]} <= {*frame.f_locals}:
            texts = [frame.f_locals[given] for given in _GIVEN[name]]
            return all(callable(text) or _is_known(text, known) for text in texts)
    if any(name.startswith(_TABLES) for name in names):
        return False
    if first in ("ast", "codeop"):  # the one only reads, the other is how IPython does it
        return first == "ast" or any(name.startswith("IPython.") for name in names)
    return first.partition(".")[0] in _MAKERS or _is_known(arguments[0], known)


def _is_known(text: Any, known: set[str]) -> bool:
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    return type(text) is str and text.strip() in known


def _imports(callers: Callers) -> bool:
    return any(name.startswith(_IMPORTING) for name, _ in callers)


def _may_load(arguments: tuple[Any, ...], known: set[str], callers: Callers) -> bool:
    return _imports(callers) or not callers


def _may_find(arguments: tuple[Any, ...], known: set[str], callers: Callers) -> bool:
    module, name = arguments
    return _may_load(arguments, known, callers) or name in _PLAIN.get(module, ())


_ASKS: dict[str, Callable[[tuple[Any, ...], set[str], Callers], bool]] = {
    "compile": _may_compile,
    "marshal.loads": _may_load,
    "code.__new__": _may_load,
    "pickle.find_class": _may_find,
}
