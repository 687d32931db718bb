"""Slips that are likely, though no row stands for exactly this code: what is said about them."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest

import linbias
from linbias.check import CASES, CheckFailed, check, draw


def refused(name: str, function: Callable[..., Any], cases: Any = None) -> CheckFailed:
    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    with pytest.raises(CheckFailed) as error:
        check(student, *(cases or CASES[name]))
    return error.value


def steps(n: int) -> Any:
    return np.arange(n)[:, None] - np.arange(n)[None, :]


def causal(values: Any) -> Any:
    return np.where(steps(len(values)) >= 0, values, -np.inf)


def softmax(x: Any) -> Any:
    positive = np.exp(x - x.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


def scores(Q: Any, K: Any) -> Any:
    return Q @ K.T / np.sqrt(Q.shape[1])


def labels(form: str) -> Callable[[int], Any]:
    return lambda n: [[form.format(i=i, j=j) for j in range(i + 1)] for i in range(n)]


def row(i: int) -> Any:
    return np.arange(i + 1)


def keys(n: int) -> Any:
    return np.arange(n)[None, :] + 0 * steps(n)


TOLD = [
    # Nothing is named that another call refutes.
    ("bias_matrix", lambda n, beta: causal(-2 * beta * steps(n)), "constant_factor"),
    ("bias_matrix", lambda n, beta: causal(-beta * steps(n) / 8), "constant_factor"),
    ("bias_matrix", lambda n, beta: causal(-beta / 2 * steps(n)), "constant_factor"),
    ("linear_bias", lambda i, j, beta: -beta * (i - j) / 8, "constant_factor"),
    ("bias_row", lambda i, beta: -3 * beta * (i - row(i)), "constant_factor"),
    ("half_distance", lambda beta: math.log(2) / (2 * beta), "constant_factor"),
    (
        "attention_weights",
        lambda Q, K, beta: softmax(causal(scores(Q, K) - 2 * beta * steps(len(Q)))),
        "bias_doubled",
    ),
    (
        "window",
        lambda beta, mass: math.ceil(-math.log(1 - mass) * math.log(2) / beta),
        "too_few",
    ),
    ("window", lambda beta, mass: math.ceil(-math.log(1 - mass) / beta) - 1, "one_too_few"),
    # A fixed number stands for an argument.
    ("linear_bias", lambda i, j, beta: -0.1 * (i - j), "argument_unused"),
    ("bias_row", lambda i, beta: -0.5 * (i - row(i)), "argument_unused"),
    ("bias_matrix", lambda n, beta: causal(-0.5 * steps(n)), "argument_unused"),
    ("weights_by_distance", lambda n, beta: softmax(-0.1 * row(n - 1)[None])[0], "argument_unused"),
    ("content_needed", lambda beta, d: 0.5 * d, "argument_unused"),
    (
        "attention_weights",
        lambda Q, K, beta: softmax(causal(scores(Q, K) - 0.5 * steps(len(Q)))),
        "argument_unused",
    ),
    # Rounded, cut, returned too early.
    ("linear_bias", lambda i, j, beta: round(-beta * (i - j)), "whole_numbers"),
    ("linear_bias", lambda i, j, beta: round(-beta * (i - j), 2), "two_decimals"),
    ("bias_row", lambda i, beta: [round(-beta * (i - j), 2) for j in range(i + 1)], "two_decimals"),
    ("bias_row", lambda i, beta: [round(-beta * (i - j)) for j in range(i + 1)], "whole_numbers"),
    ("bias_matrix", lambda n, beta: causal((-beta * steps(n)).round(2)), "two_decimals"),
    ("content_needed", lambda beta, d: round(beta * d, 2), "two_decimals"),
    ("window", lambda beta, mass: int(-math.log(1 - mass) / beta) + 1, "int_plus_one"),
    ("half_distance", lambda beta: round(math.log(2) / beta), "rounded_up"),
    ("bias_row", lambda i, beta: [-beta * i], "returned_in_loop"),
    ("bias_row", lambda i, beta: [-beta * i] + [0.0] * i, "returned_in_loop"),
    ("bias_row", lambda i, beta: -beta * i, "number_returned_in_loop"),
    (
        "bias_matrix",
        lambda n, beta: np.vstack([causal(steps(n) * -beta)[:1], np.zeros((n - 1, n))]),
        "returned_in_loop",
    ),
    ("score_labels", lambda n: [["q0k0"]], "returned_in_loop"),
    ("bias_row", lambda i, beta: -beta * i - row(i), "brackets_missing"),
    ("bias_row", lambda i, beta: -beta * i + row(i), "minus_not_carried"),
    ("bias_row", lambda i, beta: -beta - (i - row(i)), "beta_subtracted"),
    (
        "bias_matrix",
        lambda n, beta: causal(-beta * row(n - 1)[:, None] + row(n - 1)),
        "minus_not_carried",
    ),
    (
        "bias_matrix",
        lambda n, beta: causal(-np.log1p(beta * steps(n).clip(0))),
        "logarithm_of_price",
    ),
    ("pairs_at_distance", lambda n, d: n - d + 1, "one_too_many_below_zero"),
    ("softmax_rows", lambda x: softmax(x).T, "transposed"),
    ("softmax_rows", lambda x: softmax(x / x.max()), "divided_by_one_maximum"),
    # Shapes and names.
    ("bias_row", lambda i, beta: linbias.bias_row(i, beta)[None], "brackets_too_many"),
    ("bias_row", lambda i, beta: linbias.bias_row(i, beta)[:, None], "brackets_too_many"),
    ("score_labels", labels("q{i}k{j}T"), "with_transpose"),
    ("score_labels", labels("q{i}kT{j}"), "with_transpose"),
    ("score_labels", labels("q{i} k{j}"), "with_space"),
    ("score_labels", labels("q{i}_k{j}"), "with_space"),
    ("score_labels", labels("Q{i}K{j}"), "capitals"),
    ("score_labels", labels("q{{i}}k{{j}}"), "f_forgotten"),
    # NumPy's own traps.
    ("softmax_rows", lambda x: softmax_flat_maximum(x), "maximum_lies_flat"),
    ("softmax_rows", lambda x: np.exp(x) / np.exp(x).sum(axis=1), "sum_lies_flat"),
    ("softmax_rows", lambda x: shifted(x, x.min(axis=1)), "infinite_shift"),
    ("softmax_rows", lambda x: shifted(x, np.abs(x).max(axis=1)), "infinite_shift"),
    (
        "attention_weights",
        lambda Q, K, beta: softmax(scores(Q, K)) + causal(-beta * steps(len(Q))),
        "infinite_weights",
    ),
    (
        "attention_weights",
        lambda Q, K, beta: softmax(causal(scores(Q, K))) + causal(-beta * steps(len(Q))),
        "infinite_weights",
    ),
    ("bias_matrix", lambda n, beta: np.where(steps(n) < 0, np.nan, 0.3), "nan_for_blocked"),
    # Lessons 05 and 06.
    ("same_attention", lambda A, B: bool((softmax(A) == softmax(B)).all()), "equal_matrices"),
    ("same_attention", lambda A, B: np.allclose(softmax(A.T), softmax(B.T)), "columns"),
    ("same_attention", lambda A, B: bool(np.nanstd(B - A) < 1e-9), "one_constant"),
    ("same_attention", lambda A, B: np.allclose(np.diff(A), np.diff(B)), "nan"),
    ("key_only_bias", lambda n, beta: beta * keys(n), "no_mask"),
    (
        "key_only_bias",
        lambda n, beta: causal(beta * (row(n - 1) + row(n - 1)[:, None])),
        "same_attention",
    ),
    (
        "key_only_bias",
        lambda n, beta: causal(2 * beta * (row(n - 1) + 0 * steps(n))),
        "constant_factor",
    ),
    ("bias_with_cache", lambda q, k, beta: linbias.bias_matrix(k, beta)[:q], "top_left"),
    (
        "bias_with_cache",
        lambda q, k, beta: linbias.bias_matrix(k, beta)[-q:, -q:],
        "cache_forgotten",
    ),
    ("slopes_paper", lambda H: 0.5 ** np.arange(1, H + 1), "always_half"),
    ("slopes_official", lambda H: sorted(linbias.slopes_official(H)), "sorted_upwards"),
    ("alibi_bias", lambda H, n: 2 * linbias.alibi_bias(H, n), "constant_factor"),
    ("alibi_bias", lambda H, n: linbias.alibi_bias(H, n).transpose(1, 2, 0), "heads_last"),
    # Lessons 07 and 08: two slips at once, or numbers that were rounded.
    ("kerple_power", lambda n, b1, b2: causal(powers(-b1 * steps(n).clip(0), b2)), "minus_inside"),
    ("perplexity", lambda losses: 2.718 ** np.mean(losses), "e_rounded"),
    ("short_context_fraction", lambda L, c: (c - 1) / L, "one_too_few"),
    ("short_context_fraction", lambda L, c: c, "number_for_share"),
    ("short_context_fraction", lambda L, c: 1 - c / L, "long_for_short"),
    ("short_context_fraction", lambda L, c: L / c, "upside_down"),
    ("short_context_fraction", lambda L, c: 100 * c / L, "percent"),
]


def powers(x: Any, power: float) -> Any:
    with np.errstate(invalid="ignore"):
        return x**power


def shifted(x: Any, by: Any) -> Any:
    return np.exp(x - by[:, None]) / np.exp(x - by[:, None]).sum(axis=1, keepdims=True)


def softmax_flat_maximum(x: Any) -> Any:
    return np.exp(x - x.max(axis=1)) / np.exp(x - x.max(axis=1)).sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("name", "wrong", "mistake"),
    TOLD,
    ids=[f"{name}-{mistake}" for name, _, mistake in TOLD],
)
def test_a_likely_slip_is_told_for_what_it_is(name: str, wrong: Any, mistake: str) -> None:
    assert refused(name, wrong).mistake == mistake


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bias_matrix", lambda n, beta: causal(-2 * beta * steps(n))),
        ("linear_bias", lambda i, j, beta: -beta * (i - j) / 8),
        ("pairs_at_distance", lambda n, d: max(n - d, 1)),
        ("window", lambda beta, mass: math.ceil(math.log(2) / beta)),
        ("window", lambda beta, mass: math.ceil(mass * math.log(2) / beta)),
    ],
)
def test_no_mistake_is_named_that_a_wrong_call_refutes(name: str, wrong: Any) -> None:
    for cases in (CASES[name], draw(name, 4, "01")):
        told = refused(name, wrong, cases).mistake

        assert told in (None, "constant_factor", "too_few", "argument_unused")


def test_a_yes_or_no_that_is_right_sometimes_is_not_called_the_opposite() -> None:
    def steps_across_rows(A: Any, B: Any) -> bool:
        seen = np.isfinite(A)
        return np.allclose(np.diff(A[seen]), np.diff(B[seen]))

    assert refused("same_attention", steps_across_rows).mistake is None
    assert refused("same_attention", lambda A, B: not linbias.same_attention(A, B)).mistake == (
        "opposite"
    )


def test_a_table_of_contexts_is_told_with_what_its_rows_and_columns_are() -> None:
    flat = refused("contexts", lambda ids, targets, c: ids[targets[0] - c : targets[0]])
    late = refused("contexts", lambda ids, targets, c: ids[targets[:, None] - np.arange(c)])

    assert "one row for each target, one column for each token" in flat.sentence
    assert "target 2, token 0: yours is 9. This target stands at position 12" in str(late)


def test_rounding_to_four_digits_fails_the_hidden_test() -> None:
    error = refused(
        "linear_bias",
        lambda i, j, beta: round(-beta * (i - j), 4),
        draw("linear_bias", 4, "01"),
    )

    assert "0 of" not in str(error)


def test_a_constant_factor_is_told_with_its_size() -> None:
    error = refused("content_needed", lambda beta, d: 1.5 * beta * d)

    assert "times 1.5" in error.sentence


def test_arguments_that_are_not_used_are_named() -> None:
    error = refused("linear_bias", lambda i, j, beta: 0.77)

    assert "when i or j or beta changes" in error.sentence


def test_one_wrong_number_alone_is_no_factor() -> None:
    error = refused("linear_bias", lambda i, j, beta: -beta * (i - j) * (1.9 if i == 5 else 1))

    assert error.mistake is None


def raising(error: Exception) -> Callable[..., Any]:
    def function(*_: Any) -> Any:
        raise error

    return function


@pytest.mark.parametrize(
    ("name", "function", "hint"),
    [
        ("softmax_rows", math.exp, "np.exp, np.log and np.sqrt take a whole array"),
        ("attend_shuffled", lambda query, keys, values, order: order[keys], "inside them the list"),
        ("attend_shuffled", lambda query, *_: query[0][0], "an index too many"),
        ("attend_shuffled", lambda query, *_: query[0, 0], "more indices in the square brackets"),
        ("attend_shuffled", lambda query, *_: query[9], "An index went past the end"),
    ],
)
def test_what_numpy_says_is_told_in_plain_words(
    name: str, function: Callable[..., Any], hint: str
) -> None:
    assert hint in str(refused(name, function))


def hand_over(query: Any, keys: Any, values: Any) -> Any:
    return softmax((keys @ query)[None])[0][:, None] * values


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda q, K, V, o: hand_over(q, K[o], V[o[::-1]]), "parted"),
        (lambda q, K, V, o: hand_over(q, np.roll(K, 2, 0), np.roll(V, 1, 0)), "parted"),
        (lambda q, K, V, o: hand_over(q, np.roll(K, 2, 0), np.roll(V, 2, 0)), "other_order"),
        (lambda q, K, V, o: hand_over(q, K, V), "order_ignored"),
        (lambda q, K, V, o: (K[o], V[o]), "returned_early"),
        (lambda q, K, V, o: 2 * hand_over(q, K[o], V[o]), "constant_factor"),
        (lambda q, K, V, o: hand_over(q, V[o], K[o]), None),
    ],
)
def test_words_that_lose_their_way_are_told_which(
    function: Callable[..., Any], mistake: str | None
) -> None:
    assert refused("attend_shuffled", function).mistake == mistake


def test_a_message_fits_beside_the_file_browser() -> None:
    error = refused("attend_shuffled", lambda q, K, V, o: hand_over(q, K[o], V))

    assert 60 < max(map(len, error._render_traceback_())) <= 70


def test_an_error_that_is_returned_is_told_from_one_that_is_raised() -> None:
    later = ArithmeticError("later")
    returned = refused("distance", lambda i, j: i - j if j <= i else later)
    raised = refused("distance", lambda i, j: i - j if j <= i else raising(later)())

    assert returned.mistake == "error_returned"
    assert "Yours: an ArithmeticError" in returned.picture
    assert "Yours: an ArithmeticError" in raised.picture
    assert "ValueError is asked for" in str(raised)


def test_an_own_value_error_is_not_blamed_on_shapes() -> None:
    error = refused("bias_row", raising(ValueError("key 5 is in the future of query 4")))

    assert "function of your own" in str(error)
    assert "keepdims" not in str(error)


def test_distance_called_the_wrong_way_round_is_told() -> None:
    wrong = refused("linear_bias", lambda i, j, beta: -beta * linbias.distance(j, i))

    assert wrong.mistake == "exchanged"


def test_a_product_that_does_not_fit_is_told_about_products() -> None:
    def multiply(Q: Any, K: Any, beta: float) -> Any:
        return Q @ K

    error = refused("attention_weights", multiply)

    assert "columns of A meet the rows of B" in str(error)
    assert "keepdims" not in str(error)


def test_weights_times_values_is_told_about_cells() -> None:
    def multiply(Q: Any, K: Any, V: Any, beta: float) -> Any:
        return linbias.attention_weights(Q, K, beta) * V

    assert "A matrix product is written @" in str(refused("attend", multiply))


def test_an_error_is_shown_with_the_students_own_line() -> None:
    def bias_row(i: int, beta: float) -> Any:
        return undefined_name  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(CheckFailed, match=r"at line \d+: return undefined_name"):
        check(bias_row, *CASES["bias_row"])


@pytest.mark.parametrize("value", [np.array([-0.3]), Fraction(-3, 10)])
def test_a_number_in_a_wrapping_is_told_how_to_take_it_out(value: Any) -> None:
    text = str(refused("linear_bias", lambda i, j, beta: value))

    assert "take the number out" in text or "float(...)" in text


def test_none_in_blocked_cells_is_named() -> None:
    def wrong(n: int, beta: float) -> Any:
        return [[-beta * (i - j) if j <= i else None for j in range(n)] for i in range(n)]

    text = str(refused("bias_matrix", wrong))

    assert "a list with 4 entries, None among them" in text
    assert "a blocked cell holds -np.inf" in text


def test_an_unknown_label_is_sent_to_the_docstring() -> None:
    text = str(refused("score_labels", labels("query{i}key{j}")))

    assert "docstring, letter by letter" in text
    assert "by hand" not in text


def test_a_function_without_a_name_is_told_to_be_defined() -> None:
    with pytest.raises(CheckFailed, match="has no name of its own"):
        check(partial(linbias.bias_row, 4), (0.5,))


def test_a_whole_number_to_a_negative_power_is_told_about_two_point_zero():
    error = refused("slopes_paper", lambda H: 2 ** -np.arange(1, H + 1))

    assert "write 2.0 in place of 2" in str(error)


RIGHT_IN_ANOTHER_WAY = [
    ("same_attention", lambda A, B: np.array(np.allclose(softmax(A), softmax(B)))),
    ("same_attention", lambda A, B: np.allclose(np.diff(A), np.diff(B), equal_nan=True)),
    ("key_only_bias", lambda n, beta: beta * row(n - 1) + np.triu(np.full((n, n), -np.inf), 1)),
    ("key_only_bias", lambda n, beta: np.where(steps(n) >= 0, beta * row(n - 1), -1e9)),
    ("bias_with_cache", lambda q, k, beta: linbias.bias_matrix(k, beta)[k - q :]),
    ("slopes_power_of_two", lambda H: list(linbias.slopes_power_of_two(H))),
    ("slopes_paper", lambda H: np.geomspace(2 ** (-8 / H), 2**-8, H)),
    ("slopes_official", lambda H: other_builder(1 << (H - 1).bit_length(), H)),
    ("alibi_bias", lambda H, n: [linbias.bias_matrix(n, m) for m in linbias.slopes_official(H)]),
    ("bf16_positions", lambda n: len({float(linbias.bf16(position)) for position in range(n)})),
]


def other_builder(power: int, H: int) -> Any:
    """Start from the power of two above, as other programs do: the same list."""
    slopes = linbias.slopes_paper(power)
    return slopes if power == H else np.concatenate([slopes[1::2], slopes[::2]])[:H]


@pytest.mark.parametrize(
    ("name", "function"),
    RIGHT_IN_ANOTHER_WAY,
    ids=[f"{name}-{count}" for count, (name, _) in enumerate(RIGHT_IN_ANOTHER_WAY)],
)
def test_a_right_answer_passes_in_any_form(name: str, function: Any) -> None:
    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    check(student, *CASES[name])
    check(student, *draw(name, 9, "05"))
