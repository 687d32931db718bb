"""Stopping a student's function that does not end, and naming the line at which it was."""

import contextlib
import linecache
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType, FunctionType, TracebackType
from typing import Any

SECONDS = 5.0
# A bare except in a student's loop may swallow the first signal; others follow.
AGAIN_AFTER = 0.5


class TookTooLong(BaseException):
    """A function was stopped; `line` is where it was. No `except Exception` catches it."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


@contextlib.contextmanager
def time_limit(function: Callable[..., Any]) -> Iterator[None]:
    """Raise `TookTooLong` when what is done inside takes longer than `SECONDS`.

    Only for a student's own function in the main thread, and only where no one else uses the
    timer. In grading the function is a stand-in for one in another process, which is bounded there.
    """
    if not _can_be_stopped(function):
        yield
        return
    over = False

    def stop(_: int, frame: FrameType | None) -> None:
        if not over:
            raise TookTooLong(_line_of_frame(function, frame))

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, AGAIN_AFTER)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def line_of_error(function: Callable[..., Any], trace: TracebackType | None) -> str:
    """Return the last line of the student's own code that a traceback passes, "" for none."""
    found = ""
    while trace is not None:
        found = _own_line(function, trace.tb_frame, trace.tb_lineno) or found
        trace = trace.tb_next
    return found


def _line_of_frame(function: Callable[..., Any], frame: FrameType | None) -> str:
    while frame is not None:
        found = _own_line(function, frame, frame.f_lineno)
        if found:
            return found
        frame = frame.f_back
    return ""


def _own_line(function: Callable[..., Any], frame: FrameType, number: int) -> str:
    # All cells of a notebook share their globals, so a helper's line is the student's own, too.
    if type(function) is not FunctionType or frame.f_globals is not function.__globals__:
        return ""
    text = linecache.getline(frame.f_code.co_filename, number).strip()
    return f"line {number}: {text}" if text else ""


def _can_be_stopped(function: Callable[..., Any]) -> bool:
    return (
        type(function) is FunctionType
        and hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    )
