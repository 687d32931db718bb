"""What a check accepts, what it refuses, and in which order it looks."""

import pickle
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import linbias
from linbias.check import CASES, CheckFailed, check, draw

MATRIX_CASES = CASES["bias_matrix"]


def answers(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function under the name that students give it."""

    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    return student


def refused(name: str, function: Callable[..., Any], *cases: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as error:
        check(answers(name, function), *(cases or CASES[name]))
    return error.value


def matrix(change: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a bias_matrix that changes the right answer."""
    return answers("bias_matrix", lambda n, beta: change(linbias.bias_matrix(n, beta)))


def blocked_by(value: float) -> Callable[[Any], Any]:
    return lambda right: np.where(np.isinf(right), value, right)


# --- right answers in other forms


@pytest.mark.parametrize(
    "form",
    [
        np.ndarray.tolist,
        list,
        lambda right: tuple(map(tuple, right.tolist())),
        np.float32,
        np.longdouble,
        lambda right: right.astype(object),
        np.asmatrix,
        np.asfortranarray,
        lambda right: np.where(right == 0, -0.0, right),
    ],
    ids=[
        "lists",
        "rows",
        "tuples",
        "float32",
        "longdouble",
        "objects",
        "matrix",
        "fortran",
        "minus_zero",
    ],
)
def test_a_right_matrix_passes_in_any_form(
    form: Callable[[Any], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    check(matrix(form), *MATRIX_CASES)

    assert capsys.readouterr().out == "bias_matrix: right, 3 calls checked.\n"


def test_a_loop_over_pairs_passes() -> None:
    def bias_matrix(n: int, beta: float) -> list[list[float]]:
        rows = []
        for i in range(n):
            rows.append([-beta * (i - j) if j <= i else float("-inf") for j in range(n)])
        return rows

    check(bias_matrix, *MATRIX_CASES)


@pytest.mark.parametrize("value", [-1e4, -1e9, float(np.finfo(float).min)])
def test_a_large_negative_number_counts_as_blocked_and_the_line_says_so(
    value: float, capsys: pytest.CaptureFixture[str]
) -> None:
    check(matrix(blocked_by(value)), *MATRIX_CASES)

    assert "accepted; -inf is what the reference uses" in capsys.readouterr().out


@pytest.mark.parametrize("value", [-9999.0, -100.0, 0.0, 1e9, np.inf])
def test_other_numbers_do_not_block(value: float) -> None:
    assert refused("bias_matrix", matrix(blocked_by(value))).mistake is not None


@pytest.mark.parametrize("three", [3, 3.0, np.int64(3), np.float32(3), np.array(3)])
def test_a_number_passes_in_any_form(three: Any) -> None:
    check(answers("distance", lambda i, j: three), (5, 2))


def test_a_float_for_a_whole_number_is_accepted_and_the_line_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check(answers("window", lambda beta, mass: float(linbias.window(beta, mass))), (0.5, 0.95))

    assert "You return a float: accepted" in capsys.readouterr().out


def test_ints_pass_for_floats_of_the_same_value() -> None:
    check(answers("bias_row", lambda i, beta: [-2, -1, 0]), (2, 1.0))
    check(answers("linear_bias", lambda i, j, beta: 0), (4, 4, 0.5))


def softmax(x: Any) -> Any:
    positive = np.exp(x - x.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


def scores(Q: Any, K: Any) -> Any:
    return Q @ K.T / np.sqrt(Q.shape[1])


def later(Q: Any) -> Any:
    return np.arange(len(Q))[:, None] - np.arange(len(Q))[None, :]


def masked(values: Any) -> Any:
    return np.where(later(values) >= 0, values, -np.inf)


def normalised(weights: Any) -> Any:
    return weights / weights.sum(axis=1, keepdims=True)


SAME_ATTENTION = {
    "key only": lambda Q, K, beta: softmax(masked(scores(Q, K) + beta * np.arange(len(Q)))),
    "off by one": lambda Q, K, beta: softmax(masked(scores(Q, K) - beta * (later(Q) + 1))),
    "mask twice": lambda Q, K, beta: normalised(
        np.tril(softmax(masked(scores(Q, K) - beta * later(Q))))
    ),
    "finite mask": lambda Q, K, beta: softmax(
        np.where(later(Q) >= 0, scores(Q, K) - beta * later(Q), -1e9)
    ),
    "float32": lambda Q, K, beta: softmax(
        masked(scores(Q.astype("f"), K.astype("f")) - np.float32(beta) * later(Q).astype("f"))
    ),
}
BLIND_TO_LARGE_SCORES = {
    "no maximum": lambda Q, K, beta: normalised(np.exp(masked(scores(Q, K) - beta * later(Q)))),
    "adds -50": lambda Q, K, beta: softmax(
        scores(Q, K) + np.where(later(Q) >= 0, -beta * later(Q), -50.0)
    ),
    "writes -999": lambda Q, K, beta: softmax(
        np.where(later(Q) >= 0, scores(Q, K) - beta * later(Q), -999.0)
    ),
}
MULTIPLIED = {
    "mask first": lambda Q, K, beta: normalised(
        softmax(masked(scores(Q, K))) * np.exp(-beta * np.maximum(later(Q), 0))
    ),
    "mask last": lambda Q, K, beta: normalised(
        np.tril(softmax(scores(Q, K)) * np.exp(-beta * np.maximum(later(Q), 0)))
    ),
}


@pytest.mark.parametrize("form", SAME_ATTENTION)
def test_another_matrix_with_the_same_attention_passes(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check(answers("attention_weights", SAME_ATTENTION[form]), *CASES["attention_weights"])

    assert capsys.readouterr().out == "attention_weights: right, 3 calls checked.\n"


@pytest.mark.parametrize("form", BLIND_TO_LARGE_SCORES)
@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
def test_what_fails_for_large_scores_is_refused(form: str, hidden: bool) -> None:
    cases = draw("attention_weights", 3, "03") if hidden else CASES["attention_weights"]
    error = refused("attention_weights", BLIND_TO_LARGE_SCORES[form], *cases)

    assert error.mistake == ("nan" if form == "no maximum" else "future_weight")
    assert f"{len(cases) - 1} of {len(cases)} calls are right" in str(error)


@pytest.mark.parametrize("form", MULTIPLIED)
def test_the_multiplicative_form_passes_and_is_named(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check(answers("attention_weights", MULTIPLIED[form]), *CASES["attention_weights"])

    assert "You found the multiplicative form" in capsys.readouterr().out


def test_the_exercise_without_loops_has_the_same_check(capsys: pytest.CaptureFixture[str]) -> None:
    check(answers("bias_matrix_no_loops", linbias.bias_matrix), *CASES["bias_matrix_no_loops"])

    assert capsys.readouterr().out.startswith("bias_matrix_no_loops: right")


# --- answers that cannot be compared


class Liar:
    """Says that it equals everything, and refuses to become an array."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    def __array__(self, *arguments: Any, **options: Any) -> Any:
        raise AssertionError("an object's own methods were asked")


class LyingArray(np.ndarray):
    """Says that all of its cells equal everything."""

    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, dtype=bool)

    def __le__(self, other: object) -> Any:
        return np.ones(self.shape, dtype=bool)

    def __sub__(self, other: object) -> Any:
        return np.zeros(self.shape)


class LyingFloat(float):
    """Says that it equals everything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True


class LyingList(list[Any]):
    """Has other items for each who asks."""

    def __iter__(self) -> Any:
        raise AssertionError("an object's own methods were asked")


def endless() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    ("value", "slug"),
    [
        (None, "no_value"),
        ("text", "wrong_type"),
        ({}, "wrong_type"),
        (0.0, "wrong_type"),
        (Liar(), "wrong_type"),
        ([[LyingFloat()] * 4] * 4, "wrong_type"),
        ([[Liar()] * 4] * 4, "wrong_type"),
        (np.zeros((4, 4)).view(LyingArray), "mask_not_given"),
        (range(4), "wrong_type"),
        (iter([1]), "wrong_type"),
        (endless(), "wrong_type"),
        (LyingList([[0.0]]), "wrong_type"),
        ([0.0] * 20_000, "wrong_type"),
        ([[10**400] * 4] * 4, "wrong_type"),
        (np.zeros((4, 4), dtype=complex), "wrong_type"),
        (np.zeros((4, 4), dtype=np.float16), "wrong_type"),
        (np.ma.zeros((4, 4)), "wrong_type"),
        ([["a"] * 4] * 4, "wrong_type"),
        (np.zeros((4, 4), dtype=bool), "bools_for_numbers"),
        (np.zeros(4), "wrong_shape"),
        (np.zeros((1, 4)), "wrong_shape"),
        (np.zeros((1, 4, 4)), "wrong_shape"),
        ([[0.0], [0.0, 0.0]], "wrong_shape"),
        ([], "wrong_shape"),
    ],
)
def test_what_is_no_matrix_is_named(value: Any, slug: str) -> None:
    error = refused("bias_matrix", lambda n, beta: value, (4, 0.5))

    assert error.mistake == slug
    assert error.sentence


def test_a_row_that_would_broadcast_is_not_broadcast() -> None:
    """Each of these rows, laid over the matrix, would agree with a right row."""
    right = linbias.bias_matrix(4, 0.5)

    assert refused("bias_matrix", lambda n, beta: right[-1], (4, 0.5)).mistake == "wrong_shape"
    assert refused("bias_row", lambda i, beta: 0.0, (1, 0.5)).mistake == "wrong_type"
    assert refused("distance", lambda i, j: [3], (5, 2)).mistake == "wrong_shape"


@pytest.mark.parametrize("value", [True, np.True_])
def test_true_is_not_the_number_one(value: Any) -> None:
    assert refused("distance", lambda i, j: value, (1, 0)).mistake == "bools_for_numbers"


@pytest.mark.parametrize("form", [np.float64, int, lambda right: right.astype(int).tolist()])
def test_one_is_not_true(form: Callable[[Any], Any]) -> None:
    ones = refused(
        "causal_mask", lambda n: np.vectorize(float)(linbias.causal_mask(n)).tolist(), (4,)
    )

    assert ones.mistake == "numbers_for_bools"


@pytest.mark.parametrize("value", [np.nan, np.float32("nan")])
def test_nan_is_named(value: Any) -> None:
    assert refused("linear_bias", lambda i, j, beta: value, (5, 2, 0.1)).mistake == "nan"


def test_the_cells_with_nan_are_counted_before_values_are_compared() -> None:
    error = refused("bias_row", lambda i, beta: [np.nan, -1.5, -1.0, -0.5, 0.0], (4, 0.5))

    assert error.mistake == "nan"
    assert "NaN stands in 1 of 5 cells, first at key 0." in str(error)


# --- functions that do not answer


def raising(error: BaseException) -> Callable[..., Any]:
    def function(*arguments: Any) -> Any:
        raise error

    return function


class Unprintable(Exception):
    """Cannot even say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (KeyError("beta"), "KeyError: 'beta'"),
        (NameError("name 'x' is not defined"), "NameError: name 'x' is not defined"),
        (AssertionError("a" * 1000), "AssertionError: aaa"),
        (SystemExit("bye"), "SystemExit: bye"),
        (RecursionError(), "RecursionError"),
        (Unprintable(), "Unprintable"),
    ],
)
def test_an_error_is_shown_with_the_call_that_raised_it(error: BaseException, shown: str) -> None:
    failed = refused("bias_matrix", raising(error), (4, 0.5))

    assert failed.mistake == "raised"
    assert shown in str(failed)
    assert "bias_matrix(n=4, beta=0.5)" in str(failed)
    assert len(str(failed)) < 800


def test_an_interrupt_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        check(answers("bias_matrix", raising(KeyboardInterrupt())), (4, 0.5))


def test_a_stub_is_not_attempted_even_when_it_is_half_done() -> None:
    def half(i: int, j: int) -> int:
        if j > i:
            raise NotImplementedError
        return j - i

    assert refused("distance", half).mistake == "not_attempted"


@pytest.mark.parametrize("name", ["<lambda>", "bias_matrx", "check"])
def test_an_unknown_name_is_explained(name: str) -> None:
    with pytest.raises(CheckFailed, match="No exercise is called") as error:
        check(answers(name, linbias.bias_matrix), (4, 0.5))

    assert error.value.mistake == "unknown_name"


@pytest.mark.parametrize("value", [None, 3, "bias_matrix", Liar()])
def test_what_cannot_be_called_is_explained(value: Any) -> None:
    with pytest.raises(CheckFailed, match="define it with def") as error:
        check(value, (4, 0.5))

    assert error.value.mistake == "not_callable"


def test_a_callable_object_with_a_name_is_a_function() -> None:
    class StandIn:
        __name__ = "bias_matrix"

        def __call__(self, n: int, beta: float) -> Any:
            return linbias.bias_matrix(n, beta).tolist()

    check(StandIn(), *MATRIX_CASES)


def test_a_check_without_cases_is_the_authors_mistake() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        check(linbias.bias_matrix)


# --- errors that are asked for


class Future(ValueError):
    """A student's own error."""


def test_any_kind_of_value_error_is_right_for_a_future_key() -> None:
    check(answers("distance", lambda i, j: i - j if j <= i else raising(Future("no"))()), (2, 5))


def test_another_error_for_a_future_key_is_explained() -> None:
    error = refused("distance", raising(TypeError("no")), (2, 5))

    assert error.mistake == "other_error"
    assert "ValueError" in error.sentence


@pytest.mark.parametrize("value", [None, "future", np.nan, -1, [], np.zeros(3)])
def test_an_answer_for_a_future_key_is_explained(value: Any) -> None:
    error = refused("distance", lambda i, j: i - j if j <= i else value)

    assert "raise ValueError" in error.sentence


# --- no noise, no interference


def test_warnings_and_stderr_of_a_right_answer_are_harmless(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def bias_matrix(n: int, beta: float) -> Any:
        warnings.warn("a warning", stacklevel=2)
        print("a note", file=sys.stderr)
        np.seterr(all="warn")
        return np.log(np.tri(n)) + np.nan_to_num(linbias.bias_matrix(n, beta), neginf=0)

    check(bias_matrix, *MATRIX_CASES)

    assert capsys.readouterr().err == ""


def test_a_function_that_changes_its_arguments_cannot_spoil_the_comparison(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def attention_weights(Q: Any, K: Any, beta: float) -> Any:
        weights = linbias.attention_weights(Q, K, beta)
        Q *= 0
        return weights

    cases = CASES["attention_weights"]
    before = cases[0][0].copy()
    check(attention_weights, *cases)

    assert np.array_equal(cases[0][0], before)
    assert "changes its argument Q" in capsys.readouterr().out


def test_a_wrong_function_that_changes_its_arguments_is_told_so() -> None:
    def double(Q: Any, K: Any, beta: float) -> Any:
        Q *= 2
        return linbias.attention_weights(Q, K, beta)

    assert "changes its argument Q" in str(refused("attention_weights", double))


def test_an_answer_in_a_reused_array_is_copied_at_once() -> None:
    room = np.empty((7, 7))

    def bias_matrix(n: int, beta: float) -> Any:
        room[:n, :n] = linbias.bias_matrix(n, beta)
        return room[:n, :n]

    check(bias_matrix, *MATRIX_CASES)


# --- what a message tells


def test_a_message_tells_call_answer_agreement_cell_and_mistake() -> None:
    text = str(refused("bias_matrix", matrix(np.negative), (5, 0.37)))

    for part in (
        "You called  bias_matrix(n=5, beta=0.37)",
        "Came back   a 5x5 array of numbers",
        "query 2, key 0: yours is 0.74",
        "the distance is 2 - 0 = 2",
    ):
        assert part in text


def test_a_message_counts_the_calls_that_are_right() -> None:
    text = str(refused("distance", lambda i, j: abs(i - j)))

    assert "3 of 4 calls are right" in text


def wiggled(right: Any) -> Any:
    return right - np.tril(np.sin(np.arange(right.size).reshape(right.shape)), -1)


def test_an_unknown_slip_has_no_slug_and_names_one_cell() -> None:
    error = refused("bias_matrix", matrix(wiggled), (4, 0.5))

    assert (error.mistake, error.sentence) == (None, "")
    assert "No known slip" in str(error)
    assert "query 2, key 0" in str(error)


def test_a_slip_in_one_case_only_is_still_recognised() -> None:
    """Right for short rows, reversed for long ones."""

    def bias_row(i: int, beta: float) -> Any:
        right = linbias.bias_row(i, beta)
        return right if i < 5 else right[::-1]

    assert refused("bias_row", bias_row, (4, 0.5), (6, 0.37)).mistake == "reversed"


def test_of_two_slips_both_are_told() -> None:
    """One step too many, and nothing is raised for a future key: each call shows one of them."""
    error = refused("distance", lambda i, j: i - j + 1)

    assert error.mistake == "one_too_many_future_allowed"
    assert "Two things" in error.sentence


def test_rows_moved_by_constants_are_called_the_same_attention() -> None:
    def moved(n: int, beta: float) -> Any:
        return linbias.bias_matrix(n, beta) + np.sqrt(np.arange(n))[:, None]

    error = refused("bias_matrix", moved)

    assert error.mistake == "same_attention"
    assert "softmax does not see" in error.sentence


def test_details_are_computed_from_the_answer() -> None:
    error = refused("bias_matrix", matrix(lambda right: right / len(right)), (5, 0.37))

    assert "times 0.2;" in error.sentence


def test_a_detail_that_a_small_matrix_cannot_give_is_left_out() -> None:
    error = refused("bias_matrix", matrix(lambda right: -(right**2) * 2), (3, 0.5))

    assert error.mistake == "squared"
    assert "From distance" not in error.sentence


def test_a_failure_keeps_what_it_says_on_its_way_to_another_process() -> None:
    error = refused("bias_matrix", matrix(np.negative))
    copy = pickle.loads(pickle.dumps(error))

    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
