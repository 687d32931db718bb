"""Landlock: a process gives up every file and folder but those that it names."""

import ctypes
import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from grader.session import linux

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # on every machine
_VERSION, _BENEATH = 1, 1

_READ_FILE, _READ_FOLDER, _WRITE_FILE = 4, 8, 2
# How many kinds of access to files each version knows, from the first on, one bit each.
_KINDS = (13, 14, 15, 15, 16)
_TRUNCATE, _DEVICE = 1 << 14, 1 << 15
_SIGNALS_AND_ABSTRACT_SOCKETS = 3
READ = _READ_FILE | _READ_FOLDER
WRITE = READ | (1 << 15) - 2  # all but to start a program
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE | _DEVICE


class _Ruleset(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("files", "network", "scoped"))


class _Beneath(ctypes.Structure):
    _pack_, _layout_ = 1, "ms"  # Python 3.14 asks for the layout that others take for granted
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@cache
def version() -> int:
    """Return which version this kernel has; 0 for none."""
    with suppress(OSError):
        return linux.syscall("landlock", _CREATE, None, ctypes.c_size_t(0), _VERSION)
    return 0


def _ruleset(known: int) -> _Ruleset:
    """Return what to give up: all that the kernel's version knows of."""
    files = (1 << _KINDS[min(known, len(_KINDS)) - 1]) - 1
    network = 3 if known >= 4 else 0
    return _Ruleset(files, network, _SIGNALS_AND_ABSTRACT_SOCKETS if known >= 6 else 0)


def keep_only(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Give up all files but these and what is below them.

    Raises
    ------
    OSError
        Where the kernel has no Landlock, or it is switched off.
    """
    if not version():
        raise OSError(errno.ENOSYS, "Landlock is not available")
    rules = _ruleset(version())
    size = 8 * (1 + (version() >= 4) + (version() >= 6))
    ruleset = linux.syscall("landlock", _CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    for paths, allowed in ((readable, READ), (writable, WRITE)):
        for path in paths:
            _add(ruleset, path, allowed & rules.files)
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.syscall("landlock", _RESTRICT, ruleset, 0)
    os.close(ruleset)


def _add(ruleset: int, path: str, allowed: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no rule
        return
    allowed = allowed if os.path.isdir(path) else allowed & _OF_FILES
    rule = _Beneath(allowed, parent)
    linux.syscall("landlock", _ADD, ruleset, _BENEATH, ctypes.byref(rule), 0)
    os.close(parent)
