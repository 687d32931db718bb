"""What a student's function is made of: whether it loops, and whether it calls this package.

Its code objects are read, not its text: they are there even where no source can be had. What stands
for a function in another process, as in grading, has no such code; then its text is read for loops,
where Python's `inspect` finds it.
"""

import ast
import dis
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

PACKAGE = __name__.partition(".")[0]
_FOLDER = Path(__file__).parents[1]
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, *_COMPREHENSIONS)


def loops(function: Callable[..., Any]) -> str:
    """Return the name of the function that loops: this one or one that it calls; "" for none."""
    if type(function) is not FunctionType:
        return _loops_in_text(function)
    for own in _own_functions(function):
        if any(_has_loop(code) for code in _codes(own.__code__)):
            return own.__name__
    return ""


def _loops_in_text(function: Callable[..., Any]) -> str:
    """Return what `loops` does, from the text of the file that binds the function."""
    bound, ahead, seen = _bound_in_file(function), [function.__name__], set[str]()
    while ahead:
        name = ahead.pop()
        if name in seen or name not in bound:
            continue
        seen.add(name)
        nodes = list(ast.walk(bound[name]))
        if any(isinstance(node, _LOOPS) for node in nodes):
            return name
        ahead += [node.id for node in nodes if isinstance(node, ast.Name)]
    return ""


def _bound_in_file(function: Callable[..., Any]) -> dict[str, ast.AST]:
    """Return what each name of the function's file stands for last; nothing without the file."""
    code = getattr(function, "__code__", None)
    if not inspect.iscode(code):
        return {}
    try:
        nodes = ast.walk(ast.parse("".join(inspect.findsource(code)[0])))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    bound: dict[str, ast.AST] = {}
    binding = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.Assign)]
    for node in sorted(binding, key=lambda node: node.lineno):
        bound |= dict.fromkeys(_names_of(node), node)
    return bound


def _names_of(node: ast.FunctionDef | ast.Assign) -> list[str]:
    """Return the names that a definition or an assignment binds."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    inside = (one for target in node.targets for one in ast.walk(target))
    return [one.id for one in inside if isinstance(one, ast.Name)]


def calls_package(function: Callable[..., Any]) -> bool:
    """Whether the function, or one that it calls, takes its answer from this package."""
    own = _own_functions(function)
    named = [value for one in own for value in (one, *_named(one))]
    steps = [step for one in own for code in _codes(one.__code__) for step in _steps(code)]
    return any(map(_is_ours, named)) or any(
        step.opname == "IMPORT_NAME" and _is_package(str(step.argval)) for step in steps
    )


def _is_ours(value: Any) -> bool:
    """Whether a value is this package, a module of it, or a function written in one."""
    if type(value) is FunctionType:
        return Path(value.__code__.co_filename).is_relative_to(_FOLDER)
    return isinstance(value, ModuleType) and _is_package(value.__name__)


def _own_functions(function: Callable[..., Any]) -> list[FunctionType]:
    """Return the function and all that it calls by name in the same notebook, itself first."""
    found: list[FunctionType] = []
    ahead: list[Any] = [function]
    while ahead:
        one = ahead.pop()
        if type(one) is FunctionType and one not in found:
            found.append(one)
            ahead += [other for other in _named(one) if _shares_globals(other, one)]
    return found


def _shares_globals(other: Any, one: FunctionType) -> bool:
    return type(other) is FunctionType and other.__globals__ is one.__globals__


def _named(function: FunctionType) -> list[Any]:
    """Return the global values that the function's code names."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    return [function.__globals__[name] for name in sorted(names & function.__globals__.keys())]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Return a code object and those inside it: functions within it, comprehensions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _steps(code: CodeType) -> list[dis.Instruction]:
    return list(dis.get_instructions(code))


def _has_loop(code: CodeType) -> bool:
    # Each Python has its own name for the jump back that ends a turn.
    return any(
        step.opname == "FOR_ITER" or step.opname.startswith(("JUMP_BACKWARD", "POP_JUMP_BACKWARD"))
        for step in _steps(code)
    )


def _is_package(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE
