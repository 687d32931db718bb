"""What a check sees of a function's own code: loops where none are allowed, and this package."""

from typing import Any

import numpy as np
import pytest

import linbias
from linbias.check import CASES, CheckFailed, check, source
from linbias.check.source import calls_package, loops

NO_LOOPS = CASES["bias_matrix_no_loops"]


def with_loops(n: int, beta: float) -> Any:
    bias = np.full((n, n), -np.inf)
    for i in range(n):
        for j in range(i + 1):
            bias[i, j] = -beta * (i - j)
    return bias


def with_comprehension(n: int, beta: float) -> Any:
    return np.array([[-beta * (i - j) if j <= i else -np.inf for j in range(n)] for i in range(n)])


def with_while(n: int, beta: float) -> Any:
    bias, i = np.full((n, n), -np.inf), 0
    while i < n:
        bias[i, : i + 1] = -beta * np.arange(i, -1, -1)
        i += 1
    return bias


def that_calls_loops(n: int, beta: float) -> Any:
    return with_loops(n, beta)


def steps(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]


def without(n: int, beta: float) -> Any:
    return np.where(steps(n) >= 0, -beta * steps(n), -np.inf)


class Proxy:
    """Stands for a function in another process: no code can be had."""

    __name__ = "bias_matrix_no_loops"

    def __call__(self, n: int, beta: float) -> Any:
        return with_loops(n, beta)


@pytest.mark.parametrize("function", [with_loops, with_comprehension, with_while])
def test_a_loop_is_refused_where_none_is_allowed(
    function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function, "__name__", "bias_matrix_no_loops")
    with pytest.raises(CheckFailed, match="Every number is right, but it has a loop") as error:
        check(function, *NO_LOOPS)

    assert error.value.mistake == "loop_used"


def test_a_loop_in_a_function_that_is_called_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(that_calls_loops, "__name__", "bias_matrix_no_loops")
    with pytest.raises(CheckFailed, match="it calls with_loops, which has a loop"):
        check(that_calls_loops, *NO_LOOPS)


def test_an_answer_without_loops_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(without, "__name__", "bias_matrix_no_loops")
    check(without, *NO_LOOPS)

    assert capsys.readouterr().out == "bias_matrix_no_loops: right, 3 calls checked.\n"


def test_loops_are_allowed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(with_loops, "__name__", "bias_matrix")
    check(with_loops, *CASES["bias_matrix"])


class Elsewhere:
    """Stands for a function in another process whose text can be had, as in grading."""

    def __init__(self, name: str) -> None:
        self.__name__ = name
        self.__code__ = globals()[name].__code__.replace(co_consts=(), co_code=b"")

    def __call__(self, n: int, beta: float) -> Any:
        return without(n, beta)


again = that_calls_loops


@pytest.mark.parametrize(
    ("name", "looping"),
    [
        ("with_loops", "with_loops"),
        ("with_comprehension", "with_comprehension"),
        ("with_while", "with_while"),
        ("that_calls_loops", "with_loops"),
        ("again", "with_loops"),
        ("without", ""),
        ("of_the_package", ""),
    ],
)
def test_the_text_of_what_stands_for_a_function_is_read_for_loops(name: str, looping: str) -> None:
    assert loops(Elsewhere(name)) == looping


def test_a_loop_in_the_text_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    function = Elsewhere("with_loops")
    monkeypatch.setattr(source, "_loops_in_text", lambda function: "with_loops")
    function.__name__ = "bias_matrix_no_loops"
    with pytest.raises(CheckFailed, match="it calls with_loops, which has a loop"):
        check(function, *NO_LOOPS)


def test_what_has_no_code_to_look_at_is_not_refused() -> None:
    check(Proxy(), *NO_LOOPS)
    assert (loops(Proxy()), calls_package(Proxy()), loops(np.exp)) == ("", False, "")


def of_the_package(n: int, beta: float) -> Any:
    return linbias.bias_matrix(n, beta)


def that_imports_it(n: int, beta: float) -> Any:
    from linbias.bias import bias_matrix

    return bias_matrix(n, beta)


@pytest.mark.parametrize("function", [of_the_package, that_imports_it, linbias.bias_matrix])
def test_an_answer_taken_from_the_package_is_told_that_it_gets_no_points(
    function: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(function, "__name__", "bias_matrix")
    check(function, *CASES["bias_matrix"])

    assert "it gets no points" in capsys.readouterr().out


def test_an_own_answer_is_told_nothing_of_the_kind() -> None:
    assert not any(map(calls_package, (with_loops, with_comprehension, without)))
