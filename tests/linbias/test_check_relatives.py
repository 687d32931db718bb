"""Right answers of lessons 07 and 08 that are written unusually pass as well."""

import math

import numpy as np
import pytest

from linbias.check import CASES, check


def steps(n):
    return np.arange(n)[:, None] - np.arange(n)


def buckets(d):
    return float(d) if d < 16 else min(16 + np.floor(16 * np.log2(d / 16) / 3), 31)


def with_loops(n, beta1, beta2):
    bias = np.full((n, n), -1e9)
    for i in range(n):
        for j in range(i + 1):
            bias[i, j] = -beta1 * (i - j) ** beta2
    return bias


def one_matrix(q, k, i, j, speed):
    a = (i - j) * speed
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return turn @ q @ k


def complex_numbers(q, k, i, j, speed):
    query, key = (complex(*x) * np.exp(1j * at * speed) for x, at in ((q, i), (k, j)))
    return (query * key.conjugate()).real


RIGHT = [
    ("perplexity", lambda losses: np.prod(np.exp(losses)) ** (1 / len(losses))),
    ("perplexity", lambda losses: math.exp(sum(losses) / len(losses))),
    (
        "loss_by_position",
        lambda losses: [np.mean(part) for part in list(losses.T)],
    ),
    ("short_context_fraction", lambda L, c: sum(t + 1 <= c for t in range(L)) / L),
    ("contexts", lambda ids, targets, c: [list(ids[t - c : t]) for t in targets]),
    ("contexts", lambda ids, targets, c: ids[np.add.outer(targets, np.arange(-c, 0))]),
    ("book_beta", lambda slope, d: (slope**2 * d) ** 0.5),
    ("t5_bucket", buckets),
    ("kerple_power", with_loops),
    # NaN in the future, with a warning, and never shown.
    ("kerple_power", lambda n, a, b: np.where(steps(n) >= 0, -a * steps(n) ** b, -np.inf)),
    ("kerple_log", lambda n, a, b: np.where(steps(n) >= 0, -a * np.log(1 + b * steps(n)), -np.inf)),
    ("two_sided", lambda n, beta: -beta * np.sqrt(steps(n) ** 2)),
    ("two_sided", lambda n, beta: np.minimum(beta * steps(n), -beta * steps(n))),
    ("rope_score", one_matrix),
    ("rope_score", complex_numbers),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_an_unusual_right_answer_passes(name, answer, capsys):
    def student(*arguments):
        return answer(*arguments)

    student.__name__ = name
    check(student, *CASES[name])

    assert capsys.readouterr().out.startswith(f"{name}: right")
