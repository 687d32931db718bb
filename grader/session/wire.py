"""Plain data between the verdict and a student's session: JSON frames, strictly read, never pickle.

JSON's own values stand for themselves; a list is a list. Everything else is an object with a
``"t"`` that names its type, so that a tuple comes back as a tuple and an array as an array.
"""

import base64
import json
import math
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_FRAME = 32 * 2**20
MAX_DEPTH = 24
NUMERIC_KINDS = "biufc"
_DTYPE = re.compile(r"[<>|][biufcU][0-9]{1,10}")
_HEADER = struct.Struct(">I")


class WireError(Exception):
    """A value that cannot travel, or a reply that is not what the wire allows."""


class WireClosed(WireError):
    """The other side has gone."""


class WireTimeout(WireError):
    """No whole frame arrived in time."""


def encode(value: Any, depth: int = 0) -> Any:
    """Return the JSON form of a plain value.

    Only exact types travel: a subclass could lie about itself.

    Parameters
    ----------
    value : plain data
        None, bool, int, float, complex, str, bytes, list, tuple, dict, set, NumPy data, and the
        ``...`` of an answer that nobody has written yet.

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
        return [encode(item, depth + 1) for item in value]
    if kind in _ENCODERS:
        return {"t": kind.__name__, "v": _ENCODERS[kind](value, depth + 1)}
    if kind is np.ndarray or (issubclass(kind, np.generic) and kind is np.dtype(kind).type):
        return _encode_array(value)
    raise WireError(f"a {kind.__name__} is not plain data (numbers, text, lists, dicts, arrays)")


def _encode_items(items: Any, depth: int) -> list[Any]:
    return [encode(item, depth) for item in items]


_ENCODERS: dict[type, Callable[[Any, int], Any]] = {
    tuple: _encode_items,
    set: _encode_items,
    frozenset: _encode_items,
    dict: lambda value, depth: [[encode(k, depth), encode(v, depth)] for k, v in value.items()],
    bytes: lambda value, depth: base64.b64encode(value).decode(),
    complex: lambda value, depth: [value.real, value.imag],
    type(...): lambda value, depth: None,
}


def _encode_array(value: Any) -> dict[str, Any]:
    array = np.asarray(value)
    if array.dtype.kind == "U" and array.ndim <= 2:
        data: Any = encode(array.tolist())
    elif array.dtype.kind in NUMERIC_KINDS and array.dtype.itemsize <= 16:
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        data = base64.b64encode(array.tobytes()).decode()
    else:
        raise WireError(f"an array of dtype {array.dtype} is not plain data: use numbers or text")
    form = "array" if type(value) is np.ndarray else "number"
    return {"t": form, "dtype": array.dtype.str, "shape": list(array.shape), "v": data}


def decode(form: Any, depth: int = 0) -> Any:
    """Return the value of a JSON form; anything but what `encode` writes is refused.

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
        return [decode(item, depth + 1) for item in form]
    if type(form) is not dict or type(form.get("t")) is not str:
        raise WireError("a reply is not in the form that the session writes")
    decoder = _DECODERS.get(form["t"])
    if decoder is None:
        raise WireError(f"a reply claims to be a {form['t'][:40]!r}, which is not plain data")
    try:
        return decoder(form, depth + 1)
    except WireError:
        raise
    except (KeyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise WireError(f"a reply is malformed: {error}") from None


def _list(claimed: Any, length: int | None = None) -> list[Any]:
    if type(claimed) is not list or (length is not None and len(claimed) != length):
        raise WireError("a reply is malformed: a sequence without its items")
    return claimed


def _items(form: dict[str, Any], depth: int) -> list[Any]:
    return [decode(item, depth) for item in _list(form["v"])]


def _decode_dict(form: dict[str, Any], depth: int) -> dict[Any, Any]:
    pairs = [_list(pair, 2) for pair in _list(form["v"])]
    return {decode(key, depth): decode(value, depth) for key, value in pairs}


def _decode_int(form: dict[str, Any], depth: int) -> int:
    number = int(form["v"], 16)
    if hex(number) != form["v"]:
        raise WireError("a reply is malformed: not a whole number")
    return number


def _decode_array(form: dict[str, Any], depth: int) -> Any:
    # NumPy reads a dtype from many a text, some of it as Python code: only the short form counts.
    if type(form["dtype"]) is not str or not _DTYPE.fullmatch(form["dtype"]):
        raise WireError("a reply is malformed: not an array's dtype")
    shape = tuple(_list(form["shape"], 0 if form["t"] == "number" else None))
    if any(type(size) is not int or size < 0 for size in shape) or len(shape) > MAX_DEPTH:
        raise WireError("a reply is malformed: not an array's shape")
    if form["dtype"][1] == "U":
        array = np.array(decode(form["v"], depth))
        if array.size and array.dtype.kind != "U":
            raise WireError("a reply is malformed: an array of text that is none")
        array = array.astype(str).reshape(shape)
    else:
        array = _numbers(np.dtype(form["dtype"]), shape, form["v"])
    return array if form["t"] == "array" else array[()]


def _numbers(dtype: np.dtype[Any], shape: tuple[int, ...], text: Any) -> Any:
    data = base64.b64decode(text, validate=True)
    if dtype.itemsize > 16 or len(data) != dtype.itemsize * math.prod(shape):
        raise WireError("a reply is malformed: an array whose size is not its shape's")
    if dtype.kind == "b" and data.strip(b"\0\1"):
        raise WireError("a reply is malformed: a truth value that is neither true nor false")
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


_DECODERS = {
    "tuple": lambda form, depth: tuple(_items(form, depth)),
    "set": lambda form, depth: set(_items(form, depth)),
    "frozenset": lambda form, depth: frozenset(_items(form, depth)),
    "dict": _decode_dict,
    "int": _decode_int,
    "bytes": lambda form, depth: base64.b64decode(form["v"], validate=True),
    "complex": lambda form, depth: complex(*_list(form["v"], 2)),
    "ellipsis": lambda form, depth: ...,
    "array": _decode_array,
    "number": _decode_array,
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
