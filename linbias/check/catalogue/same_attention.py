"""Lesson 05: whether two bias matrices give one attention."""

from typing import Any

import numpy as np

from linbias.attention import softmax_rows
from linbias.bias import bias_matrix, causal_mask
from linbias.check.catalogue import _make
from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.same import same_attention

KINDS = 9


def _case(rng: np.random.Generator, count: int) -> Case:
    n = int(rng.integers(4, 7))
    return _pair(rng, count % KINDS, n, _make.beta(rng))


def _pair(rng: np.random.Generator, kind: int, n: int, beta: float) -> Case:
    """Return two matrices; each kind is one way to be, or not to be, the same attention."""
    A = bias_matrix(n, beta)
    whole = np.where(causal_mask(n), A, 0.0)
    by_row = 0.5 * (1 + rng.permutation(n)[:, None])
    by_column = 0.5 * (1 + rng.permutation(n)[None, :])
    pairs = {
        "a constant for each row": (A, A + by_row),
        "one cell of a row in the middle": (A, A - 0.02 * _cell(n, n // 2, 1)),
        "a key more to see": (A, np.where(_cell(n, 1, 2) > 0, -beta, A)),
        "a constant for each column": (A, A + by_column),
        "a constant for each row, no mask": (whole, whole + by_row),
        "twice as much, no mask": (whole + by_column, 2 * (whole + by_column)),
        "one constant for all": (A, A + 1.5),
        "one cell of the last row": (A, A - 0.02 * _cell(n, n - 1, 1)),
        "the same matrix": (A, A.copy()),
    }
    return tuple(matrix.round(5) for matrix in list(pairs.values())[kind])


def _cell(n: int, i: int, j: int) -> Any:
    """Return a matrix of 0 with 1 in one cell."""
    return np.eye(n)[:, [i]] * np.eye(n)[[j]]


def _one_constant(A: Any, B: Any) -> bool:
    seen = np.isfinite(A)
    shift = (B - A)[seen]
    return bool(np.array_equal(seen, np.isfinite(B)) and np.ptp(shift) < 1e-6)


def _seen_in_both(A: Any, B: Any) -> bool:
    both = np.isfinite(A) & np.isfinite(B)
    return same_attention(np.where(both, A, -np.inf), np.where(both, B, -np.inf))


def _columns(A: Any, B: Any) -> bool:
    return bool(np.allclose(_column_shares(A), _column_shares(B)))


def _column_shares(x: Any) -> Any:
    positive = np.exp(x - x.max(axis=0))
    return positive / positive.sum(axis=0)


def _zero_for_nan(A: Any, B: Any) -> bool:
    shift = np.nan_to_num(B - A)
    return bool(np.allclose(shift, shift[:, :1]))


def _row_by_row(A: Any, B: Any) -> Any:
    return np.array([same_attention(A[[i]], B[[i]]) for i in range(len(A))])


def _arithmetic(it: Attempt) -> str:
    A, B = it.arguments["A"], it.arguments["B"]
    alike = _row_by_row(A, B)
    row = int(alike.argmin()) if not it.right else len(A) // 2
    shares = [
        ", ".join(f"{share:.3g}" for share in softmax_rows(matrix[[row]])[0]) for matrix in (A, B)
    ]
    if it.right:
        return (
            f"In every row the shares are the same. In row {row} they are, with equal scores, "
            f"{shares[0]}, with A and with B."
        )
    return (
        f"Look at row {row}. With equal scores the shares are {shares[0]} with A and "
        f"{shares[1]} with B."
    )


EXERCISE = Exercise(
    reference=same_attention,
    answer="truth",
    cases=tuple(_pair(np.random.default_rng(5), kind, 4, 0.37) for kind in range(KINDS)),
    make_case=_case,
    arithmetic=_arithmetic,
    fewest=KINDS,
    mistakes=(
        Mistake(
            "equal_matrices",
            np.array_equal,
            "Yours says True only when all numbers are equal. Add 7 to all of one row: is its "
            "softmax another one? And if you compare shares with ==: their last digits differ, "
            "np.allclose allows for that.",
        ),
        Mistake(
            "one_constant",
            _one_constant,
            "You allow one constant for the whole matrix. Softmax works row by row: "
            "may the constant of row 2 be another one than that of row 3?",
        ),
        Mistake(
            "nan",
            lambda A, B: bool(np.allclose(B - A, (B - A)[:, :1])),
            "Yours says False as soon as a key is blocked: -inf minus -inf is NaN, and NaN equals "
            "nothing. Compare what softmax makes of the rows, or the visible cells only.",
        ),
        Mistake(
            "zero_for_nan",
            _zero_for_nan,
            "Where both matrices block a key you count a difference of 0, and then the visible "
            "keys of the row may differ by 0 only. Leave the blocked keys out, or compare what "
            "softmax makes of the rows.",
        ),
        Mistake(
            "mask_ignored",
            _seen_in_both,
            "You compare only the keys that both can see. Where one matrix blocks a key and the "
            "other does not, that key gets attention in one of them.",
        ),
        Mistake(
            "columns",
            _columns,
            "You go by columns: a constant for each, or softmax along axis 0. A column is a key: "
            "add something to it and that key gains in every row. Go by rows.",
        ),
        Mistake(
            "order_only",
            lambda A, B: bool((np.argsort(A, kind="stable") == np.argsort(B, kind="stable")).all()),
            "You ask whether the keys stand in the same order. The same order can hide other "
            "shares: what happens to a row when all its numbers are doubled?",
        ),
        Mistake(
            "last_row_only",
            lambda A, B: bool(_row_by_row(A, B)[-1]),
            "Only your last row decides. All rows have to agree: does a later turn of a loop "
            "write over an earlier one?",
        ),
        Mistake(
            "first_row_only",
            lambda A, B: bool(_row_by_row(A, B)[0]),
            "Only the first row decides. All rows have to agree: does return stand inside a loop?",
        ),
        Mistake(
            "one_row_is_enough",
            lambda A, B: True,
            "Yours says True whatever comes. Is one row that agrees enough for it? All have to.",
        ),
        Mistake(
            "always_false",
            lambda A, B: False,
            "Yours says False whatever comes, even for two equal matrices. Does it compare numbers "
            "with == although the last digits differ, or meet a NaN on the way?",
        ),
        Mistake(
            "opposite",
            lambda A, B: not same_attention(A, B),
            "The opposite every time: True means that the attention is the same.",
        ),
        Mistake(
            "too_tolerant",
            lambda A, B: bool(np.allclose(softmax_rows(A), softmax_rows(B), rtol=0, atol=0.05)),
            "Small differences slip through: a bias that differs in one cell is another attention. "
            "Leave the tolerance of np.allclose as it is, and do not round.",
        ),
        Mistake(
            "all_forgotten",
            _row_by_row,
            "One answer for each row came back, and they are right. One answer for the whole is "
            "asked for: .all() makes it.",
        ),
    ),
)
