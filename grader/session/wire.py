"""Plain data between the verdict and a student's session: JSON frames, strictly read, never pickle.

JSON's own values stand for themselves; a list is a list. Everything else is an object with a
``"t"`` that names its type, so that a tuple comes back as a tuple and an array as an array.
"""

import base64
import json
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, NoReturn

from grader.session import arrays, frames, plain_types
from grader.session.plain_types import Inner, Reader, Writer, as_list

MAX_FRAME = 32 * 2**20
MAX_DEPTH = 24
_HEADER = struct.Struct(">I")


class WireError(Exception):
    """A value that cannot travel, or a reply that is not what the wire allows."""


class WireClosed(WireError):
    """The other side has gone."""


class WireTimeout(WireError):
    """No whole frame arrived in time."""


Other = Callable[[Any], Any]


def encode(value: Any, depth: int = 0, other: Other | None = None) -> Any:
    """Return the JSON form of a plain value.

    Only exact types travel: a subclass could lie about itself.

    Parameters
    ----------
    value : plain data
        None, bool, int, float, complex, str, bytes, list, tuple, dict, set, NumPy data, the ``...``
        of an answer that nobody has written yet, and what `plain_types` and `frames` know.
    other : callable, optional
        Returns the form of what is not plain, at any depth, or raises WireError.

    Raises
    ------
    WireError
        When the value, or something in it, is not plain; the text names the type.

    Examples
    --------
    >>> encode((1, 2.5))
    {'t': 'tuple', 'v': [1, 2.5]}
    """
    if depth > MAX_DEPTH:
        raise WireError(f"the value is nested deeper than {MAX_DEPTH} levels")
    kind = type(value)
    if value is None or kind in (bool, str, float):
        return value
    if kind is int:
        return value if abs(value) < 2**63 else {"t": "int", "v": hex(value)}
    if kind is list:
        return [encode(item, depth + 1, other) for item in value]

    def inner(item: Any) -> Any:
        return encode(item, depth + 1, other)

    if kind in _ENCODERS:
        return {"t": kind.__name__, "v": _ENCODERS[kind](value, inner)}
    form = _written(value, inner)
    if form is not None:
        return form
    return other(value) if other else refuse(value)


def refuse(value: Any) -> NoReturn:
    """Say that a value is not plain."""
    raise WireError(not_plain(type(value).__name__))


def not_plain(kind: str) -> str:
    """Return in words what is wrong with a value of this type.

    Examples
    --------
    >>> not_plain("Point")
    'a Point is not plain data (numbers, text, lists, dicts, arrays)'
    """
    return f"a {kind} is not plain data (numbers, text, lists, dicts, arrays)"


def _encode_items(items: Any, inner: Inner) -> list[Any]:
    return [inner(item) for item in items]


_ENCODERS: dict[type, Writer] = {
    tuple: _encode_items,
    set: _encode_items,
    frozenset: _encode_items,
    dict: lambda value, inner: [[inner(key), inner(item)] for key, item in value.items()],
    bytes: lambda value, inner: base64.b64encode(value).decode(),
    complex: lambda value, inner: [value.real, value.imag],
    type(...): lambda value, inner: None,
}


def _written(value: Any, inner: Inner) -> dict[str, Any] | None:
    kind = type(value)
    name, write = (
        plain_types.WRITERS.get(kind)
        or arrays.WRITERS.get(kind)
        or frames.writer(kind)
        or ("", None)
    )
    try:
        if write:
            return {"t": name, "v": write(value, inner)}
        return arrays.write_array(value, inner) if arrays.is_plain(kind) else None
    except ValueError as error:
        raise WireError(str(error)) from None


def decode(form: Any, depth: int = 0, other: Other | None = None) -> Any:
    """Return the value of a JSON form; anything but what `encode` writes is refused.

    Parameters
    ----------
    other : callable, optional
        Returns the value of a form that is not one of plain data, at any depth.

    Examples
    --------
    >>> decode({"t": "tuple", "v": [1, 2.5]})
    (1, 2.5)
    """
    if depth > MAX_DEPTH:
        raise WireError(f"a reply is nested deeper than {MAX_DEPTH} levels")
    if form is None or type(form) in (bool, int, float, str):
        return form
    if type(form) is list:
        return [decode(item, depth + 1, other) for item in form]
    if type(form) is not dict or type(form.get("t")) is not str:
        raise WireError("a reply is not in the form that the session writes")
    read = _DECODERS.get(form["t"])
    try:
        if read:
            return read(form, lambda item: decode(item, depth + 1, other))
        if other:
            return other(form)
    except WireError:
        raise
    except Exception as error:  # of Python, of NumPy or of pandas
        raise WireError(f"a reply is malformed: {error}") from None
    raise WireError(f"a reply claims to be a {form['t'][:40]!r}, which is not plain data")


def _items(form: dict[str, Any], inner: Inner) -> list[Any]:
    return [inner(item) for item in as_list(form["v"])]


def _decode_dict(form: dict[str, Any], inner: Inner) -> dict[Any, Any]:
    pairs = [as_list(pair, 2) for pair in as_list(form["v"])]
    return {inner(key): inner(value) for key, value in pairs}


def _decode_int(form: dict[str, Any], inner: Inner) -> int:
    number = int(form["v"], 16)
    if hex(number) != form["v"]:
        raise WireError("a reply is malformed: not a whole number")
    return number


def _reader(read: Reader) -> Reader:
    return lambda form, inner: read(form["v"], inner)


_DECODERS: dict[str, Reader] = {
    "tuple": lambda form, inner: tuple(_items(form, inner)),
    "set": lambda form, inner: set(_items(form, inner)),
    "frozenset": lambda form, inner: frozenset(_items(form, inner)),
    "dict": _decode_dict,
    "int": _decode_int,
    "bytes": lambda form, inner: base64.b64decode(form["v"], validate=True),
    "complex": lambda form, inner: complex(*as_list(form["v"], 2)),
    "ellipsis": lambda form, inner: ...,
    "array": arrays.read_array,
    "number": arrays.read_array,
    **{
        name: _reader(read)
        for readers in (plain_types.READERS, arrays.READERS, frames.READERS)
        for name, read in readers.items()
    },
}


class Channel:
    """Frames of JSON over a connected stream socket."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._data = bytearray()  # of a message that has not arrived in full

    def send(self, message: dict[str, Any], seconds: float | None = None) -> None:
        """Send one message, within `seconds`; raise WireClosed when the other side has gone."""
        data = json.dumps(message).encode()
        if len(data) > MAX_FRAME:
            raise WireError(f"a message of {len(data)} bytes is larger than {MAX_FRAME}")
        try:
            self.socket.settimeout(seconds)
            self.socket.sendall(_HEADER.pack(len(data)) + data)
        except TimeoutError:
            raise WireTimeout("the other side does not read") from None
        except OSError:
            raise WireClosed("the other side has gone") from None

    def receive(self, seconds: float | None = None) -> dict[str, Any]:
        """Return the next message, within `seconds`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        self._await(_HEADER.size, deadline)
        (length,) = _HEADER.unpack_from(self._data)
        if length > MAX_FRAME:
            raise WireError(f"a reply of {length} bytes is larger than {MAX_FRAME}")
        self._await(_HEADER.size + length, deadline)
        frame, self._data = self._data[_HEADER.size :], bytearray()
        try:
            message = json.loads(frame)
        except (ValueError, RecursionError):
            raise WireError("a reply is not JSON") from None
        if type(message) is not dict:
            raise WireError("a reply is not in the form that the session writes")
        return message

    def _await(self, count: int, deadline: float | None) -> None:
        """Read until a message's first `count` bytes are there; what has arrived is kept."""
        while (missing := count - len(self._data)) > 0:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise WireTimeout("no reply in time")
            self.socket.settimeout(left)
            try:
                chunk = self.socket.recv(min(missing, 2**20))
            except TimeoutError:
                raise WireTimeout("no reply in time") from None
            except OSError:
                chunk = b""
            if not chunk:
                raise WireClosed("the other side has gone")
            self._data += chunk
