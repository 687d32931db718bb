"""Right answers that nobody expects: each passes, or is told fairly what its only fault is."""

# ruff: noqa: E501 - one answer a line

import array
import itertools
import math
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pytest

import linbias
from linbias.check import CASES, EXERCISES, CheckFailed, check, draw

INF = np.inf


def future(i: int, j: int) -> None:
    if j > i:
        raise ValueError(f"key {j} is in the future of query {i}")


def refused(i: int, j: int) -> Any:
    raise ValueError("future")


class FutureKey(ValueError):
    """A ValueError of the student's own."""


def with_own_error(i: int, j: int) -> int:
    if i < j:
        raise FutureKey
    return i - j


def counted(i: int, j: int) -> int:
    future(i, j)
    return sum(1 for _ in range(j, i))


def steps(n: int) -> Any:
    return np.subtract.outer(np.arange(n), np.arange(n))


def tri(n: int) -> Any:
    return np.tri(n, dtype=bool)


def causal(values: Any, blocked: float = -INF) -> Any:
    return np.where(tri(len(values)), values, blocked)


def hand_over(query: Any, keys: Any, values: Any) -> Any:
    positive = np.exp(keys @ query)
    return (positive / positive.sum())[:, None] * values


def filled(n: int, beta: float) -> Any:
    bias = np.full((n, n), -INF)
    for i, j in itertools.combinations_with_replacement(range(n), 2):
        bias[j, i] = beta * (i - j)
    return bias


def by_diagonals(n: int, beta: float) -> Any:
    above = sum(np.diag(np.full(n - d, -beta * d), -d) for d in range(n))
    return above + np.triu(np.full((n, n), -INF), 1)


def by_rolling(n: int, beta: float) -> Any:
    line = np.r_[-beta * np.arange(n)[::-1], np.full(n - 1, -INF)]
    return np.lib.stride_tricks.sliding_window_view(line, n)[::-1]


def softmax(x: Any) -> Any:
    positive = np.exp(x - x.max(axis=-1, keepdims=True))
    return positive / positive.sum(axis=-1, keepdims=True)


def by_logsumexp(x: Any) -> Any:
    top = x.max(axis=1, keepdims=True)
    return np.exp(x - top - np.log(np.exp(x - top).sum(axis=1, keepdims=True)))


def by_logaddexp(x: Any) -> Any:
    return np.exp(x - np.logaddexp.reduce(x, axis=1, keepdims=True))


def online(x: Any) -> Any:
    rows = []
    for row in x:
        top, total = -INF, 0.0
        for value in row:
            higher = max(top, value)
            total = total * math.exp(top - higher) + math.exp(value - higher)
            top = higher
        rows.append([math.exp(value - top) / total for value in row])
    return rows


def scores(Q: Any, K: Any) -> Any:
    return Q @ K.T / np.sqrt(Q.shape[1])


def weights(Q: Any, K: Any, beta: float) -> Any:
    return softmax(causal(scores(Q, K) - beta * steps(len(Q))))


def masked_after(Q: Any, K: Any, beta: float) -> Any:
    shares = softmax(scores(Q, K) - beta * steps(len(Q))) * tri(len(Q))
    return shares / shares.sum(axis=1, keepdims=True)


def decayed(Q: Any, K: Any, beta: float) -> Any:
    shares = softmax(causal(scores(Q, K))) * np.exp(-beta * np.maximum(steps(len(Q)), 0))
    return shares / shares.sum(axis=1, keepdims=True)


def as_features(Q: Any, K: Any, beta: float) -> Any:
    """The bias as two more features of each query and key."""
    place, ones = np.arange(len(Q))[:, None], np.ones((len(Q), 1))
    q = np.hstack([Q / np.sqrt(Q.shape[1]), -beta * place, ones])
    k = np.hstack([K, ones, beta * place])
    return softmax(causal(q @ k.T))


def row_by_row(Q: Any, K: Any, beta: float) -> Any:
    out = np.zeros((len(Q), len(Q)))
    for i in range(len(Q)):
        line = Q[i] @ K[: i + 1].T / math.sqrt(Q.shape[1]) - beta * (i - np.arange(i + 1))
        out[i, : i + 1] = softmax(line)
    return out


def running_mean(Q: Any, K: Any, V: Any, beta: float) -> Any:
    """As a fused kernel does it: no matrix of weights at any time."""
    out = []
    for i, q in enumerate(Q):
        total, mixed = 0.0, np.zeros(V.shape[1])
        for j in range(i + 1):
            share = math.exp(q @ K[j] / math.sqrt(len(q)) - beta * (i - j))
            total, mixed = total + share, mixed + share * V[j]
        out.append(mixed / total)
    return np.array(out)


def bisected(beta: float) -> float:
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if math.exp(-beta * middle) > 0.5 else (low, middle)
    return low


def searched(beta: float, mass: float) -> int:
    return next(n for n in itertools.count(1) if 1 - math.exp(-beta * n) >= mass - 1e-12)


def geometric(beta: float, mass: float) -> int:
    share, kept, n = 1 - math.exp(-beta), 0.0, 0
    while kept < mass - 1e-12:
        kept, n = kept + share * math.exp(-beta * n), n + 1
    return n


def level(A: Any) -> Any:
    return A - A.max(axis=1, keepdims=True)


def same_by_rows(A: Any, B: Any) -> bool:
    for a, b in zip(A, B, strict=True):
        if not np.array_equal(np.isinf(a), np.isinf(b)):
            return False
        if np.ptp((a - b)[np.isfinite(a)]) > 1e-9:
            return False
    return True


def last_rows(n_q: int, n_k: int, beta: float) -> Any:
    return causal(-beta * steps(n_k))[-n_q:]


def cache_by_cells(n_q: int, n_k: int, beta: float) -> Any:
    first = n_k - n_q
    return [
        [-beta * (first + i - j) if j <= first + i else -math.inf for j in range(n_k)]
        for i in range(n_q)
    ]


def spaced(n: int) -> int:
    """Between 2^e and 2^(e+1) the positions are 2^(e-7) apart: rounded to even multiples."""
    return len({int(float(round(p / s)) * s) for p in range(n) for s in [max(1, 2 ** gap(p))]})


def gap(position: int) -> int:
    return position.bit_length() - 8


def official(H: int) -> Any:
    def two(n: int) -> Any:
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]

    if math.log2(H).is_integer():
        return two(H)
    c = 2 ** math.floor(math.log2(H))
    return two(c) + official(2 * c)[0::2][: H - c]


def power_of_two(H: int) -> Any:
    if math.log2(H) % 1:
        raise ValueError("a power of two")
    return official(H)


def stacked(H: int, n: int) -> Any:
    return np.stack([causal(-slope * steps(n)) for slope in official(H)])


def bucket_by_edges(d: int) -> int:
    edges = [*range(1, 16), *(math.ceil(16 * 8 ** (k / 16) - 1e-9) for k in range(16))]
    return min(sum(d >= edge for edge in edges), 31)


def turned(pair: Any, angle: float) -> Any:
    return complex(*pair) * complex(math.cos(angle), math.sin(angle))


def windows(ids: Any, targets: Any, c: int) -> Any:
    return np.lib.stride_tricks.sliding_window_view(ids, c)[np.asarray(targets) - c]


PASS: list[tuple[str, str, Callable[..., Any]]] = [
    ("distance", "counted", counted),
    ("distance", "own error", with_own_error),
    ("distance", "length of a range", lambda i, j: len(range(j, i)) if j <= i else refused(i, j)),
    ("distance", "a float", lambda i, j: float(linbias.distance(i, j))),
    ("distance", "a NumPy integer", lambda i, j: np.int64(linbias.distance(i, j))),
    ("linear_bias", "brackets solved", lambda i, j, beta: beta * j - beta * i),
    ("linear_bias", "a sum", lambda i, j, beta: -sum([beta] * (i - j))),
    ("linear_bias", "NumPy's number", lambda i, j, beta: np.float64(beta) * (j - i)),
    ("linear_bias", "0-dimensional", lambda i, j, beta: np.array(beta * (j - i))),
    ("linear_bias", "logarithm", lambda i, j, beta: math.log(math.exp(-beta) ** (i - j))),
    ("linear_bias", "nearly", lambda i, j, beta: beta * (j - i) * (1 + 1e-12)),
    ("attend_shuffled", "words", lambda q, K, V, o: [hand_over(q, K, V)[word] for word in o]),
    ("attend_shuffled", "rows by take", lambda q, K, V, o: hand_over(q, K, V).take(o, axis=0)),
    ("attend_shuffled", "an array", lambda q, K, V, o: hand_over(q, K, V)[np.array(o)]),
    ("bias_row", "a list", lambda i, beta: [beta * (j - i) for j in range(i + 1)]),
    ("bias_row", "a tuple", lambda i, beta: tuple(beta * (j - i) for j in range(i + 1))),
    ("bias_row", "linspace", lambda i, beta: np.linspace(-beta * i, 0, i + 1)),
    ("bias_row", "reversed view", lambda i, beta: (-beta * np.arange(i + 1))[::-1]),
    ("bias_row", "cumsum", lambda i, beta: np.r_[0, np.cumsum([-beta] * i)][::-1]),
    ("bias_row", "arange down", lambda i, beta: -beta * np.arange(i, -1, -1)),
    ("bias_row", "float32", lambda i, beta: np.float32(-beta) * np.arange(i + 1, dtype="f")[::-1]),
    ("bias_row", "NumPy numbers", lambda i, beta: [np.float64(beta) * -d for d in range(i, -1, -1)]),
    ("score_labels", "tuples", lambda n: tuple(tuple(map(f"q{i}k{{}}".format, range(i + 1))) for i in range(n))),
    ("score_labels", "joined", lambda n: [["k".join((f"q{i}", str(j))) for j in range(i + 1)] for i in range(n)]),
    ("score_labels", "arrays", lambda n: [np.array([f"q{i}k{j}" for j in range(i + 1)]) for i in range(n)]),
    ("causal_mask", "np.tri", tri),
    ("causal_mask", "outer", lambda n: np.greater_equal.outer(np.arange(n), np.arange(n))),
    ("causal_mask", "nested lists", lambda n: [[j <= i for j in range(n)] for i in range(n)]),
    ("causal_mask", "not triu", lambda n: ~np.triu(np.ones((n, n), bool), 1)),
    ("causal_mask", "indices", lambda n: np.less_equal(*np.indices((n, n))[::-1])),
    ("causal_mask", "cumsum of eye", lambda n: np.cumsum(np.eye(n)[::-1], axis=0)[::-1].T > 0),
    ("bias_matrix", "by diagonals", by_diagonals),
    ("bias_matrix", "a window that slides", by_rolling),
    ("bias_matrix", "nested lists", lambda n, beta: causal(-beta * steps(n)).tolist()),
    ("bias_matrix", "np.matrix", lambda n, beta: np.asmatrix(causal(-beta * steps(n)))),
    ("bias_matrix", "-1e9", lambda n, beta: causal(-beta * steps(n), -1e9)),
    ("bias_matrix", "float16's lowest", lambda n, beta: causal(-beta * steps(n), -65504)),
    ("bias_matrix", "float32", lambda n, beta: causal(-beta * steps(n)).astype(np.float32)),
    ("bias_matrix", "added mask", lambda n, beta: -beta * np.tril(steps(n)) + np.log(tri(n))),
    ("bias_matrix", "clip", lambda n, beta: np.where(steps(n) < 0, -INF, -beta * steps(n).clip(0))),
    ("bias_matrix", "Fortran order", lambda n, beta: np.asfortranarray(causal(-beta * steps(n)))),
    ("bias_matrix", "minus absolute", lambda n, beta: causal(-beta * np.abs(steps(n)))),
    ("bias_matrix_no_loops", "np.tri", lambda n, beta: causal(-beta * steps(n))),
    ("bias_matrix_no_loops", "fromfunction", lambda n, beta: np.fromfunction(lambda i, j: np.where(j <= i, beta * (j - i), -INF), (n, n))),
    ("pairs_at_distance", "counted", lambda n, d: sum(i - j == d for i in range(n) for j in range(n))),
    ("pairs_at_distance", "a diagonal", lambda n, d: np.diagonal(np.ones((n, n)), -d).size),
    ("pairs_at_distance", "a trace", lambda n, d: int(np.trace(np.ones((n, n)), -d))),
    ("pairs_at_distance", "a range", lambda n, d: len(range(d, n))),
    ("softmax_rows", "logsumexp", by_logsumexp),
    ("softmax_rows", "logaddexp", by_logaddexp),
    ("softmax_rows", "online", online),
    ("softmax_rows", "base 2", lambda x: np.exp2(y := (x - x.max(1)[:, None]) / math.log(2)) / np.exp2(y).sum(1)[:, None]),
    ("softmax_rows", "transposed twice", lambda x: (lambda e: (e.T / e.sum(1)).T)(np.exp(x - x.max(1, keepdims=True)))),
    ("softmax_rows", "row by row", lambda x: np.vstack([softmax(row) for row in x])),
    ("attention_weights", "key-only bias", lambda Q, K, beta: softmax(causal(scores(Q, K) + beta * np.arange(len(K))))),
    ("attention_weights", "one too many", lambda Q, K, beta: softmax(causal(scores(Q, K) - beta * (steps(len(Q)) + 1)))),
    ("attention_weights", "mask twice", lambda Q, K, beta: softmax(causal(causal(scores(Q, K)) - beta * steps(len(Q))))),
    ("attention_weights", "masked after, then divided", masked_after),
    ("attention_weights", "decayed, then divided", decayed),
    ("attention_weights", "more features", as_features),
    ("attention_weights", "row by row", row_by_row),
    ("attention_weights", "einsum", lambda Q, K, beta: softmax(causal(np.einsum("id,jd->ij", Q, K) / Q.shape[1] ** 0.5 - beta * steps(len(Q))))),
    ("attention_weights", "Q scaled first", lambda Q, K, beta: softmax(causal((Q / np.sqrt(Q.shape[1])) @ K.T - beta * steps(len(Q))))),
    ("attend", "running mean", running_mean),
    ("attend", "einsum", lambda Q, K, V, beta: np.einsum("ij,jd->id", weights(Q, K, beta), V)),
    ("attend", "transposed", lambda Q, K, V, beta: (V.T @ weights(Q, K, beta).T).T),
    ("attend", "differences added to self", lambda Q, K, V, beta: V + weights(Q, K, beta) @ V - V),
    ("weights_by_distance", "geometric", lambda n, beta: (1 - math.exp(-beta)) / (1 - math.exp(-beta * n)) * np.exp(-beta * np.arange(n))),
    ("weights_by_distance", "last row turned", lambda n, beta: softmax(causal(-beta * steps(n)))[-1][::-1]),
    ("weights_by_distance", "a list", lambda n, beta: [1 / sum(math.exp(-beta * (e - d)) for e in range(n)) for d in range(n)]),
    ("half_distance", "bisected", bisected),
    ("half_distance", "log of a half", lambda beta: math.log(0.5) / -beta),
    ("half_distance", "base changed", lambda beta: math.log(2, math.exp(beta))),
    ("window", "searched", searched),
    ("window", "a sum", geometric),
    ("window", "a whole float", lambda beta, mass: math.ceil(-math.log1p(-mass) / beta - 1e-12) * 1.0),
    ("content_needed", "a sum", lambda beta, d: math.fsum([beta] * d)),
    ("content_needed", "minus the bias", lambda beta, d: -(-beta * d)),
    ("same_attention", "levelled", lambda A, B: np.allclose(np.exp(level(A)), np.exp(level(B)))),
    ("same_attention", "by rows", same_by_rows),
    ("same_attention", "softmax", lambda A, B: bool(np.abs(softmax(A) - softmax(B)).max() < 1e-9)),
    ("same_attention", "NumPy's bool", lambda A, B: np.bool_(np.allclose(softmax(A), softmax(B)))),
    ("key_only_bias", "broadcast", lambda n, beta: causal(np.broadcast_to(beta * np.arange(n), (n, n)))),
    ("key_only_bias", "tiled", lambda n, beta: causal(np.tile(beta * np.arange(n), (n, 1)), -1e30)),
    ("key_only_bias", "row shifted", lambda n, beta: causal(-beta * steps(n) + beta * np.arange(n)[:, None])),
    ("bias_with_cache", "last rows", last_rows),
    ("bias_with_cache", "by cells", cache_by_cells),
    ("bf16_positions", "spaced", spaced),
    ("slopes_power_of_two", "start and ratio", power_of_two),
    ("slopes_power_of_two", "logspace", lambda H: np.logspace(-8 / H, -8, H, base=2) if H & (H - 1) == 0 else refused(0, 1)),
    ("slopes_paper", "geomspace", lambda H: np.geomspace(2 ** (-8 / H), 2**-8, H)),
    ("slopes_paper", "accumulated", lambda H: list(itertools.accumulate([2 ** (-8 / H)] * H, lambda a, b: a * b))),
    ("slopes_paper", "roots", lambda H: [256 ** (-h / H) for h in range(1, H + 1)]),
    ("slopes_official", "recursive", official),
    ("alibi_bias", "stacked", stacked),
    ("alibi_bias", "einsum", lambda H, n: np.einsum("h,ij->hij", np.array(official(H)), -np.tril(steps(n))) + np.triu(np.full((n, n), -INF), 1)),
    ("alibi_bias", "nested lists", lambda H, n: [causal(-m * steps(n)).tolist() for m in official(H)]),
    ("book_beta", "a power", lambda slope, d: slope * d**0.5),
    ("book_beta", "hypot", lambda slope, d: slope * math.hypot(*[1] * d)),
    ("t5_bucket", "by edges", bucket_by_edges),
    ("kerple_power", "exp of log", lambda n, b1, b2: causal(-b1 * np.exp(b2 * np.log(steps(n).clip(0))))),
    ("kerple_power", "a loop", lambda n, b1, b2: [[-b1 * (i - j) ** b2 if j <= i else -INF for j in range(n)] for i in range(n)]),
    ("kerple_log", "log1p", lambda n, b1, b2: causal(-b1 * np.log1p(b2 * steps(n).clip(0)))),
    ("two_sided", "two triangles", lambda n, beta: -beta * (np.tril(steps(n)) - np.triu(steps(n)))),
    ("two_sided", "maximum", lambda n, beta: -beta * np.maximum(steps(n), -steps(n))),
    ("two_sided", "square root of the square", lambda n, beta: -beta * np.sqrt(steps(n) ** 2)),
    ("rope_score", "complex", lambda q, k, i, j, s: (turned(q, i * s) * turned(k, j * s).conjugate()).real),
    ("rope_score", "the difference only", lambda q, k, i, j, s: (turned(q, (i - j) * s) * complex(*k).conjugate()).real),
    ("perplexity", "geometric mean", lambda losses: math.prod(np.exp(losses)) ** (1 / len(losses))),
    ("perplexity", "one by one", lambda losses: reduce(lambda p, one: p * math.exp(one / len(losses)), losses, 1.0)),
    ("loss_by_position", "zip", lambda losses: [sum(column) / len(column) for column in zip(*losses, strict=True)]),
    ("loss_by_position", "a product", lambda losses: np.full(len(losses), 1 / len(losses)) @ losses),
    ("short_context_fraction", "counted", lambda L, c: sum(p <= c for p in range(1, L + 1)) / L),
    ("short_context_fraction", "clip", lambda L, c: float(np.clip(c / L, 0, 1))),
    ("contexts", "windows", windows),
    ("contexts", "lists", lambda ids, targets, c: [list(ids)[t - c : t] for t in targets]),
    ("contexts", "deque", lambda ids, targets, c: [list(deque(ids[:t], maxlen=c)) for t in targets]),
]  # fmt: skip


def named(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function under the name that students give it."""

    def student(*arguments: Any) -> Any:
        return function(*arguments)

    student.__name__ = name
    return student


@pytest.mark.parametrize(
    ("name", "function"), [pytest.param(one[0], one[2], id=f"{one[0]}: {one[1]}") for one in PASS]
)
def test_an_unusual_right_answer_passes(name: str, function: Callable[..., Any]) -> None:
    own = EXERCISES[name]
    hidden = draw(own.name, own.fewest, "01")

    check(named(name, function), *CASES[name], *hidden)


def test_there_are_ninety_of_them_and_every_exercise_has_one() -> None:
    assert len(PASS) + len(FAIR) >= 90
    assert {EXERCISES[one[0]].name for one in PASS} == {row.name for row in EXERCISES.values()}


# What is right and yet cannot be taken, with words of what is said about it.
FAIR: list[tuple[str, str, Callable[..., Any], str]] = [
    ("linear_bias", "Fraction", lambda i, j, beta: Fraction(str(beta)) * (j - i), "float("),
    ("linear_bias", "Decimal", lambda i, j, beta: Decimal(str(beta)) * (j - i), "float("),
    ("linear_bias", "in a list", lambda i, j, beta: [beta * (j - i)], "one number"),
    ("linear_bias", "in an array", lambda i, j, beta: np.array([beta * (j - i)]), "take the number out"),
    ("linear_bias", "as text", lambda i, j, beta: str(beta * (j - i)), "one number"),
    ("linear_bias", "complex", lambda i, j, beta: complex(beta * (j - i)), "one number"),
    ("bias_row", "a generator", lambda i, beta: (beta * (j - i) for j in range(i + 1)), "list"),
    ("bias_row", "a dict", lambda i, beta: {j: beta * (j - i) for j in range(i + 1)}, "5 numbers"),
    ("bias_row", "a row of a matrix", lambda i, beta: np.array([linbias.bias_row(i, beta)]), "brackets"),
    ("bias_row", "array.array", lambda i, beta: array.array("d", linbias.bias_row(i, beta)), "np.array"),
    ("bias_matrix", "key-only", lambda n, beta: causal(np.tile(beta * np.arange(n), (n, 1))), "attention"),
    ("bias_matrix", "None for blocked", lambda n, beta: [[beta * (j - i) if j <= i else None for j in range(n)] for i in range(n)], "-np.inf"),
    ("bias_matrix", "-999 for blocked", lambda n, beta: causal(-beta * steps(n), -999), "-inf"),
    ("causal_mask", "ones and zeros", lambda n: np.tri(n), "True and False"),
    ("same_attention", "1 and 0", lambda A, B: int(np.allclose(softmax(A), softmax(B))), "True and False"),
    ("alibi_bias", "heads last", lambda H, n: np.moveaxis(stacked(H, n), 0, -1), "head"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [pytest.param(one[0], one[2], one[3], id=f"{one[0]}: {one[1]}") for one in FAIR],
)
def test_what_cannot_be_taken_is_told_why(
    name: str, function: Callable[..., Any], words: str
) -> None:
    with pytest.raises(CheckFailed) as error:
        check(named(name, function), *CASES[name])

    assert words in str(error.value)
    assert "No known slip" not in str(error.value)
