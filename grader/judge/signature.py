"""The signature of a student's function, read from its text: nothing of it is ever run.

A default is read where it is a literal, or a constant of a module that everybody has; a hint where
it is made of types that are known here. Anything else is there, but a test that looks at it is
told that it cannot be read. No other text of a student's stays in a hint, as `typing` would run it.
"""

import ast
import builtins
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

from grader.session.callables import built_in
from grader.session.operations import refuse_operations

Definition = ast.FunctionDef | ast.Lambda
# What hints and defaults are made of, where the instructor does not import it.
_MODULES = frozenset(
    [
        *("abc", "collections", "collections.abc", "datetime", "decimal", "fractions", "math"),
        *("numbers", "numpy", "numpy.typing", "pandas", "pathlib", "typing"),
    ]
)
_CONSTANTS = (bool, int, float, complex, str, bytes, type(None))


class Unread(Exception):
    """A part of a signature that cannot be read here."""


class Placeholder:
    """Stands for a default or a hint that cannot be read; it answers no operation."""

    __slots__ = ("_refuse",)

    def __init__(self, refuse: Callable[[], NoReturn]) -> None:
        self._refuse = refuse

    def _refuses(self, *_: Any, **__: Any) -> NoReturn:
        self._refuse()

    def __getattr__(self, name: str) -> NoReturn:
        self._refuse()

    __class__ = property(_refuses)


refuse_operations(Placeholder, Placeholder._refuses, "bool bytes eq format hash ne repr str")


@dataclass(frozen=True)
class Known:
    """What names in a student's text stand for.

    Attributes
    ----------
    own : callable
        Returns what the instructor calls by a name, or None.
    imports : dict of str to statement
        What the student's text imports, by the name that it binds.
    """

    own: Callable[[str], Any]
    imports: Mapping[str, ast.stmt]

    def find(self, node: ast.AST) -> Any:
        """Return what a name, or an attribute of a module, stands for.

        Raises
        ------
        Unread
            When that is not known here.
        """
        if isinstance(node, ast.Attribute):
            return _attribute(self.find(node.value), node.attr)
        if not isinstance(node, ast.Name):
            raise Unread
        own = self.own(node.id)
        if own is not None:
            return own
        if node.id in self.imports:
            return _imported(self.imports[node.id])
        return _attribute(builtins, node.id)

    @property
    def hints_are_text(self) -> bool:
        """Whether the student's text asks Python to leave hints unread."""
        statement = self.imports.get("annotations")
        return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _imported(statement: ast.stmt) -> Any:
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    (alias,) = statement.names
    if isinstance(statement, ast.ImportFrom):
        return _attribute(_module(str(statement.module)), alias.name)
    return _module(alias.name if alias.asname else alias.name.partition(".")[0])


def _module(name: str) -> Any:
    return sys.modules.get(name) if name in _MODULES else None


def _attribute(module: Any, name: str) -> Any:
    if type(module) is ModuleType and name in vars(module):
        return vars(module)[name]
    raise Unread


def _is_type(thing: Any) -> bool:
    return issubclass(type(thing), type) or type(thing).__module__ in ("types", "typing")


@dataclass(frozen=True)
class Reader:
    """Reads signatures.

    Attributes
    ----------
    known : Known
        What names stand for.
    refuse : callable
        Says that a test wants what cannot be read.
    """

    known: Known
    refuse: Callable[[str], NoReturn]

    def signature(self, definition: Definition) -> Signature:
        """Return the signature of a function.

        Examples
        --------
        >>> known = Known(lambda name: None, {})
        >>> code = ast.parse("def f(x: list[int], /, *rest, y=-1, **more) -> 'float': ...").body[0]
        >>> str(Reader(known, print).signature(code))
        "(x: list[int], /, *rest, y=-1, **more) -> 'float'"
        """
        returned = self._read(self._hint, getattr(definition, "returns", None), "what it returns")
        return Signature([*self._parameters(definition.args)], return_annotation=returned)

    def _parameters(self, given: ast.arguments) -> Iterator[Parameter]:
        plain = [*given.posonlyargs, *given.args]
        without = len(plain) - len(given.defaults)
        for one, default in zip(plain, [*[None] * without, *given.defaults], strict=True):
            first = one in given.posonlyargs
            kind = Parameter.POSITIONAL_ONLY if first else Parameter.POSITIONAL_OR_KEYWORD
            yield self._parameter(one, kind, default)
        if given.vararg:
            yield self._parameter(given.vararg, Parameter.VAR_POSITIONAL)
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            yield self._parameter(one, Parameter.KEYWORD_ONLY, default)
        if given.kwarg:
            yield self._parameter(given.kwarg, Parameter.VAR_KEYWORD)

    def _parameter(self, one: ast.arg, kind: Any, default: ast.expr | None = None) -> Parameter:
        value = self._read(self._default, default, f"the default of {one.arg}")
        hint = self._read(self._hint, one.annotation, f"the type of {one.arg}")
        return Parameter(one.arg, kind, default=value, annotation=hint)

    def _read(self, read: Callable[[ast.expr], Any], node: ast.expr | None, what: str) -> Any:
        if node is None:
            return Parameter.empty
        try:
            return read(node)
        except (Unread, SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            return Placeholder(lambda: self.refuse(what))

    def _default(self, node: ast.expr) -> Any:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._default(node.operand)
        if not isinstance(node, ast.Name | ast.Attribute):
            return ast.literal_eval(node)
        value = self.known.find(node)
        if type(value) in _CONSTANTS or built_in(value):
            return value
        raise Unread

    def _hint(self, node: ast.expr) -> Any:
        if self.known.hints_are_text:
            node = ast.Constant(ast.unparse(node))
        if isinstance(node, ast.Constant) and type(node.value) is str:
            self._type(ast.parse(node.value, mode="eval").body)
            return node.value
        return self._type(node)

    def _type(self, node: ast.AST) -> Any:
        match node:
            case ast.Constant(None) | ast.Constant(builtins.Ellipsis):
                return node.value
            case ast.BinOp(left, ast.BitOr(), right):
                return self._type(left) | self._type(right)
            case ast.List(items):
                return [self._type(item) for item in items]
            case ast.Subscript(base, inner):
                return self._subscribed(self._type(base), inner)
        found = self.known.find(node)
        if _is_type(found) or type(found) in (FunctionType, BuiltinFunctionType):
            return found
        raise Unread

    def _subscribed(self, base: Any, inner: ast.expr) -> Any:
        if not _is_type(base):
            raise Unread
        read: Callable[[Any], Any] = ast.literal_eval if base is typing.Literal else self._type
        if isinstance(inner, ast.Tuple):
            return base[tuple(map(read, inner.elts))]
        return base[read(inner)]

    def names(self, definition: Definition) -> dict[str, Any]:
        """Return what the names in a function's hints stand for, as `typing` asks for it."""
        found: dict[str, Any] = {}
        for name in {node.id for node in _hinted(definition) if isinstance(node, ast.Name)}:
            try:
                found[name] = self.known.find(ast.Name(name))
            except Unread:
                continue
        return found


def _hinted(definition: Definition) -> Iterator[ast.AST]:
    """Give all nodes of a function's hints, also of those that are written as text."""
    given = definition.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    hints = [one.annotation for one in parameters if one] + [getattr(definition, "returns", None)]
    for hint in filter(None, hints):
        if isinstance(hint, ast.Constant) and type(hint.value) is str:
            yield from _parsed(hint.value)
        yield from ast.walk(hint)


def _parsed(text: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(text, mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def defaults(signature: Signature) -> tuple[Any, ...] | None:
    """Return a function's ``__defaults__``."""
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    found = [one.default for one in signature.parameters.values() if one.kind in positional]
    return tuple(one for one in found if one is not Parameter.empty) or None


def keyword_defaults(signature: Signature) -> dict[str, Any] | None:
    """Return a function's ``__kwdefaults__``."""
    parameters = signature.parameters.items()
    found = {name: one.default for name, one in parameters if one.kind == Parameter.KEYWORD_ONLY}
    return {name: one for name, one in found.items() if one is not Parameter.empty} or None


def hints(signature: Signature) -> dict[str, Any]:
    """Return a function's ``__annotations__``.

    Examples
    --------
    >>> def f(x: int, y) -> str: ...
    >>> hints(Signature.from_callable(f))
    {'x': <class 'int'>, 'return': <class 'str'>}
    """
    found = {name: one.annotation for name, one in signature.parameters.items()}
    found["return"] = signature.return_annotation
    return {name: hint for name, hint in found.items() if hint is not Parameter.empty}


def code_of(definition: Definition) -> CodeType | None:
    """Return a function's code, to be looked at; None where Python does not take it.

    Examples
    --------
    >>> code_of(ast.parse("def f(x): return sum(x)").body[0]).co_names
    ('sum',)
    """
    statement: ast.stmt
    if isinstance(definition, ast.FunctionDef):
        name, statement = definition.name, definition
    else:
        name, statement = "<lambda>", ast.copy_location(ast.Expr(definition), definition)
    try:
        whole = compile(ast.Module([statement], []), "<read>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    codes = [one for one in whole.co_consts if isinstance(one, CodeType) and one.co_name == name]
    return codes[-1] if codes else None
