"""pandas' tables come back exactly; forged ones are one error."""

import json
from typing import Any

import numpy as np
import pytest

from grader.session.wire import WireError, decode, encode

pd = pytest.importorskip("pandas")

DAYS = pd.date_range("2020", periods=3, freq="D")
TABLES = [
    pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, np.nan]}),
    pd.DataFrame(),
    pd.DataFrame(index=[1, 2]),
    pd.DataFrame([[1, 2]], columns=["a", "a"]),
    pd.DataFrame({"d": DAYS, "z": DAYS.tz_localize("UTC")}, index=DAYS),
    pd.DataFrame({"z": DAYS.tz_localize("Europe/Berlin")}),
    pd.DataFrame({"g": list("aab"), "v": [1, 2, 3]}).groupby("g").agg({"v": ["mean", "sum"]}),
    pd.DataFrame({"a": [1, 2]}).describe(),
    pd.Series([1, 2], name="x"),
    pd.Series(["a"], dtype=object),
    pd.Series([1, None], dtype="Int64"),
    pd.Series([True, None], dtype="boolean"),
    pd.Series(["a", None], dtype="string"),
    pd.Series(["a", "b"], dtype="category"),
    pd.cut(pd.Series([1, 2, 3]), 2),
    pd.Series([1, 2, 1]).value_counts(),
    pd.Series([[1], {2}]),
    pd.DataFrame({"a": [1]}).dtypes,
    pd.RangeIndex(3),
    pd.Index([], dtype=object),
    DAYS,
    pd.timedelta_range("1h", periods=2, freq="h"),
    pd.MultiIndex.from_product([[1, 2], ["a"]], names=["x", None]),
    pd.CategoricalIndex(["a", "b"]),
    pd.interval_range(0, 3),
    pd.Timestamp("2020-01-01 01:02:03.123456789"),
    pd.Timestamp("2020", tz="UTC"),
    pd.Timestamp("2020-10-25 12:30", tz="Europe/Berlin"),
    pd.Timedelta("1h"),
    pd.NaT,
    pd.NA,
    pd.Categorical(["a", None], ordered=True),
    pd.Interval(0, 1),
]


@pytest.mark.parametrize("value", TABLES, ids=lambda value: repr(value)[:40])
def test_tables_come_back_exactly(value):
    arrived: Any = decode(json.loads(json.dumps(encode(value))))

    assert type(arrived) is type(value)
    assert repr(arrived) == repr(value)
    assert encode(arrived) == encode(value)


class Table(pd.DataFrame):
    pass


def test_a_subclass_does_not_travel():
    with pytest.raises(WireError):
        encode(Table({"a": [1]}))


ROWS = {"t": "RangeIndex", "v": [0, 2, 1, None]}
NUMBERS = ["numpy", encode(np.arange(2))]
FORGED: list[tuple[str, Any]] = [
    ("RangeIndex", [0, 10**15, 1, None]),
    ("RangeIndex", [0, 1, 0, None]),
    ("RangeIndex", [0, 1, 1, []]),
    ("Series", [["numpy", encode(np.arange(3))], ROWS, None]),
    ("Series", [["eval", "1"], ROWS, None]),
    ("Series", [NUMBERS, [0, 1], None]),
    ("DataFrame", [ROWS, [NUMBERS], ROWS]),
    ("DataFrame", [5, [], ROWS]),
    ("Series", [["category", encode(np.array([7, 0])), ROWS, False], ROWS, None]),
    ("Series", [["text", "python", True, [1, 2]], ROWS, None]),
    ("Series", [["masked", encode(np.arange(2)), encode(np.arange(2))], ROWS, None]),
    ("Series", [["zoned", encode(np.zeros(2, "M8[s]")), "../../etc/passwd"], ROWS, None]),
    ("Index", [NUMBERS, None, "D"]),
    ("MultiIndex", [[ROWS], [encode(np.array([5]))], [None]]),
    ("Timestamp", [5, None]),
    ("Timedelta", "1h"),
    ("Interval", [2, 1, "right"]),
    ("NaT", 1),
]


@pytest.mark.parametrize("form", FORGED, ids=lambda form: str(form)[:60])
def test_forged_tables_are_one_error(form):
    with pytest.raises(WireError):
        decode({"t": form[0], "v": form[1]})
