"""NumPy's data as JSON forms: arrays, their scalars, and what stands on them.

A dtype is read from its short text alone: NumPy takes many a text for one, some of it as Python
code. Whatever is wrong raises ValueError or another error of Python's own, for the wire to tell.
"""

import base64
import math
import re
from typing import Any

import numpy as np

from grader.session.plain_types import Inner, Reader, Writer

MAX_DIMENSIONS = 24
MAX_FIELDS = 1000

_NUMERIC = "biufc"
_UNIT = r"(?:\[[0-9]{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
_DTYPE = re.compile(rf"[<>|][biufcUS][0-9]{{1,10}}|<[mM]8{_UNIT}|\|O")


def is_plain(kind: type) -> bool:
    """Whether values of this exact type are NumPy's own."""
    return kind is np.ndarray or (issubclass(kind, np.generic) and kind is np.dtype(kind).type)


def write_array(value: Any, inner: Inner) -> dict[str, Any]:
    """Return the form of an array, or of a NumPy scalar.

    Parameters
    ----------
    inner : callable
        Returns the form of an item.
    """
    array = np.asarray(value)
    form = "array" if type(value) is np.ndarray else "number"
    if array.dtype.names:
        return {"t": "records", "v": [form, list(array.shape), _columns(array, inner)]}
    shape = list(array.shape)
    if array.dtype.kind in "mM":  # its text is not the same in all byte orders
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return {"t": form, "dtype": _text(array), "shape": shape, "v": _content(array, inner)}


def _text(array: Any) -> str:
    is_number = array.dtype.kind in _NUMERIC
    text: str = (array.dtype.newbyteorder("<") if is_number else array.dtype).str
    return text


def _content(array: Any, inner: Inner) -> Any:
    dtype = array.dtype
    if dtype.kind == "U" and array.ndim <= 2:
        return inner(array.tolist())
    if dtype.kind == "O":
        return [inner(item) for item in array.ravel().tolist()]
    if _has_bytes(dtype):
        little = array.astype(dtype.newbyteorder("<"), copy=False)
        return base64.b64encode(little.tobytes()).decode()
    raise ValueError(f"an array of dtype {dtype} is not plain data: use numbers or text")


def _has_bytes(dtype: np.dtype[Any]) -> bool:
    if dtype.kind == "S":
        return dtype.itemsize > 0
    return dtype.kind in "mM" or (dtype.kind in _NUMERIC and dtype.itemsize <= 16)


def _columns(array: Any, inner: Inner) -> list[Any]:
    names = array.dtype.names
    packed = np.dtype([(name, array.dtype[name]) for name in names])
    # A column of arrays has more dimensions than its array.
    if array.dtype != packed or any(array[name].shape != array.shape for name in names):
        raise ValueError(f"an array of dtype {array.dtype} is not plain data")
    return [[name, inner(np.asarray(array[name]))] for name in names]


def read_array(form: dict[str, Any], inner: Inner) -> Any:
    """Return the array, or the scalar, of a form."""
    shape = _shape(form["shape"])
    if form["t"] == "number" and shape:
        raise ValueError("a number that has a shape")
    dtype = read_dtype(form["dtype"])
    readers = {"U": _read_text, "O": _read_objects}
    array = readers.get(dtype.kind, _read_bytes)(dtype, shape, form["v"], inner)
    return array if form["t"] == "array" else array[()]


def read_dtype(text: Any, inner: Inner | None = None) -> np.dtype[Any]:
    """Return the dtype of its short text."""
    if type(text) is not str or not _DTYPE.fullmatch(text):
        raise ValueError("not an array's dtype")
    return np.dtype(text)


def _shape(claimed: Any) -> tuple[int, ...]:
    if type(claimed) is not list or len(claimed) > MAX_DIMENSIONS:
        raise ValueError("not an array's shape")
    if any(type(size) is not int or size < 0 for size in claimed):
        raise ValueError("not an array's shape")
    return tuple(claimed)


def _read_text(dtype: np.dtype[Any], shape: tuple[int, ...], claimed: Any, inner: Inner) -> Any:
    array = np.array(inner(claimed))
    if array.size and array.dtype.kind != "U":
        raise ValueError("an array of text that is none")
    return array.astype(str).reshape(shape)


def _read_objects(dtype: np.dtype[Any], shape: tuple[int, ...], claimed: Any, inner: Inner) -> Any:
    if type(claimed) is not list or len(claimed) != math.prod(shape):
        raise ValueError("an array whose size is not its shape's")
    flat = np.empty(len(claimed), object)
    for place, item in enumerate(claimed):
        flat[place] = inner(item)
    return flat.reshape(shape)


def _read_bytes(dtype: np.dtype[Any], shape: tuple[int, ...], text: Any, inner: Inner) -> Any:
    data = base64.b64decode(text, validate=True)
    if not _has_bytes(dtype) or len(data) != dtype.itemsize * math.prod(shape):
        raise ValueError("an array whose size is not its shape's")
    if dtype.kind == "b" and data.strip(b"\0\1"):
        raise ValueError("a truth value that is neither true nor false")
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def read_records(claimed: Any, inner: Inner) -> Any:
    """Return the array of a form whose columns have names."""
    form, sizes, columns = claimed
    shape = _shape(sizes)
    if form not in ("array", "number") or (form == "number" and shape):
        raise ValueError("not an array's form")
    if type(columns) is not list or not 0 < len(columns) <= MAX_FIELDS:
        raise ValueError("not an array's columns")
    read = [(name, inner(column)) for name, column in columns]
    if any(type(name) is not str or not name for name, _ in read):
        raise ValueError("not a column's name")
    if any(type(column) is not np.ndarray or column.shape != shape for _, column in read):
        raise ValueError("columns of several shapes")
    array = np.empty(shape, [(name, column.dtype) for name, column in read])
    for name, column in read:
        array[name] = column
    return array if form == "array" else array[()]


def write_dtype(value: Any, inner: Inner) -> str:
    """Return a dtype's short text."""
    text: str = value.str
    if not _DTYPE.fullmatch(text) or np.dtype(text) != value:
        raise ValueError(f"the dtype {value} is not plain data")
    return text


def _write_series(value: Any, inner: Inner) -> Any:
    return [inner(value.coef), inner(value.domain), inner(value.window), value.symbol]


def _series_reader(kind: type) -> Reader:
    def read(claimed: Any, inner: Inner) -> Any:
        coefficients, domain, window, symbol = claimed
        arrays = [_coefficients(inner(part)) for part in (coefficients, domain, window)]
        if type(symbol) is not str:
            raise ValueError("not a symbol")
        return kind(*arrays, symbol=symbol)

    return read


def _coefficients(array: Any) -> Any:
    if type(array) is not np.ndarray or array.ndim != 1 or array.dtype.kind not in _NUMERIC:
        raise ValueError("not the coefficients of a polynomial")
    return array


def _read_poly1d(claimed: Any, inner: Inner) -> Any:
    coefficients, variable = claimed
    if type(variable) is not str:
        raise ValueError("not a variable")
    return np.poly1d(_coefficients(inner(coefficients)), variable=variable)


_SERIES = ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre")
_SERIES_KINDS: dict[str, Any] = {name: getattr(np.polynomial, name) for name in _SERIES}

WRITERS: dict[type, tuple[str, Writer]] = {
    **{kind: (name, _write_series) for name, kind in _SERIES_KINDS.items()},
    np.poly1d: ("poly1d", lambda value, inner: [inner(value.coeffs), value.variable]),
    **{type(np.dtype(text)): ("dtype", write_dtype) for text in "?bBhHiIlLqQefdgFDGmMOSU"},
}
READERS: dict[str, Reader] = {
    **{name: _series_reader(kind) for name, kind in _SERIES_KINDS.items()},
    "poly1d": _read_poly1d,
    "dtype": read_dtype,
    "records": read_records,
}
