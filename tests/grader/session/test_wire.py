"""The wire: plain data comes back as it was, and everything else is refused with one error."""

import collections
import contextlib
import datetime
import decimal
import enum
import json
import math
import socket
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.session import wire
from grader.session.wire import (
    MAX_DEPTH,
    Channel,
    WireClosed,
    WireError,
    WireTimeout,
    decode,
    encode,
)


def travelled(value: Any) -> Any:
    """Return a value as it arrives at the other end."""
    return decode(json.loads(json.dumps(encode(value))))


def same(one: Any, other: Any) -> bool:
    """Whether two things are equal in type and content; NaN equals NaN, 0.0 is not -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fc"))
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, set | frozenset):
        return same(sorted(one, key=repr), sorted(other, key=repr))
    return repr(one) == repr(other)


# Plain data

keys = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=5)
leaves = keys | st.floats() | st.complex_numbers()
plain = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
        | st.sets(keys, max_size=3)
        | st.frozensets(keys, max_size=3)
    ),
    max_leaves=12,
)
numeric = (
    arrays.boolean_dtypes()
    | arrays.integer_dtypes(endianness="=")
    | arrays.unsigned_integer_dtypes(endianness="=")
    | arrays.floating_dtypes(endianness="=", sizes=(16, 32, 64))
    | arrays.complex_number_dtypes(endianness="=", sizes=(64, 128))
)
shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


@given(plain)
def test_plain_data_comes_back_as_it_was(value):
    assert same(travelled(value), value)


@given(arrays.arrays(numeric, shapes))
def test_arrays_keep_their_numbers_dtype_and_shape(array):
    assert same(travelled(array), array)


@given(arrays.from_dtype(np.dtype(np.float64)) | arrays.from_dtype(np.dtype(np.uint8)))
def test_numpy_scalars_stay_numpy_scalars(number):
    assert same(travelled(number), number)


@pytest.mark.parametrize(
    "value",
    [
        2**63,
        -(2**64),
        -0.0,
        math.nan,
        np.bool_(True),
        np.str_("ß"),
        np.array(["a", "bb"]),
        np.array([["é"], [""]]),
        np.array("word"),
        np.zeros((0, 3)),
        np.float64(-np.inf),
        "\ud800",
        {(1, "a"): [frozenset({2})]},
    ],
    ids=repr,
)
def test_corners_of_plain_data_come_back(value):
    assert same(travelled(value), value)


def test_a_view_and_foreign_byte_order_arrive_as_plain_arrays():
    every_second = np.arange(6)[::2]
    swapped = np.arange(3, dtype=">i4")

    assert same(travelled(every_second), np.array([0, 2, 4]))
    assert same(travelled(swapped), np.arange(3, dtype=np.int32))


def test_an_array_that_arrives_may_be_written_to():
    arrived = travelled(np.zeros(2))
    arrived[0] = 1

    assert arrived.tolist() == [1, 0]


# What does not travel


class Int(int):
    pass


class Float(float):
    pass


class Text(str):
    pass


class List(list):
    pass


class Array(np.ndarray):
    pass


class Number(np.float64):
    pass


class Date(datetime.date):
    pass


class Colour(enum.IntEnum):
    RED = 1


Point = collections.namedtuple("Point", "x")
ITSELF: list[Any] = []
ITSELF.append(ITSELF)

REFUSED = {
    "a subclass of int": Int(1),
    "a subclass of float": Float(1),
    "a subclass of str": Text("a"),
    "a subclass of list": List(),
    "a subclass of ndarray": np.zeros(1).view(Array),
    "a subclass of a NumPy scalar": Number(1),
    "a matrix": np.ones((1, 1)).view(np.matrix),
    "a masked array": np.ma.array([1]),
    "an enum": Colour.RED,
    "a namedtuple": Point(1),
    "a generator": (x for x in ()),
    "a function": print,
    "a class": int,
    "a module": math,
    "an object": object(),
    "a defaultdict of a function": collections.defaultdict(lambda: 0),
    "a subclass of date": Date(2026, 1, 1),
    "a signal": decimal.Decimal("sNaN"),
    "an array of functions": np.array([print]),
    "a list that holds itself": ITSELF,
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("within", [lambda x: x, lambda x: [x], lambda x: {"a": (x,)}])
def test_only_exact_plain_types_travel(value, within):
    with pytest.raises(WireError):
        encode(within(value))


def test_the_refusal_names_the_type():
    with pytest.raises(WireError, match="a Point is not plain data"):
        encode([Point(1)])


def nested(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


def test_nesting_is_bounded_at_both_ends():
    assert travelled(nested(MAX_DEPTH)) == nested(MAX_DEPTH)
    with pytest.raises(WireError, match="deeper"):
        encode(nested(MAX_DEPTH + 1))
    with pytest.raises(WireError, match="deeper"):
        decode(nested(MAX_DEPTH + 1))


# What is refused on arrival

FLOAT = "AAAAAAAAAAA="  # 0.0 as eight bytes
MALFORMED: list[Any] = [
    {},
    {"t": 5, "v": 1},
    {"t": ["tuple"], "v": []},
    {"t": "object", "v": 1},
    {"t": "function", "v": "print"},
    {"v": []},
    {"t": "tuple"},
    {"t": "tuple", "v": "ab"},
    {"t": "tuple", "v": {"a": 1}},
    {"t": "set", "v": [[1]]},
    {"t": "set", "v": 5},
    {"t": "frozenset", "v": None},
    {"t": "dict", "v": [[[], 1]]},
    {"t": "dict", "v": [[1, 2, 3]]},
    {"t": "dict", "v": ["ab"]},
    {"t": "dict", "v": {"ab": 1}},
    {"t": "int", "v": 5},
    {"t": "int", "v": " 0x1 "},
    {"t": "int", "v": "0x1_0"},
    {"t": "int", "v": "much"},
    {"t": "complex", "v": []},
    {"t": "complex", "v": ["1"]},
    {"t": "complex", "v": ["1", "2"]},
    {"t": "complex", "v": [1, 2, 3]},
    {"t": "bytes", "v": 5},
    {"t": "bytes", "v": "é"},
    {"t": "bytes", "v": "a"},
    {"t": "array"},
    {"t": "array", "dtype": "<f8", "shape": [1]},
    {"t": "array", "dtype": "<f8", "shape": [1], "v": 5},
    {"t": "array", "dtype": "<f8", "shape": [2], "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": [0], "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": [-1], "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": [True], "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": 1, "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": "1", "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": [1] * 30, "v": FLOAT},
    {"t": "array", "dtype": "<f8", "shape": [0, 2**70], "v": ""},
    {"t": "array", "dtype": "<f3", "shape": [1], "v": "AAAA"},
    {"t": "array", "dtype": "<c32", "shape": [0], "v": ""},
    {"t": "array", "dtype": "f8", "shape": [1], "v": FLOAT},
    {"t": "array", "dtype": None, "shape": [1], "v": FLOAT},
    {"t": "array", "dtype": "|O", "shape": [1], "v": FLOAT},
    {"t": "array", "dtype": "i4,f4", "shape": [1], "v": FLOAT},
    {"t": "array", "dtype": "(2,)i4,)", "shape": [1], "v": FLOAT},
    {"t": "array", "dtype": "|b1", "shape": [1], "v": "Ag=="},
    {"t": "array", "dtype": "<U1", "shape": [1], "v": 5},
    {"t": "array", "dtype": "<U1", "shape": [1], "v": [5]},
    {"t": "array", "dtype": "<U1", "shape": [3], "v": ["a", "b"]},
    {"t": "array", "dtype": "<U1", "shape": [2], "v": [["a"], "b"]},
    {"t": "number", "dtype": "<f8", "shape": [1], "v": FLOAT},
]


@pytest.mark.parametrize("form", MALFORMED, ids=lambda form: str(form)[:60])
def test_what_encode_does_not_write_is_refused(form):
    with pytest.raises(WireError):
        decode(form)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
forms = st.recursive(
    json_values,
    lambda inner: st.fixed_dictionaries(
        {"t": st.sampled_from([*wire._DECODERS, "other"])},
        optional={
            "v": inner | st.lists(inner, max_size=3) | st.sampled_from([FLOAT, "0x1", "AA=="]),
            "dtype": json_values | st.text("<>|=biufcUOM,()[]0123456789 ", max_size=8),
            "shape": json_values | st.lists(st.integers(-1, 3), max_size=3),
        },
    ),
    max_leaves=8,
)


@given(forms)
def test_any_json_is_plain_data_or_one_error(form):
    try:
        value = decode(form)
    except WireError:
        return
    assert same(travelled(value), value)


def test_text_that_would_fill_the_memory_is_refused():
    """An array of text takes as much room for each of its texts as for the longest."""
    few = {"t": "array", "dtype": "<U1", "shape": [2], "v": ["a" * 10, ""]}
    assert same(decode(few), np.array(["a" * 10, ""]))

    terabytes = {"t": "array", "dtype": "<U1", "shape": [10**6], "v": ["a" * 10**6] + [""] * 10**6}
    with pytest.raises(WireError, match="allocate"):
        decode(terabytes)


# The channel

Ends = tuple[Channel, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def frame(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def send_slowly(theirs: socket.socket, pieces: list[bytes], pause: float = 0) -> None:
    """Send in the background, until all is sent or nobody listens any more."""

    def send() -> None:
        with contextlib.suppress(OSError):
            for piece in pieces:
                theirs.sendall(piece)
                time.sleep(pause)

    threading.Thread(target=send, daemon=True).start()


def test_messages_arrive_whole_and_one_by_one(ends):
    channel, theirs = ends
    for message in ({"do": "cell"}, {}, {"a": [1, "ü"]}):
        Channel(theirs).send(message)

    assert [channel.receive(5) for _ in range(3)] == [{"do": "cell"}, {}, {"a": [1, "ü"]}]


def test_a_message_larger_than_the_sockets_buffer_arrives(ends):
    channel, theirs = ends
    large = {"text": "x" * 3_000_000}
    sender = threading.Thread(target=Channel(theirs).send, args=[large])
    sender.start()

    assert channel.receive(10) == large
    sender.join()


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[1]", b'"a"', b"null", b"[" * 10**6])
def test_a_frame_that_is_no_json_object_is_refused(ends, data):
    channel, theirs = ends
    send_slowly(theirs, [frame(data)])

    with pytest.raises(WireError, match="a reply is not"):
        channel.receive(10)


def test_an_integer_of_many_digits_is_refused_and_not_converted(ends):
    channel, theirs = ends
    theirs.sendall(frame(b'{"a":' + b"9" * 10_000 + b"}"))

    with pytest.raises(WireError, match="not JSON"):
        channel.receive(5)


def test_a_frame_that_announces_too_much_is_refused_unread(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack(">I", wire.MAX_FRAME + 1))

    with pytest.raises(WireError, match="is larger than"):
        channel.receive(5)


def test_a_message_that_is_too_large_is_not_sent(ends, monkeypatch):
    channel, theirs = ends
    monkeypatch.setattr(wire, "MAX_FRAME", 100)
    with pytest.raises(WireError, match="is larger than 100"):
        channel.send({"text": "x" * 100})
    channel.send({"text": "short"})

    assert Channel(theirs).receive(5) == {"text": "short"}


def test_silence_ends_in_time(ends):
    channel, _ = ends
    begin = time.monotonic()
    with pytest.raises(WireTimeout):
        channel.receive(0.1)

    assert 0.1 <= time.monotonic() - begin < 1


def test_a_reply_that_drips_does_not_buy_time(ends):
    channel, theirs = ends
    whole = frame(b'{"a": 1}' + b" " * 100)
    send_slowly(theirs, [bytes([byte]) for byte in whole], pause=0.03)

    with pytest.raises(WireTimeout):
        channel.receive(0.2)


@pytest.mark.parametrize("sent", [b"", b"\0\0", frame(b'{"a": 1}')[:-1]], ids=repr)
def test_a_peer_that_goes_away_is_noticed(ends, sent):
    channel, theirs = ends
    theirs.sendall(sent)
    theirs.close()

    with pytest.raises(WireClosed):
        channel.receive(5)


def test_nothing_can_be_sent_to_a_peer_that_has_gone(ends):
    channel, theirs = ends
    theirs.close()

    with pytest.raises(WireClosed):
        channel.send({"a": 1})


def test_a_message_that_is_late_is_read_from_its_begin_later():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel, frame = Channel(ours), struct.pack(">I", 9) + b'{"ab": 1}'
        for piece in (frame[:2], frame[2:8]):
            theirs.sendall(piece)
            with pytest.raises(WireTimeout):
                channel.receive(0.01)
        theirs.sendall(frame[8:])

        assert channel.receive(1) == {"ab": 1}


def test_every_error_of_the_wire_is_a_wire_error():
    errors = [thing for thing in vars(wire).values() if isinstance(thing, type)]
    own = [thing for thing in errors if issubclass(thing, Exception)]

    assert {WireError, WireClosed, WireTimeout} == set(own)
    assert all(issubclass(error, WireError) for error in own)
