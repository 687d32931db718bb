"""The seal: in a session the modules under test are not there, only others of their names.

What stands in their place refuses to compute. As their code is in no session, neither in memory
nor in a file, there is nothing of it that a student's code could take.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import cache_from_source, find_spec
from types import ModuleType
from typing import Any, NoReturn

from grader.session.operations import refuse_operations


class ReferenceSealed(RuntimeError):
    """A student's code asked a module under test for the answer."""


class Sealed:
    """Stands for anything that a module under test holds."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, name: str) -> "Sealed":
        if name.startswith("__"):
            raise AttributeError(name)
        return Sealed(f"{self.__name__}.{name}")

    def __repr__(self) -> str:
        return f"<{self.__name__}, which is not here while answers are graded>"

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        module = self.__name__.partition(".")[0]
        raise ReferenceSealed(
            f"{module} is the reference that answers are checked against, so it does not compute "
            "while they are graded. Write the computation yourself."
        )


class SealedModule(ModuleType):
    """Stands for a module under test, or for anything that is imported as one."""

    __getattr__, __repr__, _refuse = Sealed.__getattr__, Sealed.__repr__, Sealed._refuse


for _kind in (Sealed, SealedModule):
    refuse_operations(_kind, Sealed._refuse, "array mro_entries")


def is_sealed(module: str, names: Sequence[str]) -> bool:
    """Whether a module is one of those under test, or inside one.

    Examples
    --------
    >>> is_sealed("linbias.plots", ["linbias"]), is_sealed("linbiased", ["linbias"])
    (True, False)
    """
    return any(module == name or module.startswith(f"{name}.") for name in names)


class _Finder:
    """Finds, for each name under test, a module that holds nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return how to make such a module; None where the name is not under test."""
        if is_sealed(name, self._names):
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module."""
        return SealedModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it without code."""


def seal(names: Sequence[str]) -> list[str]:
    """Put others in the place of modules that nothing has imported yet.

    Returns
    -------
    list of str
        The folders and files of the modules themselves, which must look empty.
    """
    places = [place for name in names for place in _places(name)]
    sys.meta_path.insert(0, _Finder(names))
    return places


def _places(name: str) -> list[str]:
    """Find a module without running any of it."""
    top, *parts = name.split(".")
    found = find_spec(top)
    for index, _ in enumerate(parts):
        inside = found.submodule_search_locations if found else None
        found = PathFinder.find_spec(".".join([top, *parts[: index + 1]]), inside or [])
    if found is None:
        return []
    file = str(found.origin)
    folders = list(found.submodule_search_locations or [])
    return folders or [file, *(cache_from_source(file, optimization=one) for one in ("", 1, 2))]
