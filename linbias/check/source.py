"""What a student's function is made of: whether it loops, and whether it calls this package.

Its code objects are read, not its text: they are there even where no source can be had. A function
in another process, as in grading, has none, and then nothing is found.
"""

import dis
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

PACKAGE = __name__.partition(".")[0]
_LOOPS = {"FOR_ITER", "JUMP_BACKWARD", "JUMP_ABSOLUTE", "POP_JUMP_BACKWARD_IF_TRUE"}


def loops(function: Callable[..., Any]) -> str:
    """Return the name of the function that loops: this one or one that it calls; "" for none."""
    for own in _own_functions(function):
        if any(_has_loop(code) for code in _codes(own.__code__)):
            return own.__name__
    return ""


def calls_package(function: Callable[..., Any]) -> bool:
    """Whether the function, or one that it calls, takes its answer from this package."""
    return any(
        _is_package(getattr(value, "__module__", "") or "")
        or (isinstance(value, ModuleType) and _is_package(value.__name__))
        for own in _own_functions(function)
        for value in (own, *_named(own))
    ) or any(
        step.opname == "IMPORT_NAME" and _is_package(str(step.argval))
        for own in _own_functions(function)
        for code in _codes(own.__code__)
        for step in dis.get_instructions(code)
    )


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


def _has_loop(code: CodeType) -> bool:
    return any(
        step.opname in _LOOPS or step.opname.startswith("POP_JUMP_BACKWARD")
        for step in dis.get_instructions(code)
    )


def _is_package(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE
