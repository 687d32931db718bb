"""The seal: while a student's function is called, the modules under test refuse to compute."""

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from types import CodeType, FunctionType, ModuleType
from typing import Any


class ReferenceSealed(RuntimeError):
    """A student's function asked the module under test for the answer."""


def import_whole(names: list[str]) -> list[ModuleType]:
    """Import modules with all their submodules, so that none needs its file later.

    A submodule that runs as a program or cannot be imported is passed over: nothing else in the
    session could import it either.
    """
    modules = []
    for name in names:
        module = importlib.import_module(name)
        modules.append(module)
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"{name}."):
            if not found.name.endswith("__main__"):
                modules.append(importlib.import_module(found.name))
    return modules


def files_of(modules: list[ModuleType]) -> list[str]:
    """Return the folders and files that the modules were read from."""
    places: set[str] = set()
    for module in modules:
        if hasattr(module, "__path__"):
            places.update(module.__path__)
        elif module.__file__:
            places.update((module.__file__, *_compiled(module.__file__)))
    return sorted(places)


def _compiled(file: str) -> list[str]:
    return [cache_from_source(file, optimization=level) for level in ("", 1, 2)]


class Seal:
    """Switches the code of every function of some modules to a refusal, and back.

    Functions are changed in place, so that a name imported earlier, a partial, a decorator or a
    method is sealed with them.

    Parameters
    ----------
    names : list of str
        The modules under test; their submodules count with them.
    """

    def __init__(self, names: list[str]) -> None:
        self._names = tuple(names)
        self._functions = [
            function for function in gc.get_objects() if self._is_under_test(function)
        ]
        self._open = [function.__code__ for function in self._functions]
        self._shut = [_refusal(function) for function in self._functions]

    def _is_under_test(self, thing: Any) -> bool:
        if type(thing) is not FunctionType:
            return False
        module = str(thing.__globals__.get("__name__"))
        return any(module == name or module.startswith(f"{name}.") for name in self._names)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep the modules sealed for the time of one call."""
        self._put(self._shut)
        try:
            yield
        finally:
            self._put(self._open)

    def _put(self, codes: list[CodeType]) -> None:
        for function, code in zip(self._functions, codes, strict=True):
            function.__code__ = code


_REFUSAL = """
def refuse(*_, **__):
    raise __import__({here!r}, fromlist=["seal"]).ReferenceSealed({text!r})
"""


def _refusal(function: FunctionType) -> CodeType:
    name = str(function.__globals__["__name__"]).partition(".")[0]
    text = (
        f"{name} is the reference that this exercise is checked against, so it does not compute "
        "while your function is checked. Write the computation yourself."
    )
    scope: dict[str, Any] = {}
    exec(_REFUSAL.format(here=__name__, text=text), scope)
    code: CodeType = scope["refuse"].__code__
    # How many free variables a function has belongs to the function and cannot change.
    return code.replace(co_freevars=function.__code__.co_freevars)
