"""Things that stay in the session while a test uses them: a number stands for each.

A student's class, its objects, a generator or a model of a library are no plain data. A test gets
a handle, and each operation on it is a message: read an attribute, call, add, ask for the next.
"""

import copy
import math
import operator
from collections.abc import Callable
from types import BuiltinFunctionType, MethodType, ModuleType
from typing import Any

from grader.session.blocked_modules import Sealed
from grader.session.errors import made_again
from grader.session.wire import WireError, refuse

HANDLE = "handle"
MOST_KEPT = 100_000
LONGEST_NAME = 80

Operation = Callable[..., Any]

_ARITHMETIC: dict[str, Operation] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "matmul": operator.matmul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "divmod": divmod,
    "pow": pow,
    "lshift": operator.lshift,
    "rshift": operator.rshift,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
}


def _reflected(operation: Operation) -> Operation:
    return lambda one, other: operation(other, one)


def _exit(manager: Any, *told: str) -> bool:
    """Leave a with-statement, with the error in it that is told by its kind and text."""
    error = made_again(*told) if told else None
    return bool(type(manager).__exit__(manager, type(error) if error else None, error, None))


# What Python does with an object because its class says how: len(x) where it has __len__.
SPECIAL: dict[str, Operation] = {
    **_ARITHMETIC,
    **{f"r{name}": _reflected(operation) for name, operation in _ARITHMETIC.items()},
    **{f"i{name}": getattr(operator, f"i{name}") for name in _ARITHMETIC if name != "divmod"},
    **{name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    **{name: getattr(operator, name) for name in ("neg", "pos", "abs", "invert", "index")},
    **{name: getattr(operator, name) for name in ("contains", "getitem", "setitem", "delitem")},
    **{name: getattr(math, name) for name in ("floor", "ceil", "trunc")},
    **{kind.__name__: kind for kind in (bool, int, float, complex, bytes, str)},
    **{one.__name__: one for one in (len, repr, hash, iter, next, reversed, round, format)},
    "call": lambda thing, *arguments, **keywords: thing(*arguments, **keywords),
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": _exit,
    "instancecheck": lambda kind, thing: isinstance(thing, kind),
    "subclasscheck": lambda kind, thing: issubclass(thing, kind),
}
# What can be done with every object.
OPERATIONS: dict[str, Operation] = {
    **SPECIAL,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "dir": dir,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


class Kept:
    """The things of one session that tests have handles for, the same number for the same thing."""

    def __init__(self) -> None:
        self._things: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._told: dict[int, dict[str, Any]] = {}

    def __getitem__(self, number: int) -> Any:
        return self._things[number]

    def number(self, thing: Any) -> int:
        """Return the number of a thing, which is kept from now on."""
        if id(thing) not in self._numbers:
            if len(self._things) == MOST_KEPT:
                raise WireError(f"more than {MOST_KEPT} objects were asked for")
            self._things.append(thing)
            self._numbers[id(thing)] = len(self._things) - 1
        return self._numbers[id(thing)]

    def form(self, thing: Any) -> dict[str, Any]:
        """Return the form of a handle.

        Raises
        ------
        WireError
            When it is a module, or one that is under test.
        """
        kind = type(thing)
        if issubclass(kind, ModuleType | Sealed):
            refuse(thing)
        what = "class" if issubclass(kind, type) else "object"
        return {"t": HANDLE, "v": self.number(thing), "is": what, "kind": self._kind(kind)}

    def _kind(self, kind: type) -> dict[str, Any]:
        number = self.number(kind)
        if number not in self._told:
            self._told[number] = {"v": number, "names": names_of(kind), "has": special_names(kind)}
        return self._told[number]


def names_of(kind: type) -> list[str]:
    """Return the names of a class and its bases, but for ``object``, as ``module.name``.

    Examples
    --------
    >>> names_of(bool)
    ['builtins.bool', 'builtins.int']
    """
    # An honest session tells the truth; a class that lies about its name only misleads itself.
    bases = kind.__mro__[:-1] or (kind,)
    return [f"{base.__module__}.{base.__qualname__}" for base in bases]


def special_names(kind: type) -> list[str]:
    """Return what a class says how to do, beyond what every object can.

    An object that may not be hashed has the name "unhashable".

    Examples
    --------
    >>> special_names(type(iter([]))), "unhashable" in special_names(list)
    (['iter', 'next'], True)
    """
    found = {name: _said(kind, f"__{name}__") for name in SPECIAL}
    names = [name for name, how in found.items() if how is not None]
    return names if _said(kind, "__hash__", None) is not None else [*names, "unhashable"]


def _said(kind: type, name: str, usual: Any = object) -> Any:
    """Return how a class does something; None where it does it as every object does."""
    how = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
    return None if usual is object and how is vars(object).get(name) else how


def is_own_method(value: Any, thing: Any) -> bool:
    """Whether an attribute of a thing is its own method, which goes by the thing and a name."""
    bound = type(value) in (MethodType, BuiltinFunctionType)
    return bound and getattr(value, "__self__", None) is thing
