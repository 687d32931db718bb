"""What a student's function is made of: whether it loops, and whether it calls this package.

Its code objects are read, not its text: they are there even where no source can be had. A function
in another process, as in grading, has none, and then nothing is found.
"""

import dis
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

PACKAGE = __name__.partition(".")[0]
_FOLDER = Path(__file__).parents[1]


def loops(function: Callable[..., Any]) -> str:
    """Return the name of the function that loops: this one or one that it calls; "" for none."""
    for own in _own_functions(function):
        if any(_has_loop(code) for code in _codes(own.__code__)):
            return own.__name__
    return ""


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
