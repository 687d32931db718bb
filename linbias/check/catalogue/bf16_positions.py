"""Lesson 05, optional: how many positions bfloat16 can tell apart."""

import numpy as np

from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.precision import bf16_positions

DIGITS = 8


def _case(rng: np.random.Generator, count: int) -> Case:
    # Twice a tie counts at the end: cut off, the last position would be one that is there already.
    # And once it does not. float16 loses positions beyond 2048 only.
    lowest, step = ((260, 4), (521, 8), (2080, 32))[count % 3]
    return (lowest + step * int(rng.integers(1, 25)),)


def _rounded(n: int, digits: int, last: int = 0) -> int:
    """Return how many numbers from `last` on stay apart with so many binary digits."""
    positions = np.arange(last, n)
    step = 2.0 ** np.maximum(np.floor(np.log2(np.maximum(positions, 1))) - digits + 1, 0)
    return len(np.unique(np.round(positions / step) * step))


def _cut(n: int) -> int:
    positions = np.arange(n)
    step = 2.0 ** np.maximum(np.floor(np.log2(np.maximum(positions, 1))) - DIGITS + 1, 0)
    return len(np.unique(positions // step * step))


def _arithmetic(it: Attempt) -> str:
    return (
        "Up to 256 every position stays what it is. From there to 512 only every second one does, "
        "then every fourth, and so on."
    )


EXERCISE = Exercise(
    reference=bf16_positions,
    answer="whole",
    cases=((260,), (1100,), (2400,)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "all_exact",
            lambda n: n,
            "Yours keeps every position. bfloat16 has 8 binary digits: can it tell 257 from 256?",
        ),
        Mistake(
            "float16",
            lambda n: len(np.unique(np.arange(n).astype(np.float16).astype(float))),
            "That is float16, which has 11 binary digits and is exact up to 2048. bfloat16 has 8.",
        ),
        Mistake(
            "cut_off",
            _cut,
            "You cut the last digits off. bfloat16 rounds to the nearest number, and at a tie to "
            "the even one: 259 becomes 260, not 258.",
        ),
        Mistake(
            "stops_at_256",
            lambda n: min(n, 257),
            "Beyond 256 not all is lost: 258, 260, 262 are still there.",
        ),
        Mistake(
            "seven_digits",
            lambda n: _rounded(n, 7),
            "You keep 7 binary digits. Seven are stored, and the leading 1 is not stored but "
            "counts: 8.",
        ),
        Mistake(
            "nine_digits",
            lambda n: _rounded(n, 9),
            "You keep 9 binary digits. With 8 of them 257 is one number too far.",
        ),
        Mistake(
            "zero_missing",
            lambda n: _rounded(n, DIGITS, last=1),
            "One is missing: position 0 is a position too.",
        ),
        Mistake(
            "largest_returned",
            lambda n: int(2 ** np.floor(np.log2(n))),
            "That is a power of two, not a number of different positions.",
            recognise=lambda it: (
                it.yours > 1 and it.yours & (it.yours - 1) == 0 if type(it.yours) is int else False
            ),
        ),
    ),
)
