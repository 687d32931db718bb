"""A check that does not end is stopped, and says where the student's function was."""

import contextlib
import signal
import threading
import time
from typing import Any

import pytest

from linbias.check import CASES, CheckFailed, check, time_limit


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "SECONDS", 0.1)
    monkeypatch.setattr(time_limit, "AGAIN_AFTER", 0.05)


def endless() -> None:
    while True:
        time.sleep(0.001)


def bias_row(i: int, beta: float) -> Any:
    endless()


def test_an_endless_loop_is_stopped_at_the_students_own_line() -> None:
    with pytest.raises(CheckFailed) as error:
        check(bias_row, *CASES["bias_row"])

    text = str(error.value)
    assert error.value.mistake == "too_slow"
    assert "Is there a loop that never ends?" in text
    assert "time.sleep(0.001)" in text or "while True:" in text
    assert "linbias" not in text


def test_the_other_calls_are_not_made() -> None:
    calls = []

    def window(beta: float, mass: float) -> Any:
        calls.append(beta)
        endless()

    with pytest.raises(CheckFailed):
        check(window, *CASES["window"])

    assert len(calls) == 1


def test_an_except_around_the_loop_s_body_does_not_hide_it() -> None:
    def bias_row(i: int, beta: float) -> Any:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    with pytest.raises(CheckFailed) as error:
        check(bias_row, *CASES["bias_row"])

    assert error.value.mistake == "too_slow"


def test_the_timer_and_its_handler_are_put_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(CheckFailed):
        check(bias_row, *CASES["bias_row"])

    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


class Proxy:
    """Stands for a function in another process, which has a time limit of its own."""

    __name__ = "bias_row"

    def __call__(self, i: int, beta: float) -> Any:
        time.sleep(0.15)
        return [-beta * (i - j) for j in range(i + 1)]


def test_a_function_in_another_process_is_not_stopped_here() -> None:
    check(Proxy(), (4, 0.5))


def slow_row(i: int, beta: float) -> Any:
    time.sleep(0.15)
    return [-beta * (i - j) for j in range(i + 1)]


def test_in_a_thread_or_with_a_timer_of_its_own_nothing_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slow_row, "__name__", "bias_row")
    told: list[BaseException] = []

    def in_thread() -> None:
        try:
            check(slow_row, (4, 0.5))
        except BaseException as error:
            told.append(error)

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
    assert told == []

    signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        check(slow_row, (4, 0.5))
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def test_an_interrupt_shows_no_way_through_the_package() -> None:
    def bias_row(i: int, beta: float) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="bias_row was interrupted") as error:
        check(bias_row, (4, 0.5))

    assert len(error.traceback) == 2
    assert error.value.__suppress_context__
