"""Frames that the student's code writes into the session's own connection (11)."""

import json

from redteam.hostile import Hostile, trick

# Finds the connection and writes to it: what a student can do whatever the session's code forbids.
WIRE = """
import os, socket, struct, sys
def connection():
    for number in range(3, 64):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith("socket"):
                return socket.socket(fileno=os.dup(number))
        except OSError:
            pass
line = connection()
def put(text):
    line.settimeout(None)
    data = text.encode() if isinstance(text, str) else text
    line.sendall(struct.pack(">I", len(data)) + data)
"""

CELL_DONE = '{"outputs": []}'
IS_FUNCTION = '{"square": {"is": "function", "name": "square"}, "answer": {"is": "value"}}'


def forged(name: str, *frames: str, more: str = "") -> Hostile:
    """Return a submission that answers the cell, the question for names, and then with frames.

    Frames are Python expressions.
    """
    puts = [repr(CELL_DONE), repr(IS_FUNCTION), *frames]
    text = WIRE + "".join(f"put({frame})\n" for frame in puts) + more
    return trick(f"forged_{name}", 11, text, keeps=False)


def value(form: object) -> str:
    """Return the frame that claims that a call returned a value."""
    return repr(json.dumps({"value": form, "printed": ""}))


def array(dtype: object, shape: object, data: object = "AAAAAAAAAAA=", kind: str = "array") -> str:
    return value({"t": kind, "dtype": dtype, "shape": shape, "v": data})


DEAF = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    time.sleep(9)
"""

FORGED = [
    forged("object_array", array("O", [1])),
    forged("record_array", array("i4,i4", [1])),
    forged("odd_dtype", array("(1 2)i4,i4", [1])),
    forged("dtype_that_is_a_list", array(["i8"], [1])),
    forged("nan_shape", array("<f8", [float("nan")])),
    forged("float_shape", array("<f8", [1.0])),
    forged("negative_shape", array("<f8", [-1])),
    forged("huge_shape", array("<f8", [2**62, 2**62, 0])),
    forged("shape_of_text", array("<f8", "1")),
    forged("shape_of_true", array("<f8", [True])),
    forged("short_array", array("<f8", [3])),
    forged("many_axes", array("<f8", [1] * 70)),
    forged("text_array_bomb", array("U", [2, 1], [["x" * 10**6]] + [["x"]] * 1000)),
    forged("not_base64", array("<f8", [1], "%%%")),
    forged("unhashable_key", value({"t": "dict", "v": [[[1], 2]]})),
    forged("unhashable_set", value({"t": "set", "v": [[1]]})),
    forged("dict_of_threes", value({"t": "dict", "v": [[1, 2, 3]]})),
    forged("unknown_type", value({"t": "pickle", "v": "gASVIQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOU"})),
    forged("type_of_no_text", value({"t": ["tuple"], "v": []})),
    forged("complex_of_three", value({"t": "complex", "v": [1, 2, 3]})),
    forged("huge_int", value({"t": "int", "v": "0x" + "f" * 10**6})),
    forged("deep", "'{\"value\":' + '[' * 900 + ']' * 900 + '}'"),
    forged("too_deep", "'[' * 10**6"),
    forged("no_json", "b'\\x80\\x04\\x95' * 9"),
    forged("no_text", "bytes(range(256))"),
    forged("a_list", "'[1, 2]'"),
    forged("nothing", "''"),
    forged("null", "'null'"),
    forged("no_value", "'{}'"),
    forged("list_bomb", "b'{\"value\":[' + b'[],' * 3_000_000 + b'[]]}'"),
    forged("arguments_changed", repr('{"value": 9, "after": [9, 9]}')),
    forged("passed", repr('{"graded": "{}", "points": 2, "value": true, "ok": true}')),
    forged("error_without_text", repr('{"error": null}')),
    forged("error_of_a_list", repr('{"error": {"type": [1], "text": {"a": 1}}}')),
    forged("error_30_mb", '\'{"error":{"type":"E","text":"\' + \'x\' * 30 * 2**20 + \'"}}\''),
    forged("error_stop", repr('{"error": {"type": "StopIteration", "text": ""}}')),
    forged("error_exit", repr('{"error": {"type": "SystemExit", "text": "0"}}')),
    forged("error_warning", repr('{"error": {"type": "BytesWarning", "text": "\\ud800"}}')),
    forged("huge_length", more="line.sendall(bytes([255]) * 8)\n"),
    forged("half_a_frame", more="line.sendall(bytes([0, 0, 1, 0, 123]))\n"),
    forged(
        "drop_by_drop", more="import time\nwhile True:\n    line.sendall(b'0')\n    time.sleep(0.2)"
    ),
    forged("flood", "bytes(2**20)", more="while True:\n    put(b'{}' + b' ' * 2**20)\n"),
    forged("closed", more="line.shutdown(2)\n"),
    forged("deaf", *[repr(CELL_DONE)] * 9, more=f"{DEAF}"),
]
