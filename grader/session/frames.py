"""The tables of pandas as JSON forms: columns as arrays, rebuilt by pandas' own constructors.

pandas is imported when a table arrives, and nothing is written where nobody has imported it.
Whatever is wrong raises ValueError or another error, for the wire to tell.
"""

import datetime as dt
import importlib
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from grader.session.plain_types import Inner, Reader, Writer, as_list

MAX_COLUMNS = 10_000
MAX_LEVELS = 100
MAX_LENGTH = 2**25  # of a RangeIndex, which needs no room until somebody looks at its numbers
_FREQUENCY = re.compile(r"-?[0-9]{0,6}[A-Za-z]{1,8}(?:-[A-Z]{3})?")
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")
_NUMPY_KINDS = "biufcmMO"
_UNITS = ("s", "ms", "us", "ns")


def _pandas() -> Any:
    return importlib.import_module("pandas")


def is_table(value: Any) -> bool:
    """Whether a value is a table or a column that can be changed in place."""
    kind = type(value)
    return _is_of_pandas(kind) and kind in (_pandas().DataFrame, _pandas().Series)


def _is_of_pandas(kind: type) -> bool:
    return "pandas" in sys.modules and str(kind.__module__).partition(".")[0] == "pandas"


def writer(kind: type) -> tuple[str, Writer] | None:
    """Return the name of an exact type of pandas and what writes it, or None."""
    return _writers().get(kind) if _is_of_pandas(kind) else None


@cache
def _writers() -> dict[type, tuple[str, Writer]]:
    pandas = _pandas()
    kinds = "Index DatetimeIndex TimedeltaIndex CategoricalIndex IntervalIndex"
    return {
        pandas.DataFrame: ("DataFrame", _write_frame),
        pandas.Series: ("Series", _write_series),
        pandas.RangeIndex: ("RangeIndex", _write_range),
        pandas.MultiIndex: ("MultiIndex", _write_multi),
        pandas.Categorical: ("Categorical", _write_values),
        pandas.Interval: ("Interval", _write_interval),
        pandas.Timestamp: ("Timestamp", _write_timestamp),
        pandas.Timedelta: ("Timedelta", _write_timedelta),
        type(pandas.NaT): ("NaT", _nothing),
        type(pandas.NA): ("NA", _nothing),
        **{getattr(pandas, name): ("Index", _write_index) for name in kinds.split()},
    }


def _nothing(value: Any, inner: Inner) -> None:
    return None


def _array(claimed: Any) -> Any:
    """Return a one-dimensional array of a kind that pandas keeps as it is."""
    is_array = type(claimed) is np.ndarray and claimed.ndim == 1
    if not is_array or claimed.dtype.kind not in _NUMPY_KINDS:
        raise ValueError("not a column's values")
    if claimed.dtype.kind in "mM" and np.datetime_data(claimed.dtype)[0] not in _UNITS:
        raise ValueError("times in a unit that pandas does not have")
    return claimed


# Columns: the values of an index or a Series


def _write_values(values: Any, inner: Inner) -> Any:
    """Return the form of an array of pandas: NumPy's, or a kind with its parts."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype) or type(values) is _pandas().arrays.NumpyExtensionArray:
        return ["numpy", inner(_array(np.asarray(values)))]
    write = _COLUMN_WRITERS.get(type(dtype).__name__)
    if write is None or not _is_of_pandas(type(dtype)):
        raise ValueError(f"a column of dtype {dtype} is not plain data")
    return write(values, inner)


def _write_categories(values: Any, inner: Inner) -> Any:
    codes, categories = np.asarray(values.codes), inner(values.categories)
    return ["category", inner(codes), categories, bool(values.ordered)]


def _write_text(values: Any, inner: Inner) -> Any:
    missing = values.isna()
    texts = [None if gone else str(text) for text, gone in zip(values, missing, strict=True)]
    is_na = values.dtype.na_value is _pandas().NA
    return ["text", values.dtype.storage, is_na, inner(texts)]


def _write_masked(values: Any, inner: Inner) -> Any:
    kind = values.dtype.numpy_dtype
    numbers = values.to_numpy(dtype=kind, na_value=kind.type(0))
    return ["masked", inner(numbers), inner(np.asarray(values.isna()))]


def _write_zoned(values: Any, inner: Inner) -> Any:
    moments = np.asarray(values.tz_convert(None), dtype=f"M8[{values.dtype.unit}]")
    return ["zoned", inner(moments), _zone_form(values.dtype.tz, inner)]


def _write_intervals(values: Any, inner: Inner) -> Any:
    return ["interval", inner(values.left), inner(values.right), values.closed]


_MASKED = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
_COLUMN_WRITERS: dict[str, Writer] = {
    "CategoricalDtype": _write_categories,
    "StringDtype": _write_text,
    "DatetimeTZDtype": _write_zoned,
    "IntervalDtype": _write_intervals,
    **{f"{name}Dtype": _write_masked for name in (*_MASKED, "Float32", "Float64", "Boolean")},
}


def _read_values(claimed: Any, inner: Inner) -> Any:
    if type(claimed) is not list or not claimed or type(claimed[0]) is not str:
        raise ValueError("not a column's values")
    kind, *parts = claimed
    return _COLUMN_READERS[kind](parts, inner)


def _read_categories(parts: list[Any], inner: Inner) -> Any:
    codes, categories, ordered = as_list(parts, 3)
    kept, codes = _index(inner(categories)), _array(inner(codes))
    if type(ordered) is not bool or codes.dtype.kind != "i":
        raise ValueError("not the codes of a Categorical")
    return _pandas().Categorical.from_codes(codes, categories=kept, ordered=ordered)


def _read_text(parts: list[Any], inner: Inner) -> Any:
    storage, is_na, texts = as_list(parts, 3)
    texts = inner(texts)
    if type(texts) is not list or any(type(text) not in (str, type(None)) for text in texts):
        raise ValueError("not a column of text")
    if storage not in ("python", "pyarrow") or type(is_na) is not bool:
        raise ValueError("not a dtype of text")
    pandas = _pandas()
    options = {} if is_na else {"na_value": np.nan}
    return pandas.array(texts, dtype=pandas.StringDtype(storage, **options))


def _read_masked(parts: list[Any], inner: Inner) -> Any:
    numbers, mask = (_array(inner(part)) for part in as_list(parts, 2))
    arrays = _pandas().arrays
    kinds = {
        "b": arrays.BooleanArray,
        "i": arrays.IntegerArray,
        "u": arrays.IntegerArray,
        "f": arrays.FloatingArray,
    }
    if mask.dtype.kind != "b" or mask.shape != numbers.shape or numbers.dtype.itemsize > 8:
        raise ValueError("not a column of numbers with gaps")
    return kinds[numbers.dtype.kind](numbers, mask)


def _read_zoned(parts: list[Any], inner: Inner) -> Any:
    moments, zone = as_list(parts, 2)
    moments = _array(inner(moments))
    if moments.dtype.kind != "M":
        raise ValueError("not a column of times")
    index = _pandas().DatetimeIndex(moments).tz_localize("UTC")
    return index.tz_convert(_zone(zone, inner)).array


def _read_intervals(parts: list[Any], inner: Inner) -> Any:
    left, right, closed = as_list(parts, 3)
    ends = [_index(inner(end)) for end in (left, right)]
    if closed not in ("left", "right", "both", "neither"):
        raise ValueError("not a kind of interval")
    return _pandas().arrays.IntervalArray.from_arrays(*ends, closed=closed)


_COLUMN_READERS: dict[str, Callable[[list[Any], Inner], Any]] = {
    "numpy": lambda parts, inner: _array(inner(*as_list(parts, 1))),
    "category": _read_categories,
    "text": _read_text,
    "masked": _read_masked,
    "zoned": _read_zoned,
    "interval": _read_intervals,
}


def _zone_form(zone: Any, inner: Inner) -> Any:
    if type(zone) is dt.timezone:
        return [inner(zone)]
    name = zone.key if type(zone) is ZoneInfo else None
    if type(name) is not str or not _ZONE.fullmatch(name):
        raise ValueError(f"times in the zone {zone} are not plain data")
    return name


def _zone(claimed: Any, inner: Inner) -> dt.tzinfo:
    if type(claimed) is str and _ZONE.fullmatch(claimed):
        return ZoneInfo(claimed)
    (form,) = as_list(claimed, 1)
    zone = inner(form)
    if type(zone) is not dt.timezone:
        raise ValueError("not a time zone")
    return zone


# Indexes


def _write_index(value: Any, inner: Inner) -> Any:
    frequency = getattr(value, "freqstr", None)
    return [_write_values(value.array, inner), inner(value.name), frequency]


def _read_index(claimed: Any, inner: Inner) -> Any:
    values, name, frequency = as_list(claimed, 3)
    array = _read_values(values, inner)
    pandas = _pandas()
    index = pandas.Index(array, name=inner(name), dtype=array.dtype)
    if frequency is None:
        return index
    is_time = type(index) in (pandas.DatetimeIndex, pandas.TimedeltaIndex)
    if not is_time or type(frequency) is not str or not _FREQUENCY.fullmatch(frequency):
        raise ValueError("not a frequency")
    return type(index)(index, freq=frequency)


def _index(claimed: Any) -> Any:
    if type(claimed) is not _pandas().MultiIndex and not _is_index(claimed):
        raise ValueError("not an index")
    return claimed


def _is_index(value: Any) -> bool:
    found = writer(type(value))
    return found is not None and found[0] in ("Index", "RangeIndex")


def _write_range(value: Any, inner: Inner) -> Any:
    if len(value) > MAX_LENGTH:
        raise ValueError(f"an index of {len(value)} rows is not plain data")
    return [value.start, value.stop, value.step, inner(value.name)]


def _read_range(claimed: Any, inner: Inner) -> Any:
    *bounds, name = as_list(claimed, 4)
    if any(type(bound) is not int for bound in bounds) or len(range(*bounds)) > MAX_LENGTH:
        raise ValueError("not the bounds of an index")
    return _pandas().RangeIndex(*bounds, name=inner(name))


def _write_multi(value: Any, inner: Inner) -> Any:
    levels = [inner(level) for level in value.levels]
    codes = [inner(np.asarray(codes)) for codes in value.codes]
    return [levels, codes, inner(list(value.names))]


def _read_multi(claimed: Any, inner: Inner) -> Any:
    levels, codes, names = as_list(claimed, 3)
    if type(levels) is not list or not 0 < len(levels) <= MAX_LEVELS:
        raise ValueError("not the levels of an index")
    parts = [_array(inner(part)) for part in as_list(codes, len(levels))]
    kept = [inner(level) for level in levels]
    if any(part.dtype.kind != "i" for part in parts) or not all(map(_is_index, kept)):
        raise ValueError("not the levels of an index")
    return _pandas().MultiIndex(kept, parts, names=as_list(inner(names), len(levels)))


# Tables


def _write_series(value: Any, inner: Inner) -> Any:
    return [_write_values(value.array, inner), inner(value.index), inner(value.name)]


def _read_series(claimed: Any, inner: Inner) -> Any:
    values, index, name = as_list(claimed, 3)
    return _series(_read_values(values, inner), _index(inner(index)), inner(name))


def _series(array: Any, index: Any, name: Any = None) -> Any:
    if len(array) != len(index):
        raise ValueError("a column of more or fewer values than its index")
    return _pandas().Series(array, index=index, name=name, dtype=array.dtype)


def _write_frame(value: Any, inner: Inner) -> Any:
    if value.shape[1] > MAX_COLUMNS:
        raise ValueError(f"a table of {value.shape[1]} columns is not plain data")
    columns = [_write_values(column.array, inner) for _, column in value.items()]
    return [inner(value.columns), columns, inner(value.index)]


def _read_frame(claimed: Any, inner: Inner) -> Any:
    names, columns, index = as_list(claimed, 3)
    names, index = _index(inner(names)), _index(inner(index))
    if len(names) > MAX_COLUMNS:
        raise ValueError("a table of too many columns")
    kept = [_series(_read_values(one, inner), index) for one in as_list(columns, len(names))]
    frame = _pandas().DataFrame(dict(enumerate(kept)), index=index)
    frame.columns = names
    return frame


# Single values


def _read_categorical(claimed: Any, inner: Inner) -> Any:
    value = _read_values(claimed, inner)
    if type(value) is not _pandas().Categorical:
        raise ValueError("not a Categorical")
    return value


def _write_interval(value: Any, inner: Inner) -> Any:
    return [inner(value.left), inner(value.right), value.closed]


def _read_interval(claimed: Any, inner: Inner) -> Any:
    left, right, closed = as_list(claimed, 3)
    return _pandas().Interval(inner(left), inner(right), closed)


def _write_timestamp(value: Any, inner: Inner) -> Any:
    zone = None if value.tz is None else [_zone_form(value.tz, inner)]
    return [inner(value.to_datetime64()), zone]


def _read_timestamp(claimed: Any, inner: Inner) -> Any:
    form, zone = as_list(claimed, 2)
    value = _pandas().Timestamp(_span(inner(form), np.datetime64))
    if zone is None:
        return value
    (place,) = as_list(zone, 1)
    return value.tz_localize("UTC").tz_convert(_zone(place, inner))


def _span(value: Any, kind: type) -> Any:
    if type(value) is not kind or np.isnat(value):  # type: ignore[call-overload]
        raise ValueError("not a time")
    if np.datetime_data(value.dtype)[0] not in _UNITS:  # type: ignore[attr-defined]
        raise ValueError("a time in a unit that pandas does not have")
    return value


def _write_timedelta(value: Any, inner: Inner) -> Any:
    return inner(value.to_timedelta64())


def _read_timedelta(claimed: Any, inner: Inner) -> Any:
    return _pandas().Timedelta(_span(inner(claimed), np.timedelta64))


def _constant(name: str) -> Reader:
    def read(claimed: Any, inner: Inner) -> Any:
        if claimed is not None:
            raise ValueError(f"not {name}")
        return getattr(_pandas(), name)

    return read


READERS: dict[str, Reader] = {
    "DataFrame": _read_frame,
    "Series": _read_series,
    "Index": _read_index,
    "RangeIndex": _read_range,
    "MultiIndex": _read_multi,
    "Categorical": _read_categorical,
    "Interval": _read_interval,
    "Timestamp": _read_timestamp,
    "Timedelta": _read_timedelta,
    "NaT": _constant("NaT"),
    "NA": _constant("NA"),
}
