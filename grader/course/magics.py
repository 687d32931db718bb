"""IPython's magics in a test: what they mean where there is no IPython session to set up."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

# They set up how a notebook looks, so a verdict goes without them.
_SETTINGS = frozenset({"autoreload", "config", "load_ext", "matplotlib", "precision"})
# They run their code once and report on it, so a verdict runs the code.
_REPORTS = frozenset({"capture", "time", "timeit"})
# What %timeit may be told: how often, and how to report.
_OPTIONS = re.compile(r"(-[nrp] *\d+|-[tcqov])(?= |$)")
# What %%capture may be told: what it leaves alone, and the name of what it has caught.
_CAUGHT = re.compile(r"((?:--no-(?:stdout|stderr|display)\s+)*)([^\W\d]\w*)")
_CAPTURE = """with __import__("IPython.utils.capture", fromlist=["*"]).capture_output({}) as {}:
    pass"""


def without_magics(tree: ast.Module, read: Callable[[str], ast.Module]) -> ast.Module:
    """Return a cell's code with harmless magics taken out, and with the code that some wrap.

    Any other magic stays: a test that needs it fails, rather than passes without it.

    Parameters
    ----------
    read : callable
        Parses the code that a magic wraps.
    """
    body = [meant for statement in tree.body for meant in _meant(statement, read)]
    return ast.Module(body=body, type_ignores=[])


def _meant(statement: ast.stmt, read: Callable[[str], ast.Module]) -> Iterator[ast.stmt]:
    kind, texts = _magic(statement)
    name, line, code = [*texts, "", "", ""][:3]
    if kind == "run_line_magic" and name in _SETTINGS:
        return
    if name == "timeit":
        line = _OPTIONS.sub("", line)
    if kind == "run_line_magic" and name in ("time", "timeit"):
        yield from _moved(read(line.strip()), statement.lineno - 1)
        yield from _nothing(statement) if name == "timeit" else ()
    elif kind == "run_cell_magic" and name in _REPORTS and not line.strip():
        yield from _moved(read(code), statement.lineno)
        yield from _nothing(statement) if name == "timeit" else ()
    elif name == "capture" and (caught := _CAUGHT.fullmatch(line.strip())):
        yield _capturing(caught, _moved(read(code), statement.lineno), statement)
    else:
        yield statement


def _capturing(caught: re.Match[str], body: list[ast.stmt], magic: ast.stmt) -> ast.stmt:
    """Return a statement that runs a cell's code and catches under a name what it shows."""
    options = ", ".join(f"{one}=False" for one in re.findall(r"--no-(\w+)", caught[1]))
    (capture,) = ast.parse(_CAPTURE.format(options, caught[2])).body
    assert isinstance(capture, ast.With)
    capture.body = [*body, *_nothing(magic)]
    return ast.copy_location(ast.increment_lineno(capture, magic.lineno - 1), magic)


def _nothing(statement: ast.stmt) -> list[ast.stmt]:
    """Return a statement that has no value, as %timeit has none."""
    return [ast.copy_location(ast.Pass(), statement)]


def _moved(tree: ast.Module, lines: int) -> list[ast.stmt]:
    return [ast.increment_lineno(statement, lines) for statement in tree.body]


def is_magic(statement: ast.stmt) -> bool:
    """Whether a statement is a magic or a shell command that has not been taken out."""
    return bool(_magic(statement)[0])


def _magic(statement: ast.stmt) -> tuple[str, list[Any]]:
    """Return how IPython would call a magic, and with what texts; nothing for other code."""
    match statement:
        case ast.Expr(
            ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython"), [], []), str(kind)), given, [])
        ):
            return kind, [text.value for text in given if isinstance(text, ast.Constant)]
    return "", []
