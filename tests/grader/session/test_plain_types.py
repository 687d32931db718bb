"""Python's, NumPy's and pandas' own values come back exactly; forged ones are one error."""

import datetime as dt
import io
import json
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.session.wire import WireError, decode, encode

VALUES = [
    range(10**30),
    slice(1, None),
    dt.date(2020, 1, 2),
    dt.datetime(2020, 1, 2, tzinfo=dt.UTC, fold=1),
    dt.time(1, 2, 3, 4),
    dt.timedelta(-1, 3),
    Decimal("1.10"),
    Decimal("NaN"),
    Fraction(3, 4),
    {1: 2}.keys(),
    {1: 2}.values(),
    {1: 2}.items(),
    Counter("aab"),
    OrderedDict(a=1),
    defaultdict(list, a=[1]),
    deque([1], 3),
    bytearray(b"ab"),
    Path("/a/b"),
    np.datetime64("2020-01-01"),
    np.array(["2020", "NaT"], "M8[ns]"),
    np.array([None, "a", (1,)], object),
    np.array([b"a", b"bc"]),
    np.zeros(2, "i4,f8"),
    np.dtype("f8"),
    np.polynomial.Polynomial([1, 2]),
    np.poly1d([1, 2]),
]


def travelled(value: Any) -> Any:
    return decode(json.loads(json.dumps(encode(value))))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_exactly(value):
    arrived = travelled(value)

    assert type(arrived) is type(value)
    assert repr(arrived) == repr(value)
    assert encode(arrived) == encode(value)


@pytest.mark.parametrize("file", [io.StringIO("ab\nc"), io.BytesIO(b"ab")])
def test_a_file_in_memory_comes_back_with_its_place(file):
    file.read(1)
    arrived = travelled(file)

    assert (arrived.tell(), arrived.read()) == (1, file.read())
    file.close()
    assert travelled(file).closed


FORGED: list[tuple[str, Any]] = [
    ("StringIO", ["a", 2]),
    ("StringIO", ["a", -1]),
    ("StringIO", ["a", True]),
    ("StringIO", [5, 0]),
    ("BytesIO", ["a", 0]),
    ("StringIO", []),
    ("Decimal", "1E+999999999"),
    ("Decimal", "sNaN"),
    ("Decimal", "01_0"),
    ("Fraction", [1, 0]),
    ("Fraction", [2, 4]),
    ("Fraction", [1, {"t": "int", "v": hex(2**40000)}]),
    ("range", [0, 1, 0]),
    ("range", [0, 1.5, 1]),
    ("slice", [1]),
    ("date", [2020, 13, 1]),
    ("date", [True, 1, 1]),
    ("datetime", [[2020, 1, 1, 0, 0, 0, 0], 0, "UTC"]),
    ("timedelta", [0, 10**9, 0]),
    ("timezone", [{"t": "timedelta", "v": [2, 0, 0]}]),
    ("Counter", [[1, 1], [True, 1]]),
    ("OrderedDict", [[[], 1]]),
    ("defaultdict", ["eval", []]),
    ("deque", [1, [1, 2]]),
    ("deque", [-1, []]),
    ("dict keys", [[]]),
    ("dict keys", [1, 1]),
    ("bytearray", 5),
    ("PosixPath", "a//b"),
    ("dtype", "i4,f8"),
    ("records", ["array", [1], [["a", 5]]]),
    ("Polynomial", [[1], [0, 1], [0, 1], "x"]),
    ("__reduce__", ["os.system", "true"]),
]


@pytest.mark.parametrize("form", FORGED, ids=str)
def test_forged_values_are_one_error(form):
    with pytest.raises(WireError):
        decode({"t": form[0], "v": form[1]})


@pytest.mark.parametrize(
    "array",
    [
        {"dtype": "|O", "shape": [10**12], "v": []},
        {"dtype": "|S0", "shape": [10**12], "v": ""},
        {"dtype": "<M8[x]", "shape": [0], "v": ""},
    ],
    ids=str,
)
def test_arrays_that_lie_about_their_size_are_refused(array):
    with pytest.raises(WireError):
        decode({"t": "array"} | array)
