"""Handles: what a test has of a student's class, object or generator, which stays in the session.

Each operation on a handle is a question to the session, and its answer is a claim, as a function's
result is. An object can claim more than a value: it can say yes to every comparison. So a handle
is accepted only where the official solution gave one, as the proof of the lesson has seen: there a
test can be deceived no more than with nbgrader, and everywhere else it gets plain values.
"""

import builtins
import sys
import types
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from types import BuiltinFunctionType, FunctionType
from typing import Any

from grader.session.errors import text_of
from grader.session.handles import HANDLE, LONGEST_NAME, MOST_KEPT, SPECIAL
from grader.session.wire import WireError, decode, not_plain

MOST_KINDS = 1000
MOST_BASES = 100
# No names of a class.
CLASS, FUNCTION, SWALLOWED, CHANGED = "a class", "a function", "an error", "a change"
FUNCTION_KINDS = {"function": FunctionType, "builtin_function_or_method": BuiltinFunctionType}
# What these say has to be of just this type, as Python has it.
_TYPES: dict[str, type] = {
    **{kind.__name__: kind for kind in (bool, int, float, complex, bytes, str)},
    **dict.fromkeys(("len", "hash", "index"), int),
    **dict.fromkeys(("repr", "format"), str),
    **dict.fromkeys(("contains", "exit", "instancecheck", "subclasscheck"), bool),
    "dir": list,
}


class NotAccepted(WireError):
    """The session gave an object where the official solution gave none."""


@dataclass
class Sites:
    """Where the official solution gave an object, such as ``Account()`` or ``Account.owner``.

    Attributes
    ----------
    accepted : collection of (str, str), or None
        Each site with what was seen there: the name of an object's class, "a class", or what
        `may` asks for.
        None while the official solution is graded to find them.
    seen : set of (str, str)
        The sites that were found in this notebook.
    """

    accepted: Collection[tuple[str, str]] | None = ()
    seen: set[tuple[str, str]] = field(default_factory=set)

    def kind(self, site: str, claimed: str) -> str:
        """Return what is taken for a thing's kind: that of the official solution's.

        A student may call a class as they like. A kind says what a handle's own operations may
        give, so it is not for the session to choose.

        Raises
        ------
        NotAccepted
            Where the official solution gave nothing of the sort.
        """
        if self.accepted is None:
            self.seen.add((site, claimed))
            return claimed
        known = {kind for place, kind in self.accepted if place == site}
        objects = sorted(known - {CLASS, FUNCTION, SWALLOWED, CHANGED})
        if claimed in known:
            return claimed
        if claimed == CLASS or not objects:
            raise NotAccepted(not_plain(claimed))
        return objects[0]

    def may(self, site: str, what: str) -> bool:
        """Whether the official solution does there what could deceive a test.

        Parameters
        ----------
        what : str
            `FUNCTION`: it gives a function of which a test reads an attribute. Any function could
            answer as a table or an array does, by attributes that say yes to all. `SWALLOWED`: it
            ends a with-statement in spite of an error, which could be the test's own assertion.
            `CHANGED`: an object changes a test's list that it was given and has kept.
        """
        if self.accepted is None:
            self.seen.add((site, what))
            return True
        return (site, what) in self.accepted


@dataclass(frozen=True)
class _Told:
    """What a handle knows of itself."""

    handles: "Handles"
    number: int
    site: str  # what its operations' sites begin with
    is_class: bool = False


class Kind(type):
    """The class of the handles of one class of the session's.

    So ``type(a) == type(b)`` holds where it holds in the session, and nothing that the class does
    not have can be done with its objects.
    """

    told: _Told
    names: tuple[str, ...]

    def __eq__(cls, other: object) -> bool:
        return cls is other or (is_handle(other) and number_of(other) == cls.told.number)

    __hash__ = type.__hash__

    def __getattr__(cls, name: str) -> Any:
        if "told" not in vars(cls) or name in _OF_MEMORY:  # it is no class of the session's
            raise AttributeError(name)
        return _ask(cls.told, "getattr", name)


# By these NumPy reads a place in the memory of the process that asks: it would be the judge's.
_OF_MEMORY = ("__array_interface__", "__array_struct__")
_HERE = ("__copy__", "__deepcopy__", "__reduce_ex__", "__mro_entries__")


def is_handle(thing: Any) -> bool:
    """Whether something is a handle, whatever it claims to be."""
    return type(type(thing)) is Kind


def number_of(handle: Any) -> int:
    """Return the number that the session knows a handle's thing by."""
    return _told(handle).number


def _told(handle: Any) -> _Told:
    told: _Told = object.__getattribute__(handle, "_told")
    return told


def _ask(told: _Told, operation: str, *arguments: Any, **keywords: Any) -> Any:
    if operation == "getattr":
        site = f"{told.site}.{arguments[0]}"
    else:
        site = f"{told.site}()" if operation == "call" else f"{told.site}.__{operation}__()"
    value = told.handles.use(told.number, operation, site, arguments, keywords)
    expected = _TYPES.get(operation)
    if expected and type(value) is not expected:
        told.handles.refuse(f"a reply to {operation} is no {expected.__name__}")
    return value


def _operation(name: str) -> Callable[..., Any]:
    def operate(self: Any, *arguments: Any, **keywords: Any) -> Any:
        return _ask(_told(self), name, *arguments, **keywords)

    return operate


def _leave(self: Any, kind: Any, error: Any, trace: Any) -> Any:
    if error is None:
        return _ask(_told(self), "exit")
    text = "" if isinstance(error, AssertionError) else text_of(error)  # which could be hidden
    told = _told(self)
    swallowed = _ask(told, "exit", type(error).__name__, text)
    return swallowed and told.handles.sites.may(f"{told.site}.__exit__()", SWALLOWED)


def _refusal(what: str) -> Callable[..., Any]:
    def refuse(self: Any, *_: Any) -> Any:
        _told(self).handles.refuse(
            f"The test {what}, which stays in the student's process. Tests are run outside of it."
        )

    return refuse


class Handle(metaclass=Kind):
    """Stands for one object of the session's."""

    __slots__ = ("__weakref__", "_told")

    def __getattribute__(self, name: str) -> Any:
        if name == "__class__":
            return type(self).told.handles.claimed_class(type(self))
        if name in _HERE:  # Python looks for them in the object
            return object.__getattribute__(self, name)
        if name in _OF_MEMORY:
            raise AttributeError(name)
        return _ask(_told(self), "getattr", name)

    __setattr__ = _operation("setattr")
    __delattr__ = _operation("delattr")
    __dir__ = _operation("dir")
    __copy__ = _operation("copy")
    __deepcopy__ = lambda self, memo: _ask(_told(self), "deepcopy")  # noqa: E731
    __reduce_ex__ = _refusal("pickles an object of the student's")
    __mro_entries__ = _refusal("derives a class from one of the student's")


class Handles:
    """The handles of one notebook's session.

    Parameters
    ----------
    use : callable
        Asks the session to do something: the number of a thing, the operation, the site, and the
        arguments.
    function : callable
        Returns what stands for a function: its form, a name and a site.
    own : callable
        Returns what a test has sent, from the form that it was sent in.
    refuse : callable
        Ends a test that needs what cannot be.
    known : callable
        Returns what the instructor calls by a module and a name, or None.
    """

    def __init__(
        self,
        use: Callable[[int, str, str, tuple[Any, ...], dict[str, Any]], Any],
        function: Callable[[dict[str, Any], str, str], Any],
        own: Callable[[dict[str, Any]], Any],
        refuse: Callable[[str], Any],
        known: Callable[[str, str], Any],
    ) -> None:
        self.use, self.refuse = use, refuse
        self._function, self._own, self._known = function, own, known
        self.sites = Sites()
        self._things: dict[int, Any] = {}
        self._kinds: dict[int, Kind] = {}
        self._claimed: dict[Kind, type] = {}

    def value(self, form: Any, site: str, name: str) -> Any:
        """Return what a reply carries: plain data, with functions and handles in it.

        Parameters
        ----------
        site : str
            Where the test got it.
        name : str
            What a function is called that is got there.
        """
        nested = not (type(form) is dict and form.get("t") == HANDLE)
        place = f"{site}[]" if nested else site
        return decode(form, other=lambda part: self._thing(part, place, name))

    def _thing(self, form: dict[str, Any], site: str, name: str) -> Any:
        if form["t"] != HANDLE:
            return self._own(form)
        number = form.get("v")
        if type(number) is not int or not 0 <= number < MOST_KEPT:
            raise WireError("a handle without its number")
        if form.get("is") == "function":
            return self._function(form, site, name)
        known = self._things.get(number)
        if known is None:
            known = self._made(number, form)
        told = _told(known)
        claimed = CLASS if told.is_class else type(known).__name__
        try:
            kind = self.sites.kind(site, claimed)
        except NotAccepted:
            return self._instead(known, form, site, name)
        if number not in self._things:
            site = site if told.is_class else kind
            object.__setattr__(known, "_told", replace(told, site=site))
            self._things[number] = known
        return known

    def _instead(self, handle: Any, form: dict[str, Any], site: str, name: str) -> Any:
        """Return what stands for an object where the official solution gave none.

        A named tuple, say, is taken as the tuple that it is; what can be called, as a function.

        Raises
        ------
        NotAccepted
            When it is neither.
        """
        if "plain" in form:
            return decode(form["plain"])
        kind, is_class = type(handle), _told(handle).is_class
        if not is_class and "__call__" in vars(kind):
            return self._function(form, site, name)
        raise NotAccepted(not_plain(CLASS if is_class else kind.__name__))

    def _made(self, number: int, form: dict[str, Any]) -> Any:
        kind: Any = self._kind(form.get("kind"))
        handle: Any = object.__new__(kind)
        told = _Told(self, number, "", is_class=form.get("is") == "class")
        object.__setattr__(handle, "_told", told)
        return handle

    def _kind(self, told: Any) -> Kind:
        number = told.get("v") if type(told) is dict else None
        if type(number) is not int:
            raise WireError("a handle without its class")
        if number not in self._kinds:
            if len(self._kinds) == MOST_KINDS:
                raise WireError(f"more than {MOST_KINDS} classes were asked for")
            self._kinds[number] = self._made_kind(number, told)
        return self._kinds[number]

    def _made_kind(self, number: int, told: dict[str, Any]) -> Kind:
        names, has = _texts(told.get("names")), _texts(told.get("has"))
        name = names[0].rpartition(".")[2][:LONGEST_NAME] if names else ""
        made: dict[str, Any] = {"__slots__": (), "__module__": "__main__"}
        made |= {f"__{one}__": _operation(one) for one in has if one in SPECIAL}
        if "exit" in has:
            made["__exit__"] = _leave
        made.setdefault("__hash__", None if "unhashable" in has else object.__hash__)
        made |= {"told": _Told(self, number, f"type({name})"), "names": tuple(names)}
        return Kind(name if name.isidentifier() else "object", (Handle,), made)

    def claimed_class(self, kind: Kind) -> type:
        """Return what ``isinstance`` is told: a class that is known here, or one below it."""
        if kind not in self._claimed:
            self._claimed[kind] = self._claim(kind)
        return self._claimed[kind]

    def _claim(self, kind: Kind) -> type:
        for place, name in enumerate(kind.names):
            known = self._find(name)
            if known is not None:
                return known if place == 0 else _below(known, kind)
        return kind

    def _find(self, name: str) -> type | None:
        module, _, name = name.rpartition(".")
        if module == "builtins":
            found = vars(builtins).get(name) or _TYPES_OF_PYTHON.get(name)
        else:
            standard = module.partition(".")[0] in sys.stdlib_module_names
            place = sys.modules.get(module) if standard else None
            found = vars(place).get(name) if place else self._known(module, name)
        return found if isinstance(found, type) and type(found) is not Kind else None


_TYPES_OF_PYTHON = {kind.__name__: kind for kind in vars(types).values() if isinstance(kind, type)}


def _below(known: type, kind: Kind) -> type:
    try:
        return type(kind.__name__, (known,), {})
    except Exception:  # it has no subclasses, or wants more of them
        return kind


def _texts(claimed: Any) -> list[str]:
    if type(claimed) is not list or len(claimed) > MOST_BASES:
        raise WireError("a class without its names")
    if any(type(text) is not str for text in claimed):
        raise WireError("a class without its names")
    return claimed
