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
        self._files: set[str] = set()
        self._functions: list[FunctionType] = []
        self._open: list[CodeType] = []
        self._shut: list[CodeType] = []
        self.look_again()
        self._files = {code.co_filename for code in self._open}

    def look_again(self) -> None:
        """Find functions under test that were made since, such as one that a module's returned.

        It is quick: what the warm process had is frozen, and not looked at again.
        """
        known = set(map(id, self._functions))
        for thing in gc.get_objects():
            if id(thing) not in known and self._is_under_test(thing):
                self._functions.append(thing)
                self._open.append(thing.__code__)
                self._shut.append(_refusal(thing, self._names))

    def _is_under_test(self, thing: Any) -> bool:
        if type(thing) is not FunctionType:
            return False
        return thing.__code__.co_filename in self._files or _is_of(thing, self._names)

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


def _is_of(function: FunctionType, names: tuple[str, ...]) -> bool:
    module = str(function.__globals__.get("__name__"))
    return any(module == name or module.startswith(f"{name}.") for name in names)


def _refusal(function: FunctionType, names: tuple[str, ...]) -> CodeType:
    text = (
        f"{' or '.join(names)} is the reference that this exercise is checked against, so it does "
        "not compute while your function is checked. Write the computation yourself."
    )
    scope: dict[str, Any] = {}
    exec(_REFUSAL.format(here=__name__, text=text), scope)
    code: CodeType = scope["refuse"].__code__
    # How many free variables a function has belongs to the function and cannot change.
    return code.replace(co_freevars=function.__code__.co_freevars)
