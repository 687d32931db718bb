"""Proxies: what a test sees of a student's notebook; the real thing stays in the session."""

import sys
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from grader.judge.handles import FUNCTION, FUNCTION_KINDS
from grader.judge.signature import Definition, Known, Reader, defaults, hints, keyword_defaults
from grader.judge.student_text import ProxyCode
from grader.session.operations import refuse_operations

if TYPE_CHECKING:
    from grader.judge.remote import Remote

_CELL = "<cell "


def file_of(cell: str) -> str:
    """Return the file name that a cell's code is compiled with, to be known in tracebacks."""
    return f"{_CELL}{cell}>"


def is_cell(file: str) -> bool:
    """Whether some code is that of an instructor's cell."""
    return file.startswith(_CELL)


class ProxyObject:
    """Stands for what is neither plain data nor a function; whoever uses it is told so.

    It answers nothing, not even what it is an instance of: a wrong ``False`` would fail a test
    with the instructor's own words.
    """

    __slots__ = ("_remote", "_what")

    def __init__(self, remote: "Remote", name: str, what: str) -> None:
        self._remote = remote
        self._what = (
            f"'{name}' is {what}. Tests are run outside the student's process and can call "
            "functions and read plain values, but not use such an object."
        )
        # ``type(x) is list`` and ``x is y`` cannot be refused.
        remote.doubt = remote.doubt or self._what

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        self._remote.give_up(self._what)

    def __getattr__(self, name: str) -> NoReturn:
        self._remote.give_up(self._what)

    __class__ = property(_refuse)


_OTHERS = """
    aenter aexit aiter anext array await bool bytes ceil complex copy deepcopy dir divmod eq exit
    floor format fspath hash instancecheck length_hint lshift ne rdivmod reduce_ex repr rlshift
    round rrshift rshift str subclasscheck trunc
"""
refuse_operations(ProxyObject, ProxyObject._refuse, _OTHERS)

# A function's own code and signature, which other code reads of it.
_OF_CODE = """
    __builtins__ __closure__ __code__ __defaults__ __func__ __globals__ __kwdefaults__ __self__
    __signature__ __text_signature__
"""
# What no function has that is plainly defined.
_OF_METHODS = ("__func__", "__self__", "__text_signature__")
# What the function's text says of it.
_OF_SIGNATURE: dict[str, Callable[[Any], Any]] = {
    "__signature__": lambda signature: signature,
    "__defaults__": defaults,
    "__kwdefaults__": keyword_defaults,
    "__annotations__": hints,
}


class ProxyFunction:
    """Calls the student's function in the session: plain arguments there, plain values back.

    Parameters
    ----------
    told : dict
        What the session says of it: its ``doc`` and its ``type``.
    key : str, int or list
        What the session knows it by: its name, its number where a student's function has returned
        it, or the number of an object and the name of its method.
    site : str
        Where the test got it.
    """

    def __init__(
        self,
        remote: "Remote",
        name: str,
        told: dict[str, Any],
        write_back: bool,
        *,
        key: Any,
        site: str,
    ) -> None:
        self._remote, self._may_write_back = remote, write_back
        self.key, self._site = key, site
        self._kind, self._line = str(told.get("type")), told.get("line")
        self._is_class = told.get("is") == "class"
        # The name that the test knows it by: a check may choose by it what to compare with.
        self.__name__ = self.__qualname__ = name
        self.__module__ = "__main__"
        self.__doc__ = doc if type(doc := told.get("doc")) is str else None

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What ``isinstance`` asks for."""
        kind = FUNCTION_KINDS.get(self._kind)
        return kind or self._refuse("its kind")

    def __getattr__(self, name: str) -> Any:
        definition = self._definition()
        if name == "__code__" and type(self.key) is str:
            line = self._remote.text.line_of(self.key, self._line)
            if line:
                return ProxyCode(self.__name__, line, self._refuse, definition)
        if definition:
            reader = Reader(Known(self._remote.own, self._remote.text.imports), self._refuse)
            if name in _OF_SIGNATURE:
                return _OF_SIGNATURE[name](reader.signature(definition))
            if name == "__globals__" and sys._getframe(1).f_globals is vars(typing):
                return reader.names(definition)
            if name in _OF_METHODS:
                raise AttributeError(f"'function' object has no attribute '{name}'")
        if name in _OF_CODE.split() or (self._is_class and not name.startswith("_")):
            self._refuse(f"its {name}")
        if not name.startswith("_") and self._remote.handles.sites.may(self._site, FUNCTION):
            site = f"{self._site}.{name}"
            return self._remote.use(self.key, "getattr", site, (name,), {}, name=site)
        # Python's own modules ask for other names of any object, and do without them.
        if name.startswith("_") and is_cell(sys._getframe(1).f_code.co_filename):
            self._remote.doubt = self._remote.doubt or self._why(f"its {name}")
        raise AttributeError(f"'function' object has no attribute '{name}'")

    def _definition(self) -> Definition | None:
        """Return the text that defines it, where it is known that it does."""
        if self._kind != "function" or type(self.key) is not str:
            return None
        return self._remote.text.definition_of(self.key)

    def _refuse(self, what: str) -> NoReturn:
        self._remote.give_up(self._why(what))

    def _why(self, what: str) -> str:
        return (
            f"Of '{self.__name__}' a test wants {what}, which only the student's process has. "
            "Tests are run outside of it: they can call functions and read their text."
        )

    def __copy__(self) -> "ProxyFunction":
        return self

    def __deepcopy__(self, memo: Any) -> "ProxyFunction":
        return self

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it; raises what the student's function raised."""
        return self._remote.use(
            self.key,
            "call",
            f"{self._site}()",
            arguments,
            keywords,
            write_back=self._may_write_back,
            name=self.__name__,
        )


# What Python says of a wrong use, such as adding to it, it says of a function.
ProxyFunction.__name__ = ProxyFunction.__qualname__ = "function"


def is_students(error: BaseException) -> bool:
    """Whether a student's function raised an error."""
    return getattr(error, "of_student", False) is True
