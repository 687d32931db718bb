"""Python's own types of values as JSON forms, beyond those that JSON nearly has.

Only exact types are written, and what is read is rebuilt from checked parts. A part of a value is
written and read by ``inner``. Whatever is wrong raises ValueError or another error of Python's own,
for the wire to tell.
"""

import base64
import datetime as dt
import io
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath, PureWindowsPath
from typing import Any

Inner = Callable[[Any], Any]
Writer = Callable[[Any, Inner], Any]
Reader = Callable[[Any, Inner], Any]

# What is larger makes arithmetic, which a test does with it, take hours.
MAX_DIGITS = 10_000
MAX_BITS = 2**15
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:E[+-][0-9]{1,4})?|Infinity|NaN[0-9]*)")

# What can be changed in place.
FILES = (io.StringIO, io.BytesIO)
CHANGEABLE = (bytearray, deque, Counter, OrderedDict, defaultdict, *FILES)


def as_list(claimed: Any, length: int | None = None) -> list[Any]:
    """Return a form's part that has to be a list, of this length if one is given."""
    if type(claimed) is not list or (length is not None and len(claimed) != length):
        raise ValueError("a sequence without its items")
    return claimed


def _whole(claimed: Any, count: int) -> list[int]:
    numbers = as_list(claimed, count)
    if any(type(number) is not int for number in numbers):
        raise ValueError("not whole numbers")
    return numbers


def _text(claimed: Any) -> str:
    if type(claimed) is not str:
        raise ValueError("not a text")
    return claimed


def _as_written(value: Any, text: str) -> Any:
    if str(value) != text:
        raise ValueError("not as the session writes it")
    return value


# Numbers


def _write_decimal(value: Decimal, inner: Inner) -> str:
    text = str(value)
    if len(text) > MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise ValueError("this Decimal is too large, too small or a signal: it is not plain data")
    return text


def _read_decimal(claimed: Any, inner: Inner) -> Decimal:
    text = _text(claimed)
    if len(text) > MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise ValueError("not a Decimal")
    value: Decimal = _as_written(Decimal(text), text)
    return value


def _write_fraction(value: Fraction, inner: Inner) -> Any:
    parts = value.numerator, value.denominator
    if any(type(part) is not int or part.bit_length() > MAX_BITS for part in parts):
        raise ValueError("this Fraction has too many digits: it is not plain data")
    return [inner(part) for part in parts]


def _read_fraction(claimed: Any, inner: Inner) -> Fraction:
    parts = _whole([inner(part) for part in as_list(claimed, 2)], 2)
    if any(part.bit_length() > MAX_BITS for part in parts):
        raise ValueError("a Fraction of too many digits")
    value = Fraction(*parts)
    if [value.numerator, value.denominator] != parts:
        raise ValueError("a Fraction that is not in lowest terms")
    return value


def _write_bounds(value: Any, inner: Inner) -> Any:
    return [inner(part) for part in (value.start, value.stop, value.step)]


def _read_range(claimed: Any, inner: Inner) -> range:
    return range(*_whole([inner(part) for part in as_list(claimed, 3)], 3))


def _read_slice(claimed: Any, inner: Inner) -> slice:
    return slice(*[inner(part) for part in as_list(claimed, 3)])


# Dates and times

_DATE = ("year", "month", "day")
_TIME = ("hour", "minute", "second", "microsecond")
_SPAN = ("days", "seconds", "microseconds")


def _parts(value: Any, names: tuple[str, ...]) -> list[int]:
    return [getattr(value, name) for name in names]


def _write_zone(value: dt.timezone, inner: Inner) -> Any:
    return [inner(part) for part in value.__getinitargs__()]  # type: ignore[attr-defined]


def _read_zone(claimed: Any, inner: Inner) -> dt.timezone:
    offset, *name = [inner(part) for part in as_list(claimed)]
    if type(offset) is not dt.timedelta or any(type(text) is not str for text in name):
        raise ValueError("not a time zone")
    return dt.timezone(offset, *name)


def _moment(names: tuple[str, ...]) -> Writer:
    def write(value: Any, inner: Inner) -> Any:
        if type(value.tzinfo) not in (type(None), dt.timezone):
            zone = type(value.tzinfo).__name__
            raise ValueError(f"a time in a zone that is a {zone} is not plain data: use UTC")
        return [_parts(value, names), value.fold, inner(value.tzinfo)]

    return write


def _read_moment(kind: Any, count: int) -> Reader:
    def read(claimed: Any, inner: Inner) -> Any:
        parts, fold, zone = as_list(claimed, 3)
        if type(tzinfo := inner(zone)) not in (type(None), dt.timezone):
            raise ValueError("not a time zone")
        return kind(*_whole(parts, count), fold=_whole([fold], 1)[0], tzinfo=tzinfo)

    return read


def _read_span(claimed: Any, inner: Inner) -> dt.timedelta:
    parts = _whole(claimed, 3)
    value = dt.timedelta(*parts)
    if _parts(value, _SPAN) != parts:
        raise ValueError("not a timedelta's own parts")
    return value


# Containers

FACTORIES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (bool, bytes, complex, dict, float, frozenset, int, list, set, str, tuple, Counter)
}


def _write_pairs(pairs: Any, inner: Inner) -> Any:
    return [[inner(key), inner(item)] for key, item in pairs]


def _write_mapping(value: Any, inner: Inner) -> Any:
    return _write_pairs(value.items(), inner)


def _write_items(value: Any, inner: Inner) -> Any:
    return [inner(item) for item in value]


def _fill(mapping: Any, claimed: Any, inner: Inner) -> Any:
    pairs = [as_list(pair, 2) for pair in as_list(claimed)]
    for key, item in pairs:
        mapping[inner(key)] = inner(item)
    if len(mapping) != len(pairs):
        raise ValueError("a key that is there twice")
    return mapping


def _write_default(value: Any, inner: Inner) -> Any:
    factory = value.default_factory
    name = getattr(factory, "__name__", "function")
    if factory is not None and FACTORIES.get(name) is not factory:
        raise ValueError(f"a defaultdict whose default is made by {name!r} is not plain data")
    return [None if factory is None else name, _write_mapping(value, inner)]


def _read_default(claimed: Any, inner: Inner) -> Any:
    name, pairs = as_list(claimed, 2)
    factory = None if name is None else FACTORIES[_text(name)]
    return _fill(defaultdict(factory), pairs, inner)


def _write_deque(value: Any, inner: Inner) -> Any:
    return [value.maxlen, _write_items(value, inner)]


def _read_deque(claimed: Any, inner: Inner) -> Any:
    maxlen, items = as_list(claimed, 2)
    if maxlen is not None and _whole([maxlen], 1)[0] < len(as_list(items)):
        raise ValueError("a deque of more items than it can hold")
    return deque([inner(item) for item in as_list(items)], maxlen)


def _read_keys(kind: Any) -> Reader:
    def read(claimed: Any, inner: Inner) -> Any:
        items = as_list(claimed)
        mapping = kind.fromkeys(inner(item) for item in items)
        if len(mapping) != len(items):
            raise ValueError("a key that is there twice")
        return mapping.keys()

    return read


def _views(kind: Any) -> dict[type, tuple[str, Writer, Reader]]:
    name, empty = kind.__name__, kind()

    def values(claimed: Any, inner: Inner) -> Any:
        return kind(enumerate(inner(item) for item in as_list(claimed))).values()

    def items(claimed: Any, inner: Inner) -> Any:
        return _fill(kind(), claimed, inner).items()

    return {
        type(empty.keys()): (f"{name} keys", _write_items, _read_keys(kind)),
        type(empty.values()): (f"{name} values", _write_items, values),
        type(empty.items()): (f"{name} items", _write_pairs, items),
    }


# Text and bytes


def _path(kind: Any) -> tuple[str, Writer, Reader]:
    def read(claimed: Any, inner: Inner) -> Any:
        return _as_written(kind(_text(claimed)), claimed)

    return kind.__name__, lambda value, inner: str(value), read


def _write_bytes(value: bytearray, inner: Inner) -> str:
    return base64.b64encode(value).decode()


def _read_bytes(claimed: Any, inner: Inner) -> bytearray:
    return bytearray(base64.b64decode(_text(claimed), validate=True))


def _write_file(value: Any, inner: Inner) -> Any:
    return None if value.closed else [inner(value.getvalue()), value.tell()]


def _read_file(kind: Any, content: Any) -> Reader:
    def read(claimed: Any, inner: Inner) -> Any:
        file = kind()
        if claimed is None:
            file.close()
            return file
        held = inner(as_list(claimed, 2)[0])
        (place,) = _whole(claimed[1:], 1)
        if type(held) is not content or not 0 <= place <= len(held):
            raise ValueError(f"not the content of a {kind.__name__}")
        file.write(held)
        file.seek(place)
        return file

    return read


_FORMS: dict[type, tuple[str, Writer, Reader]] = {
    Decimal: ("Decimal", _write_decimal, _read_decimal),
    Fraction: ("Fraction", _write_fraction, _read_fraction),
    range: ("range", _write_bounds, _read_range),
    slice: ("slice", _write_bounds, _read_slice),
    dt.timezone: ("timezone", _write_zone, _read_zone),
    dt.date: (
        "date",
        lambda value, inner: _parts(value, _DATE),
        lambda claimed, inner: dt.date(*_whole(claimed, 3)),
    ),
    dt.time: ("time", _moment(_TIME), _read_moment(dt.time, 4)),
    dt.datetime: ("datetime", _moment(_DATE + _TIME), _read_moment(dt.datetime, 7)),
    dt.timedelta: ("timedelta", lambda value, inner: _parts(value, _SPAN), _read_span),
    Counter: ("Counter", _write_mapping, lambda claimed, inner: _fill(Counter(), claimed, inner)),
    OrderedDict: (
        "OrderedDict",
        _write_mapping,
        lambda claimed, inner: _fill(OrderedDict(), claimed, inner),
    ),
    defaultdict: ("defaultdict", _write_default, _read_default),
    deque: ("deque", _write_deque, _read_deque),
    **_views(dict),
    **_views(OrderedDict),
    bytearray: ("bytearray", _write_bytes, _read_bytes),
    io.StringIO: ("StringIO", _write_file, _read_file(io.StringIO, str)),
    io.BytesIO: ("BytesIO", _write_file, _read_file(io.BytesIO, bytes)),
    **{kind: _path(kind) for kind in (PurePosixPath, PureWindowsPath, PosixPath)},
}
WRITERS: dict[type, tuple[str, Writer]] = {
    kind: (name, write) for kind, (name, write, _) in _FORMS.items()
}
READERS: dict[str, Reader] = {name: read for name, _, read in _FORMS.values()}
