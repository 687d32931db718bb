"""Lesson 07: which distances share a number in T5."""

import math

import numpy as np

from linbias.check.exercise import Attempt, Case, Exercise, Mistake
from linbias.relatives import t5_bucket

EXACT, BUCKETS, FARTHEST = 16, 32, 128


def _case(rng: np.random.Generator, count: int) -> Case:
    low, high = ((200, 900), (22, 32), (60, 115))[count % 3]
    return (int(rng.integers(low, high)),)


def _arithmetic(it: Attempt) -> str:
    d = it.arguments["d"]
    if d < EXACT:
        return f"Distance {d} is below {EXACT}: it has a bucket of its own."
    share = math.log(d / EXACT) / math.log(FARTHEST / EXACT)
    return f"On a logarithmic scale from 16 (0) to 128 (1), distance {d} lies at {share:.3f}."


def _logarithmic(d: int) -> float:
    return (BUCKETS - EXACT) * math.log(d / EXACT) / math.log(FARTHEST / EXACT)


def _with(d: int, bucket: float) -> int:
    """Return the distance itself below 16, else a bucket, 31 at most."""
    return d if d < EXACT else min(int(bucket), BUCKETS - 1)


EXERCISE = Exercise(
    reference=t5_bucket,
    answer="whole",
    cases=((5,), (27,), (50,), (90,), (300,)),
    make_case=_case,
    arithmetic=_arithmetic,
    mistakes=(
        Mistake(
            "linear",
            lambda d: _with(d, EXACT + (BUCKETS - EXACT) * (d - EXACT) / (FARTHEST - EXACT)),
            "Your buckets are equally wide from 16 to 128. T5's grow with the distance: take "
            "logarithms.",
        ),
        Mistake(
            "one_each",
            lambda d: min(d, BUCKETS - 1),
            "You give every distance a bucket of its own, up to 31. From 16 on several distances "
            "share one.",
        ),
        Mistake(
            "not_capped",
            lambda d: d if d < EXACT else EXACT + int(_logarithmic(d)),
            "There are 32 buckets, 0 to 31. What is farther than 128 shares the last one.",
        ),
        Mistake(
            "exact_missing",
            lambda d: _with(d, _logarithmic(d)),
            "The buckets below 16 are taken by the small distances. The others come after them: "
            "add 16.",
        ),
        Mistake(
            "not_cut_off",
            lambda d: d if d < EXACT else min(EXACT + _logarithmic(d), BUCKETS - 1),
            "A bucket has a whole number: int() cuts off what stands after the point.",
        ),
        Mistake(
            "rounded_up",
            lambda d: _with(d, EXACT + math.ceil(_logarithmic(d))),
            "You rounded up. A bucket begins where its number is reached: int() cuts off.",
        ),
        Mistake(
            "rounded",
            lambda d: _with(d, EXACT + round(_logarithmic(d))),
            "You rounded to the nearest number. A bucket begins where its number is reached: "
            "int() cuts off.",
        ),
        Mistake(
            "not_divided",
            lambda d: _with(d, EXACT + (BUCKETS - EXACT) * math.log(d / EXACT)),
            "The logarithm has to be 1 at distance 128: divide it by log(128 / 16).",
        ),
        Mistake(
            "from_one_on",
            lambda d: _with(d, EXACT + (BUCKETS - EXACT) * math.log(d) / math.log(FARTHEST)),
            "Your scale begins at distance 1. It has to be 0 at 16: take log(d / 16).",
        ),
        Mistake(
            "thirty_two",
            lambda d: d if d < EXACT else min(EXACT + int(_logarithmic(d)), BUCKETS),
            "The last of 32 buckets has the number 31, as they are counted from 0.",
        ),
        Mistake(
            "distance_returned",
            lambda d: d,
            "That is the distance itself. There are only 32 buckets.",
        ),
    ),
)
